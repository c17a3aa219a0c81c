# Sourced by the other scripts: where things are, and who runs the servers.
# PostgreSQL refuses to run as root, so root runs it as "postgres"; anybody else runs it as themselves.
set -euo pipefail
# What is made here must be readable by the server, whoever makes it.
umask 022

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PG_MAJOR=${PG_MAJOR:-15}
PG_CONFIG=${PG_CONFIG:-/usr/lib/postgresql/$PG_MAJOR/bin/pg_config}
# Outside the checkout, because the server's user must be able to read it wherever the checkout is.
work=${HOLDFAST_WORK:-/var/tmp/holdfast-$(id -u)/$(printf '%s' "$root" | cksum | cut -d' ' -f1)}
stage=$work/stage

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

if [ "$(id -u)" -eq 0 ]; then
    server_user=postgres
    as_root() { "$@"; }
    as_server() { (cd / && exec runuser -u "$server_user" -- "$@"); }
else
    server_user=$(id -un)
    as_root() { sudo "$@"; }
    as_server() { (cd / && exec "$@"); }
fi

free_port() {
    python3 - <<'PY' 2>/dev/null || perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen=>1,LocalAddr=>"127.0.0.1")->sockport,"\n"'
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])
PY
}

staged() { printf '%s%s' "$stage" "$("$PG_CONFIG" "$1")"; }

make_work() {
    mkdir -p "$work"
    chmod 755 "$(dirname "$work")" "$work"
}

# copy_tree FOLDER: the checkout as it is, without what was built, for a build of another kind.
copy_tree() {
    rm -rf "$1"
    mkdir -p "$1"
    (cd "$root" && git ls-files -co --exclude-standard -z | tar --null -T - -cf -) | tar -C "$1" --no-same-owner -xf -
}

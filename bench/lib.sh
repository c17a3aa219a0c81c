# Sourced by bench/run: how to run, repeat, compare and report. Needs a started cluster, and $results.

run_psql() { "$PG_BIN/psql" -XqAt -v ON_ERROR_STOP=1 "$@"; }

# machine describes where this runs.
machine() {
    printf 'PostgreSQL %s; %s; %s cores; %s GB memory; %s; load before the run %s; %s mode\n' \
        "$(run_psql -d postgres -c 'SHOW server_version')" \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)" "$(uname -sr)" \
        "$(cut -d' ' -f1 /proc/loadavg)" "$mode"
    printf 'holdfast %s, %s\n' "$(git -C "$root" describe --always --dirty 2> /dev/null || echo '?')" "$(date -u +%F)"
    printf 'settings: %s\n' "$(printf '%s; ' "${settings[@]}" | sed 's/; $//')"
}

# create_template NAME FILE [PSQL-OPTION ...]: a database that runs are copied from.
create_template() {
    local name=$1 file=$2
    shift 2
    run_psql -d postgres -c "CREATE DATABASE $name"
    run_psql -d "$name" -f setup.sql
    run_psql -d "$name" "$@" -f "$file" > /dev/null
    # Frozen and vacuumed once, so that no variant pays for it. First, what was committed without waiting goes to disk: until it
    # has, VACUUM takes no row of it for visible to all.
    run_psql -d postgres -c CHECKPOINT
    run_psql -d "$name" -c 'VACUUM (FREEZE, ANALYZE)'
    run_psql -d postgres -c CHECKPOINT
}

fresh_copy() {
    run_psql -d postgres -c 'DROP DATABASE IF EXISTS bench_run' -c "CREATE DATABASE bench_run TEMPLATE $1 STRATEGY file_copy"
}

drop_databases() {
    local name
    for name in $(run_psql -d postgres -c "SELECT datname FROM pg_database WHERE datname LIKE 'bench\_%'"); do
        run_psql -d postgres -c "DROP DATABASE $name"
    done
}

# tps DATABASE SCRIPT CLIENTS SECONDS [PGBENCH-OPTION ...]: transactions a second; failed ones do not count.
tps() {
    local database=$1 script=$2 clients=$3 seconds=$4 output
    shift 4
    output=$("$PG_BIN/pgbench" -n -M prepared -c "$clients" -j 2 -T "$seconds" -f "$script" \
        -D i=0 -D clients="$clients" -D base="$(base_time)" "$@" "$database" 2> "$results/pgbench.err") \
        || { cat "$results/pgbench.err" >&2; return 1; }
    # "aborted" means that a client gave up: its share of the run is missing.
    if grep -q 'aborted' "$results/pgbench.err"; then
        cat "$results/pgbench.err" >&2
        return 1
    fi
    awk '/^tps/ { print $3 }' <<< "$output"
}

# base_time: midnight after tomorrow, where the calendars of the benchmark start.
base_time() { echo $((($(date +%s) / 86400 + 2) * 86400)); }

# add NAME VALUE: one figure of one variant.
add() {
    [[ $2 =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "bench: no figure for $1: \"$2\""
    echo "$2" >> "$results/$1"
    printf '   %-32s %.5g\n' "$1" "$2"
}

median() { sort -g "$results/$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
all() { awk '{ printf "%s%.4g", (NR > 1 ? " " : ""), $1 }' "$results/$1"; }
ratio() { awk -v a="$(median "$1")" -v b="$(median "$2")" 'BEGIN { printf "%.4g", a / b }'; }

# shuffled WORD ...: the words in another order each time.
shuffled() { printf '%s\n' "$@" | shuf; }

# result WORK PEER TARGET VERDICT MEASURED FIGURES: one line of the table, and the figures behind it.
result() {
    printf '| %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$5" "$4" >> "$results/table"
    printf -- '- %s, against %s: %s\n' "$1" "$2" "$6" >> "$results/figures"
    tail -n 1 "$results/table"
}

# compare WORK PEER OPERATOR LIMIT MEASURED FIGURES [UNIT]: judges a measured figure by its target.
compare() {
    local verdict
    verdict=$(awk -v m="$5" -v l="$4" -v o="$3" 'BEGIN { print (o == "≥" ? m >= l : m <= l) ? "reached" : "missed" }')
    result "$1" "$2" "$3 $4${7:-×}" "$verdict" "$5${7:-×}" "$6"
}

table() {
    echo '| work | against | target | measured | verdict |'
    echo '|---|---|---|---|---|'
    cat "$results/table"
    echo
    echo 'Every figure, in the order of the rounds:'
    echo
    cat "$results/figures"
}

# page prints docs/benchmarks.md.
page() {
    cat page.md
    echo
    sed 's/^/    /' "$results/machine"
    echo
    table
}

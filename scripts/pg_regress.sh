# run_pg_regress NAME BINARY FOLDER SUFFIX: runs every test of FOLDER on a cluster of its own and prints the count.
# TESTS="a b" limits it.
run_pg_regress() {
    local name=$1 binary=$2 folder=$3 suffix=$4 tests output=$work/$1 env
    tests=${TESTS:-$(cd "$root/$folder" && ls | sed -n "s/\\${suffix}\$//p" | sort)}
    mkdir -p "$output"
    env=$("$root/scripts/cluster" start "$name")
    . "$env"
    # shellcheck disable=SC2086
    "$binary" --bindir="$PG_BIN" --inputdir="$root/test" --outputdir="$output" --host="$PGHOST" --port="$PGPORT" \
        --user=postgres --dbname="holdfast_$name" $tests > "$output/out" 2>&1 || true
    grep -E '^(test|not ok|ok) ' "$output/out" || cat "$output/out"
    [ ! -s "$output/regression.diffs" ] || cat "$output/regression.diffs"
    grep -nE 'PANIC|TRAP:|server process .* was terminated' "$PG_LOG" && say "the server crashed" || true
    "$root/scripts/cluster" stop "$name"
    local ok bad
    ok=$(grep -cE '^test .* ok( |$)|^ok ' "$output/out" || true)
    bad=$(grep -cE '^test .* FAILED|^not ok ' "$output/out" || true)
    [ $((ok + bad)) -eq "$(wc -w <<< "$tests")" ] || bad=$((bad + 1))
    say "$ok passed, $bad failed"
}

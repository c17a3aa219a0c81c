# Sourced by the suites that run the double-booking checker, test/race, in that folder. Counts in $passed and $failed.

passed=0
failed=0
pass() { passed=$((passed + 1)); }
fail() {
    failed=$((failed + 1))
    say "not ok: $*"
}

# build_race compiles the clients to $bin.
build_race() {
    make_work
    bin=$work/race
    gcc -O2 -Wall -Wextra -Werror -I"$("$PG_CONFIG" --includedir)" -o "$bin" ./*.c -L"$("$PG_CONFIG" --libdir)" -lpq
}
query() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

# prepare NAME [PSQL-OPTION ...]: a fresh database for one run.
prepare() {
    export PGDATABASE=$1
    shift
    query -d postgres -c "CREATE DATABASE $PGDATABASE"
    query "$@" -f setup.sql
}

# judge [+PREFIX ...] [~PREFIX ...]: every check must find nothing; one whose name begins like a +PREFIX must find
# something, one that begins like a ~PREFIX may.
judge() {
    local name found example expected rule
    while IFS='|' read -r name found example; do
        expected=nothing
        for rule in "$@"; do
            [[ $name != "${rule:1}"* ]] || case $rule in +*) expected=something; break ;; *) expected=anything ;; esac
        done
        case $expected in
            nothing) if [ "$found" -eq 0 ]; then pass; else fail "$PGDATABASE: $name: $found, e.g. $example"; fi ;;
            something) if [ "$found" -gt 0 ]; then pass; else fail "$PGDATABASE: nothing found: $name"; fi ;;
        esac
    done < <(query -c 'SELECT name, found, left(example, 200) FROM race.finding')
}
story() {
    query -c "SELECT format('   %-8s %s', op, string_agg(format('%s %s', count, answer), ', ' ORDER BY count DESC))
              FROM (SELECT op, coalesce(nullif(concat_ws(' ', sqlstate, left(word, 20)), ''), outcome) AS answer, count(*)
                    FROM race.history GROUP BY 1, 2) answers
              GROUP BY op ORDER BY op"
}


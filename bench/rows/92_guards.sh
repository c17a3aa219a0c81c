# Guards: a call set by set less its row source, a call over a connection against SELECT 1, and against a limiter in a table.
calls=1000000
[ "$mode" != quick ] || calls=100000
create_template bench_guards guards/guards.sql -v calls="$calls"
each() { run_psql -d bench_guards -c "SELECT bench.measure(\$\$$1\$\$)"; }
each "holdfast.rate_limit('warm', known, 10, '1 hour')" > /dev/null
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled source one known fresh locked); do
        case $variant in
            source) expression='known' ;;
            one) expression="holdfast.rate_limit('one', 'somebody', 1000000, '1 minute')" ;;
            known) expression="holdfast.rate_limit('known', known, 1000000, '1 day')" ;;
            fresh) expression="holdfast.rate_limit('fresh', fresh, 10, '1 second')" ;;
            locked) expression="coalesce(holdfast.is_locked('known', known), now())" ;;
        esac
        add "guards_$variant" "$(each "$expression")"
    done
    for variant in $(shuffled select rate_limit); do
        add "guards_alone_$variant" "$(tps bench_guards "guards/$variant.pgbench" 1 "$T")"
    done
    for variant in $(shuffled rate_limit table); do
        add "guards_four_$variant" "$(tps bench_guards "guards/$variant.pgbench" 4 "$T")"
    done
done
less() { awk -v a="$(median "guards_$1")" -v b="$(median guards_source)" 'BEGIN { printf "%.0f", a - b }'; }
compare "\`rate_limit\`, $calls calls of 10,000 subjects, less the row source" '–' ≤ 250 "$(less known)" \
    "rate_limit $(all guards_known); row source $(all guards_source) ns" ' ns'
result 'the same, one subject' '–' '' '' "$(less one) ns" "$(all guards_one) ns"
result 'the same, each call a new subject, the table full' '–' '' '' "$(less fresh) ns" "$(all guards_fresh) ns"
result '`is_locked`' '–' '' '' "$(less locked) ns" "$(all guards_locked) ns"
compare '`rate_limit` over a connection, latency' '`SELECT 1`' ≤ 1.1 "$(ratio guards_alone_select guards_alone_rate_limit)" \
    "SELECT 1 $(all guards_alone_select); rate_limit $(all guards_alone_rate_limit) tps"
result '`rate_limit`, 4 clients, throughput' 'an upsert into an unlogged table' '' '' "$(ratio guards_four_rate_limit guards_four_table)×" \
    "rate_limit $(all guards_four_rate_limit); upsert $(all guards_four_table) tps"

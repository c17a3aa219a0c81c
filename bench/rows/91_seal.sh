# Sealing an audit log: how fast, how far behind under a load of bookings, and what it costs them.
sealed=100000
[ "$mode" != quick ] || sealed=10000
create_template bench_seal seal/log.sql -v rows=$((2 * sealed))
elapsed() { run_psql -d "$1" -c "SELECT round(bench.elapsed(\$\$$2\$\$), 2)" | tail -n 1; }
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled seal chain verify); do
        case $variant in
            seal) figure=$(elapsed bench_seal "SELECT holdfast.seal_audit('bench.log', $sealed)") ;;
            chain) figure=$(elapsed bench_seal "SELECT bench.hash_chain($sealed)") ;;
            verify) figure=$(elapsed bench_seal "SELECT * FROM holdfast.verify_audit('bench.log')") ;;
        esac
        add "seal_$variant" "$figure"
    done
done
rate() { awk -v n="$1" -v ms="$2" 'BEGIN { printf "%.3g", n / ms }'; }
result "\`seal_audit\`, $sealed rows in one batch" 'a hash chain in PL/pgSQL, how much slower' '' '' \
    "$(rate "$sealed" "$(median seal_seal)") rows/ms; $(ratio seal_chain seal_seal)×" "seal_audit $(all seal_seal); PL/pgSQL $(all seal_chain) ms"
result "\`verify_audit\`, $((2 * sealed)) rows that are not sealed" '-' '' '' \
    "$(rate $((2 * sealed)) "$(median seal_verify)") rows/ms" "$(all seal_verify) ms"

run_psql -d bench_seal -c "SELECT holdfast.seal_audit('bench.log', 10000000)" > /dev/null
run_psql -d bench_seal -c 'VACUUM (FREEZE, ANALYZE)'
prove="SELECT holdfast.audit_proof('bench.log', o.id, organization_id => o.organization_id) FROM (SELECT organization_id, id FROM bench.log LIMIT 1 OFFSET 1000) AS o"
for ((round = 0; round < R; round++)); do
    add seal_proof "$(elapsed bench_seal "$prove")"
    add seal_verify_sealed "$(elapsed bench_seal "SELECT * FROM holdfast.verify_audit('bench.log')")"
done
result "\`audit_proof\`, a row of a batch of $((2 * sealed))" '-' '' '' "$(median seal_proof) ms" "$(all seal_proof) ms"
result "\`verify_audit\`, $((2 * sealed)) sealed rows" '-' '' '' "$(rate $((2 * sealed)) "$(median seal_verify_sealed)") rows/ms" "$(all seal_verify_sealed) ms"

# Bookings with 4 clients, alone, and while the log is sealed each second. What is behind: the age of the oldest row that is not
# sealed, right after each sealing.
seal_each_second() {
    local end=$((SECONDS + $2))
    while [ "$SECONDS" -lt "$end" ]; do
        run_psql -d "$1" -c "SELECT holdfast.seal_audit('bench.log')" > /dev/null
        run_psql -d "$1" -c "SELECT coalesce(round(extract(epoch FROM clock_timestamp() - min(occurred_at)) * 1000, 2), 0) FROM bench.log
            WHERE cluster = (SELECT system_identifier FROM pg_control_system())
              AND transaction_id >= (SELECT to_transaction FROM bench.log_seals ORDER BY batch DESC LIMIT 1)" >> "$results/seal_lag"
        sleep 1
    done
}
create_template bench_seal_load seal/load.sql -v rows=1000 -v blocks="$BLOCKS" -v base="$(base_time)"
seconds=$((T < 4 ? 4 : 2 * T))
for ((round = 0; round < R && round < 3; round++)); do
    for variant in $(shuffled alone sealed); do
        fresh_copy bench_seal_load
        if [ "$variant" = sealed ]; then seal_each_second bench_run "$seconds" & fi
        add "seal_load_$variant" "$(tps bench_run seal/book.pgbench 4 "$seconds")"
        wait
    done
done
run_psql -d bench_run -c "SELECT holdfast.seal_audit('bench.log', 10000000)" > /dev/null
[ -z "$(run_psql -d bench_run -c "SELECT * FROM holdfast.verify_audit('bench.log')")" ] || die 'the log is not sound after the load'
behind=$(sort -g "$results/seal_lag" | awk '{ v[NR] = $1 } END { i = int(NR * 0.99 + 0.999); if (i > NR) i = NR; printf "%.3g", v[i] / 1000 }')
compare 'what is not sealed right after `seal_audit`, 4 clients booking: its age, p99' '-' ≤ 5 "$behind" "$(all seal_lag) ms" ' s'
result 'audited bookings while the log is sealed each second' 'the same without sealing' '' '' "$(ratio seal_load_sealed seal_load_alone)×" \
    "sealed $(all seal_load_sealed); without $(all seal_load_alone) tps"

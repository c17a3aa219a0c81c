# What auditing costs: in bulk, against writing the log by hand and against a PL/pgSQL trigger; and one row at a time.
rows_of() { case $mode in quick) echo 10000 ;; *) echo 100000 ;; esac; }
claims='{"sub":"0a000000-0000-4000-8000-0000000000aa","role":"authenticated","organization_id":"0a000000-0000-4000-8000-000000000001","exp":1900000000,"email":"somebody@example.org"}'
headers='{"user-agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36","x-forwarded-for":"192.0.2.7","x-request-id":"7d3b4b1e"}'
run_psql -d postgres -v claims="$claims" -v headers="$headers" -v rows="$(rows_of)" <<'SQL'
ALTER ROLE postgres SET request.jwt.claims = :'claims';
ALTER ROLE postgres SET request.headers = :'headers';
ALTER ROLE postgres SET bench.rows = :'rows';
SQL
create_template bench_audit audit/setup.sql
fresh_copy bench_audit
for ((round = 0; round < R; round++)); do run_psql -d bench_run -c 'CALL bench.measure_audit()'; done
while IFS='|' read -r work variant us; do add "audit_${work}_$variant" "$us"; done \
    < <(run_psql -d bench_run -c 'SELECT work, variant, us FROM bench.timing')

# What a way costs above the table without a trigger, as a share of another's.
overhead() {
    awk -v t="$(median "audit_$1_$2")" -v n="$(median "audit_$1_none")" 'BEGIN { print t - n }'
}
share() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3g", a / b }'; }
for work in insert update; do
    figures="audit $(all "audit_${work}_statement"); no trigger $(all "audit_${work}_none"); by hand $(all "audit_${work}_by_hand"); PL/pgSQL $(all "audit_${work}_trigger"); per row $(all "audit_${work}_per_row") µs a row"
    compare "audit trigger, bulk ${work^^}, what it adds" 'writing the log row by hand (`to_jsonb`)' ≤ 1.0 \
        "$(share "$(overhead $work statement)" "$(median "audit_${work}_by_hand")")" "$figures"
    [ $work = insert ] && least=2.5 || least=4
    compare "audit trigger, bulk ${work^^}, how much less it adds" 'a PL/pgSQL trigger with the same claims functions' ≥ $least \
        "$(share "$(overhead $work trigger)" "$(overhead $work statement)")" "$figures"
done
# The digest alone, over rows like these: part of what the trigger adds, and of neither peer.
add audit_digest "$(run_psql -d bench_run -c "
    SET max_parallel_workers_per_gather = 0;
    CREATE TEMP TABLE made AS SELECT new_values FROM bench.log WHERE action = 'insert' LIMIT 10000;
    CREATE TEMP TABLE clocked (at timestamptz);
    INSERT INTO clocked VALUES (clock_timestamp());
    SELECT count(holdfast.audit_content_digest('\\x0707070707070707070707070707070707070707070707070707070707070707', NULL, new_values, NULL)) FROM made;
    SELECT round((extract(epoch FROM clock_timestamp() - at) * 1e6 / (SELECT count(*) FROM made))::numeric, 3) FROM clocked" | tail -n 1)"
result 'the digest of a row of ten columns, read back from jsonb' '' '' '' "$(median audit_digest) µs" "$(all audit_digest) µs"

for ((round = 0; round < R; round++)); do
    for variant in $(shuffled none statement per_row trigger); do
        fresh_copy bench_audit
        run_psql -d bench_run -c "INSERT INTO bench.$variant SELECT * FROM bench.source" -c 'CHECKPOINT'
        sed "s/VARIANT/$variant/" audit/update.pgbench > "$results/audit.pgbench"
        add "audit_one_$variant" "$(tps bench_run "$results/audit.pgbench" 4 "$T")"
    done
done
compare 'audit trigger, one row per transaction, 4 clients' 'no trigger' ≥ 0.72 "$(ratio audit_one_statement audit_one_none)" \
    "audit $(all audit_one_statement); no trigger $(all audit_one_none); per row $(all audit_one_per_row); PL/pgSQL $(all audit_one_trigger) tps"
run_psql -d postgres -c 'ALTER ROLE postgres RESET ALL'

# consume on one hot account, 16 clients, against the same written by hand in one statement, and against its UPDATE alone.
create_template bench_quota quota/quota.sql
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled consume cte update); do
        fresh_copy bench_quota
        add "quota_$variant" "$(tps bench_run "quota/$variant.pgbench" 16 "$T")"
        if [ "$variant" = consume ]; then
            add quota_hot "$(run_psql -d bench_run -c "SELECT pg_stat_force_next_flush()" -c "
                SELECT round(100.0 * n_tup_hot_upd / n_tup_upd, 2) FROM pg_stat_user_tables
                WHERE relid = 'bench.quota'::regclass" | tail -n 1)"
            add quota_faults "$(run_psql -d bench_run -c "SELECT count(*) FROM holdfast.verify_quota('bench.quota')")"
        fi
    done
done
compare '`consume`, one hot account, 16 clients' 'the same UPDATE and ledger INSERT in one CTE' ≥ 0.95 \
    "$(ratio quota_consume quota_cte)" "consume $(all quota_consume); CTE $(all quota_cte) tps"
compare '`consume`' 'a bare `UPDATE … RETURNING`' ≥ 0.9 "$(ratio quota_consume quota_update)" "UPDATE $(all quota_update) tps"
compare '`consume`: HOT updates' '–' ≥ 99 "$(median quota_hot)" "$(all quota_hot) %; faults found by verify_quota: $(all quota_faults)" ' %'

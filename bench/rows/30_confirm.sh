# confirm changes no indexed column: nearly every update must be HOT.
create_template bench_holds confirm/holds.sql -v blocks="$BLOCKS" -v base="$(base_time)"
for ((round = 0; round < R; round++)); do
    fresh_copy bench_holds
    # A hold can be confirmed once, so a run is as many transactions as there are holds, at most.
    "$PG_BIN/pgbench" -n -M prepared -c 4 -j 2 -t $((BLOCKS < 100000 ? BLOCKS / 4 : 25000)) -f confirm/confirm.pgbench \
        -D i=0 -D clients=4 -D blocks="$BLOCKS" bench_run > "$results/pgbench.out" 2> "$results/pgbench.err" \
        || { cat "$results/pgbench.err" >&2; exit 1; }
    add confirm "$(awk '/^tps/ { print $3 }' "$results/pgbench.out")"
    add confirm_hot "$(run_psql -d bench_run -c "SELECT pg_stat_force_next_flush()" -c "
        SELECT round(100.0 * n_tup_hot_upd / n_tup_upd, 2) FROM pg_stat_user_tables
        WHERE relid = 'bench.calendar'::regclass" | tail -n 1)"
done
compare '`confirm`: HOT updates' '–' ≥ 99 "$(median confirm_hot)" "$(all confirm_hot) %; $(all confirm) tps" ' %'

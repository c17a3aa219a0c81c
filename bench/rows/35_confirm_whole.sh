# confirm_booking of the whole platform by an employee of a company with a subscription, against the same rows written by hand in
# one statement. One client, so that it is a figure of time; both write as many rows into every table, or there is no figure.
"$root/scripts/postgrest" roles bench
case $mode in quick) holds=200 ;; default) holds=2000 ;; full) holds=6000 ;; esac
create_template bench_confirm_whole confirm_whole/setup.sql -v holds="$holds" -v warm=200
# What was written into a schema's tables since the copy was made, by table: inserted, updated, deleted.
written() {
    # The connection counts what it wrote when it ends, before it is off the list.
    while [ "$(run_psql -d postgres -c "SELECT count(*) FROM pg_stat_activity WHERE datname = 'bench_run'")" -gt 0 ]; do sleep 0.1; done
    run_psql -d bench_run -c "
        SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables
        WHERE schemaname = ANY ('{$1}') AND n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY relname"
}
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled holdfast by_hand keyed); do
        fresh_copy bench_confirm_whole
        caller=bench_caller schemas=public,holdfast_private
        [ "$variant" = holdfast ] || caller=postgres schemas=by_hand
        [ "$variant" != keyed ] || run_psql -d bench_run -f confirm_whole/foreign_keys.sql
        # A hold can be confirmed once, so a run is as many transactions as there are holds.
        "$PG_BIN/pgbench" -n -M prepared -c 1 -t "$holds" -f "confirm_whole/${variant/keyed/by_hand}.pgbench" -D i=0 -U "$caller" bench_run \
            > "$results/pgbench.out" 2> "$results/pgbench.err" || { cat "$results/pgbench.err" >&2; exit 1; }
        add "confirm_whole_$variant" "$(awk '/^tps/ { print $3 }' "$results/pgbench.out")"
        written "$schemas" > "$results/confirm_whole_rows_$variant"
    done
    for peer in by_hand keyed; do
        diff "$results/confirm_whole_rows_holdfast" "$results/confirm_whole_rows_$peer" >&2 \
            || die "bench: not the same rows were written $peer"
    done
    [ "$(awk -F '|' -v n="$holds" '$1 == "booking_reminders" && $2 == 5 * n || $1 == "calendar" && $3 == 2 * n' \
        "$results/confirm_whole_rows_holdfast" | wc -l)" -eq 2 ] || die 'bench: not every hold was confirmed'
done
run_psql -d postgres -c 'DROP ROLE IF EXISTS bench_caller' 2> /dev/null || true
# What a team would write goes into tables with foreign keys, so that is judged; the copies without show what they cost.
compare '`confirm_booking` with quota, messages and audit log, time' \
    'the same rows by hand, in one statement, into tables with the foreign keys that the platform has' ≤ 1.5 \
    "$(ratio confirm_whole_keyed confirm_whole_holdfast)" \
    "confirm_booking $(all confirm_whole_holdfast); by hand $(all confirm_whole_keyed) tps; rows of a booking: $(
        awk -F '|' -v n="$holds" '{ printf "%s%s %d", (NR > 1 ? ", " : ""), $1, ($2 + $3 + $4) / n }' "$results/confirm_whole_rows_keyed")"
result 'the same' 'the same by hand, into tables without any foreign key' '' '' "$(ratio confirm_whole_by_hand confirm_whole_holdfast)×" \
    "by hand $(all confirm_whole_by_hand) tps"

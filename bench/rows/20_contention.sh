# 16 clients hold and release overlapping slots of 2 resources, each pair in one transaction.
create_template bench_calendar hold/calendar.sql -v blocks=1000 -v base="$((($(base_time)) + 86400 * 30))"
deadlocks() { run_psql -d bench_run -c 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'; }
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled holdfast lock_insert); do
        fresh_copy bench_calendar
        add "contention_$variant" "$(tps bench_run "contention/$variant.pgbench" 16 "$T")"
        add "deadlocks_$variant" "$(deadlocks)"
    done
done
# The bare constraint hardly moves, so it gets one long window; and holdfast one of the same length.
for variant in constraint holdfast; do
    fresh_copy bench_calendar
    add "contention_${variant}_long" "$(tps bench_run "contention/$variant.pgbench" 16 "$SLOW")"
    add "deadlocks_$variant" "$(deadlocks)"
done
compare "hold + release, 16 clients, 2 resources, $SLOW s" 'the exclusion constraint alone' ≥ 1000 \
    "$(ratio contention_holdfast_long contention_constraint_long)" \
    "holdfast $(all contention_holdfast_long); constraint $(all contention_constraint_long) tps, $(all deadlocks_constraint) deadlocks"
compare 'the same' 'advisory lock, then INSERT' ≥ 1.2 "$(ratio contention_holdfast contention_lock_insert)" \
    "holdfast $(all contention_holdfast); lock + INSERT $(all contention_lock_insert) tps"
compare 'deadlocks of holdfast' '–' ≤ 0 "$(awk '{ n += $1 } END { print n + 0 }' "$results/deadlocks_holdfast")" \
    "$(all deadlocks_holdfast) in $((R + 1)) runs" ' '

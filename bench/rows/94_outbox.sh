# lease + ack, 10 messages at a time, 4 workers, against the SKIP LOCKED query that a team writes by hand on the same table.
create_template bench_outbox outbox/outbox.sql -v blocks="$BLOCKS"
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled lease by_hand); do
        fresh_copy bench_outbox
        # A message can be delivered once, so a run is as many transactions as there are batches, at most.
        "$PG_BIN/pgbench" -n -M prepared -c 4 -j 2 -t $((BLOCKS < 200000 ? BLOCKS / 40 : 5000)) -f "outbox/$variant.pgbench" \
            bench_run > "$results/pgbench.out" 2> "$results/pgbench.err" || { cat "$results/pgbench.err" >&2; exit 1; }
        add "outbox_$variant" "$(awk '/^tps/ { print $3 }' "$results/pgbench.out")"
        table=$([ "$variant" = lease ] && echo outbox || echo by_hand)
        add "outbox_${variant}_done" "$(run_psql -d bench_run -c "SELECT count(*) FROM bench.$table WHERE done_at IS NOT NULL AND attempts = 1")"
    done
done
compare '`lease` + `ack`, 10 messages, 4 workers' 'SKIP LOCKED by hand, same table' ≥ 1 "$(ratio outbox_lease outbox_by_hand)" \
    "lease + ack $(all outbox_lease) tps, $(all outbox_lease_done) messages once each; by hand $(all outbox_by_hand) tps, $(all outbox_by_hand_done)"

# prevent_overlap on a table of a user's own, against the same constraint alone.
create_template bench_overlap overlap/tables.sql -v blocks="$BLOCKS" -v base="$(base_time)"
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled bare guarded); do
        fresh_copy bench_overlap
        add "overlap_$variant" "$(tps bench_run "overlap/$variant.pgbench" 4 "$T")"
    done
done
result 'INSERT under `prevent_overlap`, 4 clients' 'the same constraint alone' '' '' "$(ratio overlap_guarded overlap_bare)×" \
    "prevent_overlap $(all overlap_guarded); constraint $(all overlap_bare) tps"

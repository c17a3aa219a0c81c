# How much slower hold gets as the calendar grows, against how much slower a plain INSERT gets.
sizes=($GROWTH)
for size in "${sizes[@]}"; do
    create_template "bench_growth_$size" hold/calendar.sql -v blocks="$size" -v base="$(base_time)"
done
for ((round = 0; round < R; round++)); do
    for size in $(shuffled "${sizes[@]}"); do
        # Copying takes longer than the run; three rounds must do.
        [ "$round" -lt 3 ] || continue
        for variant in $(shuffled hold insert); do
            fresh_copy "bench_growth_$size"
            add "growth_${variant}_$size" "$(tps bench_run "hold/$variant.pgbench" 4 "$T")"
        done
    done
done
small=${sizes[0]}
for size in "${sizes[@]:1}"; do
    hold=$(ratio "growth_hold_$small" "growth_hold_$size")
    insert=$(ratio "growth_insert_$small" "growth_insert_$size")
    compare "\`hold\` at $size blocks against $small: slowdown" 'the slowdown of a plain INSERT' ≤ 1.1 \
        "$(awk -v a="$hold" -v b="$insert" 'BEGIN { printf "%.4g", a / b }')" \
        "hold $hold×, INSERT $insert×; hold $(all "growth_hold_$small") → $(all "growth_hold_$size"), INSERT $(all "growth_insert_$small") → $(all "growth_insert_$size") tps"
done

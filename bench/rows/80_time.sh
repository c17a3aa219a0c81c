# Time: free slots of many specialists against the query that a team writes, and recurrence against libical and rrule.js.
many=10000
asked=(10 100 1000 10000)
[ "$mode" != quick ] || { many=1000; asked=(10 100 1000); }
create_template bench_slots time/slots.sql -v specialists="$many" -v blocks=0
# The second call of a session counts: the first one maps the pages of the table.
slots() { run_psql -d "$1" -c "SELECT bench.ms('$2', $3)" -c "SELECT bench.ms('$2', $3)" | tail -n 1; }
[ "$(run_psql -d bench_slots -c 'SELECT bench.free_slots(100)')" = "$(run_psql -d bench_slots -c 'SELECT bench.anti_join(100)')" ] \
    || die "free_slots and the query of a team do not find the same"
for ((round = 0; round < R; round++)); do
    for size in $(shuffled "${asked[@]}"); do add "slots_free_slots_$size" "$(slots bench_slots free_slots "$size")"; done
    # the slow one three times at most
    [ "$round" -ge 3 ] || add slots_anti_join_1000 "$(slots bench_slots anti_join 1000)"
done
compare '`free_slots`, 1,000 specialists × 14 days, how much faster' 'generate_series and an anti-join' ≥ 20 \
    "$(ratio slots_anti_join_1000 slots_free_slots_1000)" \
    "free_slots $(all slots_free_slots_1000); SQL $(all slots_anti_join_1000) ms"
each() { awk -v ms="$(median "slots_free_slots_$1")" -v n="$1" 'BEGIN { printf "%.3g", ms * 1000 / n / 14 }'; }
compare "\`free_slots\`, a specialist's day when $many are asked for" 'the same when 10 are' ≤ 1.2 \
    "$(awk -v a="$(each "$many")" -v b="$(each 10)" 'BEGIN { printf "%.3g", a / b }')" \
    "$(for size in "${asked[@]}"; do printf '%s µs of %s; ' "$(each "$size")" "$size"; done)"

sizes=($GROWTH)
for size in "${sizes[@]}"; do create_template "bench_slots_$size" time/slots.sql -v specialists=100 -v blocks="$size"; done
for ((round = 0; round < R; round++)); do
    for size in $(shuffled "${sizes[@]}"); do add "slots_among_$size" "$(slots "bench_slots_$size" free_slots 100)"; done
done
for size in "${sizes[@]:1}"; do
    compare "\`free_slots\`, 100 specialists, among $size blocks" "among ${sizes[0]}" ≤ 1.2 "$(ratio "slots_among_$size" "slots_among_${sizes[0]}")" \
        "$(all "slots_among_$size") ms; $(all "slots_among_${sizes[0]}") ms"
done

rule='FREQ=WEEKLY;BYDAY=MO,WE,FR'
gcc -O2 -o "$results/libical" time/libical.c -lical
expansion="SELECT extract(epoch FROM clock_timestamp() - now()) * 1e6 / 1000 / 200 FROM (SELECT count(*) FROM generate_series(1, 200) n,
    holdfast.expand_rrule('$rule', timestamp '2026-01-05 09:00' + n * interval '0', 'America/New_York', '50 minutes', 1000)) o"
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled holdfast libical rrule_js rrule_js_bare); do
        case $variant in
            holdfast) figure=$(run_psql -d bench_slots -c "$expansion") ;;
            libical) figure=$("$results/libical" "$rule" 20260105T090000 America/New_York 1000 200) ;;
            rrule_js) figure=$(TZ=UTC node time/rrule.mjs "$rule" 2026-01-05T09:00:00Z America/New_York 1000 1) ;;
            rrule_js_bare) figure=$(TZ=UTC node time/rrule.mjs "$rule" 2026-01-05T09:00:00Z - 1000 200) ;;
        esac
        add "expand_$variant" "$figure"
    done
done
compare '`expand_rrule`, an occurrence, with its zone' 'a bare libical loop with conversion' ≤ 0.333 "$(ratio expand_holdfast expand_libical)" \
    "expand_rrule $(all expand_holdfast); libical $(all expand_libical) µs"
compare '`expand_rrule`, an occurrence, with its zone' 'rrule.js with a zone' ≤ 1 "$(ratio expand_holdfast expand_rrule_js)" \
    "expand_rrule $(all expand_holdfast); rrule.js $(all expand_rrule_js) µs"
result '`expand_rrule`, an occurrence, with its zone' 'rrule.js without zones' '' '' "$(ratio expand_holdfast expand_rrule_js_bare)×" \
    "expand_rrule $(all expand_holdfast); rrule.js $(all expand_rrule_js_bare) µs"

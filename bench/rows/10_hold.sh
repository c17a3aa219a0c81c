# hold against a plain INSERT of the same row under the same constraint, and against the PL/pgSQL of a careful team.
create_template bench_calendar hold/calendar.sql -v blocks="$BLOCKS" -v base="$(base_time)"
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled hold hold_executor insert plpgsql); do
        fresh_copy bench_calendar
        script=hold/${variant%_executor}.pgbench
        direct=$([ "$variant" = hold_executor ] && echo off || echo on)
        add "$variant" "$(PGOPTIONS="-c holdfast.direct_insert=$direct" tps bench_run "$script" 4 "$T")"
    done
done
compare '`hold`, one resource, 4 clients' 'plain INSERT of the same row' ≥ 0.95 "$(ratio hold insert)" \
    "hold $(all hold); INSERT $(all insert) tps"
compare '`hold`' 'PL/pgSQL: advisory lock, check, insert' ≥ 1.3 "$(ratio hold plpgsql)" "PL/pgSQL $(all plpgsql) tps"
result '`hold` through the executor' 'plain INSERT / PL/pgSQL' '' '' "$(ratio hold_executor insert)× / $(ratio hold_executor plpgsql)×" \
    "$(all hold_executor) tps"

# hold + confirm through the real PostgREST, against two RPCs that do nothing: pairs a second over 4 kept connections.
"$root/scripts/postgrest" roles bench
run_psql -d postgres -f http/seed.sql > /dev/null
. "$("$root/scripts/postgrest" start bench)"
# A platform with bookings in it and statistics about them, as autovacuum would have made them by then: plans made for
# empty tables would be kept by PostgREST's connections for the whole run.
node --no-warnings http/loop.mjs holdfast 31 "$T" > /dev/null
run_psql -d postgres -c 'VACUUM (ANALYZE)'
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled holdfast trivial); do
        add "http_$variant" "$(node --no-warnings http/loop.mjs "$variant" "$round" "$T")"
    done
done
"$root/scripts/postgrest" stop bench
compare 'hold + confirm over PostgREST, time for a pair' 'two RPCs that do nothing' ≤ 2 "$(ratio http_trivial http_holdfast)" \
    "holdfast $(all http_holdfast); trivial $(all http_trivial) pairs/s"

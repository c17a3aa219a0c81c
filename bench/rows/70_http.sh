# Through the real PostgREST, against RPCs that do nothing, over 4 kept connections: hold + confirm, pairs a second; and the
# first page of available_slots of a clinic of 50 specialists, calls a second.
"$root/scripts/postgrest" roles bench
run_psql -d postgres -f http/seed.sql > /dev/null
. "$("$root/scripts/postgrest" start bench)"
# A platform with bookings in it and statistics about them, as autovacuum would have made them by then: plans made for
# empty tables would be kept by PostgREST's connections for the whole run.
node --no-warnings http/loop.mjs holdfast 31 "$T" > /dev/null
node --no-warnings http/loop.mjs slots 31 1 > /dev/null
run_psql -d postgres -c 'VACUUM (ANALYZE)'
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled holdfast trivial slots trivial_slots page); do
        add "http_$variant" "$(node --no-warnings http/loop.mjs "$variant" "$round" "$T")"
    done
done
# The same with every module: what is done is audited too, and told to both parties.
run_psql -d postgres -c 'SELECT holdfast.install()' > /dev/null
sleep 2
node --no-warnings http/loop.mjs holdfast 30 "$T" > /dev/null
run_psql -d postgres -c 'VACUUM (ANALYZE)'
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled full trivial_full); do
        add "http_$variant" "$(node --no-warnings http/loop.mjs "$variant" "$((round + 10))" "$T")"
    done
done
"$root/scripts/postgrest" stop bench
compare 'hold + confirm over PostgREST, time for a pair' 'two RPCs that do nothing' ≤ 2 "$(ratio http_trivial http_holdfast)" \
    "holdfast $(all http_holdfast); trivial $(all http_trivial) pairs/s"
compare 'first page of `available_slots`, 50 specialists, over PostgREST, time for a call' 'an RPC that does nothing' ≤ 2 \
    "$(ratio http_trivial_slots http_slots)" "available_slots $(all http_slots); trivial $(all http_trivial_slots) calls/s"
result 'such a page, answered without looking for it' 'an RPC that does nothing' '' '' "$(ratio http_trivial_slots http_page)×" "page $(all http_page) calls/s"
result 'the same with every module installed' 'two RPCs that do nothing' '' '' "$(ratio http_trivial_full http_full)×" \
    "holdfast $(all http_full); trivial $(all http_trivial_full) pairs/s"

# Tokens, one-time passwords and signatures, against the same written in SQL on pgcrypto; and what one password costs.
create_template bench_passwords passwords/setup.sql
key="convert_to('0123456789abcdef0123456789abcdef', 'UTF8')"
claims="jsonb_build_object('sub', n, 'role', 'authenticated', 'organization_id', '22222222-2222-4222-8222-222222222222')"
token=$(run_psql -d bench_passwords -c "SELECT holdfast.jwt_sign('{\"sub\": \"11111111-1111-4111-8111-111111111111\", \"role\": \"authenticated\"}', $key, '1 day')")
secret="'12345678901234567890'::bytea"
payload="convert_to(repeat('action=appointment.scheduled&id=', 8) || n, 'UTF8')"
calls=$([ "$mode" = quick ] && echo 2000 || echo 20000)
declare -A call=(
    [sign_holdfast]="holdfast.jwt_sign($claims, $key, '1 hour')"
    [sign_sql]="bench.sign($claims, $key, '1 hour')"
    [verify_holdfast]="holdfast.jwt_verify(CASE WHEN n > 0 THEN '$token' END, $key)"
    [verify_sql]="bench.verify(CASE WHEN n > 0 THEN '$token' END, $key)"
    [totp_holdfast]="coalesce(holdfast.totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', lpad(n::text, 6, '0'), 0), 0)"
    [totp_sql]="coalesce(bench.totp_verify($secret, lpad(n::text, 6, '0'), 0), 0)"
    [hmac_holdfast]="holdfast.hmac_matches($payload, '\\x5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', $key)"
    [hmac_sql]="holdfast.hmac($payload, $key, 'sha256') = '\\x5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'"
)
us() { run_psql -d bench_passwords -v call="$1" -v calls="$2" <<< "SELECT bench.us(:'call', :calls)"; }
same=$(run_psql -d bench_passwords -c "SELECT bench.totp($secret, 1) = holdfast.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 1)
    AND bench.verify(holdfast.jwt_sign('{}', $key), $key) = holdfast.jwt_verify(bench.sign('{}', $key, '1 hour'), $key)")
[ "$same" = t ] || die 'the functions and those in SQL do not answer the same'
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled "${!call[@]}"); do add "passwords_$variant" "$(us "${call[$variant]}" "$calls")"; done
    add passwords_hash "$(us "holdfast.password_hash('correct horse ' || n)" 10)"
    add passwords_strength "$(us "(holdfast.password_strength('correct horse battery ' || n, ARRAY['Mia Schmidt', 'mia@clinic.example'])).score" 500)"
done
versus() {
    result "$2" "$3" '' '' "$(ratio "passwords_$1_sql" "passwords_$1_holdfast")× as fast" \
        "holdfast $(all "passwords_$1_holdfast"); SQL $(all "passwords_$1_sql") µs a call"
}
versus sign '`jwt_sign`' 'the same in SQL with pgcrypto'
versus verify '`jwt_verify`' 'the same in PL/pgSQL with pgcrypto, fewer checks'
versus totp '`totp_verify`, three steps' 'the same in SQL with pgcrypto'
versus hmac '`hmac_matches`, 250 bytes' '`hmac(…) = signature`, not in constant time'
result '`password_hash`, 64 MiB, 2 passes' '–' '' '' "$(awk -v us="$(median passwords_hash)" 'BEGIN { printf "%.3g ms", us / 1000 }')" "$(all passwords_hash) µs"
result '`password_strength`, 25 characters, 2 own texts' '–' '' '' "$(awk -v us="$(median passwords_strength)" 'BEGIN { printf "%.3g µs", us }')" "$(all passwords_strength) µs"

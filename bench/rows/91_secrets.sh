# Tokens, sealed values and blind indexes, a call inside the server, against what pgcrypto has for the same job.
values=100000 slow=2000 turns=2000
[ "$mode" != quick ] || { values=10000; slow=300; turns=300; }
create_template bench_secrets secrets/setup.sql -v rows="$values" -v slow="$slow"
variants=(token_hash digest token seal seal_person unseal unseal_person blind_index hmac pgp_encrypt pgp_decrypt pgp_encrypt_plain)
for ((round = 0; round < R; round++)); do
    for variant in $(shuffled "${variants[@]}"); do
        most=$values
        case $variant in
            token_hash) expression='holdfast.token_hash(token)' ;;
            digest) expression="holdfast.digest(token, 'sha256')" ;;
            token) expression="holdfast.token('bench')" ;;
            seal) expression="holdfast.seal('bench.ring', note, 'c')" ;;
            seal_person) expression="holdfast.seal('bench.ring', note, 'c', subject)" ;;
            unseal) expression="holdfast.unseal('bench.ring', sealed, 'c')" ;;
            unseal_person) expression="holdfast.unseal('bench.ring', of_a_person, 'c')" ;;
            blind_index) expression="holdfast.blind_index(note, 'c', 'bench.ring')" ;;
            hmac) expression="holdfast.hmac(note, 'a key of thirty-two bytes, or so', 'sha256')" ;;
            pgp_encrypt) expression="holdfast.pgp_sym_encrypt(note, 'a pass phrase')" most=$slow ;;
            pgp_decrypt) expression="holdfast.pgp_sym_decrypt(pgp, 'a pass phrase')" most=$slow ;;
            # without its slow derivation of a key, which a random key does not need
            pgp_encrypt_plain) expression="holdfast.pgp_sym_encrypt(note, 'a pass phrase', 's2k-mode=0, compress-algo=0')" most=$((values / 10)) ;;
        esac
        add "secrets_$variant" "$(run_psql -d bench_secrets -c "SELECT bench.us(\$\$$expression\$\$, $most)")"
    done
    for way in hash place; do
        IFS='|' read -r known unknown noise < <(run_psql -d bench_secrets -c "SELECT * FROM bench.pairs('$way', $turns)")
        add "secrets_${way}_known" "$known"
        add "secrets_${way}_unknown" "$unknown"
        add "secrets_${way}_unknown_again" "$noise"
    done
done
result '`token_hash`, how much faster' "pgcrypto's \`digest\`, SHA-256" '' '' "$(ratio secrets_digest secrets_token_hash)×" \
    "token_hash $(all secrets_token_hash); digest $(all secrets_digest); token $(all secrets_token) µs"
result '`seal` of 190 bytes, how much faster' "\`pgp_sym_encrypt\`" '' '' "$(ratio secrets_pgp_encrypt secrets_seal)×" \
    "seal $(all secrets_seal), of one of 100 persons $(all secrets_seal_person); pgp_sym_encrypt $(all secrets_pgp_encrypt), without key derivation and compression $(all secrets_pgp_encrypt_plain) µs"
result '`unseal` of 190 bytes, how much faster' "\`pgp_sym_decrypt\`" '' '' "$(ratio secrets_pgp_decrypt secrets_unseal)×" \
    "unseal $(all secrets_unseal), of one of 100 persons $(all secrets_unseal_person); pgp_sym_decrypt $(all secrets_pgp_decrypt) µs"
result '`blind_index`, how much faster' "pgcrypto's \`hmac\`, SHA-256" '' '' "$(ratio secrets_hmac secrets_blind_index)×" \
    "blind_index $(all secrets_blind_index); hmac $(all secrets_hmac) µs"
result 'looking up a token that there is' 'one that there is not' '' '' "$(ratio secrets_hash_known secrets_hash_unknown)×" \
    "known $(all secrets_hash_known); unknown $(all secrets_hash_unknown); unknown once more, for the noise $(all secrets_hash_unknown_again) ns"
result "the platform's tokens: a wrong secret for a row that there is" 'for a row that there is not' '' '' "$(ratio secrets_place_known secrets_place_unknown)×" \
    "known $(all secrets_place_known); unknown $(all secrets_place_unknown); unknown once more, for the noise $(all secrets_place_unknown_again) ns"

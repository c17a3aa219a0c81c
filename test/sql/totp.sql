-- One-time passwords (RFC 4226, RFC 6238) and backup codes.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_totp;
RESET client_min_messages;
SET search_path = t_totp;
CREATE FUNCTION caught(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_detail text;
    v_hint text;
    v_result text;
BEGIN
    EXECUTE statement INTO v_result;
    RETURN coalesce(v_result, 'null');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, nullif(v_detail, ''), v_hint);
END $$;

-- RFC 4226, appendix D: counters 0 to 9. A step is a counter; each code is found at its own step and at no other.
CREATE VIEW rfc_4226 AS
SELECT n - 1 AS counter, code
FROM unnest('{755224,287082,359152,969429,338314,254676,287922,162583,399871,520489}'::text[]) WITH ORDINALITY AS v (code, n);
SELECT counter, code, holdfast.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', counter) = code AS same FROM rfc_4226 ORDER BY counter;
DO $$
DECLARE
    v record;
BEGIN
    FOR v IN SELECT * FROM t_totp.rfc_4226 LOOP
        PERFORM set_config('holdfast.now', (to_timestamp(v.counter * 30 + 29.9))::text, true);
        ASSERT holdfast.totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', v.code, drift => 0) = v.counter, v.code;
        PERFORM set_config('holdfast.now', (to_timestamp(v.counter * 30 + 30))::text, true);
        ASSERT holdfast.totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', v.code, drift => 0) IS NULL, v.code;
    END LOOP;
END $$;

-- RFC 6238, appendix B: eight digits, a secret as long as each hash.
CREATE TABLE secrets AS
SELECT * FROM (VALUES ('sha1', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'),
    ('sha256', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA'),
    ('sha512', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA')) AS v (algorithm, secret);
CREATE FUNCTION at(seconds numeric, secret text, code text, last_step bigint DEFAULT NULL, drift int DEFAULT 1, digits int DEFAULT 6, algorithm text DEFAULT 'sha1', period int DEFAULT 30)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('holdfast.now', to_timestamp(seconds)::text, true);
    RETURN holdfast.totp_verify(secret, code, last_step, drift, digits, algorithm, period);
END $$;
SELECT seconds, algorithm, code, at(seconds, secret, code, drift => 0, digits => 8, algorithm => algorithm) AS step, to_hex(seconds / 30) AS t
FROM (VALUES (59, '94287082', '46119246', '90693936'), (1111111109, '07081804', '68084774', '25091201'), (1111111111, '14050471', '67062674', '99943326'),
    (1234567890, '89005924', '91819424', '93441116'), (2000000000, '69279037', '90698825', '38618901'), (20000000000, '65353130', '77737706', '47863826')) AS v (seconds, sha1, sha256, sha512),
    LATERAL (VALUES ('sha1', sha1), ('sha256', sha256), ('sha512', sha512)) AS c (algorithm, code) JOIN secrets USING (algorithm)
ORDER BY seconds, algorithm;

-- A zero in front is a digit like any other.
SELECT code, at(1111111109, (SELECT secret FROM secrets WHERE algorithm = 'sha1'), code, digits => 8) AS step FROM unnest(ARRAY['07081804', '7081804', '007081804']) WITH ORDINALITY AS c (code, n) ORDER BY n;

-- Drift: as many periods to either side as asked for, and at 1970 no step before the first.
SELECT drift, array_agg(n - 4 ORDER BY n) FILTER (WHERE at(30 * 1000, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', holdfast.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 996 + n), drift => drift) = 996 + n) AS accepted
FROM generate_series(0, 2) AS drift, generate_series(0, 8) AS n GROUP BY drift ORDER BY drift;
SELECT at(5, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '755224', drift => 2) AS step_0, at(5, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '359152', drift => 2) AS step_2, at(5, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '969429', drift => 2) AS step_3;

-- Replay: what is not later than the last step is gone, whatever the drift.
SELECT last_step, at(30 * 1000, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', holdfast.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 1000), last_step) AS now, at(30 * 1000, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', holdfast.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 999), last_step) AS before,
    at(30 * 1000, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', holdfast.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 1001), last_step) AS after
FROM unnest(ARRAY[NULL, 998, 999, 1000, 1001, 9223372036854775807, -1]::bigint[]) WITH ORDINALITY AS l (last_step, n) ORDER BY n;
SELECT at(45 * 1000, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', holdfast.totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 500), period => 90) AS period_90;
-- Two steps with one code: the later is returned, so that both are used up. These two steps were searched for.
SELECT holdfast.totp_code(s, a) AS code, at(30 * b, s, holdfast.totp_code(s, a), drift => 2) - b AS of_the_later
FROM (VALUES ('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')) AS v (s), (VALUES (153567, 153569)) AS w (a, b);

-- Codes and secrets as people type them; what cannot be a code is no match and no error.
SELECT code, at(59, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', code) AS step
FROM unnest(ARRAY['287082', ' 287 082 ', '287082 ', '28708', '2870820', '0287082', '28708x', '', ' ', '-87082', '２８７０８２', '287082' || chr(10), NULL]) WITH ORDINALITY AS c (code, n) ORDER BY n;
SELECT at(59, 'gezd gnbv-gy3t qojq GEZD GNBV GY3T QOJQ===', '287082') AS as_copied;
SELECT at(59, NULL, '287082') IS NULL AS no_secret, at(59, NULL, holdfast.totp_code('AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 1)) IS NULL AS zeros_are_no_secret;
SELECT secret, caught(format('SELECT t_totp.at(59, %L, %L)', secret, '287082'))
FROM unnest(ARRAY['', 'GEZDGNBVGY3TQOJ', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQABC', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ0', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQé', 'GEZDGNBV=GY3TQOJQ', repeat('A', 208)]) WITH ORDINALITY AS s (secret, n) ORDER BY n;
SELECT call, caught('SELECT holdfast.' || call)
FROM unnest(ARRAY[$c$totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '1', drift => 3)$c$, $c$totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '1', drift => -1)$c$, $c$totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '1', drift => NULL)$c$, $c$totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '1', digits => 5)$c$,
    $c$totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '1', digits => 9)$c$, $c$totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '1', algorithm => 'md5')$c$, $c$totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '1', algorithm => NULL)$c$, $c$totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '1', period => 14)$c$,
    $c$totp_verify('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '1', period => 121)$c$, $c$totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', -1)$c$, $c$totp_code(NULL)$c$, $c$totp_code('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 9223372036854775807)$c$]) WITH ORDINALITY AS c (call, n) ORDER BY n;

-- Secrets: 160 bits, and never the same.
SELECT count(DISTINCT s) AS different, bool_and(s ~ '^[A-Z2-7]{32}$') AS base32 FROM (SELECT holdfast.totp_secret() AS s FROM generate_series(1, 1000)) AS t;
SELECT holdfast.totp_verify(s, holdfast.totp_code(s)) IS NOT NULL AS verifies FROM holdfast.totp_secret() AS s;

-- The address for the QR code: everything but letters, digits and -._~ escaped.
SELECT holdfast.totp_uri('gezd gnbv gy3t qojq gezd gnbv gy3t qojq', 'mia+1@clinic.example', 'Zoë & Söhne / 100 %');
SELECT call, caught('SELECT holdfast.' || call)
FROM unnest(ARRAY[$c$totp_uri('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'a:b', 'c')$c$, $c$totp_uri('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'a', 'b:c')$c$, $c$totp_uri('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '', 'c')$c$, $c$totp_uri('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'a', repeat('x', 256))$c$, $c$totp_uri('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', NULL, 'c')$c$,
    $c$totp_uri(NULL, 'a', 'c')$c$, $c$totp_uri('none', 'a', 'c')$c$]) WITH ORDINALITY AS c (call, n) ORDER BY n;

-- Backup codes: their form, all letters used, no two the same.
SELECT array_length(holdfast.backup_codes(), 1) AS ten, array_length(holdfast.backup_codes(50), 1) AS fifty, array_length(holdfast.backup_codes(1), 1) AS one;
WITH codes AS (SELECT unnest(holdfast.backup_codes(50)) AS code FROM generate_series(1, 40))
SELECT count(DISTINCT code) AS different, bool_and(code ~ '^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$') AS form,
    (SELECT count(DISTINCT letter) FROM codes, regexp_split_to_table(replace(code, '-', ''), '') AS letter) AS letters FROM codes;
SELECT caught('SELECT holdfast.backup_codes(' || n || ')') FROM unnest('{0,51,-1}'::int[]) AS n;
SELECT caught('SELECT holdfast.backup_codes(NULL)');

-- Their digests: one for a code however it is typed, another for another salt, none for what is no code.
SELECT encode(holdfast.backup_code_hash('01234-56789', '\x000102030405060708090a0b0c0d0e0f'), 'hex') AS digest;
SELECT code, holdfast.backup_code_hash(code, '\x000102030405060708090a0b0c0d0e0f') = holdfast.backup_code_hash('01ab0-1xyz9', '\x000102030405060708090a0b0c0d0e0f') AS same
FROM unnest(ARRAY['01AB0 1XYZ9', 'olabo-ixyz9', ' 01ab01xyz9', '01ab0-1xyz8', '01ab0-1xyz', '01ab0-1xyz99', '01ab0-1xyzu', '', NULL]) WITH ORDINALITY AS c (code, n) ORDER BY n;
SELECT holdfast.backup_code_hash('01ab0-1xyz9', '\x000102030405060708090a0b0c0d0e0f') = holdfast.backup_code_hash('01ab0-1xyz9', '\x000102030405060708090a0b0c0d0e00') AS other_salt;
SELECT caught($$SELECT holdfast.backup_code_hash('01ab0-1xyz9', '\x00')$$), caught($$SELECT holdfast.backup_code_hash('01ab0-1xyz9', NULL)$$);

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA t_totp CASCADE;

-- Tokens that the database signs and checks.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_jwt_sign;
RESET client_min_messages;
SET search_path = t_jwt_sign;
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
CREATE FUNCTION b64(data bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT rtrim(translate(encode(data, 'base64'), E'+/\n', '-_'), '=')
$$;
CREATE FUNCTION b64(data text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT t_jwt_sign.b64(convert_to(data, 'UTF8')) $$;
-- A token signed by other means than those that are tested.
CREATE FUNCTION token(claims text, head text DEFAULT '{"alg":"HS256","typ":"JWT"}', key text DEFAULT '0123456789abcdef0123456789abcdef', algorithm text DEFAULT 'sha256') RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT signed || '.' || t_jwt_sign.b64(holdfast.hmac(convert_to(signed, 'UTF8'), convert_to(key, 'UTF8'), algorithm)) FROM (SELECT t_jwt_sign.b64(head) || '.' || t_jwt_sign.b64(claims) AS signed) AS s
$$;
CREATE FUNCTION verified(token text, audience text DEFAULT NULL, issuer text DEFAULT NULL, leeway interval DEFAULT '30 seconds') RETURNS text LANGUAGE sql AS $$
    SELECT t_jwt_sign.caught(format('SELECT holdfast.jwt_verify(%L, %L, %L, %L, %L)', token, '0123456789abcdef0123456789abcdef', audience, issuer, leeway))
$$;
CREATE FUNCTION part(token text, n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT convert_from(decode(rpad(translate(split_part(token, '.', n), '-_', '+/'), (length(split_part(token, '.', n)) + 3) / 4 * 4, '='), 'base64'), 'UTF8')
$$;
-- The token of RFC 7515, appendix A.1, with its key and its line ends. It expired in 2011.
SET holdfast.now = '2011-03-22 18:42:59Z';
SELECT holdfast.jwt_verify(token, key, issuer => 'joe'), caught(format('SELECT holdfast.jwt_verify(%L, %L)', overlay(token PLACING '9' FROM 60 FOR 1), key)) AS tampered
FROM (VALUES ('eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    decode('AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow==', 'base64'))) AS v (token, key);
SET holdfast.now = '2026-01-01 00:00:00.7Z'; -- 1767225600.7

-- What is signed: the header, the claims with their times, and a signature that others compute as well.
CREATE TABLE made AS SELECT holdfast.jwt_sign('{"sub": "Zoë", "room": 7, "nbf": 1767225600}', '0123456789abcdef0123456789abcdef', '90 seconds') AS token;
SELECT part(token, 1) AS header, part(token, 2) AS payload, token = token(part(token, 2)) AS same FROM made;
SELECT verified(token) FROM made;
SELECT part(holdfast.jwt_sign('{}', repeat('k', 64)::bytea), 2) AS empty_and_default_life;
SELECT part(holdfast.jwt_sign('{}', repeat('k', 64)::bytea, '1 day 00:00:00.2'), 2) AS rounded_up;
SELECT bool_and(holdfast.jwt_verify(holdfast.jwt_sign(jsonb_build_object('x', repeat('x', n)), repeat('k', 32)::bytea), repeat('k', 32)::bytea) ->> 'x' = repeat('x', n)) AS all_lengths FROM generate_series(0, 200) AS n;
SELECT length(holdfast.jwt_sign(jsonb_build_object('x', repeat('x', 49019)), repeat('k', 32)::bytea)) AS longest;
SELECT call, caught('SELECT holdfast.' || call)
FROM unnest(ARRAY[$c$jwt_sign('[]', repeat('k', 32)::bytea)$c$, $c$jwt_sign('1', repeat('k', 32)::bytea)$c$, $c$jwt_sign(NULL, repeat('k', 32)::bytea)$c$, $c$jwt_sign('{"exp": 1}', repeat('k', 32)::bytea)$c$, $c$jwt_sign('{"iat": null}', repeat('k', 32)::bytea)$c$,
    $c$jwt_sign('{}', repeat('k', 31)::bytea)$c$, $c$jwt_sign('{}', '')$c$, $c$jwt_sign('{}', NULL)$c$, $c$jwt_sign('{}', repeat('k', 32)::bytea, '0')$c$, $c$jwt_sign('{}', repeat('k', 32)::bytea, '-1 s')$c$,
    $c$jwt_sign('{}', repeat('k', 32)::bytea, NULL)$c$, $c$jwt_sign('{}', repeat('k', 32)::bytea, '367 days')$c$, $c$jwt_sign('{}', repeat('k', 32)::bytea, '1 month')$c$, $c$jwt_sign('{}', repeat('k', 32)::bytea, '2147483647 days')$c$,
    $c$jwt_sign(jsonb_build_object('x', repeat('x', 49100)), repeat('k', 32)::bytea)$c$]) WITH ORDINALITY AS c (call, n) ORDER BY n;

-- Tokens that are refused, whoever signed them.
CREATE VIEW good AS SELECT '{"sub":"x","exp":1767229200}'::text AS claims;
SELECT what, verified(token)
FROM good, LATERAL (VALUES
    (1, 'right', token(claims)), (2, 'no typ', token(claims, '{"alg":"HS256"}')), (3, 'typ in lower case', token(claims, '{"alg":"HS256","typ":"jwt"}')), (4, 'kid', token(claims, '{"alg":"HS256","kid":"1"}')),
    (10, 'alg none', token(claims, '{"alg":"none"}')), (11, 'alg none, unsigned', b64('{"alg":"none"}') || '.' || b64(claims) || '.'), (12, 'alg RS256 (key confusion)', token(claims, '{"alg":"RS256","typ":"JWT"}')), (13, 'alg ES256', token(claims, '{"alg":"ES256"}')),
    (14, 'alg HS512, so signed', token(claims, '{"alg":"HS512"}', algorithm => 'sha512')), (15, 'alg in lower case', token(claims, '{"alg":"hs256"}')), (16, 'no alg', token(claims, '{"typ":"JWT"}')), (17, 'alg twice', token(claims, '{"alg":"HS256","alg":"HS256"}')),
    (18, 'crit', token(claims, '{"alg":"HS256","crit":["exp"]}')), (19, 'jwk', token(claims, '{"alg":"HS256","jwk":{"kty":"oct"}}', 'ffffffffffffffffffffffffffffffff')), (20, 'other typ', token(claims, '{"alg":"HS256","typ":"at+jwt"}')), (21, 'typ twice', token(claims, '{"alg":"HS256","typ":"JWT","typ":"JWT"}')),
    (22, 'typ a number', token(claims, '{"alg":"HS256","typ":1}')), (23, 'typ with escapes', token(claims, '{"alg":"HS256","typ":"\u004aWT"}')), (24, 'long typ', token(claims, '{"alg":"HS256","typ":"JWTJWTJWT"}')),
    (30, 'other key', token(claims, key => '0123456789abcdef0123456789abcdeg')), (31, 'truncated', left(token(claims), -1)), (32, 'without signature', regexp_replace(token(claims), '[^.]*$', '')), (33, 'two parts', regexp_replace(token(claims), '\.[^.]*$', '')),
    (34, 'other payload', regexp_replace(token(claims), '\.[^.]*\.', '.' || b64('{"sub":"y","exp":1767229200}') || '.')), (35, 'nothing', ''), (36, 'null', NULL), (37, 'too long', token('{"exp":1767229200,"x":"' || repeat('x', 49152) || '"}')), (38, 'padded', token(claims) || '='),
    (40, 'exp twice', token('{"exp":1767229200,"exp":1767229201}')), (41, 'sub twice, escaped', token('{"exp":1767229200,"sub":"x","s\u0075b":"y"}')), (42, 'no object', token('[1767229200]')), (43, 'no JSON', token('{"exp":1767229200')), (44, 'NUL', token('{"exp":1767229200,"x":"\u0000"}')),
    (45, 'nested twice', token('{"exp":1767229200,"x":{"a":1,"a":2}}'))) AS v (n, what, token) ORDER BY n;
SELECT caught(format('SELECT holdfast.jwt_verify(%L, %L)', token(claims, key => 'short'), 'short')) AS short_key, caught(format('SELECT holdfast.jwt_verify(%L, NULL)', token(claims))) AS no_key FROM good;
SELECT caught(format('SELECT holdfast.jwt_verify(%L, %L)', b64('{"alg":"HS256"}') || '.' || b64('\x7b22657870223a313736373232393230302c2278223a22ff227d'::bytea) || '.' ||
    b64(holdfast.hmac(convert_to(b64('{"alg":"HS256"}') || '.' || b64('\x7b22657870223a313736373232393230302c2278223a22ff227d'::bytea), 'UTF8'), repeat('k', 32)::bytea, 'sha256')), repeat('k', 32))) AS not_utf8;

-- Times: to the second, with and without leeway. It is 1767225600.7.
SELECT claims, verified(token(claims)) AS with_30_seconds, verified(token(claims), leeway => '0') AS with_none
FROM unnest(ARRAY['{"exp":1767225601}', '{"exp":1767225600.8}', '{"exp":1767225600.7}', '{"exp":1767225600}', '{"exp":1767225571}', '{"exp":1767225570}', '{"exp":0}', '{"exp":-1}', '{"exp":"1767229200"}', '{"exp":null}', '{}', '{"exp":1e300}', '{"exp":9007199254740993}',
    '{"exp":1767229200,"nbf":1767225600}', '{"exp":1767229200,"nbf":1767225601}', '{"exp":1767229200,"nbf":1767225630}', '{"exp":1767229200,"nbf":1767225631}', '{"exp":1767229200,"nbf":"now"}', '{"exp":1767229200,"iat":1767225601}', '{"exp":1767229200,"iat":1767225640}',
    '{"exp":1,"nbf":1767229200}']) WITH ORDINALITY AS c (claims, n) ORDER BY n;
SELECT caught($$SELECT holdfast.jwt_verify('', repeat('k', 32)::bytea, leeway => '5 minutes 1 second')$$), caught($$SELECT holdfast.jwt_verify('', repeat('k', 32)::bytea, leeway => '-1 s')$$), caught($$SELECT holdfast.jwt_verify('', repeat('k', 32)::bytea, leeway => NULL)$$);

-- Audience and issuer: a token for somebody is not for anybody.
SELECT aud, verified(token('{"exp":1767229200' || aud || '}')) LIKE '{%' AS asked_for_none, verified(token('{"exp":1767229200' || aud || '}'), audience => 'rooms') LIKE '{%' AS asked_for_rooms
FROM unnest(ARRAY['', ',"aud":"rooms"', ',"aud":["mail","rooms"]', ',"aud":"Rooms"', ',"aud":"rooms "', ',"aud":["mail"]', ',"aud":[]', ',"aud":["room","s",["rooms"]]', ',"aud":{"rooms":1}', ',"aud":null', ',"aud":1']) WITH ORDINALITY AS a (aud, n) ORDER BY n;
SELECT verified(token('{"exp":1767229200,"aud":"mail"}'), audience => 'rooms') AS wrong_audience, verified(token('{"exp":1767229200,"iss":"us"}'), issuer => 'them') AS wrong_issuer;
SELECT iss, verified(token('{"exp":1767229200' || iss || '}'), issuer => 'us') LIKE '{%' AS ours FROM unnest(ARRAY['', ',"iss":"us"', ',"iss":"US"', ',"iss":["us"]', ',"iss":null']) WITH ORDINALITY AS i (iss, n) ORDER BY n;

-- The secret of PostgREST, which no statement holds. EXECUTE is nobody's.
SELECT caught($$SELECT holdfast.jwt_issue('{"role": "authenticated"}', '15 minutes')$$) AS without_secret;
SELECT count(*) AS may_execute FROM pg_proc, aclexplode(proacl) WHERE oid = 'holdfast.jwt_issue(jsonb, interval)'::regprocedure AND grantee <> proowner AND grantee <> coalesce(to_regrole('holdfast_owner'), 0);
SELECT current_setting('data_directory') || '/holdfast_jwt_sign_secret' AS file \gset
CREATE FUNCTION write_file(file text, content text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('COPY (SELECT %L) TO PROGRAM %L', content, format('rm -f %1$L; umask 077; cat > %1$L', file));
END $$;
SELECT write_file(:'file', '0123456789abcdef0123456789abcdef');
ALTER SYSTEM SET holdfast.jwt_secret_file = :'file';
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt_sign;
SET holdfast.now = '2026-01-01 00:00:00.7Z';
SELECT verified(holdfast.jwt_issue('{"sub": "11111111-1111-4111-8111-111111111111", "role": "authenticated"}', '15 minutes'));
SELECT set_config('request.headers', json_build_object('authorization', 'Bearer ' || holdfast.jwt_issue('{"sub": "11111111-1111-4111-8111-111111111111"}', '15 minutes'))::text, false) <> '' AS sent;
SELECT holdfast.uid() AS who_it_says;
SET holdfast.now = '2026-01-01 00:15:00Z';
SELECT caught('SELECT holdfast.uid()') AS later;
RESET request.headers;
SELECT caught($$SELECT holdfast.jwt_issue('{}', '24 hours 1 second')$$) AS too_long, caught($$SELECT holdfast.jwt_issue('{}', NULL)$$) AS for_ever, caught($$SELECT holdfast.jwt_issue(NULL, '1 hour')$$) AS no_claims;
ALTER SYSTEM RESET holdfast.jwt_secret_file;
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET client_min_messages = warning;
DROP SCHEMA t_jwt_sign CASCADE;

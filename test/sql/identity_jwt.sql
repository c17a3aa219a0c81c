-- Identity from a verified token: with holdfast.jwt_secret_file nothing else counts.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_jwt;
RESET client_min_messages;
SET search_path = t_jwt;

CREATE FUNCTION b64(data bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT rtrim(translate(encode(data, 'base64'), E'+/\n', '-_'), '=')
$$;
CREATE FUNCTION b64(data text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT t_jwt.b64(convert_to(data, 'UTF8')) $$;
CREATE FUNCTION signed(head text, payload text, key text DEFAULT '0123456789abcdef0123456789abcdef') RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT head || '.' || payload || '.' || t_jwt.b64(holdfast.hmac(convert_to(head || '.' || payload, 'UTF8'), convert_to(key, 'UTF8'), 'sha256'))
$$;
CREATE FUNCTION token(claims text, head text DEFAULT '{"alg":"HS256","typ":"JWT"}', key text DEFAULT '0123456789abcdef0123456789abcdef') RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT t_jwt.signed(t_jwt.b64(head), t_jwt.b64(claims), key)
$$;
CREATE FUNCTION claims(more text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '{"sub":"11111111-1111-4111-8111-111111111111","org_id":"22222222-2222-4222-8222-222222222222"' || more || '}'
$$;
-- said sets the header and runs an expression; an error becomes its message and hint.
CREATE FUNCTION said(authorization_header text, expression text DEFAULT 'holdfast.uid()') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_result text;
    v_hint text;
    v_detail text;
BEGIN
    PERFORM set_config('request.headers', json_build_object('authorization', authorization_header)::text, true);
    EXECUTE format('SELECT (%s)::text', expression) INTO v_result;
    RETURN coalesce(v_result, 'nobody');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_hint = PG_EXCEPTION_HINT, v_detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, nullif(v_detail, ''), v_hint);
END $$;

-- The file, and the setting that names it. A new session has what the last reload brought; this one, a second later.
SELECT current_setting('data_directory') || '/holdfast_jwt_secret' AS file \gset
CREATE FUNCTION write_file(file text, content text, mode text DEFAULT '600') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('COPY (SELECT %L) TO PROGRAM %L', content, format('rm -f %1$L; umask 077; tr -d ''\n'' > %1$L; chmod %2$s %1$L', file, mode));
END $$;
\set reload 'SELECT pg_reload_conf(); SELECT pg_sleep(1);'
SELECT write_file(:'file', '0123456789abcdef0123456789abcdef');
SET request.jwt.claims = '{"sub": "99999999-9999-4999-8999-999999999999"}';
SELECT holdfast.uid() AS not_verified_yet;
ALTER SYSTEM SET holdfast.jwt_secret_file = :'file';
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SET request.jwt.claims = '{"sub": "99999999-9999-4999-8999-999999999999"}';
SELECT current_setting('holdfast.jwt_secret_file') = :'file' AS reloaded;

-- The claims of the session no longer count; no header, no identity.
SELECT holdfast.uid(), holdfast.org_id(), holdfast.jwt(), holdfast.jwt_role();
SELECT said('Bearer ' || token(claims()), e) FROM unnest(ARRAY['holdfast.uid()', 'holdfast.org_id()', 'holdfast.actor_id()', 'holdfast.jwt()', 'holdfast.claim(''sub'')']) AS e;
SELECT holdfast.uid();

-- Tokens that pass, and headers without one.
SELECT name, said(header)
FROM (VALUES (1, 'lower case scheme', 'bearer ' || token(claims())), (2, 'upper case scheme', 'BEARER   ' || token(claims())), (3, 'no typ', 'Bearer ' || token(claims(), '{"alg":"HS256"}')),
    (4, 'white space in JSON', 'Bearer ' || token(E' {\n"sub" : "11111111-1111-4111-8111-111111111111" }\t', E'{ "alg"\n:\t"HS256" }')), (5, 'escapes', 'Bearer ' || token('{"s\u0075b":"\u00311111111-1111-4111-8111-111111111111"}', '{"a\u006cg":"HS25\u0036"}')),
    (6, 'no sub', 'Bearer ' || token('{"role":"anon"}')), (7, 'UTF-8', 'Bearer ' || token(claims(',"name":"Zoë 😀"'))),
    (8, 'basic', 'Basic dXNlcjpwYXNz'), (9, 'other scheme', 'Bearerx ' || token(claims())), (10, 'short', 'Bear'), (11, 'empty', ''), (12, 'bare token', token(claims()))) AS t (n, name, header) ORDER BY n;

-- Tokens that do not.
SELECT name, said('Bearer ' || token)
FROM (VALUES
    (1, 'none', token(claims(), '{"alg":"none"}')), (2, 'none, unsigned', b64('{"alg":"none"}') || '.' || b64(claims()) || '.'), (3, 'None', token(claims(), '{"alg":"None"}')),
    (4, 'HS384', token(claims(), '{"alg":"HS384"}')), (5, 'RS256', token(claims(), '{"alg":"RS256"}')), (6, 'hs256', token(claims(), '{"alg":"hs256"}')), (7, 'no alg', token(claims(), '{"typ":"JWT"}')),
    (8, 'alg number', token(claims(), '{"alg":256}')), (9, 'alg twice', token(claims(), '{"alg":"HS256","alg":"HS256"}')), (10, 'alg nested', token(claims(), '{"x":{"alg":"HS256"}}')),
    (11, 'crit', token(claims(), '{"alg":"HS256","crit":["exp"]}')), (12, 'header no JSON', token(claims(), 'alg')), (13, 'header empty', signed('', b64(claims()))), (14, 'header long', token(claims(), '{"alg":"HS256","x":"' || repeat('x', 2000) || '"}')),
    (15, 'wrong key', token(claims(), key => '0123456789abcdef0123456789abcdeg')), (16, 'empty key', token(claims(), key => '')), (17, 'key of the file and its line end', token(claims(), key => E'0123456789abcdef0123456789abcdef\n')),
    (18, 'other payload', regexp_replace(token(claims()), '\.[^.]*\.', '.' || b64(claims(',"role":"service_role"')) || '.')), (19, 'other header', regexp_replace(token(claims()), '^[^.]*', b64('{"alg":"HS256"}'))),
    (20, 'no signature', regexp_replace(token(claims()), '[^.]*$', '')), (21, 'cut signature', left(token(claims()), -1)), (22, 'cut by four', left(token(claims()), -4)), (23, 'longer signature', token(claims()) || 'A'), (24, 'much longer', token(claims()) || repeat('A', 4096)),
    (25, 'signature of zeros', regexp_replace(token(claims()), '[^.]*$', repeat('A', 43))), (26, 'two parts', regexp_replace(token(claims()), '\.[^.]*$', '')), (27, 'one part', 'abc'), (28, 'four parts', token(claims()) || '.x'), (29, 'dots', '..'), (30, 'nothing', ''),
    (31, 'padded', token(claims()) || '='), (32, 'standard base64', signed(b64('{"alg":"HS256"}'), '+/' || b64(claims()))), (33, 'payload length', signed(b64('{"alg":"HS256"}'), 'AAAAA')), (34, 'payload empty', signed(b64('{"alg":"HS256"}'), '')),
    (35, 'loose bits', signed(b64('{"alg":"HS256"}'), 'e31')), (36, 'white space before', ' ' || E'\t' || token(claims())), (37, 'white space behind', token(claims()) || ' '), (38, 'line end', token(claims()) || E'\n'), (39, 'white space within', regexp_replace(token(claims()), '\.', '. ')),
    (40, 'two tokens', token(claims()) || ',' || token(claims())), (41, 'too long', token(claims(',"x":"' || repeat('x', 60000) || '"'))), (42, 'not UTF-8', signed(b64('{"alg":"HS256"}'), b64('\x7b2273223a22ff227d'::bytea))), (43, 'NUL', signed(b64('{"alg":"HS256"}'), b64('\x7b7d00'::bytea))),
    (44, 'payload no JSON', token('x')), (45, 'payload array', token('[]')), (46, 'sub no UUID', token('{"sub":"x"}')), (47, 'sub twice', token('{"sub":"11111111-1111-4111-8111-111111111111","sub":"22222222-2222-4222-8222-222222222222"}'))
) AS t (n, name, token) ORDER BY n;
-- The last digit of a signature has two bits to spare; only one way of writing it is a token.
SELECT count(*) FILTER (WHERE said('Bearer ' || left(token(claims()), -1) || d) = '11111111-1111-4111-8111-111111111111') AS spellings
FROM regexp_split_to_table('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', '') AS d;

-- Times, by the clock that tests can set; a token that has passed once expires all the same.
SET holdfast.now = '2026-01-01 00:00:00+00';
SELECT extract(epoch FROM '2026-01-01 00:00:00+00'::timestamptz)::bigint AS now \gset
SELECT name, said('Bearer ' || token(claims(more)))
FROM (VALUES (1, 'expires in a second', ',"exp":' || :now + 1), (2, 'expires now', ',"exp":' || :now), (3, 'expired', ',"exp":' || :now - 1), (4, 'fraction', ',"exp":' || :now || '.5'), (5, 'exponent', ',"exp":2e10'), (6, 'far', ',"exp":1e300'), (7, 'zero', ',"exp":0'), (8, 'negative', ',"exp":-1'),
    (9, 'text', ',"exp":"9999999999"'), (10, 'null', ',"exp":null'), (11, 'twice', ',"exp":9999999999,"exp":9999999999'), (12, 'from now', ',"nbf":' || :now), (13, 'from later', ',"nbf":' || :now + 1), (14, 'nbf text', ',"nbf":"0"'), (15, 'both', format(',"nbf":%s,"exp":%s', :now - 1, :now + 1)),
    (16, 'issued later', ',"iat":' || :now + 100)) AS t (n, name, more) ORDER BY n;
SELECT set_config('request.headers', json_build_object('authorization', 'Bearer ' || token(claims(format(',"nbf":%s,"exp":%s', :now, :now + 60))))::text, false) IS NOT NULL AS set;
SELECT holdfast.uid(), holdfast.org_id();
SET holdfast.now = '2026-01-01 00:00:59.9+00';
SELECT holdfast.uid();
SET holdfast.now = '2026-01-01 00:01:00+00';
SELECT holdfast.uid();
SELECT holdfast.org_id();
SET holdfast.now = '2025-12-31 23:59:59+00';
SELECT holdfast.uid();
RESET holdfast.now;

-- Callers in turn on one connection; a token stays its bearer's.
DO $$
DECLARE
    v_user uuid;
    v_wrong int := 0;
BEGIN
    FOR i IN 1..200 LOOP
        v_user := md5('u' || i % 7)::uuid;
        PERFORM set_config('request.headers', json_build_object('authorization', 'Bearer ' || t_jwt.token(json_build_object('sub', v_user)::text))::text, false);
        v_wrong := v_wrong + (holdfast.uid() IS DISTINCT FROM v_user)::int;
        IF i % 3 = 0 THEN
            PERFORM set_config('request.headers', '', false);
            v_wrong := v_wrong + (holdfast.uid() IS NOT NULL)::int;
        END IF;
    END LOOP;
    RAISE NOTICE '% wrong', v_wrong;
END $$;
-- The role comes from the token too, and with it the right to name an organization.
SELECT set_config('request.jwt.claims', '{"role": "service_role"}', false) IS NOT NULL AS set;
SELECT role, set_config('request.headers', json_build_object('authorization', 'Bearer ' || token(claims(format(',"role":"%s"', role))), 'x-organization-id', '88888888-8888-4888-8888-888888888888')::text, false) IS NOT NULL AS set, holdfast.org_id()
FROM unnest(ARRAY['authenticated', 'service_role']) AS role;
-- In parallel workers.
CREATE TABLE many AS SELECT '22222222-2222-4222-8222-222222222222'::uuid AS organization_id FROM generate_series(1, 20000);
ANALYZE many;
SELECT set_config('request.headers', json_build_object('authorization', 'Bearer ' || token(claims()))::text, false) IS NOT NULL AS set;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SELECT count(*) FROM many WHERE organization_id = holdfast.org_id();
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET parallel_leader_participation;

-- Another secret counts from the next reload on; then tokens of the old one no longer pass, not even remembered ones.
SELECT said('Bearer ' || token(claims()));
SELECT write_file(:'file', E'fedcba9876543210fedcba9876543210');
SELECT said('Bearer ' || token(claims())) AS old_token_before_reload;
\o /dev/null
:reload
\o
SELECT said('Bearer ' || token(claims())) AS old_token, said('Bearer ' || token(claims(), key => 'fedcba9876543210fedcba9876543210')) AS new_token;

-- Files that cannot be used: nobody is anybody, and the client does not learn which file it is.
SELECT write_file(:'file', '0123456789abcdef0123456789abcde');
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SELECT said('Bearer ' || token(claims(), key => '0123456789abcdef0123456789abcde')) AS too_short;
SELECT write_file(:'file', '0123456789abcdef0123456789abcdef', '640');
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SELECT said('Bearer ' || token(claims())) AS group_may_read;
SELECT write_file(:'file', '0123456789abcdef0123456789abcdef', '604');
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SELECT said('Bearer ' || token(claims())) AS others_may_read, said('', 'holdfast.uid()') AS even_without_a_token, said('', 'holdfast.jwt()') AS claims;
SELECT write_file(:'file', repeat('x', 4097));
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SELECT said('Bearer ' || token(claims())) AS too_long;
COPY (SELECT) TO PROGRAM 'cat > /dev/null; rm -f holdfast_jwt_secret; mkfifo -m 600 holdfast_jwt_secret';
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SELECT said('Bearer ' || token(claims())) AS fifo;
COPY (SELECT) TO PROGRAM 'cat > /dev/null; rm -f holdfast_jwt_secret';
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SELECT said('Bearer ' || token(claims())) AS missing;
ALTER SYSTEM SET holdfast.jwt_secret_file = 'holdfast_jwt_secret';
SELECT write_file(:'file', '0123456789abcdef0123456789abcdef');
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SELECT said('Bearer ' || token(claims())) AS relative;
-- A line end behind the secret is not part of it.
ALTER SYSTEM SET holdfast.jwt_secret_file = :'file';
COPY (SELECT '0123456789abcdef0123456789abcdef') TO PROGRAM 'umask 077; cat > holdfast_jwt_secret';
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SELECT said('Bearer ' || token(claims())) AS line_end;
COPY (SELECT '0123456789abcdef0123456789abcdef') TO PROGRAM 'umask 077; sed s/$/\\r/ > holdfast_jwt_secret';
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SELECT said('Bearer ' || token(claims())) AS line_end_of_windows;
-- 0400 will do.
SELECT write_file(:'file', '0123456789abcdef0123456789abcdef', '400');
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SELECT said('Bearer ' || token(claims())) AS read_only;

-- The setting is for the server alone.
SET holdfast.jwt_secret_file = '';
CREATE ROLE regress_jwt_nobody;
SET ROLE regress_jwt_nobody;
DO $$ BEGIN PERFORM current_setting('holdfast.jwt_secret_file'); EXCEPTION WHEN insufficient_privilege THEN RAISE NOTICE 'not to be seen'; END $$;
RESET ROLE;
DROP ROLE regress_jwt_nobody;

-- Off again: the session's claims count.
ALTER SYSTEM RESET holdfast.jwt_secret_file;
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_jwt;
SET request.jwt.claims = '{"sub": "99999999-9999-4999-8999-999999999999"}';
SELECT holdfast.uid();
COPY (SELECT) TO PROGRAM 'cat > /dev/null; rm -f holdfast_jwt_secret';
RESET ALL;
SET client_min_messages = warning;
DROP SCHEMA t_jwt CASCADE;

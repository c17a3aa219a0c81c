-- Identity: what claims and headers say, what hostile ones do, and that nobody ever gets the last caller's.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_identity;
RESET client_min_messages;
SET search_path = t_identity;

-- Ids that are easy to tell apart: id(1) is 11111111-...
CREATE FUNCTION id(digit text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace('xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx', 'x', digit, 'g')
$$;
-- said runs an expression under claims and headers; an error becomes its message and hint.
CREATE FUNCTION said(expression text, claims text, headers text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_result text;
    v_hint text;
    v_detail text;
BEGIN
    PERFORM set_config('request.jwt.claims', claims, true), set_config('request.headers', headers, true);
    EXECUTE format('SELECT (%s)::text', expression) INTO v_result;
    RETURN v_result;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_hint = PG_EXCEPTION_HINT, v_detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, nullif(v_detail, ''), v_hint);
END $$;

-- No claims: never set, empty, and after a transaction that had some.
SELECT holdfast.uid(), holdfast.org_id(), holdfast.actor_id(), holdfast.jwt_role(), holdfast.jwt(), holdfast.claim('sub');
SET request.jwt.claims = '';
SELECT holdfast.uid(), holdfast.org_id(), holdfast.actor_id(), holdfast.jwt_role(), holdfast.jwt(), holdfast.claim('sub');
BEGIN;
SELECT set_config('request.jwt.claims', format('{"sub": "%s"}', id('1')), true);
SELECT holdfast.uid();
COMMIT;
SELECT holdfast.uid(), current_setting('request.jwt.claims') = '' AS empty_again;

-- Which claim counts.
SELECT name, said('holdfast.uid()', claims) AS uid, said('holdfast.org_id()', claims) AS org_id,
    said('holdfast.actor_id()', claims) AS actor_id, said('holdfast.jwt_role()', claims) AS role
FROM (VALUES
    (1, 'nothing', '{}'),
    (2, 'anon', '{"role": "anon", "iss": "supabase"}'),
    (3, 'user', format('{"sub": "%s", "role": "authenticated"}', id('1'))),
    (4, 'upper case', format('{"sub": "%s"}', upper(id('a')))),
    (5, 'all four places', format('{"org_id": "%s", "app_metadata": {"org_id": "%s", "organization_id": "%s"}, "organization_id": "%s"}', id('5'), id('4'), id('3'), id('2'))),
    (6, 'three', format('{"org_id": "%s", "app_metadata": {"org_id": "%s", "organization_id": "%s"}}', id('5'), id('4'), id('3'))),
    (7, 'two', format('{"org_id": "%s", "app_metadata": {"provider": "email", "org_id": "%s"}}', id('5'), id('4'))),
    (8, 'one', format('{"org_id": "%s", "app_metadata": {"provider": "email"}}', id('5'))),
    (9, 'null passes on', format('{"organization_id": null, "app_metadata": null, "org_id": "%s", "act": null, "role": null, "sub": null}', id('5'))),
    (10, 'user_metadata', format('{"user_metadata": {"organization_id": "%1$s", "org_id": "%1$s", "sub": "%1$s", "app_metadata": {"org_id": "%1$s"}}}', id('6'))),
    (11, 'not in deeper places', format('{"app_metadata": {"app_metadata": {"org_id": "%1$s"}, "sub": "%1$s"}, "act": {"sub": "%1$s", "act": {"sub": "%2$s"}, "organization_id": "%1$s"}, "x": [{"sub": "%1$s"}]}', id('6'), id('7'))),
    (12, 'impersonation', format('{"sub": "%s", "act": {"sub": "%s", "role": "admin"}}', id('1'), id('9'))),
    (13, 'escaped', format('{"s\u0075b": "%s", "app_met\u0061data": {"org\u005Fid": "\u0035%s"}, "role": "auth\u0065nticated"}', id('1'), substr(id('5'), 2))),
    (14, 'first counts, rest unread', format('{"organization_id": "%s", "org_id": "org_2bXz", "app_metadata": {"org_id": 7}}', id('2')))
) AS c (n, name, claims) ORDER BY n;

-- Malformed claims: an error in every function, naming the claim and never its value.
SELECT name, said('holdfast.uid()', claims) AS error
FROM (VALUES
    (1, 'white space', ' '), (2, 'a word', 'null'), (3, 'a string', '"x"'), (4, 'an array', '[{"sub": 1}]'), (5, 'cut off', '{"sub": "'),
    (6, 'no value', '{"sub":}'), (7, 'trailing comma', '{"a": 1,}'), (8, 'two objects', '{} {}'), (9, 'garbage behind', '{}x'), (10, 'single quotes', '{''sub'': 1}'),
    (11, 'bare key', '{sub: 1}'), (12, 'comment', '{/* */}'), (13, 'bad escape', '{"a": "\x"}'), (14, 'short escape', '{"a": "\u12"}'),
    (15, 'NUL', '{"a": "\u0000"}'), (16, 'lone high', '{"a": "\ud800"}'), (17, 'lone low', '{"a": "\udc00"}'), (18, 'wrong pair', '{"a": "\ud800\u0041"}'),
    (19, 'control', E'{"a": "\n"}'), (20, 'leading zero', '{"a": 01}'), (21, 'plus', '{"a": +1}'), (22, 'dot', '{"a": 1.}'), (23, 'bare minus', '{"a": -}'),
    (24, 'exponent', '{"a": 1e}'), (25, 'huge exponent', '{"a": 1e10000}'), (26, 'long number', '{"a": ' || repeat('9', 65) || '}'), (27, 'NaN', '{"a": NaN}'),
    (28, 'True', '{"a": True}'), (29, 'deep array', '{"a": ' || repeat('[', 32) || repeat(']', 32) || '}'), (30, 'deep object', repeat('{"a": ', 32) || '{}' || repeat('}', 32)),
    (31, 'deep, unclosed', '{"a": ' || repeat('[', 60000)), (32, 'too long', '{"a": "' || repeat('x', 65536) || '"}'),
    (33, 'sub no UUID', '{"sub": "user@secret.example"}'), (34, 'sub number', '{"sub": 1}'), (35, 'sub empty', '{"sub": ""}'), (36, 'sub object', '{"sub": {}}'),
    (37, 'sub braces', format('{"sub": "{%s}"}', id('1'))), (38, 'sub bare', format('{"sub": "%s"}', replace(id('1'), '-', ''))), (39, 'sub padded', format('{"sub": " %s"}', id('1'))),
    (40, 'sub long', format('{"sub": "%s1"}', id('1'))), (41, 'sub nil', '{"sub": "00000000-0000-0000-0000-000000000000"}'),
    (42, 'organization', '{"organization_id": "secret"}'), (43, 'organization nil', '{"org_id": "00000000-0000-0000-0000-000000000000"}'),
    (44, 'metadata organization', format('{"app_metadata": {"organization_id": true, "org_id": "%s"}}', id('1'))), (45, 'metadata text', '{"app_metadata": "secret"}'),
    (46, 'act text', format('{"act": "%s"}', id('1'))), (47, 'act empty', '{"act": {}}'), (48, 'act no UUID', '{"act": {"sub": "svc"}}'), (49, 'act null sub', '{"act": {"sub": null}}'),
    (50, 'role number', '{"role": 1}'), (51, 'role empty', '{"role": ""}'), (52, 'role long', '{"role": "' || repeat('r', 64) || '"}'),
    (53, 'exp text', '{"exp": "1"}'), (54, 'nbf object', '{"nbf": {}}'),
    (55, 'sub twice', format('{"sub": "%1$s", "sub": "%1$s"}', id('1'))), (56, 'sub twice, escaped', format('{"sub": "%s", "\u0073ub": "%s"}', id('1'), id('2'))),
    (57, 'metadata twice', format('{"app_metadata": {}, "app_metadata": {"org_id": "%s"}}', id('1'))), (58, 'metadata org twice', format('{"app_metadata": {"org_id": null, "org_id": "%s"}}', id('1'))),
    (61, 'no hyphen', '{"sub": "11111111x1111-4111-8111-111111111111"}'), (62, 'no digit', '{"sub": "11111111-1111-4111-8111-11111111111g"}'),
    (63, 'capital', '{"sub": "AAAAAAAA-1111-4111-8111-11111111111F"}'),
    (59, 'act twice', format('{"act": {"sub": "%1$s"}, "act": {"sub": "%1$s"}}', id('1'))), (60, 'role twice', '{"role": "anon", "role": "service_role"}')
) AS c (n, name, claims) ORDER BY n;
-- What PostgreSQL does not take for JSON, is none, even behind all that is read.
CREATE FUNCTION is_json(value text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN value::jsonb IS NOT NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN false;
END $$;
SELECT v AS value, is_json(c) AS json, said('holdfast.uid()', c) AS uid
FROM unnest(ARRAY['"\', '"\u12', '"\u12"}', '"\u12g4"}', '"\ud800\u12"}', '"\ud800"}', '"\udc00"}', '"', '"\x"}', 'tru', 'trux}', 'fals', 'false}', 'true}', 'null}', '[1 2]}', '[false, null]}', '[false, null}',
    '{"c" 1}}', '{"c": 1 "d": 2}}', '{"c": 1, "d": [2]}}', '-}', '1.}', '1e}', '1}}', '1']) WITH ORDINALITY AS u (v, n), LATERAL (SELECT format('{"sub": "%s", "b": %s', id('1'), v)) AS t (c)
ORDER BY n;
SELECT f, said(f, '{"sub": "x"}') FROM unnest(ARRAY['holdfast.uid()', 'holdfast.org_id()', 'holdfast.actor_id()', 'holdfast.jwt_role()', 'holdfast.jwt()', 'holdfast.claim(''sub'')']) AS f;
-- What is at the limit still passes.
SELECT said('holdfast.uid()', format('{"a": %s%s, "sub": "%s"}', repeat('[', 31), repeat(']', 31), id('1'))) AS deep,
    said('holdfast.uid()', format('{"sub": "%s", "a": "%s"}', id('1'), repeat('x', 65536 - 57))) AS long,
    said('holdfast.jwt_role()', '{"role": "' || repeat('r', 63) || '"}') = repeat('r', 63) AS role,
    said('holdfast.claim(''a'')', '{"a": ' || repeat('9', 64) || '}') = repeat('9', 64) AS number;
-- A refused text leaves nothing behind, neither of itself nor of the one before.
SET request.jwt.claims = '{"sub": "11111111-1111-4111-8111-111111111111"}';
SELECT holdfast.uid();
SET request.jwt.claims = '{"sub": "x"}';
SELECT holdfast.uid();
SELECT holdfast.uid();
SET request.jwt.claims = '{"sub": "11111111-1111-4111-8111-111111111111"}';
SELECT holdfast.uid();

-- jwt() and claim().
SET request.jwt.claims = '{"sub": "11111111-1111-4111-8111-111111111111", "n": 1.50, "t": true, "z": null, "": {"": "empty"}, "app_metadata": {"plan": "pro", "é": "\u00e9\ud83d\ude00"}, "amr": [{"method": "pw"}, 7], "a.b": 1}';
SELECT holdfast.jwt();
SELECT p AS path, holdfast.claim(p) FROM unnest(ARRAY['n', 't', 'z', 'sub', 'app_metadata', 'app_metadata.plan', 'app_metadata.é', 'app_metadata.plan.x', 'amr.0.method', 'amr.-1', 'amr.2', 'amr.x', '', '.', 'a.b', 'none', NULL]) AS p;

-- Two hundred callers on one connection, their texts all of one length: nobody gets another's id.
CREATE FUNCTION stale(local boolean, OUT wrong int, OUT nulls int) LANGUAGE plpgsql AS $$
DECLARE
    v_user uuid;
    v_org uuid;
BEGIN
    wrong := 0;
    nulls := 0;
    FOR i IN 1..200 LOOP
        v_user := md5('u' || i % 7)::uuid;
        v_org := md5('o' || i % 5)::uuid;
        PERFORM set_config('request.jwt.claims', format('{"sub": "%s", "org_id": "%s"}', v_user, v_org), local);
        wrong := wrong + (holdfast.uid() IS DISTINCT FROM v_user)::int + (holdfast.org_id() IS DISTINCT FROM v_org)::int
            + (holdfast.claim('sub')::uuid IS DISTINCT FROM v_user)::int;
        PERFORM set_config('request.jwt.claims', '', local);
        nulls := nulls + (holdfast.uid() IS NULL AND holdfast.org_id() IS NULL AND holdfast.jwt() IS NULL)::int;
    END LOOP;
END $$;
SELECT * FROM stale(true);
SELECT * FROM stale(false);
-- Each result is a value of its own, even within one row.
SELECT holdfast.uid(), set_config('request.jwt.claims', format('{"sub": "%s"}', id('2')), false) IS NULL AS n, holdfast.uid()
FROM set_config('request.jwt.claims', format('{"sub": "%s"}', id('1')), false);

-- Transactions: SET LOCAL ends, rollbacks and savepoints undo, also in functions with SET.
SET request.jwt.claims = '{"sub": "11111111-1111-4111-8111-111111111111"}';
BEGIN;
SET LOCAL request.jwt.claims = '{"sub": "22222222-2222-4222-8222-222222222222"}';
SELECT holdfast.uid();
SAVEPOINT s;
SET LOCAL request.jwt.claims = '{"sub": "33333333-3333-4333-8333-333333333333"}';
SELECT holdfast.uid();
ROLLBACK TO s;
SELECT holdfast.uid();
SET request.jwt.claims = '{"sub": "44444444-4444-4444-8444-444444444444"}';
SELECT holdfast.uid();
ROLLBACK;
SELECT holdfast.uid();
CREATE FUNCTION as_five() RETURNS uuid LANGUAGE sql SET request.jwt.claims = '{"sub": "55555555-5555-4555-8555-555555555555"}' AS 'SELECT holdfast.uid()';
SELECT holdfast.uid(), as_five(), holdfast.uid();
DO $$ BEGIN
    PERFORM set_config('request.jwt.claims', '{"sub": "66666666-6666-4666-8666-666666666666"}', false);
    PERFORM holdfast.uid();
    RAISE EXCEPTION 'undo';
EXCEPTION WHEN raise_exception THEN
    RAISE NOTICE '%', holdfast.uid();
END $$;
RESET request.jwt.claims;
SELECT holdfast.uid();
SET request.jwt.claims = '{"sub": "11111111-1111-4111-8111-111111111111"}';
SET request.headers = '{"x": "y"}';
DISCARD ALL;
SELECT holdfast.uid(), holdfast.request_header('x');
SET search_path = t_identity;

-- Unwrapped in a condition: an index condition, and a filter of parallel workers.
CREATE TABLE rows AS
SELECT md5('o' || n % 50)::uuid AS organization_id, md5('u' || n)::uuid AS user_id, n FROM generate_series(1, 20000) AS n;
CREATE INDEX ON rows (organization_id, user_id);
ANALYZE rows;
SELECT set_config('request.jwt.claims', format('{"sub": "%s", "org_id": "%s"}', md5('u7')::uuid, md5('o7')::uuid), false) IS NOT NULL AS set;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM rows WHERE organization_id = holdfast.org_id() AND user_id = holdfast.uid();
SELECT n FROM rows WHERE organization_id = holdfast.org_id() AND user_id = holdfast.uid();
SET enable_indexscan = off;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM rows WHERE organization_id = holdfast.org_id();
SELECT count(*) FROM rows WHERE organization_id = holdfast.org_id();
SELECT count(*) FROM rows WHERE user_id = holdfast.uid() AND holdfast.claim('sub') = user_id::text;
RESET enable_bitmapscan;
RESET enable_indexscan;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET parallel_leader_participation;

-- Headers.
SET request.headers = '{"host": "h", "user-agent": "a \"b\" \u00e9", "X-Mixed": "", "empty": ""}';
SELECT holdfast.request_header('User-Agent'), holdfast.request_header('x-mixed') = '' AS empty, holdfast.request_header('none'), holdfast.request_header(NULL);
SELECT name, said('holdfast.request_header(''a'')', '', headers)
FROM (VALUES (1, 'empty', ''), (2, 'no object', '[]'), (3, 'number', '{"a": 1}'), (4, 'nested', '{"a": {"b": "c"}}'), (5, 'twice', '{"a": "1", "A": "2"}'), (6, 'escaped name', '{"\u0061": "1"}'),
    (7, 'cut off', '{"a": "'), (8, 'too many', (SELECT json_object_agg('h' || n, '')::text FROM generate_series(1, 129) AS n)),
    (9, 'as many as may be', (SELECT json_object_agg('h' || n, '')::text FROM generate_series(1, 128) AS n)), (10, 'too long', '{"a": "' || repeat('x', 262144) || '"}')) AS h (n, name, headers) ORDER BY n;
-- A value is read as PostgreSQL reads JSON, however it is written; with a character that it cannot hold, it is refused.
SELECT v AS value, CASE WHEN v LIKE '%u0000%' THEN said('holdfast.request_header(''a'')', '', format('{"b": %1$s, "a": %1$s}', v))
    ELSE (said('holdfast.request_header(''a'')', '', format('{"b": %1$s, "a": %1$s}', v)) = v::json #>> '{}')::text END AS as_postgresql_does
FROM unnest(ARRAY['"\b\f\n\r\t\/\\\""', '"\u0001\u007F\u0080\u07ff\u0800\u20AC\uffff"', '"\ud800\udc00 \uDBFF\uDFFF x"', '"€ 😀 é"', '"a\u0000b"']) AS v;
SELECT count(*) FILTER (WHERE holdfast.request_header('a') = n::text) AS fresh
FROM generate_series(100, 299) AS n, LATERAL set_config('request.headers', format('{"a": "%s"}', n), false);

-- The address: the last entry, which the proxy before PostgREST wrote; more proxies, further from the end.
CREATE FUNCTION ip(forwarded text, proxies text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('holdfast.trusted_proxies', proxies, true);
    RETURN said('host(holdfast.request_ip())', '', json_build_object('x-forwarded-for', forwarded)::text);
END $$;
SELECT f AS forwarded, ip(f, '0') AS none, ip(f, '1') AS one, ip(f, '2') AS two
FROM unnest(ARRAY['203.0.113.7', '10.0.0.1, 203.0.113.7', '6.6.6.6,5.5.5.5 ,	203.0.113.7 ', '2001:DB8::1', '[2001:db8::1]:443, [::1]', '198.51.100.1:8080, ::ffff:198.51.100.2',
    '', ' ', ',', '1.2.3.4,', 'unknown', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4/8', 'fe80::1%eth0', '[::1', '[::1]x', '::1]', '1.2.3.4, ' || repeat('9', 100)]) AS f;
SELECT said('holdfast.request_ip()', '', ''), said('holdfast.request_ip()', '', '{"x-real-ip": "1.2.3.4"}');
SELECT setting, context FROM pg_settings WHERE name = 'holdfast.trusted_proxies';

-- Naming an organization by header: only for a service_role and a live super_admin.
SET request.headers = '';
SELECT role, header, said('holdfast.org_id()', format('{"sub": "%s", "org_id": "%s", "role": "%s"}', id('1'), id('2'), role), header)
FROM unnest(ARRAY['authenticated', 'anon', 'service_role', 'SERVICE_ROLE']) AS role,
    unnest(ARRAY['{}', format('{"x-organization-id": "%s"}', id('8')), '{"x-organization-id": ""}', '{"x-organization-id": "00000000-0000-0000-0000-000000000000"}', '{"x-organization-id": "secret"}']) AS header;
SELECT said('holdfast.org_id()', '{"role": "service_role"}', format('{"x-organization-id": "%s"}', id('8'))) AS without_own, said('holdfast.org_id()', '', format('{"x-organization-id": "%s"}', id('8'))) AS without_claims;

SELECT holdfast.create_roles('staff');
SELECT set_config('request.jwt.claims', format('{"sub": "%s", "org_id": "%s", "role": "authenticated"}', id('1'), id('2')), false) IS NOT NULL AS claims,
    set_config('request.headers', format('{"x-organization-id": "%s"}', id('8')), false) IS NOT NULL AS headers;
SET holdfast.roles_table = 't_identity.staff';
SELECT holdfast.org_id();
INSERT INTO staff (organization_id, user_id, role) VALUES (id('2')::uuid, id('1')::uuid, 'super_admin'), ('00000000-0000-0000-0000-000000000000', id('1')::uuid, 'admin');
SELECT holdfast.org_id() AS within_one_organization_is_not_enough;
INSERT INTO staff (organization_id, user_id, role) VALUES ('00000000-0000-0000-0000-000000000000', id('1')::uuid, 'super_admin');
SELECT holdfast.org_id();
BEGIN;
DELETE FROM staff WHERE organization_id = '00000000-0000-0000-0000-000000000000' AND role = 'super_admin';
SELECT holdfast.org_id() AS revoked;
ROLLBACK;
SELECT holdfast.org_id();
SELECT set AS roles_table, said('holdfast.org_id()', current_setting('request.jwt.claims'), current_setting('request.headers')) AS org_id
FROM unnest(ARRAY['t_identity.staff', '"t_identity"."staff"', 'staff', '', 't_identity.none', 'none.staff', 'a.b.c', '"x', 't_identity.rows', 't_identity.staff_hierarchy']) AS set,
    LATERAL set_config('holdfast.roles_table', set, false);
SET holdfast.roles_table = 't_identity.staff';
ALTER TABLE staff RENAME TO staff2;
SELECT holdfast.org_id() AS renamed;
ALTER TABLE staff2 RENAME TO staff;
SELECT holdfast.org_id() AS back;
ALTER TABLE staff DISABLE TRIGGER ALL;
SELECT holdfast.org_id() AS cannot_be_read_live;
RESET holdfast.roles_table;
SELECT holdfast.org_id() AS default_setting;

-- Nothing is granted to PUBLIC.
CREATE ROLE regress_identity_nobody;
SELECT p.oid::regprocedure FROM pg_proc AS p
WHERE p.pronamespace = 'holdfast'::regnamespace AND p.proname IN ('uid', 'org_id', 'jwt', 'claim', 'jwt_role', 'actor_id', 'request_ip', 'request_header',
    'has_role', 'has_permission', 'subject_id', 'create_roles', 'track_subjects', 'enable_tenant_rls', 'invalidate_lookups')
  AND has_function_privilege('regress_identity_nobody', p.oid, 'EXECUTE');
SELECT count(*) AS functions, bool_and(provolatile = 's' AND proparallel = 's') AS stable_and_parallel_safe FROM pg_proc
WHERE pronamespace = 'holdfast'::regnamespace AND proname IN ('uid', 'org_id', 'jwt', 'claim', 'jwt_role', 'actor_id', 'request_ip', 'request_header', 'has_role', 'has_permission', 'subject_id');
DROP ROLE regress_identity_nobody;

RESET ALL;
SET client_min_messages = warning;
DROP SCHEMA t_identity CASCADE;

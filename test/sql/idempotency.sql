-- Idempotency: a repeated request gets the first one's answer.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_idempotency;
CREATE ROLE regress_idempotency_owner;
CREATE ROLE regress_idempotency_client;
GRANT USAGE ON SCHEMA holdfast, t_idempotency TO regress_idempotency_owner, regress_idempotency_client;
GRANT CREATE ON SCHEMA t_idempotency TO regress_idempotency_owner;
RESET client_min_messages;

CREATE FUNCTION t_idempotency.caught(
    statement text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
        detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END $$;

-- The store: made under a qualified name, or in the current schema; row security on; everything commented.
SELECT holdfast.create_idempotency('t_idempotency.requests');
SET search_path = t_idempotency;
SELECT holdfast.create_idempotency('"Odd name.%s"');
RESET search_path;
\d t_idempotency.requests
SELECT relrowsecurity, obj_description(oid, 'pg_class') IS NOT NULL AS commented,
    (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
    (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
        AND col_description(c.oid, a.attnum) IS NULL) AS columns_without_comment
FROM pg_class c WHERE oid = 't_idempotency."Odd name.%s"'::regclass;
SELECT state, message FROM t_idempotency.caught($$SELECT holdfast.create_idempotency('t_idempotency.requests')$$);
SELECT state, message FROM t_idempotency.caught($$SELECT holdfast.create_idempotency('no_such_schema.requests')$$);
SELECT state, message, detail FROM t_idempotency.caught($$SELECT holdfast.create_idempotency(NULL)$$);
SELECT state, message FROM t_idempotency.caught($$SELECT holdfast.create_idempotency('')$$);

-- Shorthands: organization 1 and actor a unless said otherwise.
CREATE FUNCTION t_idempotency.ask(
    key text, request jsonb, actor text DEFAULT 'a', organization text DEFAULT '1', operation text DEFAULT 'book')
RETURNS jsonb LANGUAGE sql AS $$
    SELECT holdfast.begin_request('t_idempotency.requests', (organization || '0000000-0000-7000-8000-000000000000')::uuid,
        (actor || '0000000-0000-7000-8000-000000000000')::uuid, operation, key, request)
$$;
CREATE FUNCTION t_idempotency.answer(
    key text, response jsonb, actor text DEFAULT 'a', organization text DEFAULT '1', operation text DEFAULT 'book')
RETURNS void LANGUAGE sql AS $$
    SELECT holdfast.finish_request('t_idempotency.requests', (organization || '0000000-0000-7000-8000-000000000000')::uuid,
        (actor || '0000000-0000-7000-8000-000000000000')::uuid, operation, key, response)
$$;
SET search_path = t_idempotency, public;

-- The first does the work, the repetition gets its answer, in the same transaction and later.
BEGIN;
SELECT ask('k1', '{"from": 10, "to": 11}') IS NULL AS do_the_work;
SELECT answer('k1', '{"booking": 1}');
SELECT ask('k1', '{"from": 10, "to": 11}');
COMMIT;
SELECT ask('k1', '{"from": 10, "to": 11}');

-- The same request is one whose jsonb is equal by value.
SELECT ask('k1', '{"to": 11.00, "from": 1e1, "to": 11.0}') AS same_value;
SELECT request, state, message, detail FROM (VALUES
    ('{"from": 10, "to": 12}'), ('{"from": 10}'), ('{"from": "10", "to": 11}'), ('{"from": [10], "to": 11}'),
    ('[{"from": 10, "to": 11}]'), ('{"from": 10, "to": 11, "x": null}'), ('{}'), ('null'), ('"k1"')) r(request),
    caught(format('SELECT ask(%L, %L)', 'k1', request)) ORDER BY request;
SELECT state, message FROM caught($$SELECT ask('k1', NULL)$$);

BEGIN;
SELECT ask('k1', '{"from": 10, "to": 11}') IS NOT NULL AS replay;
SELECT count(*) AS locks_kept_by_a_replay FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
COMMIT;

-- Another organization, actor, operation or key is another request.
BEGIN;
SELECT ask('k1', '{}', actor => 'b') IS NULL AS actor, ask('k1', '{}', organization => '2') IS NULL AS organization,
    ask('k1', '{}', operation => 'cancel') IS NULL AS operation, ask('K1', '{}') IS NULL AS key;
ROLLBACK;

-- Several requests at work in one transaction do not get mixed up.
BEGIN;
SELECT ask('k5', '1') IS NULL, ask('k5', '2', actor => 'b') IS NULL, ask('k5', '3', organization => '2') IS NULL,
    ask('k5', '4', operation => 'cancel') IS NULL, ask('k6', '5') IS NULL;
SELECT answer('k5', '10'), answer('k5', '20', actor => 'b'), answer('k5', '30', organization => '2'),
    answer('k5', '40', operation => 'cancel'), answer('k6', '50');
COMMIT;
SELECT ask('k5', '1'), ask('k5', '2', actor => 'b'), ask('k5', '3', organization => '2'), ask('k5', '4', operation => 'cancel'), ask('k6', '5');
DELETE FROM requests WHERE key IN ('k5', 'k6');

-- JSON null, false and an array are answers too; a NULL request equals a JSON null.
BEGIN;
SELECT ask('k-null', NULL) IS NULL AS do_the_work;
SELECT answer('k-null', NULL);
SELECT ask('k-false', 'null') IS NULL AS do_the_work;
SELECT answer('k-false', 'false');
COMMIT;
SELECT ask('k-null', 'null'), ask('k-null', NULL), ask('k-false', NULL);

-- A key of 255 characters is fine, whatever the bytes; none asks for nothing to be kept.
BEGIN;
SELECT ask(repeat('ü', 255), '{}') IS NULL AS do_the_work;
SELECT answer(repeat('ü', 255), '1');
SELECT ask(NULL, '{}') IS NULL AS do_the_work, answer(NULL, '1') IS NOT NULL AS returns;
COMMIT;
SELECT ask(repeat('ü', 255), '{}');
SELECT count(*) AS stored FROM requests;

-- Bad input.
SELECT state, message, detail FROM caught($$SELECT ask(repeat('k', 256), '{}')$$);
SELECT state, message, detail FROM caught($$SELECT ask('', '{}')$$);
SELECT state, message, detail FROM caught($$SELECT ask('k', '{}', operation => '')$$);
SELECT state, message, detail FROM caught($$SELECT ask('k', '{}', operation => repeat('o', 256))$$);
SELECT state, message, detail FROM caught($$SELECT ask('k', '{}', operation => NULL)$$);
SELECT state, message, detail FROM caught($$SELECT holdfast.begin_request(NULL, NULL, NULL, 'o', 'k', '{}')$$);
SELECT state, message, detail FROM caught($$SELECT answer('', '{}')$$);
SELECT state, message FROM caught($$SELECT holdfast.begin_request('pg_class', NULL, NULL, 'o', 'k', '{}')$$);

-- No actor and no organization are scopes of their own.
BEGIN;
SELECT ask('k1', '{}', actor => NULL) IS NULL AS no_actor, ask('k1', '{}', organization => NULL) IS NULL AS no_organization;
SELECT answer('k1', '"nobody"', actor => NULL);
COMMIT;
SELECT ask('k1', '{}', actor => NULL);

-- Work that fails, and work that is never finished, leaves nothing and may be repeated.
BEGIN;
SELECT ask('k2', '{}') IS NULL AS do_the_work;
SELECT answer('k2', '"lost"');
ROLLBACK;
BEGIN;
SELECT ask('k2', '{}') IS NULL AS do_the_work;
COMMIT;
SELECT ask('k2', '{"another": "request"}') IS NULL AS do_the_work;

-- Finish needs its begin, in the same transaction, and not in a savepoint that is gone.
SELECT state, message FROM caught($$SELECT answer('k3', '1')$$);
BEGIN;
SAVEPOINT s;
SELECT ask('k3', '{}') IS NULL AS do_the_work;
ROLLBACK TO s;
SELECT state, message FROM caught($$SELECT answer('k3', '1')$$);
SELECT ask('k3', '{"other": true}') IS NULL AS do_the_work;
SAVEPOINT s;
SELECT answer('k3', '1');
ROLLBACK TO s;
SELECT answer('k3', '2');
SELECT answer('k3', '3');
COMMIT;
SELECT ask('k3', '{"other": true}');
SELECT state, message FROM caught($$SELECT answer('k3', '4')$$);

-- After 24 hours a response counts as absent, reaped or not, and is replaced.
SET holdfast.now = '2127-01-01 00:00:00+00';
BEGIN;
SELECT ask('k4', '1') IS NULL AS do_the_work;
SELECT answer('k4', '"old"');
COMMIT;
SET holdfast.now = '2127-01-01 23:59:59.999999+00';
SELECT ask('k4', '1');
SELECT holdfast.reap_requests('requests') AS reaped;
SET holdfast.now = '2127-01-02 00:00:00+00';
BEGIN;
SELECT ask('k4', '2') IS NULL AS do_the_work;
SELECT answer('k4', '"new"');
COMMIT;
SELECT ask('k4', '2');
SELECT count(*), min(created_at AT TIME ZONE 'UTC') FROM requests WHERE key = 'k4';

-- The reaper works in batches, oldest first.
INSERT INTO requests
SELECT '10000000-0000-7000-8000-000000000000', '10000000-0000-7000-8000-000000000000', 'o', 'r' || n,
    decode(repeat('00', 32), 'hex'), '1', timestamptz '2127-02-01 00:00:00+00' + n * interval '1 hour'
FROM generate_series(1, 30) n;
SET holdfast.now = '2127-02-02 10:00:00+00';
SELECT holdfast.reap_requests('requests', 3), holdfast.reap_requests('requests', 3);
SELECT min(created_at AT TIME ZONE 'UTC') FROM requests;
SELECT holdfast.reap_requests('requests'), holdfast.reap_requests('requests');
SELECT count(*) AS kept, min(created_at AT TIME ZONE 'UTC') FROM requests;
SELECT state, message, detail FROM caught($$SELECT holdfast.reap_requests('requests', 0)$$);
SELECT state, message, detail FROM caught($$SELECT holdfast.reap_requests('requests', NULL)$$);
SELECT state, message, detail FROM caught($$SELECT holdfast.reap_requests(NULL)$$);
RESET holdfast.now;

-- A REPEATABLE READ caller sees what was committed after its snapshot: see specs/idempotency_race.spec.
-- The functions add no rights: a client without privileges on the store reaches nothing, one with privileges
-- is under row security, and a definer function of the owner works for both.
SET client_min_messages = warning;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA holdfast TO regress_idempotency_owner, regress_idempotency_client;
RESET client_min_messages;
SET ROLE regress_idempotency_owner;
SELECT holdfast.create_idempotency('t_idempotency.owned');
CREATE FUNCTION t_idempotency.work(key text, request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_response jsonb := holdfast.begin_request('t_idempotency.owned', NULL, NULL, 'work', work.key, work.request);
BEGIN
    IF v_response IS NULL THEN
        v_response := jsonb_build_object('made', work.request);
        PERFORM holdfast.finish_request('t_idempotency.owned', NULL, NULL, 'work', work.key, v_response);
    END IF;
    RETURN v_response;
END $$;
SET ROLE regress_idempotency_client;
SELECT t_idempotency.work('w', '1'), t_idempotency.work('w', '1');
SELECT holdfast.begin_request('t_idempotency.owned', NULL, NULL, 'work', 'w', '1');
SET ROLE regress_idempotency_owner;
GRANT SELECT, INSERT, UPDATE ON t_idempotency.owned TO regress_idempotency_client;
SET ROLE regress_idempotency_client;
SELECT holdfast.begin_request('t_idempotency.owned', NULL, NULL, 'work', 'w', '1') IS NULL AS hidden;
BEGIN;
SELECT holdfast.begin_request('t_idempotency.owned', NULL, NULL, 'work', 'w2', '1') IS NULL AS do_the_work;
SELECT holdfast.finish_request('t_idempotency.owned', NULL, NULL, 'work', 'w2', '1');
ROLLBACK;
RESET ROLE;

-- A renamed and a moved store keep working; plans follow.
SELECT ask('k4', 'null') IS NULL AS do_the_work;
ALTER TABLE requests RENAME TO renamed;
CREATE SCHEMA t_idempotency_2;
ALTER TABLE renamed SET SCHEMA t_idempotency_2;
BEGIN;
SELECT holdfast.begin_request('t_idempotency_2.renamed', NULL, NULL, 'o', 'k', '1') IS NULL AS do_the_work;
SELECT holdfast.finish_request('t_idempotency_2.renamed', NULL, NULL, 'o', 'k', '"moved"');
COMMIT;
SELECT holdfast.begin_request('t_idempotency_2.renamed', NULL, NULL, 'o', 'k', '1');

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA t_idempotency, t_idempotency_2 CASCADE;
DROP OWNED BY regress_idempotency_owner, regress_idempotency_client;
DROP ROLE regress_idempotency_owner, regress_idempotency_client;

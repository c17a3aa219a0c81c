-- Sealing: what is sealed and when, and that whatever is done to a sealed log shows, and where.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
\pset null '-'
CREATE SCHEMA t_seal;
SET search_path = t_seal;

CREATE FUNCTION try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_detail text;
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, nullif(v_detail, ''));
END
$$;

-- A log of what happens to things; row n of the log is what was said of thing n.
SELECT holdfast.create_audit_log('t_seal.log');
SELECT holdfast.create_audit_log('t_seal.other');
SELECT count(*) FILTER (WHERE col_description(attrelid, attnum) IS NULL) AS columns_without_comment
FROM pg_attribute WHERE attrelid = 'log_seals'::regclass AND attnum > 0;
SELECT relacl IS NULL OR relacl::text !~ '=[a-zA-Z]*[ard]' AS closed, relrowsecurity FROM pg_class WHERE relname = 'log_seals';
SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 'log_seals'::regclass ORDER BY 1;
SELECT try(format('SELECT holdfast.create_audit_log(%L)', 't_seal.' || repeat('x', 60)));

CREATE FUNCTION say(first int, last int, log regclass DEFAULT 'log') RETURNS void LANGUAGE sql AS $$
    SELECT holdfast.record_entry(log, jsonb_build_object('organization_id', '00000000-0000-7000-8000-00000000000a',
        'action', 'thing.seen', 'entity_type', 'thing', 'entity_id', n::text, 'subject_id', format('00000000-0000-7000-8000-%s', lpad((n % 10)::text, 12, '0')),
        'details', jsonb_build_object('seen', n)))
    FROM generate_series(first, last) AS n
$$;
-- What runs elsewhere on the server (a vacuum, a job) can hold up sealing for a moment.
CREATE PROCEDURE seal(max_rows int DEFAULT 100000, log regclass DEFAULT 'log') LANGUAGE plpgsql AS $$
DECLARE
    v_oldest xid8 := pg_snapshot_xmax(pg_current_snapshot());
BEGIN
    COMMIT;
    WHILE pg_snapshot_xmin(pg_current_snapshot()) < v_oldest LOOP
        COMMIT;
        PERFORM pg_sleep(0.01);
    END LOOP;
    RAISE NOTICE 'sealed: %', holdfast.seal_audit(log, max_rows);
END
$$;

-- Nothing sealed yet: no head, and nothing wrong.
SELECT holdfast.audit_head('log');
CALL seal();
SELECT * FROM holdfast.verify_audit('log');
SELECT say(1, 3);
SELECT say(4, 7);
SELECT say(8, 8);
SELECT try($$SELECT holdfast.audit_proof('log', id, organization_id => organization_id) FROM log WHERE entity_id = '1'$$);

-- No more rows than asked for, but a transaction is not divided.
CALL seal(2);
CALL seal(4);
CALL seal();
CALL seal();
SELECT batch, row_count, from_transaction = lag(to_transaction, 1, '0') OVER w AS continues,
    previous = coalesce(lag(head) OVER w, decode(repeat('00', 32), 'hex')) AS chained, length(peaks) / 32 AS peaks, length(marks) / 8 AS marks
FROM log_seals WINDOW w AS (ORDER BY batch) ORDER BY batch;
SELECT count(DISTINCT log_id), bool_and(cluster = sealed_by) FROM log_seals;
SELECT * FROM holdfast.verify_audit('log');
SELECT jsonb_object_agg(key, CASE key WHEN 'batch' THEN value WHEN 'format' THEN value ELSE to_jsonb(length(value #>> '{}') > 20) END)
FROM jsonb_each(holdfast.audit_head('log'));

-- A transaction that still runs is not sealed: this one's own rows, of its subtransactions too.
BEGIN;
SELECT say(9, 9);
SAVEPOINT one;
SELECT say(10, 10);
RELEASE one;
SAVEPOINT two;
SELECT say(11, 11);
ROLLBACK TO two;
SELECT holdfast.seal_audit('log');
COMMIT;
CALL seal();
SELECT row_count FROM log_seals WHERE batch = 4;

-- On a snapshot that is older than the last batch, what counts is what was sealed.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM log;
SELECT holdfast.seal_audit('log');
SELECT * FROM holdfast.verify_audit('log');
COMMIT;
BEGIN READ ONLY;
SELECT * FROM holdfast.verify_audit('log');
SELECT try($$SELECT holdfast.seal_audit('log')$$);
COMMIT;

-- Seals are only added.
SELECT try('UPDATE log_seals SET row_count = 1');
SELECT try('DELETE FROM log_seals');
SELECT try('TRUNCATE log_seals');
SET session_replication_role = replica;
SELECT try('UPDATE log_seals SET row_count = 1');
RESET session_replication_role;
SELECT try('SELECT holdfast.keep_seals()');

-- Somebody who may do everything: what is found. The statements are undone.
CREATE FUNCTION tamper(statement text, head jsonb DEFAULT NULL)
RETURNS TABLE (problem text, batch bigint, thing text, details jsonb) LANGUAGE plpgsql AS $$
DECLARE
    v_found jsonb;
BEGIN
    BEGIN
        ALTER TABLE log DISABLE TRIGGER USER;
        ALTER TABLE log_seals DISABLE TRIGGER USER;
        EXECUTE statement;
        SELECT jsonb_agg(jsonb_build_object('problem', v.problem, 'batch', v.batch, 'thing', l.entity_id, 'details', v.details))
        INTO v_found
        FROM (SELECT * FROM holdfast.verify_audit('log') WHERE tamper.head IS NULL
              UNION ALL
              SELECT * FROM holdfast.verify_audit_head('log', head) WHERE tamper.head IS NOT NULL) AS v
        LEFT JOIN log AS l ON l.organization_id = v.organization_id AND l.id = v.id;
        RAISE EXCEPTION 'undo';
    EXCEPTION WHEN raise_exception THEN
        RETURN QUERY SELECT r.problem, r.batch, r.thing, r.details
        FROM jsonb_to_recordset(v_found) AS r(problem text, batch bigint, thing text, details jsonb);
    END;
END
$$;
-- values
SELECT * FROM tamper($$UPDATE log SET details = '{"seen": 66}' WHERE entity_id = '6'$$);
SELECT * FROM tamper($$UPDATE log SET old_values = '{}' WHERE entity_id = '6'$$);
SELECT * FROM tamper($$UPDATE log SET salt = sha256('guess') WHERE entity_id = '6'$$);
SELECT * FROM tamper($$UPDATE log SET salt = '\x00' WHERE entity_id = '6'$$);
SELECT * FROM tamper($$UPDATE log SET details = '{"seen": 66}', digest = holdfast.audit_content_digest(salt, NULL, NULL, '{"seen": 66}') WHERE entity_id = '6'$$);
-- every other column
SELECT c.set, f.* FROM unnest(ARRAY[
    $$organization_id = '00000000-0000-7000-8000-00000000000b'$$, $$id = '00000000-0000-7000-8000-00000000000b'$$, $$occurred_at = occurred_at - interval '1 microsecond'$$,
    $$user_id = id$$, $$actor_id = id$$, $$role = role || ' '$$, $$category = ''$$, $$action = 'thing.sold'$$, $$entity_type = NULL$$, $$entity_id = '66'$$,
    $$subject_id = NULL$$, $$status = 'failure'$$, $$error_message = ''$$, $$ip_address = '10.0.0.1'$$, $$user_agent = ''$$, $$request_id = ''$$,
    $$transaction_id = (transaction_id::text::bigint - 1)::text::xid8$$, $$cluster = 7$$, $$digest = sha256(digest)$$]) AS c(set),
    tamper(format('UPDATE log SET %s WHERE entity_id = ''6''', c.set)) AS f;
-- rows
SELECT * FROM tamper($$DELETE FROM log WHERE entity_id = '1'$$);
SELECT * FROM tamper($$DELETE FROM log WHERE entity_id IN ('2', '5', '6')$$);
SELECT * FROM tamper($$DELETE FROM log WHERE entity_id = '7'$$);
SELECT * FROM tamper($$DELETE FROM log WHERE entity_id IN ('4', '5', '6', '7')$$);
SELECT * FROM tamper($$CREATE TEMP TABLE new_row AS SELECT * FROM log WHERE entity_id = '5';
    UPDATE new_row SET id = holdfast.uuid_v7(), entity_id = '5a'; INSERT INTO log SELECT * FROM new_row$$);
SELECT * FROM tamper($$UPDATE log AS l SET entity_id = CASE l.entity_id WHEN '5' THEN '7' ELSE '5' END WHERE entity_id IN ('5', '7')$$);
SELECT * FROM tamper($$UPDATE log AS l SET details = o.details, salt = o.salt, digest = o.digest FROM log AS o
    WHERE (l.entity_id, o.entity_id) IN (('5', '7'), ('7', '5'))$$);
SELECT * FROM tamper($$UPDATE log AS l SET transaction_id = o.transaction_id FROM log AS o WHERE (l.entity_id, o.entity_id) IN (('3', '4'), ('4', '3'))$$);
SELECT * FROM tamper($$UPDATE log SET transaction_id = '9223372036854775807' WHERE entity_id = '8'$$);
-- seals
SELECT c.set, f.* FROM unnest(ARRAY['root = sha256(root)', 'history = sha256(history)', 'previous = sha256(previous)', 'head = sha256(head)',
    'row_count = row_count + 1', 'cluster = 7', 'sealed_by = 7', $$sealed_at = sealed_at - interval '1 second'$$, 'log_id = holdfast.uuid_v7()',
    $$from_transaction = '1'$$, $$to_transaction = '9999999999'$$, 'batch = 22',
    'peaks = sha256(peaks)', $$peaks = ''$$, 'marks = sha256(marks)', $$marks = ''$$]) AS c(set),
    tamper(format('UPDATE log_seals SET %s WHERE batch = 2', c.set)) AS f;
SELECT * FROM tamper($$UPDATE log_seals SET marks = NULL WHERE batch = 2; UPDATE log SET action = 'x' WHERE entity_id = '6'$$);
SELECT * FROM tamper($$DELETE FROM log_seals WHERE batch = 2$$);
SELECT * FROM tamper($$DELETE FROM log_seals WHERE batch = 1$$);
SELECT say(101, 105, 'other');
CALL seal(100000, 'other');
SELECT * FROM tamper($$DELETE FROM log_seals; INSERT INTO log_seals SELECT * FROM other_seals$$);
SELECT * FROM tamper($$DELETE FROM log_seals WHERE batch >= 2; INSERT INTO log_seals SELECT 2, log_id, cluster, sealed_by, (SELECT to_transaction FROM log_seals),
    to_transaction, row_count, sealed_at, root, history, previous, head, peaks, marks FROM other_seals$$);
-- no more than asked for
SELECT count(*) FROM tamper($$UPDATE log SET action = 'x'$$);
BEGIN;
ALTER TABLE log DISABLE TRIGGER USER;
UPDATE log SET action = 'x';
SELECT problem, batch FROM holdfast.verify_audit('log', 2);
ROLLBACK;

-- Somebody who computes the seals anew: the log is sound in itself, but not for those who kept a head.
SELECT holdfast.audit_head('log') AS kept \gset
SELECT * FROM holdfast.verify_audit_head('log', :'kept');
SELECT * FROM tamper($$DELETE FROM log WHERE entity_id = '8'; DELETE FROM log_seals WHERE batch >= 2; SELECT holdfast.seal_audit('log', 1); SELECT holdfast.seal_audit('log', 1); SELECT holdfast.seal_audit('log', 1)$$);
SELECT * FROM tamper($$DELETE FROM log WHERE entity_id = '3'; DELETE FROM log_seals WHERE batch >= 2; UPDATE log SET entity_id = 'three' WHERE entity_id = '8';
    SELECT holdfast.seal_audit('log', 1); SELECT holdfast.seal_audit('log', 1); SELECT holdfast.seal_audit('log', 1)$$);
SELECT * FROM tamper($$UPDATE log SET entity_id = 'eight' WHERE entity_id = '8'; DELETE FROM log_seals WHERE batch >= 3;
    SELECT holdfast.seal_audit('log', 1); SELECT holdfast.seal_audit('log', 1)$$, :'kept');
SELECT * FROM tamper($$DELETE FROM log_seals WHERE batch = 4$$);
SELECT * FROM tamper($$DELETE FROM log_seals WHERE batch = 4$$, :'kept');
SELECT * FROM tamper($$DELETE FROM log_seals; SELECT holdfast.seal_audit('log', 1) FROM generate_series(1, 5)$$, :'kept');
SELECT try(format('SELECT holdfast.verify_audit_head(''log'', %L)', head)) FROM unnest(ARRAY['null', '1', '[]', '{}']
    || (:'kept'::jsonb || '{"format": "x"}')::text || (:'kept'::jsonb || '{"batch": 0}')::text || (:'kept'::jsonb || '{"batch": "1.5"}')::text
    || (:'kept'::jsonb || '{"head": []}')::text || (:'kept'::jsonb - 'log')::text) AS head;
SELECT problem, batch FROM holdfast.verify_audit_head('log', :'kept'::jsonb || '{"batch": 3}');
SELECT problem, batch FROM holdfast.verify_audit_head('log', :'kept'::jsonb || '{"head": ""}');

-- Sealing goes on whatever was done to the last seal, and the chain shows it.
SELECT say(12, 12);
SELECT * FROM tamper($$UPDATE log_seals SET peaks = '' WHERE batch = 4; SELECT holdfast.seal_audit('log')$$);
SELECT * FROM tamper($$UPDATE log_seals SET head = root WHERE batch = 4; SELECT holdfast.seal_audit('log')$$);

-- Erasing a person leaves every seal valid; taking values away without saying so does not.
CALL seal();
SELECT holdfast.erase_audit('log', '00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-000000000002');
SELECT count(*) FROM log WHERE salt IS NULL;
SELECT * FROM holdfast.verify_audit_head('log', :'kept');
CALL seal();
SELECT * FROM holdfast.verify_audit_head('log', :'kept');
SELECT * FROM tamper($$UPDATE log SET salt = NULL, details = NULL WHERE entity_id = '6'$$);
SELECT * FROM tamper($$UPDATE log SET salt = NULL WHERE entity_id = '6'$$);
SELECT * FROM tamper($$UPDATE log SET details = '{"rows": 3}' WHERE category = 'audit'$$);
SELECT * FROM tamper($$UPDATE log SET occurred_at = occurred_at - interval '1 day' WHERE category = 'audit'$$);
SELECT say(22, 22);
SELECT * FROM tamper($$UPDATE log SET salt = NULL, details = NULL WHERE entity_id = '22'$$);
-- not sealed yet: values are checked all the same
SELECT * FROM tamper($$UPDATE log SET details = '{}' WHERE entity_id = '22'$$);

-- Rows of another cluster came with a dump: they are committed, whatever their transaction ids say.
CREATE TEMP TABLE restored AS SELECT * FROM log WHERE entity_id IN ('1', '3', '4');
UPDATE restored SET id = holdfast.uuid_v7(), cluster = 7, transaction_id = (1000000000 * entity_id::bigint)::text::xid8, entity_id = 'r' || entity_id;
INSERT INTO log SELECT * FROM restored;
SELECT holdfast.seal_audit('log') >= 3 AS sealed;
SELECT batch, cluster, sealed_by = cluster AS here, from_transaction, to_transaction, row_count FROM log_seals WHERE cluster = 7;
UPDATE restored SET id = holdfast.uuid_v7(), transaction_id = '5000000000', entity_id = entity_id || '+';
INSERT INTO log SELECT * FROM restored WHERE entity_id = 'r1+';
CALL seal();
SELECT batch, from_transaction, to_transaction, row_count FROM log_seals WHERE cluster = 7;
SELECT * FROM holdfast.verify_audit_head('log', :'kept');
SELECT * FROM tamper($$DELETE FROM log WHERE entity_id = 'r1'$$);

-- Proofs. test/http/audit_proof.test.mjs and test/t/009_seal.pl check them with examples/verify-audit.
SELECT holdfast.audit_proof('log', id, organization_id => organization_id) AS proof FROM log WHERE entity_id = '6' \gset
SELECT key, CASE key WHEN 'row' THEN to_jsonb(ARRAY(SELECT jsonb_object_keys(value))) WHEN 'leaf' THEN to_jsonb(length(value #>> '{}'))
    WHEN 'batch' THEN value -> 'batch' WHEN 'later' THEN value -> 'row_count' WHEN 'format' THEN value
    ELSE jsonb_set(value, '{path}', to_jsonb(jsonb_array_length(value -> 'path'))) END AS value
FROM jsonb_each(:'proof') ORDER BY key;
SELECT p ? 'later' AS later, p ? 'in_history' AS in_history FROM log, holdfast.audit_proof('log', id, 2, organization_id => organization_id) AS p WHERE entity_id = '6';
SELECT try($$SELECT holdfast.audit_proof('log', id, 1, organization_id => organization_id) FROM log WHERE entity_id = '6'$$);
SELECT try($$SELECT holdfast.audit_proof('log', id, 99, organization_id => organization_id) FROM log WHERE entity_id = '6'$$);
SELECT try($$SELECT holdfast.audit_proof('log', holdfast.uuid_v7(), organization_id => organization_id) FROM log WHERE entity_id = '6'$$);
SELECT try($$SELECT holdfast.audit_proof('log', id, organization_id => NULL) FROM log WHERE entity_id = '6'$$);
SELECT try($$SELECT holdfast.audit_proof('log', NULL, organization_id => organization_id) FROM log WHERE entity_id = '6'$$);
SELECT p -> 'row' -> 'salt' AS salt, p -> 'row' -> 'details' AS details FROM log, holdfast.audit_proof('log', id, organization_id => organization_id) AS p WHERE entity_id = '2';
-- what is not as it was sealed cannot be proved
BEGIN;
ALTER TABLE log DISABLE TRIGGER USER;
UPDATE log SET action = 'x' WHERE entity_id = '5';
SELECT try($$SELECT holdfast.audit_proof('log', id, organization_id => organization_id) FROM log WHERE entity_id = '6'$$);
ROLLBACK;
BEGIN;
ALTER TABLE log_seals DISABLE TRIGGER USER;
UPDATE log_seals SET head = root WHERE batch = 3;
SELECT try($$SELECT holdfast.audit_proof('log', id, organization_id => organization_id) FROM log WHERE entity_id = '6'$$);
ROLLBACK;

-- Wrong arguments.
SELECT try('SELECT holdfast.seal_audit(NULL)');
SELECT try($$SELECT holdfast.seal_audit('pg_class')$$);
SELECT try($$SELECT holdfast.seal_audit('log_seals')$$);
SELECT try($$SELECT holdfast.seal_audit('log', 0)$$);
SELECT try($$SELECT holdfast.seal_audit('log', NULL)$$);
SELECT try($$SELECT holdfast.verify_audit('log', 0)$$);
SELECT try($$SELECT holdfast.verify_audit_head('log', NULL)$$);
SELECT try('SELECT holdfast.audit_head(NULL)');

-- Who cannot see every row can neither seal nor check: an error, and not a smaller log.
CREATE ROLE regress_seal_reader;
GRANT USAGE ON SCHEMA t_seal, holdfast TO regress_seal_reader;
GRANT EXECUTE ON FUNCTION holdfast.seal_audit, holdfast.verify_audit, holdfast.audit_head TO regress_seal_reader;
SET ROLE regress_seal_reader;
SELECT try($$SELECT holdfast.seal_audit('log')$$);
RESET ROLE;
GRANT SELECT ON log, log_seals TO regress_seal_reader;
GRANT INSERT ON log_seals TO regress_seal_reader;
SET ROLE regress_seal_reader;
SELECT count(*) FROM log;
SELECT try($$SELECT holdfast.seal_audit('log')$$);
SELECT try($$SELECT holdfast.verify_audit('log')$$);
SHOW row_security;
RESET ROLE;

SET client_min_messages = warning;
DROP SCHEMA t_seal CASCADE;
DROP OWNED BY regress_seal_reader;
DROP ROLE regress_seal_reader;

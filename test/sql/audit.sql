-- An audit log: what is written when rows change, what is not, and that it stays as it was written.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
\pset null '-'
CREATE SCHEMA t_audit;
SET search_path = t_audit;

-- Attempts print the state, the message and the details.
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

SELECT holdfast.create_audit_log('t_audit.log');
SELECT relacl IS NULL OR relacl::text !~ '=[a-zA-Z]*[ard]' AS closed, relrowsecurity FROM pg_class WHERE relname = 'log';
SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 'log'::regclass ORDER BY 1;
SELECT length(secret) FROM log_redaction;
SELECT try('SELECT holdfast.create_audit_log(NULL)');
SELECT holdfast.is_audit_log('log'), holdfast.is_audit_log('log_redaction');

CREATE TABLE person (
    organization_id uuid NOT NULL,
    id int NOT NULL,
    user_id uuid,
    name text,
    email text,
    email_lower text GENERATED ALWAYS AS (lower(email)) STORED,
    name_upper text GENERATED ALWAYS AS (upper(name)) STORED,
    note text,
    PRIMARY KEY (organization_id, id)
);
SELECT holdfast.enable_audit('person', 'log', '{email,note}');
SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'person'::regclass ORDER BY 1;

-- What everybody but this test would see. A digest shows only which are equal.
CREATE VIEW seen AS
SELECT row_number() OVER (ORDER BY id) AS n, category, action, entity_type, entity_id, right(subject_id::text, 2) AS subject,
       regexp_replace(old_values::text, '"redacted": "[0-9a-f]{32}"', '"redacted": "…"', 'g') AS old_values,
       regexp_replace(new_values::text, '"redacted": "[0-9a-f]{32}"', '"redacted": "…"', 'g') AS new_values
FROM log;
CREATE VIEW unsound AS
SELECT id FROM log
WHERE digest IS DISTINCT FROM holdfast.audit_content_digest(salt, old_values, new_values, details);

INSERT INTO person (organization_id, id, user_id, name, email) VALUES
    ('00000000-0000-0000-0000-0000000000a1', 1, '00000000-0000-0000-0000-000000000011', 'Ada', 'Ada@Example.org'),
    ('00000000-0000-0000-0000-0000000000a1', 2, NULL, 'Bo', 'Ada@Example.org');
UPDATE person SET name = 'Ada L', email = 'ada@example.net' WHERE id = 1;
UPDATE person SET name = name, email = email;
UPDATE person SET name = 'x' WHERE id = 99;
UPDATE person SET id = id + 10, note = 'planted secret' WHERE id = 2;
DELETE FROM person WHERE id = 12;
TRUNCATE person;
SELECT * FROM seen;
SELECT * FROM unsound;

-- Every column that is the same in all rows of a session without claims.
SELECT DISTINCT organization_id, user_id, actor_id, role = session_user AS session_role, details, status, error_message, ip_address,
       user_agent, request_id, cluster = (SELECT system_identifier FROM pg_control_system()) AS this_cluster, length(salt) AS salt
FROM log ORDER BY 1;
SELECT count(DISTINCT salt) = count(*) AS salts_differ, count(DISTINCT transaction_id) AS transactions FROM log;

-- Of the redacted values nothing is left, and equal ones of two rows cannot be told to be equal; of one row they can.
SELECT count(*) FROM log WHERE log::text ~* 'example|planted';
SELECT count(DISTINCT new_values -> 'email' ->> 'redacted') FROM log WHERE action = 'insert';
SELECT i.new_values -> 'email' = u.old_values -> 'email' AS same, u.old_values -> 'email' = u.new_values -> 'email' AS changed_to_same
FROM log i, log u WHERE i.action = 'insert' AND i.entity_id = '1' AND u.action = 'update' AND u.entity_id = '1';
-- Nor can those of rows of two organizations that have the same key.
BEGIN;
INSERT INTO person (organization_id, id, email) VALUES
    ('00000000-0000-0000-0000-0000000000a1', 7, 'Ada@Example.org'), ('00000000-0000-0000-0000-0000000000a2', 7, 'Ada@Example.org');
SELECT count(DISTINCT new_values -> 'email'), count(DISTINCT new_values -> 'email_lower') FROM log WHERE entity_id = '7';
ROLLBACK;

-- Claims and headers.
BEGIN;
SELECT set_config('request.jwt.claims', '{"sub": "00000000-0000-0000-0000-000000000021", "role": "authenticated",
    "organization_id": "00000000-0000-0000-0000-0000000000a2", "act": {"sub": "00000000-0000-0000-0000-000000000022"}}', true) IS NOT NULL AS claims,
  set_config('request.headers', '{"user-agent": "' || repeat('ü', 300) || '", "x-request-id": "r-1", "x-forwarded-for": "192.0.2.7"}', true) IS NOT NULL AS headers;
INSERT INTO person (organization_id, id, user_id) VALUES ('00000000-0000-0000-0000-0000000000a1', 1, '00000000-0000-0000-0000-000000000011');
SELECT holdfast.record_event('log', 'security.sign_in', 'profile', '7', '{"method": "password"}', 'locked') IS NOT NULL AS id;
SELECT holdfast.record_event('log', 'exported') IS NOT NULL AS id;
COMMIT;
SELECT right(organization_id::text, 2) AS organization, right(user_id::text, 2) AS "user", right(actor_id::text, 2) AS actor, role,
       right(subject_id::text, 2) AS subject, category, action, entity_type, entity_id, details, status, error_message, ip_address,
       length(user_agent), request_id
FROM log WHERE user_id IS NOT NULL ORDER BY id;

-- Events of others, and at other times.
SELECT holdfast.record_entry('log', '{"action": "security.refused", "outcome": "rate_limited", "occurred_at": "2031-05-01T10:00:00Z",
    "organization_id": null, "user_id": "00000000-0000-0000-0000-000000000023", "ip_address": "192.0.2.8", "details": {"path": "/rpc/x"},
    "subject_id": "00000000-0000-0000-0000-000000000012", "role": "anon", "entity_id": 5}') IS NOT NULL AS id;
SELECT occurred_at AT TIME ZONE 'UTC' AS at, organization_id, right(user_id::text, 2) AS "user", role, category, action, entity_id,
       right(subject_id::text, 2) AS subject, details, status, error_message, ip_address
FROM log WHERE action = 'refused';
SELECT try(format('SELECT holdfast.%s', call)) FROM (VALUES
    ('record_event(''person'', ''x'')'), ('record_event(NULL, ''x'')'), ('record_event(''log'', NULL)'), ('record_event(''log'', '''')'),
    ('record_event(''log'', ''.x'')'), ('record_event(''log'', ''x.'')'), ('record_event(''log'', ''audit.erase'')'),
    ('record_event(''log'', ''data.insert'')'), ('record_event(''log'', ''x'', outcome => '''')'),
    ('record_entry(''log'', NULL)'), ('record_entry(''log'', ''[]'')'), ('record_entry(''log'', ''"x"'')'), ('record_entry(''log'', ''{}'')'),
    ('record_entry(''log'', ''{"action": "x", "salt": "y"}'')'), ('record_entry(''log'', ''{"action": "x", "old_values": {}}'')'),
    ('record_entry(''log'', ''{"action": {}}'')'), ('record_entry(''log'', ''{"action": "audit.erase"}'')'),
    ('record_entry(''log'', ''{"action": "x", "user_id": "nobody"}'')'), ('record_entry(''log'', ''{"action": "x", "user_id": true}'')')) AS c (call);
BEGIN READ ONLY;
SELECT holdfast.record_event('log', 'x');
ROLLBACK;

-- What is rolled back leaves no trace, what surrounds it does.
BEGIN;
INSERT INTO person (organization_id, id) VALUES ('00000000-0000-0000-0000-0000000000a3', 31);
SAVEPOINT s;
INSERT INTO person (organization_id, id) VALUES ('00000000-0000-0000-0000-0000000000a3', 32);
ROLLBACK TO s;
INSERT INTO person (organization_id, id) VALUES ('00000000-0000-0000-0000-0000000000a3', 33);
COMMIT;
SELECT entity_id FROM log WHERE organization_id = '00000000-0000-0000-0000-0000000000a3' ORDER BY id;

-- A log is not changed, whoever tries, in whichever way.
SELECT try(s) FROM (VALUES ('UPDATE log SET status = ''x'''), ('DELETE FROM log'), ('TRUNCATE log'),
    ('INSERT INTO log SELECT * FROM log LIMIT 1 ON CONFLICT (organization_id, id) DO UPDATE SET status = ''x'''),
    ('SET LOCAL session_replication_role = replica; DELETE FROM log'), ('SET LOCAL session_replication_role = replica; TRUNCATE log')) AS t (s);
SET session_replication_role = origin;

-- Erasing a person.
UPDATE person SET name = 'Ada' WHERE id = 1;
SELECT holdfast.erase_audit('log', '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-000000000011');
SELECT holdfast.erase_audit('log', '00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-000000000011');
SELECT action, entity_id, old_values, new_values, salt IS NULL AS unsalted, length(digest) AS digest, details
FROM log WHERE subject_id = '00000000-0000-0000-0000-000000000011' ORDER BY id;
SELECT count(*) FROM log WHERE organization_id <> '00000000-0000-0000-0000-0000000000a1' AND salt IS NULL;
SELECT try('UPDATE log SET status = ''x''');
SELECT try(format('SELECT holdfast.erase_audit(%s)', a)) FROM (VALUES ('NULL, NULL, NULL'), ('''person'', NULL, NULL'),
    ('''log'', NULL, ''00000000-0000-0000-0000-000000000011'''), ('''log'', ''00000000-0000-0000-0000-000000000011'', NULL'),
    ('''person'', ''00000000-0000-0000-0000-000000000011'', ''00000000-0000-0000-0000-000000000011''')) AS c (a);
SELECT count(*) FROM unsound u JOIN log l USING (id) WHERE l.salt IS NOT NULL;

-- The encoding that digests are made over: see audit_core.h. Made here by hand.
SELECT encode(holdfast.audit_content_digest(decode(repeat('07', 32), 'hex'), '{"bb": 1.50, "a": ["x", null, true]}', NULL, '"ü"'), 'hex');
SELECT holdfast.audit_content_digest(NULL, '{}', '{}', '{}');
SELECT try($$SELECT holdfast.audit_content_digest('\x00', '{}', '{}', '{}')$$);

-- Set-up that cannot be.
SELECT try(format('SELECT holdfast.enable_audit(%s)', a)) FROM (VALUES ('NULL, ''log'''), ('''seen'', ''log'''), ('''person'', NULL'),
    ('''person'', ''person'''), ('''log'', ''log'''), ('''person'', ''log_redaction'''), ('''person'', ''log'', ''{nothing}'''),
    ('''person'', ''log'', NULL'), ('''person'', ''log'', ''{id}'''), ('''person'', ''log'', ''{user_id}'''),
    ('''person'', ''log'', subject => ''name'''), ('''person'', ''log'', tenant => ''nothing''')) AS c (a);
SELECT holdfast.disable_audit('person');
SELECT try('SELECT holdfast.disable_audit(''person'')');
DELETE FROM person;
SELECT count(*) FROM log WHERE action = 'delete' AND organization_id = '00000000-0000-0000-0000-0000000000a3';

-- By hand, the function refuses what it could not do right.
SELECT try(format('CREATE TRIGGER t %s EXECUTE FUNCTION holdfast.audit(%s); INSERT INTO person VALUES (''00000000-0000-0000-0000-0000000000a4'', 1)', kind, arguments))
FROM (VALUES ('BEFORE INSERT ON person FOR EACH ROW', '''t_audit.log'', '''', '''''), ('AFTER INSERT ON person FOR EACH STATEMENT', '''t_audit.log'', '''', '''''),
    ('AFTER INSERT ON person FOR EACH ROW', ''), ('AFTER INSERT ON person FOR EACH ROW', '''log'', '''', '''''),
    ('AFTER INSERT ON person FOR EACH ROW', '''t_audit.nothing'', '''', '''''), ('AFTER INSERT ON person FOR EACH ROW', '''t_audit.person'', '''', '''''),
    ('AFTER INSERT ON person FOR EACH ROW', '''t_audit.log'', ''name'', '''''), ('AFTER INSERT ON person FOR EACH ROW', '''t_audit.log'', '''', ''nothing''')) AS t (kind, arguments);

SET client_min_messages = warning;
DROP SCHEMA t_audit CASCADE;

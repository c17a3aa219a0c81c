-- A batch of more rows than a test has otherwise: which of them was changed is still known, until too many were.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
CREATE SCHEMA t_seal_many;
SET search_path = t_seal_many;
SELECT holdfast.create_audit_log('t_seal_many.log');
SELECT count(holdfast.record_event('log', 'look', 'thing', n::text, '{}')) FROM generate_series(1, 3000) AS n;
DO $$ BEGIN PERFORM holdfast.seal_audit('t_seal_many.log'); END $$;
SELECT count(*) FROM log_seals;
SELECT * FROM holdfast.verify_audit('log');
-- changes the log as somebody would who may disable its triggers and says what verify_audit() finds
CREATE FUNCTION tampered(change text, max_problems int DEFAULT 100, OUT problem text, OUT times bigint, OUT entities text) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE log DISABLE TRIGGER USER;
    EXECUTE change;
    RETURN QUERY SELECT v.problem, count(*), left(string_agg(l.entity_id, ' ' ORDER BY l.entity_id::int), 30)
    FROM holdfast.verify_audit('log', max_problems) AS v LEFT JOIN log AS l ON l.id = v.id GROUP BY v.problem ORDER BY v.problem;
END $$;
BEGIN;
SELECT * FROM tampered('UPDATE log SET role = ''x'' WHERE entity_id = ''2500''');
ROLLBACK;
BEGIN;
SELECT * FROM tampered('DELETE FROM log WHERE entity_id = ''2000''');
ROLLBACK;
BEGIN;
SELECT * FROM tampered('UPDATE log SET role = ''x'' WHERE entity_id::int % 100 = 0');
ROLLBACK;
BEGIN;
SELECT * FROM tampered('UPDATE log SET role = ''x'' WHERE entity_id::int % 20 = 0');
ROLLBACK;
BEGIN;
SELECT * FROM tampered('DELETE FROM log WHERE entity_id::int > 100');
ROLLBACK;
BEGIN;
SELECT * FROM tampered('UPDATE log SET role = ''x'' WHERE entity_id::int % 100 = 0', 1);
ROLLBACK;
SELECT count(*) FROM holdfast.verify_audit('log');

SET client_min_messages = warning;
DROP SCHEMA t_seal_many CASCADE;

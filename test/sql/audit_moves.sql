-- Rows that move between partitions whose triggers swallow some of them, and what stands in the way of the log.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
CREATE SCHEMA t_audit_moves;
SET search_path = t_audit_moves;
SELECT holdfast.create_audit_log('t_audit_moves.log');
CREATE TABLE parted (region text, id int, note text, PRIMARY KEY (region, id)) PARTITION BY LIST (region);
CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a');
CREATE TABLE parted_b PARTITION OF parted FOR VALUES IN ('b');
CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN CASE WHEN NEW.id % 2 = 0 THEN NULL ELSE NEW END; END';
CREATE TRIGGER swallow BEFORE INSERT ON parted_b FOR EACH ROW EXECUTE FUNCTION swallow();
-- What the log says is there: of each row its last entry, unless that is a deletion.
CREATE VIEW told AS
SELECT l.new_values FROM (SELECT DISTINCT ON (entity_id) action, new_values FROM log WHERE entity_type = 't_audit_moves.parted' ORDER BY entity_id, id DESC) AS l
WHERE l.action <> 'delete';
CREATE VIEW differences AS
(SELECT to_jsonb(p) FROM parted AS p EXCEPT SELECT new_values FROM told) UNION ALL (SELECT new_values FROM told EXCEPT SELECT to_jsonb(p) FROM parted AS p);

-- By row, and by statement, where somebody has made the triggers by hand: what was swallowed is deleted, in effect, and the
-- others stand where they are now.
SELECT holdfast.enable_audit('parted', 'log');
INSERT INTO parted SELECT 'a', n, 'x' FROM generate_series(1, 6) AS n;
UPDATE parted SET region = 'b';
SELECT action, entity_id, old_values, new_values FROM log AS l ORDER BY l.id OFFSET 6;
SELECT * FROM differences;
SELECT holdfast.disable_audit('parted');
CREATE TRIGGER by_hand_insert AFTER INSERT ON parted REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION holdfast.audit('t_audit_moves.log', '', '');
CREATE TRIGGER by_hand_update AFTER UPDATE ON parted REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION holdfast.audit('t_audit_moves.log', '', '');
INSERT INTO parted SELECT 'a', n, 'y' FROM generate_series(11, 18) AS n;
UPDATE parted SET note = 'z', region = CASE WHEN id < 15 THEN 'b' ELSE region END WHERE region = 'a';
SELECT region, id, note FROM parted ORDER BY id;
SELECT * FROM differences;

-- A log does not change, by whatever trigger; its guard guards nothing else.
CREATE TABLE other (id int);
CREATE TRIGGER late AFTER DELETE ON other FOR EACH ROW EXECUTE FUNCTION holdfast.keep_audit_log();
INSERT INTO other VALUES (1);
DELETE FROM other;
UPDATE log SET action = 'read';
-- Without the one secret nothing is redacted, and nothing goes into the log as it is.
CREATE TABLE patients (id int PRIMARY KEY, name text);
SELECT holdfast.enable_audit('patients', 'log', redact => '{name}');
INSERT INTO patients VALUES (1, 'Ana');
CREATE TABLE kept AS TABLE log_redaction;
DELETE FROM log_redaction;
\c -
SET search_path = t_audit_moves;
INSERT INTO patients VALUES (2, 'Ben');
INSERT INTO log_redaction SELECT * FROM kept;
INSERT INTO patients VALUES (3, 'Cleo');
SELECT entity_id, new_values ->> 'name' LIKE '%Ana%' OR new_values ->> 'name' LIKE '%Cleo%' AS in_clear FROM log WHERE entity_type = 't_audit_moves.patients' ORDER BY id;

SET client_min_messages = warning;
DROP SCHEMA t_audit_moves CASCADE;

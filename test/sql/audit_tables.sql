-- Audited tables of all kinds, callers of all kinds, and logs that somebody has changed.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
\pset null '-'
CREATE SCHEMA t_audit_tables;
CREATE ROLE regress_audit_owner;
CREATE ROLE regress_audit_other;
CREATE ROLE regress_audit_caller;
GRANT USAGE ON SCHEMA t_audit_tables, holdfast TO regress_audit_owner, regress_audit_other, regress_audit_caller;
GRANT CREATE ON SCHEMA t_audit_tables TO regress_audit_owner, regress_audit_other;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA holdfast TO regress_audit_owner, regress_audit_other;
SET search_path = t_audit_tables;
CREATE FUNCTION try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
SET ROLE regress_audit_owner;
SELECT holdfast.create_audit_log('t_audit_tables.log');
RESET ROLE;
CREATE VIEW latest AS
SELECT action, entity_type, entity_id, old_values, new_values FROM log ORDER BY id;
-- What was written since the last look.
CREATE TABLE looked (n int);
INSERT INTO looked VALUES (0);
CREATE FUNCTION look() RETURNS TABLE (action text, entity_type text, entity_id text, old_values jsonb, new_values jsonb) LANGUAGE plpgsql AS $$
DECLARE
    v_n int := (SELECT n FROM looked);
BEGIN
    UPDATE looked SET n = (SELECT count(*) FROM log);
    RETURN QUERY SELECT l.action, replace(l.entity_type, 't_audit_tables.', ''), l.entity_id, l.old_values, l.new_values FROM log AS l ORDER BY l.id OFFSET v_n;
END
$$;

-- Partitions, written through the whole or directly, moved between, with other column orders.
SET ROLE regress_audit_owner;
CREATE TABLE parted (id int, region text, note text, PRIMARY KEY (region, id)) PARTITION BY LIST (region);
CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a');
CREATE TABLE parted_b (junk int, note text, region text NOT NULL, id int NOT NULL);
ALTER TABLE parted_b DROP COLUMN junk;
ALTER TABLE parted ATTACH PARTITION parted_b FOR VALUES IN ('b');
SELECT holdfast.enable_audit('parted', 'log', '{}');
SELECT try('SELECT holdfast.enable_audit(''parted'', ''log'', per_row => false)');
RESET ROLE;
INSERT INTO parted VALUES (1, 'a', 'x'), (2, 'b', 'y');
INSERT INTO parted_b (id, region, note) VALUES (3, 'b', 'direct');
UPDATE parted_b SET note = 'changed' WHERE id = 3;
UPDATE parted SET region = 'b' WHERE id = 1;
TRUNCATE parted_a;
DELETE FROM parted WHERE id = 2;
TRUNCATE parted;
SELECT * FROM look();
SELECT entity_type, details FROM log WHERE action = 'truncate' ORDER BY id;
CREATE TABLE parted_c PARTITION OF parted FOR VALUES IN ('c');
INSERT INTO parted_c VALUES (4, 'c', 'later');
SELECT * FROM look();

-- Inheritance: rows of the child are also written through the parent.
SET ROLE regress_audit_owner;
CREATE TABLE base (id int PRIMARY KEY, note text);
CREATE TABLE child (extra int, PRIMARY KEY (id)) INHERITS (base);
SELECT holdfast.enable_audit('child', 'log', '{}');
RESET ROLE;
INSERT INTO child VALUES (1, 'c', 5);
UPDATE base SET note = 'through the parent';
SELECT * FROM look();

-- No primary key; several columns with separators in them; a changed key.
SET ROLE regress_audit_owner;
CREATE TABLE keyless (note text);
CREATE TABLE compound (a text, b date, c int, PRIMARY KEY (c, a, b));
SELECT holdfast.enable_audit(t, 'log') FROM unnest('{keyless,compound}'::regclass[]) t;
RESET ROLE;
INSERT INTO keyless VALUES ('x'), ('x');
UPDATE keyless SET note = 'y';
INSERT INTO compound VALUES ('50%/a', '2031-05-01', 7);
UPDATE compound SET c = 8;
SELECT * FROM look();

-- Columns come and go.
ALTER TABLE keyless ADD COLUMN added int DEFAULT 3;
INSERT INTO keyless VALUES ('z');
ALTER TABLE keyless DROP COLUMN note;
ALTER TABLE keyless ALTER COLUMN added TYPE text;
INSERT INTO keyless VALUES ('w');
ALTER TABLE keyless RENAME TO renamed;
INSERT INTO renamed VALUES ('v');
SELECT * FROM look();
SELECT holdfast.enable_audit('compound', 'log', '{}');
ALTER TABLE renamed RENAME TO keyless;

-- Upserts, MERGE, cascades, a trigger's own statements, modifying CTEs, COPY.
SET ROLE regress_audit_owner;
CREATE TABLE parent (id int PRIMARY KEY, n int);
CREATE TABLE kid (id int PRIMARY KEY, parent int REFERENCES parent ON UPDATE CASCADE ON DELETE CASCADE);
SELECT holdfast.enable_audit(t, 'log') FROM unnest('{parent,kid}'::regclass[]) t;
RESET ROLE;
INSERT INTO parent VALUES (1, 1), (2, 2);
INSERT INTO kid VALUES (10, 1), (11, 1), (20, 2);
SELECT count(*) FROM look();
INSERT INTO parent VALUES (2, 20), (3, 30) ON CONFLICT (id) DO UPDATE SET n = excluded.n;
INSERT INTO parent VALUES (2, 20) ON CONFLICT (id) DO UPDATE SET n = excluded.n;
INSERT INTO parent VALUES (2, 20) ON CONFLICT DO NOTHING;
MERGE INTO parent USING (VALUES (1, 100), (3, NULL), (4, 40)) AS s (id, n) ON parent.id = s.id
WHEN MATCHED AND s.n IS NULL THEN DELETE WHEN MATCHED THEN UPDATE SET n = s.n WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.n);
SELECT * FROM look();
UPDATE parent SET id = 5 WHERE id = 1;
DELETE FROM parent WHERE id = 5;
SELECT * FROM look();
WITH gone AS (DELETE FROM kid RETURNING *), come AS (INSERT INTO parent SELECT id, parent FROM gone RETURNING *) SELECT count(*) FROM come;
COPY parent FROM STDIN;
50	5
\.
SELECT * FROM look();
CREATE FUNCTION echo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.n < 100 THEN
        BEGIN
            UPDATE parent SET n = n + 100 WHERE id = NEW.id;
            INSERT INTO parent VALUES (NEW.id + 1000, 1000);
            RAISE division_by_zero;
        EXCEPTION WHEN division_by_zero THEN
            INSERT INTO parent VALUES (NEW.id + 2000, 2000);
        END;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER echo AFTER INSERT ON parent FOR EACH ROW EXECUTE FUNCTION echo();
INSERT INTO parent VALUES (60, 6), (61, 6);
SELECT * FROM look();
TRUNCATE parent, kid;
SELECT * FROM look();

-- A caller with rights on the table alone, under row security, sees and changes no more than before; the log gets it.
SET ROLE regress_audit_owner;
CREATE TABLE guarded (id int PRIMARY KEY, owner name DEFAULT current_user, note text);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON guarded TO regress_audit_caller USING (owner = current_user);
GRANT SELECT, INSERT, UPDATE, DELETE ON guarded TO regress_audit_caller;
SELECT holdfast.enable_audit('guarded', 'log', '{note}');
INSERT INTO guarded VALUES (1, 'somebody', 'private');
SET ROLE regress_audit_caller;
INSERT INTO guarded VALUES (2, DEFAULT, 'own');
UPDATE guarded SET note = 'seen';
SELECT try('SELECT count(*) FROM log'), try('INSERT INTO log SELECT * FROM log'), try('SELECT * FROM log_redaction');
SELECT try('SELECT holdfast.record_event(''log'', ''x'')');
RESET ROLE;
SELECT action, entity_id, new_values -> 'owner' AS owner, new_values -> 'note' ? 'redacted' AS redacted FROM look();

-- Nor do they need a right to name what is in the log's schema.
CREATE SCHEMA t_audit_hidden AUTHORIZATION regress_audit_owner;
SET ROLE regress_audit_owner;
SELECT holdfast.create_audit_log('t_audit_hidden.log');
SELECT holdfast.enable_audit('guarded', 't_audit_hidden.log', '{note}');
SET ROLE regress_audit_caller;
INSERT INTO guarded VALUES (3, DEFAULT, 'own');
RESET ROLE;
SELECT action, entity_id FROM t_audit_hidden.log;
-- A trigger on the log fires, although nothing else about the log is unusual.
CREATE FUNCTION t_audit_hidden.heard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'heard %', NEW.action; RETURN NULL; END $$;
CREATE TRIGGER heard AFTER INSERT ON t_audit_hidden.log FOR EACH ROW EXECUTE FUNCTION t_audit_hidden.heard();
DELETE FROM guarded WHERE id = 3;
SELECT holdfast.enable_audit('guarded', 'log', '{note}');

-- Nobody writes into another's log: neither with a table of their own, nor an event, nor an erasure.
SET ROLE regress_audit_other;
CREATE TABLE theirs (id int PRIMARY KEY);
SELECT try('SELECT holdfast.enable_audit(''guarded'', ''log'')');
SELECT holdfast.enable_audit('theirs', 'log');
SELECT try('INSERT INTO theirs VALUES (1)');
SELECT try('SELECT holdfast.record_event(''log'', ''x'')'), try('SELECT holdfast.record_entry(''log'', ''{"action": "x"}'')');
SELECT try('SELECT holdfast.erase_audit(''log'', ''00000000-0000-0000-0000-000000000001'', ''00000000-0000-0000-0000-000000000001'')');
RESET ROLE;
GRANT INSERT ON log TO regress_audit_other;
SET ROLE regress_audit_other;
INSERT INTO theirs VALUES (1);
SELECT holdfast.record_event('log', 'x') IS NOT NULL AS id;
SELECT try('SELECT count(*) FROM log'), try('DELETE FROM log'), try('UPDATE log SET status = ''x''');
SELECT try('SELECT holdfast.erase_audit(''log'', ''00000000-0000-0000-0000-000000000001'', ''00000000-0000-0000-0000-000000000001'')');
RESET ROLE;
SELECT action, entity_type, entity_id FROM look();

-- A log that its owner has changed is written all the same, by the executor.
SET ROLE regress_audit_owner;
CREATE TABLE plain (id int PRIMARY KEY, n int);
SELECT holdfast.enable_audit('plain', 'log');
ALTER TABLE log ADD COLUMN added text DEFAULT 'filled';
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% % as %', NEW.action, NEW.entity_id, current_user; RETURN NEW; END $$;
CREATE TRIGGER noted BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION noted();
RESET ROLE;
GRANT ALL ON plain TO regress_audit_caller;
SET ROLE regress_audit_caller;
INSERT INTO plain VALUES (1, 1), (2, 2);
UPDATE plain SET n = n * 2 WHERE id = 2;
RESET ROLE;
SELECT action, entity_id, new_values, added, digest = holdfast.audit_content_digest(salt, old_values, new_values, details) AS sound
FROM log WHERE entity_type LIKE '%plain' ORDER BY id;
DROP TRIGGER noted ON log;
ALTER TABLE log DROP COLUMN added;
CREATE UNIQUE INDEX odd ON log (lower(action), id);
ALTER TABLE log ADD CHECK (action <> 'delete') NOT VALID;
INSERT INTO plain VALUES (3, 3);
SELECT try('DELETE FROM plain WHERE id = 3');
ALTER TABLE log DROP CONSTRAINT log_action_check;
SELECT action, entity_id FROM look() OFFSET 3;

-- Indexes of the owner's: what is found through each is what is in the log.
CREATE EXTENSION IF NOT EXISTS amcheck SCHEMA t_audit_tables;
SELECT holdfast.create_audit_log('t_audit_tables.indexed');
CREATE UNIQUE INDEX indexed_pairs ON indexed (entity_type, entity_id, transaction_id, action) INCLUDE (role, subject_id);
CREATE INDEX indexed_of_people ON indexed (entity_id) WHERE subject_id IS NOT NULL;
CREATE INDEX indexed_values ON indexed USING gin (new_values);
CREATE TABLE many (id int PRIMARY KEY, user_id uuid, n int);
SELECT holdfast.enable_audit('many', 'indexed');
INSERT INTO many SELECT n, CASE WHEN n % 3 = 0 THEN '00000000-0000-0000-0000-000000000003'::uuid END, n FROM generate_series(1, 200) AS n;
UPDATE many SET n = -n WHERE id = 42;
SELECT c.relname, bt_index_check(c.oid, true) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS a ON a.oid = c.relam
WHERE i.indrelid = 'indexed'::regclass AND a.amname = 'btree' ORDER BY 1;
SET enable_seqscan = off;
SELECT count(*), count(*) FILTER (WHERE entity_id::int % 3 = 0) AS of_people FROM indexed WHERE subject_id IS NOT NULL AND entity_id > '';
SELECT action FROM indexed WHERE new_values @> '{"n": -42}';
RESET enable_seqscan;
DELETE FROM many WHERE id = 1;
DO $$ BEGIN INSERT INTO many VALUES (301), (302); DELETE FROM many WHERE id = 301; INSERT INTO many VALUES (301);
EXCEPTION WHEN unique_violation THEN RAISE NOTICE '%', SQLERRM; END $$;
SELECT count(*) FROM indexed WHERE entity_id IN ('301', '302');
SET client_min_messages = warning;
DROP EXTENSION amcheck;
RESET client_min_messages;

-- Columns that change without meaning: alone they are no change, beside others they are written as any.
CREATE TABLE used (id int PRIMARY KEY, user_id uuid, name text, secret text, last_used_at int, uses int);
SELECT holdfast.enable_audit('used', 'indexed', '{secret}', ignore => '{last_used_at,uses}');
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'used'::regclass AND tgname = 'zz_audit_update';
INSERT INTO used VALUES (1, NULL, 'a', 'b', 1, 1), (2, NULL, 'a', 'b', 1, 1);
UPDATE used SET last_used_at = 2, uses = uses + 1;
UPDATE used SET uses = uses + 1, name = 'c' WHERE id = 1;
UPDATE used SET uses = uses + 1, secret = 'd', name = CASE WHEN id = 2 THEN 'e' ELSE name END;
UPDATE used SET uses = NULL, user_id = '00000000-0000-0000-0000-000000000003' WHERE id = 1;
DELETE FROM used WHERE id = 2;
SELECT action, entity_id, old_values - 'secret' AS old_values, new_values - 'secret' AS new_values, new_values ? 'secret' AS secret
FROM indexed WHERE entity_type LIKE '%.used' ORDER BY id;
SELECT holdfast.enable_audit('used', 'indexed', ignore => '{uses}', per_row => true);
UPDATE used SET uses = 5;
UPDATE used SET last_used_at = 3;
SELECT action, old_values, new_values FROM indexed WHERE entity_type LIKE '%.used' ORDER BY id OFFSET 7;
SELECT count(*) FROM indexed WHERE digest IS DISTINCT FROM holdfast.audit_content_digest(salt, old_values, new_values, details);
SELECT try('SELECT holdfast.enable_audit(''used'', ''indexed'', ignore => ''{no}'')'),
       try('SELECT holdfast.enable_audit(''used'', ''indexed'', ignore => ''{uses,NULL}'')'),
       try('SELECT holdfast.enable_audit(''used'', ''indexed'', ignore => ''{id}'')'),
       try('SELECT holdfast.enable_audit(''used'', ''indexed'', ignore => ''{user_id}'')');
ALTER TABLE used RENAME uses TO n;
SELECT try('UPDATE used SET n = 6');
DROP TABLE used;

-- Without its log a table cannot be written: no change goes unrecorded.
ALTER TABLE log RENAME TO moved;
SELECT try('INSERT INTO plain VALUES (4, 4)');
SELECT holdfast.enable_audit('plain', 'moved');
INSERT INTO plain VALUES (4, 4);
ALTER TABLE moved RENAME TO log;
ALTER TABLE log_redaction RENAME TO elsewhere;
\c -
SET search_path = t_audit_tables;
SELECT try('INSERT INTO guarded VALUES (10, ''x'', ''redacted without a secret'')');
ALTER TABLE elsewhere RENAME TO log_redaction;
SELECT try('INSERT INTO guarded VALUES (10, ''x'', ''redacted with a secret'')');

-- Where changes of other servers are applied, they are not written again: those servers did.
SELECT holdfast.enable_audit('plain', 'log');
SELECT count(*) FROM log \gset before_
SET session_replication_role = replica;
INSERT INTO plain VALUES (5, 5);
RESET session_replication_role;
SELECT count(*) - :before_count AS written FROM log;

SELECT holdfast.disable_audit('parted');
SELECT count(*) FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid WHERE c.relname LIKE 'parted%' AND tgname LIKE 'zz%';
SET client_min_messages = warning;
DROP SCHEMA t_audit_tables, t_audit_hidden CASCADE;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA holdfast FROM regress_audit_owner, regress_audit_other;
REVOKE ALL ON SCHEMA holdfast FROM regress_audit_owner, regress_audit_other, regress_audit_caller;
DROP ROLE regress_audit_owner, regress_audit_other, regress_audit_caller;

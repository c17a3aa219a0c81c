-- consume() without the executor does what it does with it, and leaves to the executor what only that does: triggers, row
-- security, columns of the user's own; constraints and privileges count either way.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE ROLE regress_quota_direct_owner;
CREATE ROLE regress_quota_direct_user;
CREATE SCHEMA t_quota_direct AUTHORIZATION regress_quota_direct_owner;
GRANT USAGE ON SCHEMA t_quota_direct TO regress_quota_direct_user;
GRANT USAGE ON SCHEMA holdfast TO regress_quota_direct_owner, regress_quota_direct_user;
GRANT EXECUTE ON FUNCTION holdfast.create_quota(text), holdfast.set_quota(regclass, uuid, uuid, int, text, text, int, int, text, text),
  holdfast.consume(regclass, uuid, uuid, int, uuid) TO regress_quota_direct_owner, regress_quota_direct_user;
SET ROLE regress_quota_direct_owner;
SELECT holdfast.create_quota('t_quota_direct.q') \gset
RESET ROLE;
SET search_path = t_quota_direct;
SET holdfast.now = '2030-01-15 12:00Z';
CREATE FUNCTION k(name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(name)::uuid $$;
GRANT EXECUTE ON FUNCTION k(text) TO PUBLIC;
CREATE FUNCTION use(account text, amount int DEFAULT 1, reference text DEFAULT 'r') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN holdfast.consume('t_quota_direct.q', k('o'), k(account), amount, k(reference));
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT holdfast.set_quota('q', k('o'), k(a), 10) FROM unnest('{on,off}'::text[]) a \gset account
RESET client_min_messages;
\set ECHO all
-- the same answers and the same rows, either way
SET holdfast.direct_insert = on;
SELECT use('on'), use('on', 3, 'x'), use('on', 7), use('on', 6), use('on'), use('nobody'), use('on', 0);
SET holdfast.direct_insert = off;
SELECT use('off'), use('off', 3, 'x'), use('off', 7), use('off', 6), use('off'), use('nobody'), use('off', 0);
SELECT a.name, q.balance, q.available, (SELECT string_agg(format('%s %s %s %s', kind, amount, reference = k('x'), period_starts_at AT TIME ZONE 'UTC'), ', ' ORDER BY id) FROM q_ledger l WHERE l.account = q.account), (SELECT string_agg(threshold::text, ' ' ORDER BY threshold) FROM q_alerts w WHERE w.account = q.account)
FROM q JOIN unnest('{on,off}'::text[]) a (name) ON q.account = k(a.name) ORDER BY 1;
SET holdfast.direct_insert = on;
-- a new month is begun; what is rolled back is gone, and the account goes on; many in one transaction, each on what the last left
SET holdfast.now = '2030-02-01 00:00Z';
SELECT use('on'), use('on');
BEGIN; SELECT use('on', 5); SAVEPOINT s; SELECT use('on', 3); ROLLBACK TO s; SELECT use('on', 2); ROLLBACK;
DO $$ BEGIN FOR i IN 1 .. 8 LOOP PERFORM use('on'); END LOOP; END $$;
SELECT use('on'), (SELECT count(*) FROM holdfast.verify_quota('q'));
-- the indexes have what they should
SET enable_seqscan = off;
SELECT count(*) FROM q_ledger WHERE organization_id = k('o') AND reference = k('r') AND account = k('on');
SELECT count(*) FROM q_ledger WHERE organization_id = k('o') AND account = k('on') AND id IS NOT NULL;
RESET enable_seqscan;
-- when the page is full, the new version goes elsewhere, and into the indexes
CREATE FUNCTION fill() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. 300 LOOP PERFORM holdfast.set_quota('t_quota_direct.q', k('o'), k('f' || i), 1000); END LOOP;
  FOR j IN 1 .. 20 LOOP FOR i IN 1 .. 300 LOOP PERFORM holdfast.consume('t_quota_direct.q', k('o'), k('f' || i), 1, k('r')); END LOOP; END LOOP;
  RETURN (SELECT count(*) FROM q WHERE balance = 980);
END $$;
SELECT fill();
SET enable_seqscan = off;
SELECT count(*) FROM q WHERE organization_id = k('o') AND balance = 980;
SELECT count(*) FROM q WHERE period_ends_at = '2030-03-01 00:00Z' AND balance = 980;
RESET enable_seqscan;
SELECT count(*) FROM holdfast.verify_quota('q');
-- constraints of the user's own count
ALTER TABLE q_ledger ADD CONSTRAINT few CHECK (amount > -4) NOT VALID;
SELECT use('f1', 3), use('f1', 4);
ALTER TABLE q ADD CONSTRAINT reserve CHECK (balance >= 900) NOT VALID;
SELECT use('f1', 3), use('f2', 1), holdfast.balance('q', k('o'), k('f1'));
SELECT string_agg(use('f2', 3), ' ') FROM generate_series(1, 28);
ALTER TABLE q DROP CONSTRAINT reserve;
ALTER TABLE q_ledger DROP CONSTRAINT few;
-- so do privileges, and row security
SET ROLE regress_quota_direct_user;
SELECT use('f3');
RESET ROLE;
GRANT SELECT, UPDATE ON q TO regress_quota_direct_user;
SET ROLE regress_quota_direct_user;
SELECT use('f3');
RESET ROLE;
GRANT SELECT, INSERT, DELETE ON q_ledger TO regress_quota_direct_user;
CREATE POLICY theirs ON q TO regress_quota_direct_user USING (account = t_quota_direct.k('f4'));
CREATE POLICY theirs ON q_ledger FOR INSERT TO regress_quota_direct_user WITH CHECK (amount > -2);
SET ROLE regress_quota_direct_user;
SELECT use('f3'), use('f4'), use('f4', 2);
RESET ROLE;
SET ROLE regress_quota_direct_owner;
SELECT use('f3');
RESET ROLE;
ALTER TABLE q FORCE ROW LEVEL SECURITY;
SET ROLE regress_quota_direct_owner;
SELECT use('f3');
RESET ROLE;
ALTER TABLE q NO FORCE ROW LEVEL SECURITY;
-- triggers fire, columns of the user's own get their defaults
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% %', TG_TABLE_NAME, TG_OP; RETURN NULL; END $$;
CREATE TRIGGER note AFTER INSERT ON q_ledger FOR EACH ROW EXECUTE FUNCTION note();
SELECT use('f5');
DROP TRIGGER note ON q_ledger;
CREATE TRIGGER note AFTER UPDATE ON q FOR EACH ROW EXECUTE FUNCTION note();
SELECT use('f5');
DROP TRIGGER note ON q;
ALTER TABLE q_ledger ADD COLUMN note text DEFAULT 'mine';
ALTER TABLE q ADD COLUMN note text DEFAULT 'ours';
SELECT use('f6'), (SELECT string_agg(DISTINCT note, ' ') FROM q_ledger), (SELECT note FROM q WHERE account = k('f6'));
ALTER TABLE q_ledger DROP COLUMN note;
SELECT use('f6'), (SELECT note FROM q WHERE account = k('f6'));
-- the tables are found again after they were renamed
ALTER TABLE q RENAME TO p; ALTER TABLE q_ledger RENAME TO p_ledger; ALTER TABLE q_periods RENAME TO p_periods;
SELECT holdfast.consume('p', k('o'), k('f7'), 1, k('r'));
ALTER TABLE q_alerts RENAME TO p_alerts;
SELECT holdfast.consume('p', k('o'), k('f7'), 1, k('r')), (SELECT count(*) FROM holdfast.verify_quota('p'));
\set ECHO none
SET client_min_messages = warning;
RESET holdfast.now;
DROP SCHEMA t_quota_direct CASCADE;
DROP OWNED BY regress_quota_direct_owner, regress_quota_direct_user;
DROP ROLE regress_quota_direct_owner, regress_quota_direct_user;

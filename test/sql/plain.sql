-- Messages and stored answers that are written without the executor are the same rows with the same answers, and what only the
-- executor does is left to it: triggers, indexes of expressions, row security, privileges, read-only transactions.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_plain;
SET search_path = t_plain;
SELECT holdfast.create_outbox('t_plain.box'), holdfast.create_idempotency('t_plain.store') \gset made_
CREATE FUNCTION k(name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(name)::uuid $$;
CREATE FUNCTION put(key text, topic text DEFAULT 'email') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_id uuid;
BEGIN
  v_id := holdfast.enqueue('t_plain.box', topic, jsonb_build_object('key', key), '2030-01-01Z', key, organization_id => k('o'));
  RETURN (SELECT concat_ws(' ', payload ->> 'key', attempts) FROM t_plain.box WHERE id = v_id);
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE FUNCTION keep(key text, response jsonb DEFAULT '{"done": true}') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF holdfast.begin_request('t_plain.store', k('o'), k('a'), 'work', key, '{}') IS NULL THEN
    PERFORM holdfast.finish_request('t_plain.store', k('o'), k('a'), 'work', key, response);
    RETURN 'kept';
  END IF;
  RETURN 'replayed';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE FUNCTION rows() RETURNS TABLE (topic text, dedupe_key text, payload jsonb, rest text) LANGUAGE sql AS $$
  SELECT topic, dedupe_key, payload, concat_ws(' ', attempts, worker, leased_until, last_error, done_at, dead_at,
    due_at = '2030-01-01Z', organization_id = k('o')) FROM t_plain.box ORDER BY 1, 2 NULLS LAST $$;
RESET client_min_messages;
\set ECHO all
-- the same rows and answers, either way
SELECT put('one'), put('one'), put(NULL), put(NULL), keep('one'), keep('one');
SET holdfast.direct_insert = off;
SELECT put('two'), put('two'), put('one'), keep('two'), keep('two'), keep('one');
RESET holdfast.direct_insert;
SELECT put('two'), keep('two');
SELECT * FROM rows();
SELECT key, response, length(request_hash), organization_id = k('o') AND actor = k('a') AND operation = 'work' AS its FROM store ORDER BY key;
SET enable_seqscan = off;
SELECT count(*) FROM box WHERE topic = 'email' AND due_at = '2030-01-01Z' AND done_at IS NULL AND dead_at IS NULL;
SELECT count(*) FROM box WHERE done_at IS NOT NULL;
RESET enable_seqscan;
-- an answer given twice in one transaction, and after a savepoint that took the first one back
BEGIN;
SELECT holdfast.begin_request('store', k('o'), k('a'), 'work', 'twice', '{}');
SELECT holdfast.finish_request('store', k('o'), k('a'), 'work', 'twice', '1');
SELECT holdfast.finish_request('store', k('o'), k('a'), 'work', 'twice', '2');
SAVEPOINT s;
SELECT holdfast.finish_request('store', k('o'), k('a'), 'work', 'twice', '3');
ROLLBACK TO s;
COMMIT;
SELECT response FROM store WHERE key = 'twice';
-- one that has outlived its time is replaced
UPDATE store SET created_at = created_at - interval '2 days' WHERE key = 'twice';
SELECT keep('twice', '4');
SELECT response FROM store WHERE key = 'twice';
-- constraints of the user's own count, and so do those that were there
ALTER TABLE box ADD CHECK (topic <> 'bad');
ALTER TABLE store ADD CHECK (key <> 'bad');
SELECT put('three', 'bad'), keep('bad');
ALTER TABLE box ALTER dedupe_key SET NOT NULL; -- fails
DELETE FROM box WHERE dedupe_key IS NULL;
ALTER TABLE box ALTER dedupe_key SET NOT NULL;
SELECT put(NULL), put('four');
ALTER TABLE box ALTER dedupe_key DROP NOT NULL;
-- an index of an expression, and a trigger
CREATE UNIQUE INDEX upper_keys ON box (upper(dedupe_key));
SELECT put('FOUR');
DROP INDEX upper_keys;
\set VERBOSITY terse
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'a row with %', NEW.dedupe_key; RETURN NULL; END $$;
CREATE TRIGGER shout AFTER INSERT ON box FOR EACH ROW EXECUTE FUNCTION shout();
SELECT put('five');
DROP TRIGGER shout ON box;
-- other isolation levels, and none that may not write
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT put('six'), put('six'), keep('six');
COMMIT;
BEGIN READ ONLY;
SELECT holdfast.enqueue('box', 'email', '{}', organization_id => k('o'));
ROLLBACK;
BEGIN;
SELECT holdfast.begin_request('store', k('o'), k('a'), 'work', 'read', '{}');
SET TRANSACTION READ ONLY;
SELECT holdfast.finish_request('store', k('o'), k('a'), 'work', 'read', '1');
ROLLBACK;
-- privileges and row security
CREATE ROLE regress_plain_user;
GRANT USAGE ON SCHEMA t_plain, holdfast TO regress_plain_user;
GRANT EXECUTE ON FUNCTION holdfast.enqueue(regclass, text, jsonb, timestamptz, text, uuid) TO regress_plain_user;
SET ROLE regress_plain_user;
SELECT holdfast.enqueue('box', 'email', '{}', organization_id => k('o'));
RESET ROLE;
GRANT INSERT, SELECT ON box TO regress_plain_user;
SET ROLE regress_plain_user;
SELECT holdfast.enqueue('box', 'email', '{}', organization_id => k('o'));
RESET ROLE;
CREATE POLICY mails ON box FOR ALL TO regress_plain_user USING (true) WITH CHECK (topic = 'email');
SET ROLE regress_plain_user;
SELECT holdfast.enqueue('box', 'email', '{}', organization_id => k('o')) IS NOT NULL AS written;
SELECT holdfast.enqueue('box', 'sms', '{}', organization_id => k('o'));
RESET ROLE;
\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA t_plain CASCADE;
REVOKE ALL ON FUNCTION holdfast.enqueue(regclass, text, jsonb, timestamptz, text, uuid) FROM regress_plain_user;
REVOKE ALL ON SCHEMA holdfast FROM regress_plain_user;
DROP ROLE regress_plain_user;

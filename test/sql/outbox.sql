-- Outbox: written with the work, leased, acknowledged once, put off when it fails, given up, brought back.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_outbox;
CREATE ROLE regress_outbox_user;
GRANT USAGE ON SCHEMA holdfast, t_outbox TO regress_outbox_user;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA holdfast TO regress_outbox_user;
SET search_path = t_outbox, public;
SET check_function_bodies = off;
SET timezone = 'UTC';
CREATE FUNCTION caught(statement text, OUT state text, OUT message text, OUT detail text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement INTO message;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END $$;
CREATE FUNCTION at(t text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('holdfast.now', '2027-03-01 ' || t || 'Z', false) $$;
-- messages go by the name in their payload, and it is their dedupe key too when there is a +
CREATE FUNCTION put(name text, due text DEFAULT NULL, topic text DEFAULT 'mail', organization text DEFAULT '1') RETURNS boolean LANGUAGE sql AS $$
  SELECT holdfast.enqueue('t_outbox.o', topic, to_jsonb(name), ('2027-03-01 ' || due || 'Z')::timestamptz, substring(name FROM '.*\+'), organization_id => md5(organization)::uuid) IS NOT NULL $$;
CREATE FUNCTION id(name text) RETURNS uuid LANGUAGE sql AS $$ SELECT id FROM t_outbox.o WHERE payload = to_jsonb(name) $$;
CREATE FUNCTION take(worker text, batch int DEFAULT 10, lease_for interval DEFAULT '1 minute', topic text DEFAULT 'mail', max_attempts int DEFAULT 25) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(payload #>> '{}' || ' ' || attempts, ', ') FROM holdfast.lease('t_outbox.o', topic, worker, batch, lease_for, max_attempts) $$;
CREATE FUNCTION ack(worker text, VARIADIC names text[]) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(coalesce((SELECT payload #>> '{}' FROM t_outbox.o WHERE o.id = a.id), '?') || ' ' || acknowledged, ', ')
  FROM holdfast.ack('t_outbox.o', ARRAY(SELECT t_outbox.id(n) FROM unnest(names) WITH ORDINALITY AS u (n, i) ORDER BY i), worker) AS a $$;
\set ECHO all
-- made: closed, commented, with row security
SELECT holdfast.create_outbox('t_outbox.o');
\d o
SELECT relrowsecurity, relacl, obj_description(oid, 'pg_class') IS NOT NULL AS commented,
  (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NULL) AS columns_without FROM pg_class c WHERE oid = 'o'::regclass;
SELECT s, c.* FROM unnest(ARRAY['NULL', '''t_outbox.o''', 'repeat(''x'', 56)']) s, caught(format('SELECT holdfast.create_outbox(%s)', s)) c;

-- with the transaction, or not at all
SELECT at('12:00');
BEGIN;
SELECT put('undone');
ROLLBACK;
SELECT take('w1');
-- those due first come first, what is not due does not come, nor another topic's, and a batch is a batch
SELECT put('third', '11:59'), put('later', '12:05'), put('first', '11:00'), put('second', '11:30', organization => '2'), put('other', '11:00', 'sms');
SELECT take('w1', 2), take('w2', 2), take('w3', 2);
SELECT take('w1', topic => 'sms'), take('w1', topic => 'fax');
SELECT * FROM holdfast.outbox_status('o');
SELECT organization_id = md5('2')::uuid AS organization, topic, payload, due_at, dedupe_key, attempts, worker, leased_until, last_error, created_at, done_at, dead_at FROM o WHERE id = id('second');
-- acknowledged by who has it, once, never delivered again
SELECT ack('w2', 'first'), ack('w1', 'first', 'third', 'later'), ack('w1', 'first'), ack('w1', 'second');
SELECT at('13:00'), take('w9');
SELECT ack('w9', 'third', 'later');
SELECT at('14:00'), take('w9');
SELECT count(*) FILTER (WHERE done_at IS NOT NULL) AS done, count(*) FROM o;
SELECT acknowledged FROM holdfast.ack('o', ARRAY[md5('nobody''s')::uuid], 'w9');
SELECT count(*) FROM holdfast.ack('o', '{}', 'w9');

-- a lease that is over is taken over; who had it is too late then, and not before
SELECT put('a'), put('b'), put('c');
SELECT take('w1', 10, '30 seconds');
SELECT at('14:00:29'), take('w2');
SELECT at('14:00:30'), ack('w1', 'a') AS late_and_nobody_else, take('w2', 1);
SELECT ack('w1', 'b') AS taken_over, (SELECT accepted FROM holdfast.fail('o', id('b'), 'w1', 'x')) AS fail_neither, ack('w2', 'b'), ack('w1', 'c');
-- a longer lease
SELECT put('long'), take('w1', 10, '30 seconds'), (SELECT extended FROM holdfast.extend_lease('o', ARRAY[id('long')], 'w2', '1 hour'));
SELECT e.extended, leased_until FROM holdfast.extend_lease('o', ARRAY[id('long')], 'w1', '1 hour') e, o WHERE o.id = e.id;
SELECT leased_until FROM o WHERE id = id('long');
SELECT at('14:20'), take('w2'), ack('w1', 'long');

-- fails: twice as long each time, half of it by chance, at most six hours; then given up
SELECT put('bad');
CREATE FUNCTION attempt(name text, VARIADIC more text[] DEFAULT '{}') RETURNS TABLE (taken text, accepted boolean, attempts int, low boolean, high boolean, dead boolean) LANGUAGE plpgsql AS $$
DECLARE
  v_expected interval;
BEGIN
  taken := take('w1');
  SELECT f.accepted, f.attempts, f.due_at - holdfast.clock(), f.dead INTO accepted, attempts, v_expected, dead FROM holdfast.fail('t_outbox.o', t_outbox.id(name), 'w1', 'no route', 12) f;
  low := v_expected >= least(interval '30 seconds' * 2 ^ (attempts - 1), interval '6 hours') / 2;
  high := v_expected <= least(interval '30 seconds' * 2 ^ (attempts - 1), interval '6 hours');
  PERFORM set_config('holdfast.now', (holdfast.clock() + interval '6 hours')::text, false);
  RETURN NEXT;
END $$;
SELECT a.* FROM generate_series(1, 13) n, attempt('bad', n::text) a;
SELECT attempts, worker, leased_until, last_error, dead_at IS NOT NULL AS dead, done_at FROM o WHERE id = id('bad');
SELECT * FROM holdfast.outbox_status('o');
-- brought back, for its own organization only
SELECT holdfast.requeue('o', md5('2')::uuid, ARRAY[id('bad')]), holdfast.requeue('o', md5('1')::uuid, ARRAY[id('bad'), id('a')]), holdfast.requeue('o', md5('1')::uuid, ARRAY[id('bad')]);
SELECT take('w1'), ack('w1', 'bad');
-- what went wrong is cut, not refused; not by one byte of a character
SELECT put('ü'), take('w1'), (SELECT dead FROM holdfast.fail('o', id('ü'), 'w1', 'x' || repeat('ü', 2000), 1));
SELECT octet_length(last_error), right(last_error, 1) FROM o WHERE id = id('ü');
-- the other bounds of the waiting
SELECT put('own'), take('w1');
SELECT due_at - holdfast.clock() BETWEEN '500 ms' AND '1 second' AS in_time FROM holdfast.fail('o', id('own'), 'w1', NULL, 3, '1 second', '1 second');
-- a message that no worker survives is given up too
SELECT at('20:00'), put('poison');
SELECT at(t || ':00'), take('w' || t, 1, '1 minute', 'mail', 3) FROM unnest('{21,22,23}'::int[]) t;
SELECT set_config('holdfast.now', '2027-03-02 00:00Z', false), take('w0', 1, '1 minute', 'mail', 3);
SELECT attempts, last_error, dead_at IS NOT NULL AS dead, worker, leased_until FROM o WHERE id = id('poison');
SELECT ack('w23', 'poison');

-- one message for a key: while it is open, when it is done, until it is purged
DELETE FROM o;
SELECT at('12:00'), put('one+'), holdfast.enqueue('o', 'mail', '"again"', NULL, 'one+', organization_id => md5('1')::uuid) = id('one+') AS the_same,
  put('other topic one+', NULL, 'sms'), put('one+', NULL, 'fax', '2'), put('no key'), put('no key');
SELECT payload, topic, dedupe_key FROM o ORDER BY id;
SELECT take('w1', 1), (SELECT ack('w1', 'one+') FROM holdfast.requeue('o', md5('1')::uuid, '{}'));
DELETE FROM o WHERE topic <> 'mail';
SELECT take('w1', 1), ack('w1', 'one+');
SELECT holdfast.enqueue('o', 'mail', '"again"', NULL, 'one+', organization_id => md5('1')::uuid) = id('one+') AS done_and_remembered;
SELECT set_config('holdfast.now', '2027-03-08 11:59Z', false), holdfast.purge_outbox('o');
SELECT set_config('holdfast.now', '2027-03-08 12:00Z', false), holdfast.purge_outbox('o', batch => 1), holdfast.purge_outbox('o');
SELECT holdfast.enqueue('o', 'mail', '"again"', NULL, 'one+', organization_id => md5('1')::uuid) = id('again') AS forgotten;
SELECT holdfast.purge_outbox('o', '0') AS open_ones_stay;
-- cancelled while nobody has it, and written anew for another time
DELETE FROM o;
SELECT at('12:00'), put('remind+', '13:00');
SELECT holdfast.cancel_message('o', md5('2')::uuid, 'mail', 'remind+'), holdfast.cancel_message('o', md5('1')::uuid, 'sms', 'remind+'), holdfast.cancel_message('o', md5('1')::uuid, 'mail', 'remind+'), holdfast.cancel_message('o', md5('1')::uuid, 'mail', 'remind+');
SELECT put('remind+', '11:00'), take('w1', 10, '1 minute'), holdfast.cancel_message('o', md5('1')::uuid, 'mail', 'remind+') AS somebody_has_it;
SELECT ack('w1', 'remind+'), holdfast.cancel_message('o', md5('1')::uuid, 'mail', 'remind+') AS done;

-- what is asked for has to make sense
SELECT a, c.* FROM unnest(ARRAY['NULL, ''t'', ''{}''', '''o'', ''t'', ''{}'', organization_id => NULL', '''o'', NULL, ''{}''', '''o'', '''', ''{}''', '''o'', repeat(''t'', 256), ''{}''',
  '''o'', ''t'', NULL', '''o'', ''t'', ''{}'', ''infinity''', '''o'', ''t'', ''{}'', NULL, ''''']) a, caught(format('SELECT holdfast.enqueue(%s)', CASE WHEN a LIKE '%organization_id%' THEN a ELSE a || ', organization_id => md5(''1'')::uuid' END)) c;
SELECT a, c.* FROM unnest(ARRAY['NULL, ''w''', '''t'', NULL', '''t'', ''w'', 0', '''t'', ''w'', 1001', '''t'', ''w'', 1, ''0''', '''t'', ''w'', 1, ''-1 s''', '''t'', ''w'', 1, ''25 h''', '''t'', ''w'', 1, ''1 month''', '''t'', ''w'', 1, NULL', '''t'', ''w'', 1, ''1 s'', 0']) a,
  caught(format('SELECT holdfast.lease(''o'', %s)', a)) c;
SELECT a, c.* FROM unnest(ARRAY['NULL, ''w''', 'ARRAY[NULL]::uuid[], ''w''', 'ARRAY[ARRAY[md5(''1'')::uuid]], ''w''', 'array_fill(md5(''1'')::uuid, ARRAY[1001]), ''w''', '''{}'', NULL']) a, caught(format('SELECT holdfast.ack(''o'', %s)', a)) c;
SELECT a, c.* FROM unnest(ARRAY['NULL, ''w''', 'md5(''1'')::uuid, NULL', 'md5(''1'')::uuid, ''w'', ''e'', 0', 'md5(''1'')::uuid, ''w'', ''e'', 1, ''0''', 'md5(''1'')::uuid, ''w'', ''e'', 1, ''1 s'', ''367 days''']) a, caught(format('SELECT holdfast.fail(''o'', %s)', a)) c;
SELECT a, c.* FROM unnest(ARRAY['''-1 s''', 'NULL', '''1 day'', 0']) a, caught(format('SELECT holdfast.purge_outbox(''o'', %s)', a)) c;
-- the organization that is not named is the request's
BEGIN;
SELECT set_config('request.jwt.claims', json_build_object('sub', md5('u')::uuid, 'org_id', md5('2')::uuid)::text, true) <> '' AS claims;
SELECT holdfast.enqueue('o', 'mail', '{}', now(), 'mine') IS NOT NULL AS written;
SELECT organization_id = md5('2')::uuid AS of_the_request FROM o WHERE dedupe_key = 'mine';
ROLLBACK;
BEGIN READ ONLY;
SELECT * FROM caught('SELECT holdfast.lease(''o'', ''t'', ''w'')');
ROLLBACK;
-- with the caller's rights
SET ROLE regress_outbox_user;
SELECT * FROM caught('SELECT holdfast.enqueue(''t_outbox.o'', ''t'', ''{}'', organization_id => md5(''1'')::uuid)');
SELECT * FROM caught('SELECT holdfast.lease(''t_outbox.o'', ''t'', ''w'')');
RESET ROLE;

-- looking, taking and giving back reads one small index and moves no index entry, however much is done
TRUNCATE o;
SELECT at('12:00');
INSERT INTO o (organization_id, id, topic, payload, due_at, created_at, done_at) SELECT md5('1')::uuid, holdfast.uuid_v7(), 'mail', '{}', '2027-03-01Z', '2027-03-01Z', '2027-03-01Z' FROM generate_series(1, 5000);
SELECT count(put('m' || n)) FROM generate_series(1, 200) n;
VACUUM ANALYZE o;
SELECT pg_stat_force_next_flush();
SELECT n_tup_upd AS updated, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relid = 'o'::regclass \gset before_
SELECT coalesce(sum(idx_tup_read), 0) AS read FROM pg_stat_user_indexes WHERE indexrelid = 'o_topic_due_at_idx'::regclass \gset before_
SELECT format('SELECT take(%L, 20) IS NOT NULL AS taken', 'w' || n) FROM generate_series(1, 10) n \gexec
SELECT count(*) FROM holdfast.extend_lease('o', ARRAY(SELECT id FROM o WHERE worker = 'w1'), 'w1', '1 hour') WHERE extended;
SELECT pg_stat_force_next_flush();
SELECT n_tup_upd - :before_updated AS updated, n_tup_hot_upd - :before_hot >= 0.95 * (n_tup_upd - :before_updated) AS nearly_all_hot FROM pg_stat_user_tables WHERE relid = 'o'::regclass;

SELECT idx_tup_read - :before_read BETWEEN 200 AND 2500 AS read_what_was_leased FROM pg_stat_user_indexes WHERE indexrelid = 'o_topic_due_at_idx'::regclass;

-- woken up, when somebody asked for it, and at most once in a while
SELECT put('silent');
SELECT holdfast.enable_wakeup('o', 't_outbox_wakeup', '1 hour');
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'o'::regclass AND tgname = 'holdfast_wakeup';
SELECT last_value > 0 AS woken FROM o_wakeup;
SELECT put('loud');
SELECT last_value > 0 AS woken, last_value AS before FROM o_wakeup \gset
SELECT :'woken' AS woken;
SELECT put('again');
SELECT last_value = :before AS no_second_time FROM o_wakeup;
SELECT holdfast.enable_wakeup('o', 't_outbox_wakeup', '0');
SELECT pg_sleep(0.01);
SELECT put('third');
SELECT last_value > :before AS with_no_pause_it_is FROM o_wakeup;
SELECT holdfast.disable_wakeup('o'), holdfast.disable_wakeup('o');
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'o'::regclass AND tgname = 'holdfast_wakeup';
SELECT a, c.* FROM unnest(ARRAY['NULL', '''o'', NULL', '''o'', ''c'', ''-1 s''', '''o'', ''c'', ''2 h''']) a, caught(format('SELECT holdfast.enable_wakeup(%s)', a)) c;
SELECT * FROM caught('SELECT holdfast.outbox_wakeup()');
\set ECHO none
RESET holdfast.now;
SET client_min_messages = warning;
DROP SCHEMA t_outbox CASCADE;
DROP OWNED BY regress_outbox_user;
DROP ROLE regress_outbox_user;

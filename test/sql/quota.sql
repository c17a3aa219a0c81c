-- Quota: units are there once, the ledger adds up, refunds never mint, thresholds are told once.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_quota;
CREATE ROLE regress_quota_owner;
CREATE ROLE regress_quota_user;
GRANT USAGE ON SCHEMA holdfast, t_quota TO regress_quota_owner, regress_quota_user;
GRANT EXECUTE ON FUNCTION holdfast.consume(regclass, uuid, uuid, int, uuid), holdfast.balance(regclass, uuid, uuid),
  holdfast.create_quota(text), holdfast.set_quota(regclass, uuid, uuid, int, text, text, int, int, text, text),
  holdfast.refund(regclass, uuid, uuid, uuid, int) TO regress_quota_owner, regress_quota_user;
GRANT CREATE ON SCHEMA t_quota TO regress_quota_owner;
SET search_path = t_quota, public;
SET check_function_bodies = off; -- the quota comes later
-- words for keys: organization 1, account a, reference x
CREATE FUNCTION k(word text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(word)::uuid $$;
CREATE FUNCTION caught(statement text, OUT state text, OUT message text, OUT detail text) LANGUAGE plpgsql AS $$
DECLARE
  v_answer text;
BEGIN
  EXECUTE statement INTO v_answer;
  message := v_answer;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END $$;
CREATE FUNCTION consume(amount int, reference text, account text DEFAULT 'a', organization text DEFAULT '1') RETURNS int LANGUAGE sql AS $$
  SELECT holdfast.consume('t_quota.q', k(organization), k(account), amount, k(reference)) $$;
CREATE FUNCTION refund(reference text, amount int DEFAULT NULL, account text DEFAULT 'a') RETURNS int LANGUAGE sql AS $$
  SELECT holdfast.refund('t_quota.q', k('1'), k(account), k(reference), amount) $$;
CREATE FUNCTION adjust(amount int, reason text, account text DEFAULT 'a') RETURNS int LANGUAGE sql AS $$
  SELECT holdfast.adjust('t_quota.q', k('1'), k(account), amount, reason) $$;
CREATE FUNCTION set_quota(account text, allocation int, effective text DEFAULT 'now') RETURNS int LANGUAGE sql AS $$
  SELECT holdfast.set_quota('t_quota.q', k('1'), k(account), allocation, effective => effective) $$;
CREATE FUNCTION alerts(account text) RETURNS int[] LANGUAGE sql AS $$ SELECT array_agg(threshold ORDER BY threshold) FROM t_quota.q_alerts a WHERE a.account = k(alerts.account) $$;
CREATE FUNCTION faults() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM holdfast.verify_quota('t_quota.q') $$;
\set ECHO all
-- made: four tables, closed, commented, with row security
SELECT holdfast.create_quota('t_quota.q');
\d q
\d q_ledger
\d q_periods
\d q_alerts
SELECT relname, relrowsecurity, relacl, obj_description(oid, 'pg_class') IS NOT NULL AS commented,
  (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NULL) AS columns_without
FROM pg_class c WHERE relnamespace = 't_quota'::regnamespace AND relkind = 'r' ORDER BY 1;
SELECT statement, c.* FROM unnest(ARRAY['NULL', '''''', '''t_quota.q''', '''no_such_schema.q''', 'repeat(''x'', 56)']) AS statement,
  caught(format('SELECT holdfast.create_quota(%s)', statement)) AS c;
SELECT holdfast.create_quota(repeat('x', 55)) = ('t_quota.' || repeat('x', 55))::regclass AS the_longest_name;

-- the clock stands still, so that periods do not pass
SET holdfast.now = '2027-03-10 12:00:00+00';
SET timezone = 'UTC';
SELECT set_quota('a', 10), holdfast.balance('q', k('1'), k('a')), holdfast.balance('q', k('1'), k('nobody')), holdfast.balance('q', k('2'), k('a'));
SELECT * FROM holdfast.quota_status('q', k('1'), k('a'));

-- taken while there is some, never below zero, and the words say what is left and until when
SELECT consume(3, 'x'), consume(1, 'y');
SELECT * FROM caught('SELECT consume(7, ''z'')');
SELECT * FROM holdfast.try_consume('q', k('1'), k('a'), 7, k('z'));
SELECT * FROM holdfast.try_consume('q', k('1'), k('a'), 6, k('z'));
SELECT * FROM caught('SELECT consume(1, ''z'')');
SELECT * FROM caught('SELECT consume(1, ''z'', ''nobody'')');
SELECT * FROM caught('SELECT consume(1, ''z'', ''a'', ''2'')');
SELECT kind, amount, created_at = holdfast.clock() AS now, period_starts_at, reason, actor FROM q_ledger ORDER BY id;
SELECT faults();

-- the thresholds, once each, in the transaction that reached them
SELECT threshold, available, balance, reached_at = holdfast.clock() AS now FROM q_alerts ORDER BY 1;
SELECT refund('z'), consume(6, 'z2');
SELECT threshold, available, balance FROM q_alerts ORDER BY 1;
SELECT set_quota('alerts', 100);
SELECT n, consume(n, 'al', 'alerts'), alerts('alerts') FROM unnest('{49,1,29,1,19,1}'::int[]) n;
SELECT set_quota('undone', 2);
BEGIN;
SELECT consume(1, 'u', 'undone');
SELECT count(*) FROM q_alerts WHERE account = k('undone');
ROLLBACK;
SELECT count(*) FROM q_alerts WHERE account = k('undone');
SELECT set_quota('nothing', 0), alerts('nothing');
SELECT * FROM caught('SELECT consume(1, ''n'', ''nothing'')');
-- a correction downwards reaches them too
SELECT set_quota('down', 10), consume(4, 'd', 'down'), adjust(-2, 'too many', 'down');
SELECT threshold, available, balance FROM q_alerts WHERE account = k('down');

-- given back: never more than was taken, and once
SELECT set_quota('r', 10), consume(4, 'r1', 'r'), consume(2, 'r2', 'r');
SELECT holdfast.consumed('q', k('1'), k('r'), k('r1')), refund('r1', 1, 'r'), refund('r1', 9, 'r'), refund('r1', NULL, 'r'), refund('r1', 1, 'r'), holdfast.consumed('q', k('1'), k('r'), k('r1'));
SELECT refund('never taken', NULL, 'r'), refund('r2', NULL, 'a') AS of_another_account, refund('r2', NULL, 'r');
SELECT consume(3, 'r1', 'r') AS taken_again, refund('r1', 2, 'r'), refund('r1', NULL, 'r'), refund('r1', NULL, 'r');
SELECT kind, sum(amount), count(*) FROM q_ledger WHERE account = k('r') GROUP BY 1 ORDER BY 1;
SELECT * FROM caught('SELECT refund(''r1'', NULL, ''nobody'')');
SELECT faults();

-- corrected by hand, with a reason and who
SELECT set_config('request.jwt.claims', '{"role": "authenticated", "sub": "00000000-0000-0000-0000-0000000000d1", "act": {"sub": "00000000-0000-0000-0000-0000000000d2"}}', false) <> '' AS token;
SELECT adjust(5, 'goodwill', 'r'), adjust(-15, 'taken back', 'r');
RESET request.jwt.claims;
SELECT amount, reason, actor FROM q_ledger WHERE account = k('r') AND kind = 'adjust' ORDER BY id;
SELECT a, c.* FROM unnest(ARRAY['1, ''''', '1, '' ''', '1, NULL', '0, ''x''', 'NULL, ''x''', '-1, ''x''', '1000000001, ''x''', '1000000000, ''x''', '1, repeat(''x'', 1001)']) a,
  caught(format('SELECT adjust(%s, ''r'')', a)) c;
SELECT * FROM holdfast.quota_status('q', k('1'), k('r'));

-- more within the period, at once; less, as far as it is not used; down and up again brings nothing
SELECT set_quota('m', 10), consume(8, 'm1', 'm'), consume(1, 'm2', 'm');
SELECT holdfast.set_allocation('q', k('1'), k('m'), 20, reason => 'bigger plan');
SELECT holdfast.set_allocation('q', k('1'), k('m'), 4);
SELECT balance, available, used, allocation FROM holdfast.quota_status('q', k('1'), k('m'));
SELECT holdfast.set_allocation('q', k('1'), k('m'), 10);
SELECT holdfast.set_allocation('q', k('1'), k('m'), 4);
SELECT refund('m1', 4, 'm') AS still_over, refund('m1', 2, 'm') AS one_over, refund('m1', NULL, 'm') AS two_back;
SELECT holdfast.set_allocation('q', k('1'), k('m'), 10, 'next_period');
SELECT allocation, next_allocation FROM holdfast.quota_status('q', k('1'), k('m'));
SELECT holdfast.set_allocation('q', k('1'), k('m'), 4);
SELECT next_allocation FROM holdfast.quota_status('q', k('1'), k('m'));
SELECT kind, amount, reason FROM q_ledger WHERE account = k('m') ORDER BY id;
SELECT * FROM caught('SELECT holdfast.set_allocation(''q'', k(''1''), k(''nobody''), 1)');
SELECT faults();

-- what is asked for has to make sense
SELECT a, c.* FROM unnest(ARRAY['NULL, k(''1''), k(''a''), 1, k(''x'')', '''pg_class'', k(''1''), k(''a''), 1, k(''x'')', '''q_ledger'', k(''1''), k(''a''), 1, k(''x'')', '''q'', NULL, k(''a''), 1, k(''x'')',
  '''q'', k(''1''), NULL, 1, k(''x'')', '''q'', k(''1''), k(''a''), NULL, k(''x'')', '''q'', k(''1''), k(''a''), 0, k(''x'')', '''q'', k(''1''), k(''a''), -1, k(''x'')', '''q'', k(''1''), k(''a''), 1, NULL']) a,
  caught(format('SELECT holdfast.consume(%s)', a)) c;
SELECT a, c.* FROM unnest(ARRAY['-1', 'NULL', '1000000001', '1, ''year''', '1, NULL', '1, ''day'', ''EST5EDT''', '1, ''day'', ''Europe/Nowhere''', '1, ''none'', ''Europe/Nowhere''', '1, ''day'', NULL',
  '1, ''day'', ''UTC'', -1', '1, ''day'', ''UTC'', 0, 0', '1, ''day'', ''UTC'', 0, 25', '1, ''day'', ''UTC'', 0, 1, ''later''', '1, ''day'', ''UTC'', 0, 1, NULL']) a,
  caught(format('SELECT holdfast.set_quota(''q'', k(''1''), k(''b''), %s)', a)) c;
SELECT a, c.* FROM unnest('{0,NULL,10001}'::text[]) a, caught(format('SELECT holdfast.roll_quotas(''q'', %L)', a)) c;
SELECT * FROM caught('SELECT holdfast.verify_quota(''pg_class'')');
SELECT * FROM caught('SELECT holdfast.verify_quota(NULL)');
SELECT * FROM caught('SELECT holdfast.refund(''q'', k(''1''), k(''a''), NULL)');
BEGIN READ ONLY;
SELECT * FROM caught('SELECT consume(1, ''x'')');
SELECT holdfast.balance('q', k('1'), k('m'));
ROLLBACK;

-- a transaction in REPEATABLE READ or SERIALIZABLE is served
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT consume(1, 'rr', 'm'), refund('rr', NULL, 'm');
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT consume(1, 'rr', 'm'), refund('rr', NULL, 'm');
COMMIT;

-- with the caller's rights: who may execute the function can still write nothing
SET ROLE regress_quota_user;
SELECT * FROM caught('SELECT holdfast.consume(''t_quota.q'', md5(''1'')::uuid, md5(''m'')::uuid, 1, md5(''x'')::uuid)');
RESET ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON q, q_ledger, q_alerts, q_periods TO regress_quota_user;
SET ROLE regress_quota_user;
SELECT * FROM caught('SELECT holdfast.consume(''t_quota.q'', md5(''1'')::uuid, md5(''m'')::uuid, 1, md5(''x'')::uuid)');
SELECT holdfast.balance('q', md5('1')::uuid, md5('m')::uuid) AS hidden;
SET ROLE regress_quota_owner;
SELECT holdfast.create_quota('owned');
SELECT holdfast.set_quota('owned', md5('1')::uuid, md5('m')::uuid, 1), holdfast.consume('t_quota.owned', md5('1')::uuid, md5('m')::uuid, 1, md5('x')::uuid);
RESET ROLE;
-- a policy that lets a row be seen and not written
CREATE POLICY look ON q FOR SELECT TO regress_quota_user USING (true);
CREATE POLICY enter ON q_ledger TO regress_quota_user USING (true);
SET ROLE regress_quota_user;
SELECT * FROM caught('SELECT holdfast.consume(''t_quota.q'', md5(''1'')::uuid, md5(''m'')::uuid, 1, md5(''x'')::uuid)');
SELECT * FROM caught('SELECT holdfast.refund(''t_quota.q'', md5(''1'')::uuid, md5(''m'')::uuid, md5(''m2'')::uuid)');
RESET ROLE;

-- the proof bites
SELECT faults();
CREATE FUNCTION bites(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_found text;
BEGIN
  EXECUTE statement;
  SELECT string_agg(format('%s (%s, not %s)', v.fault, v.found, v.expected), '; ' ORDER BY v.fault, v.found) INTO v_found FROM holdfast.verify_quota('t_quota.q') AS v;
  RAISE EXCEPTION USING message = coalesce(v_found, 'nothing'), errcode = 'HV000';
EXCEPTION WHEN SQLSTATE 'HV000' THEN
  RETURN SQLERRM;
END $$;
SELECT s, bites(s) FROM unnest(ARRAY[
  $$UPDATE q SET balance = balance + 1 WHERE account = k('down')$$,
  $$DELETE FROM q_ledger WHERE account = k('down') AND kind = 'consume'$$,
  $$DELETE FROM q WHERE account = k('down')$$,
  $$UPDATE q_ledger SET amount = amount + 1 WHERE account = k('r') AND kind = 'refund' AND amount = 3$$,
  $$INSERT INTO q_ledger SELECT organization_id, account, holdfast.uuid_v7(), period_starts_at, kind, amount, reference, reason, actor, created_at FROM q_ledger WHERE account = k('undone')$$,
  $$UPDATE q_ledger SET kind = 'gift' WHERE account = k('undone')$$,
  $$UPDATE q_ledger SET reference = NULL WHERE account = k('down') AND kind = 'consume'$$,
  $$INSERT INTO q_periods VALUES (k('1'), k('a'), '2027-01-01Z', '2027-02-01Z', 1, 1, 0, 0, 1)$$]) s;
SELECT state, message FROM caught($$UPDATE q SET balance = -1 WHERE account = k('undone')$$);
SELECT state, message FROM caught($$UPDATE q SET balance = available + 1 WHERE account = k('undone')$$);
-- nonsense that somebody writes past the functions is not computed with
DO $$
DECLARE
  v_change text;
BEGIN
  FOREACH v_change IN ARRAY ARRAY['period = ''year''', 'allocation = -1', 'carry_periods = 25', 'carried = ''{-1}''', 'carried = ''{99}''', 'period_ends_at = period_starts_at', 'shortfall = -1', 'available = 2000000000']
  LOOP
    BEGIN
      EXECUTE format('UPDATE q SET %s WHERE account = k(''undone'')', v_change);
      PERFORM refund('x', NULL, 'undone');
      RAISE WARNING '% is computed with', v_change;
    EXCEPTION WHEN data_corrupted THEN
      NULL;
    END;
  END LOOP;
END
$$;
\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA t_quota CASCADE;
DROP OWNED BY regress_quota_owner, regress_quota_user;
DROP ROLE regress_quota_owner, regress_quota_user;

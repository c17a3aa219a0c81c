-- Quotas at their limits, and tables of theirs that somebody has altered: the executor does what the direct way did.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
CREATE SCHEMA t_quota_limits;
SET search_path = t_quota_limits;
SET TimeZone = 'UTC';
SET holdfast.now = '2030-01-15 00:00+00';
CREATE FUNCTION k(word text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(word)::uuid $$;
SELECT holdfast.create_quota('t_quota_limits.q');

-- never more than 10^9 units
SELECT holdfast.set_quota('q', k('1'), k('full'), 999999990);
SELECT holdfast.adjust('q', k('1'), k('full'), 10, 'up to the limit');
SELECT holdfast.adjust('q', k('1'), k('full'), 1, 'beyond it');
SELECT holdfast.set_allocation('q', k('1'), k('full'), 999999991);
SELECT holdfast.adjust('q', k('1'), k('nobody'), 1, 'no such account');
SELECT * FROM holdfast.verify_quota('q');

-- A carry of more, fewer and no periods, changed on the way: what was kept longest goes first, and the sum is right.
SELECT holdfast.set_quota('q', k('1'), k('kept'), 10, carry_limit => 100, carry_periods => 3);
CREATE FUNCTION turn(month text, more text DEFAULT NULL) RETURNS TABLE (balance int, carried int, faults bigint) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('holdfast.now', month || '-15 00:00+00', false);
    IF more IS NOT NULL THEN
        EXECUTE more;
    END IF;
    PERFORM holdfast.roll_quotas('q');
    RETURN QUERY SELECT s.balance, s.carried, (SELECT count(*) FROM holdfast.verify_quota('q')) FROM holdfast.quota_status('q', k('1'), k('kept')) AS s;
END $$;
SELECT * FROM turn('2030-02');
SELECT * FROM turn('2030-03');
SELECT * FROM turn('2030-04');
SELECT * FROM turn('2030-05');
SELECT * FROM turn('2030-05', $$SELECT holdfast.set_quota('q', k('1'), k('kept'), 10, carry_limit => 100, carry_periods => 1)$$);
SELECT * FROM turn('2030-06');
SELECT * FROM turn('2030-06', $$SELECT holdfast.set_quota('q', k('1'), k('kept'), 10, carry_limit => 100, carry_periods => 4, effective => 'next_period')$$);
SELECT * FROM turn('2030-07');
SELECT * FROM turn('2030-08');
SELECT * FROM turn('2030-09', $$SELECT holdfast.set_quota('q', k('1'), k('kept'), 10, carry_limit => 0)$$);
SELECT * FROM turn('2030-10');

-- An account's period may end between two calls, with triggers of the user's own on the tables as without.
CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
SELECT holdfast.set_quota('q', k('1'), k('spent'), 3);
SELECT holdfast.consume('q', k('1'), k('spent'), 3, k('october'));
CREATE TRIGGER pass BEFORE UPDATE ON q FOR EACH ROW EXECUTE FUNCTION pass();
SELECT * FROM holdfast.try_consume('q', k('1'), k('spent'), 1, k('too many'));
SET holdfast.now = '2030-11-01 00:00+00';
SELECT * FROM holdfast.try_consume('q', k('1'), k('spent'), 1, k('november'));
DROP TRIGGER pass ON q;
-- a column that is gone and one more; another primary key
ALTER TABLE q ADD COLUMN note text;
SELECT holdfast.consume('q', k('1'), k('spent'), 1, k('with a column'));
ALTER TABLE q DROP COLUMN note;
SELECT holdfast.consume('q', k('1'), k('spent'), 1, k('without it'));
SELECT * FROM holdfast.try_consume('q', k('1'), k('spent'), 1, k('none left'));
DO $$
BEGIN
    EXECUTE format('ALTER TABLE q DROP CONSTRAINT %I CASCADE', (SELECT conname FROM pg_constraint WHERE conrelid = 'q'::regclass AND contype = 'p'));
END $$;
ALTER TABLE q ADD PRIMARY KEY (account, organization_id);
SELECT holdfast.refund('q', k('1'), k('spent'), k('november'));
SELECT holdfast.consume('q', k('1'), k('spent'), 1, k('again'));
SELECT * FROM holdfast.verify_quota('q');

SET client_min_messages = warning;
DROP SCHEMA t_quota_limits CASCADE;

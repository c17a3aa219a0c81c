-- What the calendar promises. Run once for each way of writing; both must answer the same.
SET timezone = 'UTC';
SET datestyle = ISO;
SET holdfast.now = '2030-01-01 00:00:00+00';
CREATE SCHEMA t_calendar;
SET search_path = t_calendar;
SELECT holdfast.create_calendar('cal');

-- Shorthands. u(n) is a key; at(from, to) is a range on 10 January 2030; caught() runs a statement and says how it ended.
CREATE FUNCTION u(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$SELECT lpad(n::text, 32, '0')::uuid$$;
CREATE FUNCTION at(f text, t text) RETURNS tstzrange LANGUAGE sql IMMUTABLE AS
$$SELECT tstzrange(('2030-01-10 ' || f || '+00')::timestamptz, ('2030-01-10 ' || t || '+00')::timestamptz)$$;
CREATE FUNCTION short(r tstzrange) RETURNS text LANGUAGE sql STABLE AS $$SELECT to_char(lower(r), 'HH24:MI') || '-' || to_char(upper(r), 'HH24:MI')$$;
CREATE FUNCTION caught(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_detail text;
BEGIN
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, nullif(v_detail, ''));
END $$;
-- hold one resource for one range and keep the key under a name
CREATE TABLE keys (name text PRIMARY KEY, key uuid);
CREATE FUNCTION hold(name text, resource int, during tstzrange, ttl interval DEFAULT '5 minutes', replaces uuid DEFAULT NULL)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_key uuid;
BEGIN
    SELECT h.hold_key INTO v_key FROM holdfast.hold('t_calendar.cal', t_calendar.u(9), ARRAY[t_calendar.u(hold.resource)],
        ARRAY[hold.during], t_calendar.u(7), hold.ttl, replaces => hold.replaces) AS h;
    INSERT INTO t_calendar.keys VALUES (hold.name, v_key) ON CONFLICT ON CONSTRAINT keys_pkey DO UPDATE SET key = v_key;
    RETURN 'held';
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END $$;
CREATE FUNCTION key(name text) RETURNS uuid LANGUAGE sql STABLE AS $$SELECT k.key FROM t_calendar.keys AS k WHERE k.name = $1$$;
CREATE VIEW rows AS
SELECT right(resource_id::text, 2) AS res, lane, short(during) AS occupied, short(tstzrange(starts_at, ends_at)) AS booked, kind,
       (SELECT name FROM keys WHERE key = hold_key) AS name,
       CASE WHEN reference = hold_key THEN 'own' ELSE coalesce((SELECT name FROM keys WHERE key = reference), right(reference::text, 2)) END AS ref,
       to_char(expires_at, 'HH24:MI:SS') AS expires
FROM cal ORDER BY resource_id, during, lane;

-- A hold: one row per range, keyed so that a batch is a range of keys.
SELECT during, expires_at, uuid_send(hold_key) IS NOT NULL AS keyed
FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7));
SELECT organization_id, resource_id, lane, during, starts_at, ends_at, kind, batch_key = hold_key AS first, reference = hold_key AS own,
       holder, replaces, expires_at, created_at FROM cal;
-- The executor writes in a subtransaction of its own.
BEGIN;
SELECT count(*) FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('08:00', '09:00')], u(7));
SELECT (xmin::text = (pg_current_xact_id()::text::bigint % 4294967296)::text) = current_setting('holdfast.direct_insert')::boolean AS as_set
FROM cal WHERE starts_at = lower(at('08:00', '09:00'));
ROLLBACK;
TRUNCATE cal;

-- Conflicts: which occurrence, how long, what else. Touching is no conflict; nor is another resource or organization.
SELECT hold('a', 1, at('10:00', '11:00'));
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:59', '12:00')], u(7))$$);
SELECT hold('b', 1, at('11:00', '12:00'), '90 seconds'), hold('c', 1, at('09:00', '10:00'));
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:30', '11:30')], u(7))$$);
SELECT hold('d', 2, at('10:00', '11:00'));
SELECT count(*) FROM holdfast.hold('cal', u(8), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7));
-- A fraction of a second still counts as one; a booking in the way has no retry.
SET holdfast.now = '2030-01-01 00:01:29.999';
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('11:10', '11:20')], u(7))$$);
SELECT during FROM holdfast.confirm('cal', u(9), key('a'));
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:30', '11:30')], u(7))$$);
TABLE rows;

-- Several resources and occurrences: all or nothing; every occurrence that clashes is named.
SET holdfast.now = '2030-01-01 00:00:00+00';
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(3), u(2)],
    ARRAY[at('08:00', '08:30'), at('10:30', '11:30'), at('12:00', '13:00'), at('09:30', '10:15')], u(7))$$);
SELECT count(*) FROM cal WHERE resource_id = u(3);
SELECT row_number() OVER () AS n, during, expires_at FROM holdfast.hold('cal', u(9), ARRAY[u(3), u(2)],
    ARRAY[at('14:00', '15:00'), at('12:00', '13:00'), at('13:00', '13:30')], u(7));
SELECT right(resource_id::text, 1) AS res, occurrence, during, same FROM (
    SELECT resource_id, right(hold_key::text, 4) AS occurrence, during, left(hold_key::text, 32) = left(batch_key::text, 32)
        AND right(batch_key::text, 4) = '0000' AS same FROM cal WHERE lower(during) >= lower(at('12:00', '13:00'))) AS b
ORDER BY res, occurrence;
TRUNCATE cal;

-- A lapsed hold is in nobody's way, and is removed by who meets it.
SELECT hold('a', 1, at('10:00', '11:00'), '1 minute');
SELECT hold('b', 1, at('10:30', '11:30'));
SET holdfast.now = '2030-01-01 00:01:00+00';
SELECT hold('b', 1, at('10:30', '11:30'));
TABLE rows;
SELECT caught($$SELECT holdfast.confirm('cal', u(9), key('a'))$$);
-- What is left of a batch that was met is lapsed all the same.
SELECT hold_key AS two FROM holdfast.hold('cal', u(9), ARRAY[u(2), u(3)], ARRAY[at('10:00', '11:00')], u(7), '1 minute') \gset
SET holdfast.now = '2030-01-01 00:03:00+00';
SELECT hold('c', 2, at('10:00', '11:00'));
SELECT caught(format('SELECT holdfast.confirm(%L, u(9), %L)', 'cal', :'two'));
SELECT caught(format('SELECT holdfast.extend(%L, u(9), %L, %L)', 'cal', :'two', '1 minute'));
SELECT holdfast.release('cal', u(9), :'two');
SET holdfast.now = '2030-01-01 00:00:00+00';
TRUNCATE cal;

-- Capacity: the first free lane; one lane must be free for the whole time.
SELECT count(*) FROM generate_series(1, 3) AS n, LATERAL holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7),
    n * interval '10 minutes', ARRAY[3]);
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:30', '11:30')], u(7), capacities => ARRAY[3])$$);
SELECT holdfast.release('cal', u(9), hold_key) FROM cal WHERE lane = 1;
SELECT count(*) FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:30', '11:30'), at('11:00', '12:00'), at('11:15', '11:45')], u(7), capacities => ARRAY[3]);
SELECT res, lane, occupied FROM rows ORDER BY lane, occupied;
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '12:30')], u(7), capacities => ARRAY[3])$$);
TRUNCATE cal;

-- Buffers extend what is occupied, not what is booked; the gap is the sum.
SELECT during FROM holdfast.hold('cal', u(9), ARRAY[u(1), u(2)], ARRAY[at('10:00', '11:00')], u(7),
    before => ARRAY['5 minutes', '0']::interval[], after => ARRAY['10 minutes', '0']::interval[]);
TABLE rows;
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('11:10', '12:00')], u(7), before => ARRAY[interval '5 minutes'])$$);
SELECT during FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('11:15', '12:00')], u(7), before => ARRAY[interval '5 minutes']);
SELECT during FROM holdfast.hold('cal', u(9), ARRAY[u(2)], ARRAY[at('11:00', '12:00')], u(7));
TRUNCATE cal;

-- confirm: the whole batch, once, in place.
SELECT hold_key AS three, during FROM holdfast.hold('cal', u(9), ARRAY[u(1), u(2)],
    ARRAY[at('12:00', '13:00'), at('10:00', '11:00'), at('14:00', '15:00')], u(7)) LIMIT 1 \gset
SELECT hold_key AS last FROM cal WHERE starts_at = lower(at('14:00', '15:00')) LIMIT 1 \gset
BEGIN;
SELECT during, reference = hold_key AS own FROM holdfast.confirm('cal', u(9), :'last');
SELECT pg_stat_get_xact_tuples_updated('cal'::regclass) >= 6 AS updated,
       pg_stat_get_xact_tuples_updated('cal'::regclass) - pg_stat_get_xact_tuples_hot_updated('cal'::regclass) AS not_hot;
TABLE rows;
SELECT caught(format('SELECT holdfast.confirm(%L, u(9), %L)', 'cal', :'three'));
SELECT caught(format('SELECT holdfast.release(%L, u(9), %L)', 'cal', :'three'));
SELECT caught(format('SELECT holdfast.extend(%L, u(9), %L, %L)', 'cal', :'three', '1 minute'));
ROLLBACK;
SELECT during, reference FROM holdfast.confirm('cal', u(9), :'three', ARRAY[u(31), u(32), u(33)]);
TABLE rows;
SELECT holdfast.unblock('cal', u(9), u(32)), holdfast.unblock('cal', u(9), u(32)), holdfast.unblock('cal', u(8), u(33));
TABLE rows;
SELECT hold('a', 5, at('10:00', '11:00'));
SELECT caught($$SELECT holdfast.confirm('cal', u(9), key('a'), ARRAY[u(1), u(2)])$$);
SELECT caught($$SELECT holdfast.confirm('cal', u(8), key('a'))$$), caught($$SELECT holdfast.confirm('cal', u(9), u(1))$$);
SET holdfast.now = '2030-01-01 00:05:00+00';
SELECT caught($$SELECT holdfast.confirm('cal', u(9), key('a'))$$);
SET holdfast.now = '2030-01-01 00:00:00+00';
-- A booking goes by its hold key; a hold is not unblocked, a booking not released.
SELECT holdfast.unblock('cal', u(9), key('a'));
SELECT during FROM holdfast.confirm('cal', u(9), key('a'));
SELECT holdfast.unblock('cal', u(9), key('a'));
TRUNCATE cal;

-- release: the batch, by any of its keys, and again without harm.
SELECT max(hold_key::text) AS one FROM holdfast.hold('cal', u(9), ARRAY[u(1), u(2)], ARRAY[at('12:00', '13:00'), at('10:00', '11:00')], u(7)) \gset
SELECT holdfast.release('cal', u(8), :'one'), holdfast.release('cal', u(9), :'one'), holdfast.release('cal', u(9), :'one');
SELECT count(*) FROM cal;

-- A batch is what has its batch key, not what happens to have a key nearby.
SELECT hold('a', 1, at('10:00', '11:00'));
INSERT INTO cal SELECT organization_id, u(2), lane, during, starts_at, ends_at, kind, near, near, near, holder, replaces, expires_at
FROM cal, LATERAL (SELECT (left(hold_key::text, 32) || '0005')::uuid AS near) AS n;
SELECT holdfast.release('cal', u(9), key('a'));
SELECT res FROM rows;
TRUNCATE cal;

-- extend: from now, never back, never past the longest life of a hold.
SELECT hold('a', 1, at('10:00', '11:00'), '10 minutes');
SELECT holdfast.extend('cal', u(9), key('a'), '1 minute'), holdfast.extend('cal', u(9), key('a'), '20 minutes');
SET holdfast.now = '2030-01-01 00:19:00+00';
SELECT holdfast.extend('cal', u(9), key('a'), '50 minutes');
SET holdfast.now = '2030-01-01 00:59:59+00';
SELECT holdfast.extend('cal', u(9), key('a'), '50 minutes');
SET holdfast.now = '2030-01-01 01:00:00+00';
SELECT caught($$SELECT holdfast.extend('cal', u(9), key('a'), '50 minutes')$$), caught($$SELECT holdfast.extend('cal', u(9), u(1), '50 minutes')$$);
SET holdfast.now = '2030-01-01 00:00:00+00';
TRUNCATE cal;

-- block: every lane of the resource; several under one reference.
SELECT holdfast.block('cal', u(9), u(1), at('10:00', '11:00'), 'busy', u(50)), holdfast.block('cal', u(9), u(1), at('11:00', '12:00'), reference => u(50));
SELECT holdfast.block('cal', u(9), u(2), at('10:00', '11:00'), capacity => 3) = hold_key AS own, hold_key = batch_key AS batch, reference = hold_key AS ref
FROM cal LIMIT 1;
TABLE rows;
SELECT hold_key AS h FROM holdfast.hold('cal', u(9), ARRAY[u(3)], ARRAY[at('10:00', '11:00')], u(7), '1 minute', ARRAY[2]) \gset
SELECT caught($$SELECT holdfast.block('cal', u(9), u(3), at('10:30', '11:30'), capacity => 2)$$);
SELECT caught($$SELECT holdfast.block('cal', u(9), u(1), at('10:30', '11:30'))$$);
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(2)], ARRAY[at('10:00', '11:00')], u(7), capacities => ARRAY[3])$$);
SET holdfast.now = '2030-01-01 00:01:00+00';
SELECT holdfast.block('cal', u(9), u(3), at('10:30', '11:30'), 'busy', u(51), 2);
SELECT holdfast.unblock('cal', u(9), u(50)), holdfast.unblock('cal', u(9), u(51));
SELECT res, lane, occupied, kind FROM rows;
SET holdfast.now = '2030-01-01 00:00:00+00';
TRUNCATE cal;

-- A hold that replaces a booking may overlap it: its own time is in the booking's shadow, guards keep the rest.
SELECT hold('old', 1, at('10:00', '11:00'));
SELECT count(*) FROM holdfast.confirm('cal', u(9), key('old'));
SELECT hold('new', 1, at('10:30', '11:30')), hold('new', 1, at('10:30', '11:30'), replaces => u(1));
SELECT hold('new', 1, at('10:30', '11:30'), replaces => key('old'));
TABLE rows;
-- Nobody comes in between, not even before or after the booking is gone; nor does a second change of mind.
SELECT hold('x', 1, at('11:00', '11:30')), hold('x', 1, at('10:30', '11:00')), hold('x', 1, at('11:15', '12:00')),
       hold('x', 1, at('10:45', '11:15'), replaces => key('old')), hold('x', 1, at('10:30', '10:40'), replaces => key('old'));
SELECT caught($$SELECT holdfast.block('cal', u(9), u(1), at('11:10', '11:20'))$$);
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:30', '10:40')], u(7), replaces => key('old'))$$);
SELECT * FROM holdfast.verify_calendar('cal');
BEGIN;
SELECT during, reference = key('old') AS kept FROM holdfast.confirm('cal', u(9), key('new'), ARRAY[key('old')]);
TABLE rows;
SELECT hold('x', 1, at('10:00', '10:30')), hold('y', 1, at('11:30', '12:00')), hold('z', 1, at('10:15', '10:31'));
ROLLBACK;
-- Released or lapsed, it leaves the booking as it was.
BEGIN;
SELECT holdfast.release('cal', u(9), key('new'));
TABLE rows;
ROLLBACK;
BEGIN;
SET LOCAL holdfast.now = '2030-01-01 00:10:00+00';
SELECT caught($$SELECT holdfast.confirm('cal', u(9), key('new'))$$);
SELECT hold('x', 1, at('11:00', '11:30')), hold('y', 1, at('10:30', '11:00'));
SELECT * FROM holdfast.verify_calendar('cal');
SELECT holdfast.unblock('cal', u(9), key('old'));
TABLE rows;
SELECT hold('y', 1, at('10:30', '11:00'));
ROLLBACK;
-- Lapsed and without its guard, whose time somebody has taken, it stays where it is when the booking goes.
BEGIN;
DELETE FROM cal WHERE lane = 0 AND kind = 'busy-tentative';
SELECT hold('x', 1, at('11:00', '11:30'));
SET LOCAL holdfast.now = '2030-01-01 00:06:00+00';
SELECT holdfast.unblock('cal', u(9), key('old'));
TABLE rows;
ROLLBACK;
-- When the booking is cancelled, the hold moves into its place at once.
BEGIN;
SELECT holdfast.unblock('cal', u(9), key('old'));
TABLE rows;
SELECT hold('x', 1, at('10:30', '11:00')), hold('y', 1, at('10:00', '10:30'));
SELECT during FROM holdfast.confirm('cal', u(9), key('new'));
TABLE rows;
ROLLBACK;
SELECT holdfast.extend('cal', u(9), key('new'), '10 minutes');
TABLE rows;
SELECT holdfast.release('cal', u(9), key('new'));
-- Inside the booking, around it, beside it, with buffers.
SELECT hold('in', 1, at('10:15', '10:45'), replaces => key('old'));
SELECT hold('x', 1, at('10:20', '10:50'), replaces => key('old'));
TABLE rows;
SELECT holdfast.release('cal', u(9), key('in'));
SELECT hold('around', 1, at('09:30', '11:30'), replaces => key('old'));
TABLE rows;
SELECT holdfast.release('cal', u(9), key('around'));
SELECT hold('beside', 1, at('11:00', '12:00'), replaces => key('old'));
TABLE rows;
SELECT during FROM holdfast.confirm('cal', u(9), key('beside'));
TABLE rows;
TRUNCATE cal;
SELECT hold('old', 1, at('10:00', '11:00'));
SELECT count(*) FROM holdfast.confirm('cal', u(9), key('old'), ARRAY[u(60)]);
SELECT hold_key AS moved FROM holdfast.hold('cal', u(9), ARRAY[u(1), u(2)], ARRAY[at('10:30', '11:30')], u(7), capacities => ARRAY[1, 4],
    before => ARRAY['45 minutes', '0']::interval[], after => ARRAY['15 minutes', '0']::interval[], replaces => u(60)) \gset
TABLE rows;
SELECT during, reference FROM holdfast.confirm('cal', u(9), :'moved', ARRAY[u(60)]);
TABLE rows;
TRUNCATE cal;
-- Deleted past unblock(), the booking leaves its time to whoever comes first; then the hold that waited has lost it.
SELECT hold('old', 1, at('10:00', '11:00'));
SELECT count(*) FROM holdfast.confirm('cal', u(9), key('old'));
SELECT hold('new', 1, at('10:30', '11:30'), replaces => key('old'));
DELETE FROM cal WHERE hold_key = key('old');
SELECT hold('x', 1, at('10:15', '10:45')), hold('y', 1, at('11:00', '11:30'));
SELECT caught($$SELECT holdfast.confirm('cal', u(9), key('new'))$$);
SELECT lane, short(overlap) FROM holdfast.verify_calendar('cal');
TRUNCATE cal;
-- A booking of several occurrences in several lanes, all of which go.
SELECT count(*) FROM generate_series(7, 8) AS n, LATERAL holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(n), capacities => ARRAY[2]);
SELECT count(*) FROM (SELECT hold_key FROM cal WHERE lane = 1) AS b, LATERAL holdfast.confirm('cal', u(9), b.hold_key, ARRAY[u(61)]);
SELECT holdfast.block('cal', u(9), u(1), at('11:00', '12:00'), 'busy', u(61));
SELECT hold_key AS moved FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:30', '11:30')], u(7), capacities => ARRAY[2], replaces => u(61)) \gset
TABLE rows;
SELECT caught($$SELECT holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('11:10', '11:20'), at('11:00', '11:20')], u(7), capacities => ARRAY[2])$$);
SELECT during FROM holdfast.confirm('cal', u(9), :'moved');
TABLE rows;
SELECT * FROM holdfast.verify_calendar('cal');
TRUNCATE cal;

-- try_hold returns what hold would raise, leaves nothing of the batch, and lets the transaction go on.
SELECT hold('a', 2, at('12:00', '13:00'));
BEGIN;
SELECT during, hold_key IS NOT NULL AS held, expires_at, conflict FROM holdfast.try_hold('cal', u(9), ARRAY[u(1), u(2)],
    ARRAY[at('10:00', '11:00'), at('12:30', '13:30')], u(7));
SELECT count(*) FROM cal;
SELECT during, hold_key IS NOT NULL AS held, expires_at, conflict FROM holdfast.try_hold('cal', u(9), ARRAY[u(1), u(2)],
    ARRAY[at('10:00', '11:00'), at('13:30', '14:30')], u(7));
COMMIT;
TABLE rows;
SELECT caught($$SELECT holdfast.try_hold('cal', u(9), ARRAY[u(1)], ARRAY[at('10:00', '11:00')], u(7), '-1 minute')$$);
TRUNCATE cal;

-- In a snapshot that is older than what happened, and with a conflict inside a block that catches it.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT hold('a', 1, at('10:00', '11:00')), hold('b', 1, at('10:30', '11:30')), hold('b', 1, at('11:00', '12:00'));
SELECT during FROM holdfast.confirm('cal', u(9), key('a'));
SELECT holdfast.release('cal', u(9), key('b'));
SELECT hold('b', 1, at('11:00', '12:00')), holdfast.unblock('cal', u(9), key('a')), hold('c', 1, at('10:30', '11:00'));
COMMIT;
TABLE rows;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT hold('d', 1, at('10:00', '10:31')), hold('d', 1, at('10:00', '10:30'));
SELECT during FROM holdfast.confirm('cal', u(9), key('c'));
COMMIT;
TABLE rows;

-- Without the constraint the lock alone still keeps the calendar right.
TRUNCATE cal;
ALTER TABLE cal DROP CONSTRAINT cal_organization_id_resource_id_lane_during_hold_key_excl;
SELECT hold('a', 1, at('10:00', '11:00'), '1 minute'), hold('b', 1, at('10:30', '11:30'));
SET holdfast.now = '2030-01-01 00:01:00+00';
SELECT hold('b', 1, at('10:30', '11:30'));
TABLE rows;
SELECT * FROM holdfast.verify_calendar('cal');

SET client_min_messages = warning;
DROP SCHEMA t_calendar CASCADE;

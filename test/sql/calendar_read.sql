-- Calendar: what is free, what stands in the way, and the proof that nothing is booked twice.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_calendar_read;
RESET client_min_messages;
SET search_path = t_calendar_read;
SET timezone = 'UTC';
SET datestyle = ISO;
SET holdfast.now = '2030-01-01 00:00:00+00';
SELECT holdfast.create_calendar('cal');
CREATE FUNCTION u(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$SELECT lpad(n::text, 32, '0')::uuid$$;
CREATE FUNCTION at(f text, t text) RETURNS tstzrange LANGUAGE sql IMMUTABLE AS
$$SELECT tstzrange(('2030-01-10 ' || f || '+00')::timestamptz, ('2030-01-10 ' || t || '+00')::timestamptz)$$;
CREATE FUNCTION short(r tstzrange) RETURNS text LANGUAGE sql STABLE AS $$SELECT to_char(lower(r), 'DD HH24:MI') || '-' || to_char(upper(r), 'HH24:MI')$$;

-- next_free: the time itself when it is free; else the next, for all resources, lanes and buffers.
SELECT short(f) FROM holdfast.next_free('cal', u(9), ARRAY[u(1)], at('10:00', '10:45')) f;
SELECT holdfast.block('cal', u(9), u(1), at('10:30', '11:00'), 'busy', u(50)), holdfast.block('cal', u(9), u(1), at('12:00', '13:00'), 'busy', u(51)),
       holdfast.block('cal', u(9), u(2), at('11:30', '12:30'), 'busy', u(52));
SELECT short(f) FROM holdfast.next_free('cal', u(9), ARRAY[u(1)], at('10:00', '10:45')) f;
SELECT short(f) FROM holdfast.next_free('cal', u(9), ARRAY[u(1), u(2)], at('10:00', '10:45'), max_count => 2) f;
SELECT short(f) FROM holdfast.next_free('cal', u(9), ARRAY[u(1), u(2)], at('10:00', '10:30'), before => ARRAY['10 minutes', '0']::interval[], after => ARRAY['5 minutes', '0']::interval[], max_count => 4) f;
SELECT short(f) FROM holdfast.next_free('cal', u(9), ARRAY[u(1), u(2)], at('10:00', '11:00'), ARRAY[2, 1], max_count => 4) f;
-- A hold counts until it has lapsed. A year of time off is further than anybody looks.
SELECT count(*) FROM holdfast.hold('cal', u(9), ARRAY[u(3)], ARRAY[at('10:00', '11:00')], u(7), '1 minute');
SELECT short(f) FROM holdfast.next_free('cal', u(9), ARRAY[u(3)], at('10:00', '11:00'), max_count => 1) f;
SET holdfast.now = '2030-01-01 00:01:00+00';
SELECT short(f) FROM holdfast.next_free('cal', u(9), ARRAY[u(3)], at('10:00', '11:00'), max_count => 1) f;
SELECT holdfast.block('cal', u(9), u(4), tstzrange('2030-01-11', '2031-01-11'), reference => u(53));
SELECT short(f) FROM holdfast.next_free('cal', u(9), ARRAY[u(4)], tstzrange('2030-01-10 22:30', '2030-01-10 23:30')) f;
SELECT short(f) FROM holdfast.next_free('cal', u(9), ARRAY[u(4)], tstzrange('2030-01-11', '2030-01-12')) f;
-- Free means that hold() would have it: compare with a brute force over random calendars.
CREATE FUNCTION same(seed float) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    c int := 1 + (random() * 2)::int; b interval := (random() * 20)::int * interval '1 minute'; a interval := (random() * 20)::int * interval '1 minute';
    len interval := (5 + (random() * 60)::int) * interval '1 minute'; t timestamptz := '2030-02-01'; expected tstzrange[] := '{}'; got tstzrange[];
BEGIN
    TRUNCATE cal;
    FOR i IN 1 .. 25 LOOP
        t := timestamptz '2030-02-01' + (random() * 1200)::int * interval '1 minute';
        PERFORM holdfast.try_hold('cal', u(9), ARRAY[u(1 + i % 2)], ARRAY[tstzrange(t, t + (5 + (random() * 90)::int) * interval '1 minute')], NULL, capacities => ARRAY[c]);
    END LOOP;
    t := '2030-02-01 01:00';
    WHILE cardinality(expected) < 4 LOOP
        IF NOT EXISTS (SELECT FROM unnest(ARRAY[u(1), u(2)]) r WHERE (
               SELECT count(DISTINCT lane) FROM cal WHERE resource_id = r AND lane < c AND during && tstzrange(t - b, t + len + a)) >= c) THEN
            expected := expected || tstzrange(t, t + len);
            t := t + len;
        ELSE
            t := t + interval '1 minute';
        END IF;
    END LOOP;
    SELECT array_agg(f) INTO got FROM holdfast.next_free('cal', u(9), ARRAY[u(1), u(2)], tstzrange('2030-02-01 01:00', timestamptz '2030-02-01 01:00' + len),
        ARRAY[c, c], ARRAY[b, b], ARRAY[a, a], 4) f;
    RETURN got = expected;
END $$;
SELECT setseed(0.5) IS NOT NULL AS seeded, count(*) FILTER (WHERE same(n)) AS same, count(*) AS of FROM generate_series(1, 200) n;
TRUNCATE cal;

-- conflicts: what stands in each range, without what has lapsed.
SET holdfast.now = '2030-01-01 00:00:00+00';
SELECT holdfast.block('cal', u(9), u(1), at('10:00', '11:00'), 'busy', u(50)), holdfast.block('cal', u(9), u(2), at('10:00', '11:00'), reference => u(51), capacity => 2);
SELECT count(*) FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('11:00', '12:00')], u(7), '1 minute', after => ARRAY[interval '15 minutes']);
SELECT count(*) FROM holdfast.hold('cal', u(9), ARRAY[u(1)], ARRAY[at('09:45', '10:30')], u(7), replaces => u(50));
SELECT index, right(resource_id::text, 1) AS res, lane, short(during) AS occupied, to_char(starts_at, 'HH24:MI') AS starts, to_char(ends_at, 'HH24:MI') AS ends,
       kind, right(reference::text, 2) IN ('50', '51') AS ours, holder, expires_at
FROM holdfast.conflicts('cal', u(9), ARRAY[u(2), u(1)], ARRAY[at('12:05', '12:10'), at('09:50', '10:30'), at('13:00', '14:00')]);
SET holdfast.now = '2030-01-01 00:01:00+00';
SELECT index, kind FROM holdfast.conflicts('cal', u(9), ARRAY[u(2), u(1)], ARRAY[at('12:05', '12:10'), at('09:50', '10:30')]);
SELECT count(*) FROM holdfast.conflicts('cal', u(8), ARRAY[u(2), u(1)], ARRAY[at('12:05', '12:10'), at('09:50', '10:30')]);

-- verify_calendar does not believe the constraint: it finds every pair that overlaps in a broken calendar.
SELECT count(*) FROM holdfast.verify_calendar('cal');
CREATE TABLE broken (LIKE cal INCLUDING DEFAULTS);
INSERT INTO broken SELECT u(9), u(1), 0, r, lower(r), upper(r), 'busy', u(n::int), u(n::int), u(n::int)
FROM unnest(ARRAY[at('08:00', '18:00'), at('09:00', '10:00'), at('10:00', '11:00'), at('10:30', '12:00'), at('18:00', '19:00'), at('18:59', '20:00'), at('08:00', '18:00')]) WITH ORDINALITY AS t (r, n);
INSERT INTO broken SELECT u(8), resource_id, lane, during, starts_at, ends_at, kind, hold_key, batch_key, reference FROM broken WHERE hold_key IN (u(2), u(3), u(5));
INSERT INTO broken SELECT organization_id, u(2), lane, during, starts_at, ends_at, kind, hold_key, batch_key, reference FROM broken WHERE hold_key = u(1);
INSERT INTO broken SELECT organization_id, resource_id, 1, during, starts_at, ends_at, kind, hold_key, batch_key, reference FROM broken WHERE hold_key = u(2) AND organization_id = u(9);
SELECT right(organization_id::text, 1) AS org, right(resource_id::text, 1) AS res, lane, right(first_hold_key::text, 1) AS first, right(second_hold_key::text, 1) AS second, short(overlap)
FROM holdfast.verify_calendar('broken') ORDER BY 4, 5;
-- A hold in a shadow may overlap what it replaces, and nothing else in that lane.
TRUNCATE broken;
INSERT INTO broken (organization_id, resource_id, lane, during, starts_at, ends_at, kind, hold_key, batch_key, reference, replaces, expires_at, created_at)
SELECT u(9), u(1), lane, r, lower(r), upper(r), CASE WHEN key < 3 THEN 'busy' ELSE 'busy-tentative' END, u(key), u(key), u(key), u(1), CASE WHEN key > 2 THEN timestamptz '2030-01-01 00:02' END, now()
FROM (VALUES (1, 0, at('10:00', '11:00')), (2, 0, at('11:00', '12:00')), (3, -1, at('10:30', '11:30'))) AS t (key, lane, r);
SELECT lane, right(first_hold_key::text, 1) AS first, right(second_hold_key::text, 1) AS second, short(overlap) FROM holdfast.verify_calendar('broken');
SET holdfast.now = '2030-01-01 00:02:00+00';
SELECT count(*) FROM holdfast.verify_calendar('broken');

SET client_min_messages = warning;
DROP SCHEMA t_calendar_read CASCADE;

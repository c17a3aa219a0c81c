-- Two organizations that use the same ids: what one has neither stands in the other's way nor can be told from outside.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
\pset format unaligned
\pset tuples_only on
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET holdfast.now = '2026-03-02 00:00+00';
CREATE SCHEMA t_tenants;
CREATE FUNCTION t_tenants.u(n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT lpad(n::text, 32, '0')::uuid $$;
CREATE FUNCTION t_tenants.at(a text, b text) RETURNS tstzrange LANGUAGE sql AS $$ SELECT tstzrange(('2026-03-02 ' || a || '+00')::timestamptz, ('2026-03-02 ' || b || '+00')::timestamptz) $$;
SELECT holdfast.create_calendar('t_tenants.calendar');
-- held, or what is told of the conflict
CREATE FUNCTION t_tenants.try(organization int, a text, b text, capacity int DEFAULT 1) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT coalesce(h.conflict ->> 'conflicts', 'held')
  FROM holdfast.try_hold('t_tenants.calendar', t_tenants.u(organization), ARRAY[t_tenants.u(7)], ARRAY[t_tenants.at(a, b)], NULL, capacities => ARRAY[capacity]) h
$$;
CREATE VIEW t_tenants.rows AS SELECT right(organization_id::text, 1) AS organization, lane, lower(during)::time AS starts, upper(during)::time AS ends, kind FROM t_tenants.calendar ORDER BY 1, 3, 2;

-- The calendar: resource 7 of organization 1 is full all morning, and so has a hold that lapses.
SELECT holdfast.try_block('t_tenants.calendar', t_tenants.u(1), t_tenants.u(7), t_tenants.at('09:00', '12:00'), 'busy', t_tenants.u(70), 2) IS NULL;
SELECT t_tenants.try(1, '13:00', '14:00', 2);
-- resource 7 of organization 2 is free, whether it has one lane or more
SELECT t_tenants.try(2, '09:00', '10:00');
SELECT t_tenants.try(2, '10:00', '11:00', 2), t_tenants.try(2, '10:00', '11:00', 2);
SELECT t_tenants.try(2, '10:00', '11:00', 2);
SELECT t_tenants.try(1, '10:00', '11:00', 2);
-- so say the others who look
SELECT organization, (SELECT count(*) FROM holdfast.conflicts('t_tenants.calendar', t_tenants.u(organization), ARRAY[t_tenants.u(7)], ARRAY[t_tenants.at('11:00', '12:00')])) AS conflicts,
       (SELECT f FROM holdfast.next_free('t_tenants.calendar', t_tenants.u(organization), ARRAY[t_tenants.u(7)], t_tenants.at('11:00', '12:00'), max_count => 1) f) AS free
FROM generate_series(1, 3) organization;
-- a hold of organization 1 that has lapsed is not organization 2's to remove, but is when organization 1 wants the time
SET holdfast.now = '2026-03-02 00:06+00';
SELECT t_tenants.try(2, '13:00', '14:00', 2), t_tenants.try(2, '13:00', '14:00', 2);
SELECT * FROM t_tenants.rows;
SELECT t_tenants.try(1, '13:00', '14:00', 1);
SELECT count(*) FROM t_tenants.rows WHERE organization = '1' AND kind = 'busy-tentative';
-- a key of the other organization is none
SELECT holdfast.release('t_tenants.calendar', t_tenants.u(1), hold_key) FROM t_tenants.calendar WHERE organization_id = t_tenants.u(2) AND kind = 'busy-tentative' LIMIT 1;
SELECT holdfast.unblock('t_tenants.calendar', t_tenants.u(2), t_tenants.u(70));
SELECT count(*) FROM holdfast.verify_calendar('t_tenants.calendar');

-- The log: the same secret in two rows and in two columns is never the same digest.
SELECT holdfast.create_audit_log('t_tenants.log');
CREATE TABLE t_tenants.people (organization_id uuid, id uuid, phone text, fax text, PRIMARY KEY (organization_id, id));
SELECT holdfast.enable_audit('t_tenants.people', 't_tenants.log', '{phone,fax}');
INSERT INTO t_tenants.people VALUES (t_tenants.u(1), t_tenants.u(1), 'same', 'same'), (t_tenants.u(1), t_tenants.u(2), 'same', 'same');
SELECT count(*), count(DISTINCT v.value) FROM t_tenants.log l, jsonb_each(l.new_values) v WHERE v.key IN ('phone', 'fax');
-- but the same row shows that it went back to what it was
UPDATE t_tenants.people SET phone = 'other' WHERE id = t_tenants.u(2);
UPDATE t_tenants.people SET phone = 'same' WHERE id = t_tenants.u(2);
SELECT count(*), count(DISTINCT new_values -> 'phone') FROM t_tenants.log WHERE entity_id LIKE '%2';

\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA t_tenants CASCADE;

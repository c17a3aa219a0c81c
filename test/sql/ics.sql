-- ics: iCalendar text
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
SET holdfast.now = '2026-03-01 12:00+00';
\pset format unaligned
\pset tuples_only on

-- one booking; text is escaped and folded, so nothing in it can end a line
SELECT replace(holdfast.ics('[{"uid": "b1@clinic.example", "sequence": 1, "status": "CONFIRMED", "starts_at": "2026-03-10T10:00:00+01:00",
  "ends_at": "2026-03-10T11:00:00+01:00", "summary": "Session; first, of many\r\nEND:VCALENDAR", "location": "Room \\ 3",
  "url": "https://clinic.example/b1?x=1", "description": "A line that is longer than the seventy-five octets a line of iCalendar may have, so it folds",
  "organizer": {"name": "Dr \"A\"", "email": "a@clinic.example"}, "attendees": [{"email": "b@client.example"}]}]', 'REQUEST'), E'\r', '');

-- a series keeps its wall-clock time in its zone, whose rules come along from the first event on
SELECT replace(holdfast.ics('[{"uid": "s1@clinic.example", "starts_at": "2026-03-10T10:00:00Z", "ends_at": "2026-03-10T11:00:00Z",
  "time_zone": "Europe/Lisbon", "rrule": "FREQ=WEEKLY;BYDAY=TU;COUNT=10", "exdates": ["2026-04-07T09:00:00Z"]}]'), E'\r', '');

-- in UTC as well, which has no rules; an organizer without an address
SELECT replace(holdfast.ics('[{"uid": "s2@clinic.example", "starts_at": "2026-03-10T10:00:00Z", "ends_at": "2026-03-10T11:00:00Z", "organizer": {"name": "Dr A"},
  "time_zone": "UTC", "rrule": "FREQ=WEEKLY;COUNT=10", "exdates": ["2026-03-17T10:00:00Z"]}]'), E'\r', '');
SELECT count(holdfast.ics(jsonb_build_array(jsonb_build_object('uid', 'u', 'starts_at', '2026-03-10T10:00:00Z', 'ends_at', '2026-03-10T11:00:00Z',
  'rrule', 'FREQ=WEEKLY;COUNT=2', 'time_zone', name)))) > 400 AS zones FROM pg_timezone_names WHERE holdfast.is_time_zone(name);

-- each zone once, whichever event is in it
SELECT line FROM regexp_split_to_table(holdfast.ics((SELECT jsonb_agg(jsonb_build_object('uid', z, 'starts_at', '2026-03-10T10:00:00Z', 'ends_at', '2026-03-10T11:00:00Z',
  'time_zone', z, 'rrule', 'RRULE:FREQ=DAILY;COUNT=2') ORDER BY n) FROM unnest('{Europe/Madrid,Asia/Tokyo,Europe/Madrid,Asia/Tokyo}'::text[]) WITH ORDINALITY AS u (z, n))), E'\r\n') line
WHERE line ~ '^(TZID|DTSTART;|RRULE:FREQ=DAILY)';

-- a cancellation, and an empty feed with a name
SELECT replace(holdfast.ics('[{"uid": "b1@clinic.example", "sequence": 2, "status": "CANCELLED", "starts_at": "2026-03-10T09:00:00Z",
  "ends_at": "2026-03-10T10:00:00Z"}]', 'CANCEL'), E'\r', '');
SELECT replace(holdfast.ics('[]', 'PUBLISH', E'My calendar\nX-EVIL:1'), E'\r', '');

-- refused by word
CREATE FUNCTION pg_temp.refused(change jsonb, method text DEFAULT 'PUBLISH') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_detail text;
BEGIN
  PERFORM holdfast.ics(jsonb_build_array('{"uid": "u", "starts_at": "2026-03-10T09:00:00Z", "ends_at": "2026-03-10T10:00:00Z"}' || change), method);
  RETURN 'accepted';
EXCEPTION WHEN SQLSTATE 'PT400' THEN
  GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
  RETURN SQLERRM || ' ' || v_detail;
END
$$;
SELECT pg_temp.refused(change::jsonb) FROM unnest(ARRAY['{"uid": null}', '{"uid": "a\nb"}', '{"url": "https://x\r\nX-EVIL:1"}', '{"ends_at": "2026-03-10T09:00:00Z"}',
  '{"starts_at": "-infinity"}', '{"starts_at": 5}', '{"rrule": "FREQ=SECONDLY"}', '{"time_zone": "EST5EDT"}', '{"exdates": [1]}', '{"exdates": {}}',
  '{"attendees": [{"name": "x"}]}', '{"attendees": [7]}', '{"organizer": "x"}', '{"organizer": {"email": "a\nb"}}', '{"sequence": "1"}', '[]', '{}',
  '{"attendees": [{"email": null}]}', '{"status": "PERHAPS"}', '{"rrule": "RRULE:FREQ=DAILY;COUNT=2", "time_zone": "UTC"}']) change;
SELECT pg_temp.refused('{}', 'DESTROY');
SELECT pg_temp.refused(jsonb_build_object('attendees', (SELECT jsonb_agg('{"email": "a@b.example"}'::jsonb) FROM generate_series(1, 1001))));
SELECT holdfast.ics('{}');
SELECT holdfast.ics((SELECT jsonb_agg('{}'::jsonb) FROM generate_series(1, 5001)));
SELECT holdfast.ics(NULL);
RESET holdfast.now;

-- Folded at 75 octets, never within a letter or a line end, whatever the length; unfolded it is what it was.
SELECT count(*) FILTER (WHERE octet_length(l.line) > 75) AS too_long, count(*) FILTER (WHERE l.line ~ '[\r\n]') AS torn,
    bool_and(position(f.summary IN replace(f.text, E'\r\n ', '')) > 0) AS whole
FROM (SELECT s.summary, holdfast.ics(jsonb_build_array(jsonb_build_object('uid', repeat('u', n), 'summary', s.summary,
              'starts_at', '2026-03-10T09:00:00Z', 'ends_at', '2026-03-10T10:00:00Z'))) AS text
      FROM generate_series(1, 250) AS n, LATERAL (SELECT repeat('é', n) || repeat('x', n % 3)) AS s (summary)) AS f,
    regexp_split_to_table(f.text, E'\r\n') AS l (line);

-- expand_rrule: RFC 5545 rules on the wall clock of a zone
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
SET TimeZone = 'UTC';
CREATE SCHEMA t_recurrence;

-- New York skips 02:30 on 8 March 2026: the time moves forward by the gap, on that day only
SELECT o FROM holdfast.expand_rrule('FREQ=WEEKLY;BYDAY=SU;COUNT=4', '2026-03-01 02:30', 'America/New_York', '1 hour') o;
-- and has 01:30 twice on 1 November: the first is meant
SELECT o FROM holdfast.expand_rrule('FREQ=WEEKLY;BYDAY=SU;COUNT=3', '2026-10-25 01:30', 'America/New_York', '1 hour') o;
-- a change of half an hour; the duration's day is a day of the wall clock
SELECT o FROM holdfast.expand_rrule('FREQ=WEEKLY;COUNT=2', '2026-10-04 02:15', 'Australia/Lord_Howe', '1 day') o;
-- no change at all
SELECT o FROM holdfast.expand_rrule('FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3', '2026-01-31 09:00', 'Asia/Kathmandu', '45 minutes') o;
-- a day that was left out altogether
SELECT o FROM holdfast.expand_rrule('FREQ=DAILY;COUNT=3', '2011-12-29 10:00', 'Pacific/Apia', '1 hour') o;
SELECT o FROM holdfast.expand_rrule('FREQ=DAILY;COUNT=1', '2011-12-30 10:00', 'Pacific/Apia', '1 day') o;
-- a skipped time that falls on one that is there too is that one, once; unless that one is excluded
SELECT lower(o) FROM holdfast.expand_rrule('FREQ=DAILY;COUNT=6;BYHOUR=1,2,3;BYMINUTE=0,30', '2026-03-08 01:00', 'America/New_York', '30 minutes') o;
SELECT lower(o) FROM holdfast.expand_rrule('FREQ=DAILY;COUNT=2;BYHOUR=2,3;BYMINUTE=30', '2026-03-08 01:00', 'America/New_York', '30 minutes',
  exdates => ARRAY['2026-03-08 02:30']::timestamp[]) o;
-- and one that is moved past until does not keep the next from coming
SELECT lower(o) FROM holdfast.expand_rrule('FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30', '2026-03-08 02:30', 'America/New_York', '30 minutes', until => '2026-03-08 07:15+00') o;
SELECT zone, holdfast.local_instant(local, zone) FROM (VALUES ('America/New_York', timestamp '2026-03-08 02:30'), ('America/New_York', '2026-11-01 01:30'),
  ('Pacific/Apia', '2011-12-30 10:00'), ('Africa/Casablanca', '2026-02-15 02:30'), ('UTC', '2026-01-01')) v (zone, local);

-- the examples of RFC 5545, section 3.8.5.3, by their local dates
CREATE FUNCTION t_recurrence.days(rule text, starts timestamp, n int) RETURNS text
LANGUAGE sql AS $$
  SELECT string_agg(to_char(lower(o) AT TIME ZONE 'America/New_York', 'YYYY-MM-DD'), ' ' ORDER BY o)
  FROM holdfast.expand_rrule(rule, starts, 'America/New_York', '1 hour', n) o
$$;
SELECT t_recurrence.days('FREQ=WEEKLY;INTERVAL=2;WKST=SU', '1997-09-02 09:00', 5);
SELECT t_recurrence.days('FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08-05 09:00', 9);
SELECT t_recurrence.days('FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08-05 09:00', 9);
SELECT t_recurrence.days('FREQ=MONTHLY;COUNT=10;BYDAY=1FR', '1997-09-05 09:00', 4);
SELECT t_recurrence.days('FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU', '1997-09-07 09:00', 4);
SELECT t_recurrence.days('FREQ=MONTHLY;BYMONTHDAY=-3', '1997-09-28 09:00', 3);
SELECT t_recurrence.days('FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200', '1997-01-01 09:00', 5);
SELECT t_recurrence.days('FREQ=YEARLY;BYDAY=20MO', '1997-05-19 09:00', 3);
SELECT t_recurrence.days('FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '1997-05-12 09:00', 3);
SELECT t_recurrence.days('FREQ=YEARLY;BYWEEKNO=20', '1997-05-12 09:00', 3);
SELECT t_recurrence.days('FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '1997-09-02 09:00', 5);
SELECT t_recurrence.days('FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8', '1996-11-05 09:00', 3);
SELECT t_recurrence.days('FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04 09:00', 5);
SELECT t_recurrence.days('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', '1997-09-29 09:00', 4);
SELECT t_recurrence.days('RRULE:FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '2007-01-15 09:00', 9);
SELECT t_recurrence.days('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '1997-01-01 09:00', 3);

-- COUNT, UNTIL, max_count, until and exdates end or thin a series
SELECT t_recurrence.days('FREQ=DAILY;UNTIL=19970905T130000Z', '1997-09-02 09:00', 9);
SELECT t_recurrence.days('FREQ=DAILY;UNTIL=19970904', '1997-09-02 09:00', 9);
SELECT count(*) FROM holdfast.expand_rrule('FREQ=DAILY', '2026-01-01 09:00', 'UTC', '1 hour');
SELECT o FROM holdfast.expand_rrule('FREQ=DAILY', '2026-01-01 09:00', 'UTC', '1 hour', 9, '2026-01-03 09:00+00',
  ARRAY['2026-01-02 09:00']::timestamp[]) o;

-- hostile or wrong: a reason by word, never the input, and at once
CREATE FUNCTION t_recurrence.refused(rule text, starts timestamp DEFAULT '2026-03-01 02:30', zone text DEFAULT 'Europe/Lisbon',
  duration interval DEFAULT '1 hour', max_count int DEFAULT 366, exdates timestamp[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_detail text;
BEGIN
  PERFORM holdfast.expand_rrule(rule, starts, zone, duration, max_count, exdates => exdates);
  RETURN 'accepted';
EXCEPTION WHEN SQLSTATE 'PT400' THEN
  GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
  RETURN SQLERRM || ' ' || v_detail;
END
$$;
SET statement_timeout = '2s';
SELECT left(rule, 60) AS rule, t_recurrence.refused(rule)
FROM unnest(ARRAY['', 'RRULE:', 'FREQ=SECONDLY', 'FREQ=HOURLY;COUNT=3', 'INTERVAL=2', 'FREQ=DAILY;FREQ=DAILY', 'FREQ=DAILY;COUNT=1000000000',
  'FREQ=DAILY;COUNT=0', 'FREQ=DAILY;INTERVAL=0', 'FREQ=DAILY;COUNT=2;UNTIL=20260101', 'FREQ=DAILY;UNTIL=20260230', 'FREQ=DAILY;UNTIL=tomorrow',
  'FREQ=WEEKLY;BYMONTHDAY=1', 'FREQ=MONTHLY;BYYEARDAY=1', 'FREQ=MONTHLY;BYWEEKNO=1', 'FREQ=WEEKLY;BYDAY=1MO', 'FREQ=MONTHLY;BYDAY=0MO',
  'FREQ=MONTHLY;BYDAY=54MO', 'FREQ=MONTHLY;BYDAY=', 'FREQ=MONTHLY;BYMONTHDAY=32', 'FREQ=MONTHLY;BYMONTHDAY=1,', 'FREQ=MONTHLY;BYMONTHDAY=1,,2',
  'FREQ=DAILY;BYSETPOS=1', 'FREQ=DAILY;X-EXTRA=1', 'FREQ=DAILY;BYHOUR', 'FREQ=DAILY;BYHOUR=24', 'FREQ=DAILY;BYHOUR=-1',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;INTERVAL=9999', 'FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2',
  'FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=100;BYDAY=MO', 'FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=2',
  'FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9', repeat('FREQ=DAILY;', 100000),
  'FREQ=MONTHLY;BYDAY=XX', 'FREQ=MONTHLY;BYDAY=1', 'FREQ=WEEKLY;BYDAY=MOO', 'FREQ=WEEKLY;BYDAY=MO;BYDAY=TU', 'FREQ=MONTHLY;BYMONTHDAY=1;BYMONTHDAY=-1',
  'FREQ=DAILY;UNTIL=2026010X', 'FREQ=DAILY;UNTIL=20261301', 'FREQ=DAILY;UNTIL=20260101X100000', 'FREQ=DAILY;UNTIL=20260101T100000X',
  'FREQ=DAILY;UNTIL=20260101T250000', 'FREQ=DAILY;BYSECOND=0,1,2,3,4,5,6,7,8,9,10,11,12']) WITH ORDINALITY u(rule, n)
ORDER BY n;
SELECT t_recurrence.refused('FREQ=DAILY', 'infinity'), t_recurrence.refused('FREQ=DAILY', '0044-03-15 09:00 BC'), t_recurrence.refused('FREQ=DAILY', '2026-03-01 02:30:00.5');
SELECT t_recurrence.refused('FREQ=DAILY', exdates => e) FROM unnest(ARRAY['{{2026-03-02 02:30},{2026-03-03 02:30}}', '{2026-03-02 02:30,NULL}']) u, CAST(u AS timestamp[]) e;
SELECT t_recurrence.refused('FREQ=DAILY', zone => z) FROM unnest(ARRAY['EST5EDT', 'Nowhere/Land', 'X/Y5', '+02', '', '/etc/passwd', '../x/y']) z;
SELECT t_recurrence.refused('FREQ=DAILY', duration => d) FROM unnest(ARRAY['0', '-1 hour', '1 month', '400 days', '2 days -1 hour']::interval[]) d;
SELECT t_recurrence.refused('FREQ=DAILY', max_count => 0), t_recurrence.refused('FREQ=DAILY', max_count => 10001), t_recurrence.refused(NULL);
RESET statement_timeout;

-- BYSETPOS counts from both ends: in order, each once, and nothing in a month without a candidate; a leap second is the last that there is
SELECT t_recurrence.days('FREQ=MONTHLY;BYMONTHDAY=5,10,15,20;BYSETPOS=3,-3,-2,-1', '1997-09-01 09:00', 4);
SELECT t_recurrence.days('FREQ=MONTHLY;BYMONTHDAY=30,31;BYSETPOS=1,-1', '1998-01-01 09:00', 4);
SELECT lower(o) FROM holdfast.expand_rrule('FREQ=DAILY;COUNT=1;BYSECOND=60', '2026-01-01 09:00', 'UTC', '1 hour') o;
-- a local time before 2000 with a fraction, and none
SELECT t = holdfast.local_instant(t AT TIME ZONE 'Asia/Kathmandu', 'Asia/Kathmandu') AS same FROM (VALUES (timestamptz '1999-12-31 23:59:59.25+00'), ('1962-01-01 00:00:00.999999+00')) v (t);
SELECT holdfast.local_instant('infinity', 'UTC');

-- the session's TimeZone decides nothing
SET TimeZone = 'Pacific/Apia';
SELECT lower(o) = '2026-07-01 09:00 America/Sao_Paulo' AS same
FROM holdfast.expand_rrule('FREQ=DAILY;COUNT=1', '2026-07-01 09:00', 'America/Sao_Paulo', '1 hour') o;
SET client_min_messages = warning;
DROP SCHEMA t_recurrence CASCADE;

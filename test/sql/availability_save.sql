-- Saving hours, breaks, exceptions and rules: what is refused, what they leave outside, and who may.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\set ECHO all

-- what cannot be saved together: the reason only
CREATE FUNCTION t.reason(answer text) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN answer LIKE 'P%' THEN answer ELSE 'saved' END
$$;
CREATE FUNCTION t.hours(who text, hours text, more text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT t.reason(t.rpc(who, 'set_working_hours', (jsonb_build_object('specialist_id', 'maria', 'hours', hours::jsonb) || more::jsonb)::text))
$$;
CREATE FUNCTION t.breaks(who text, breaks text) RETURNS text LANGUAGE sql AS $$
  SELECT t.reason(t.rpc(who, 'set_breaks', jsonb_build_object('specialist_id', 'maria', 'breaks', breaks::jsonb)::text))
$$;

-- The answer, and the rows replaced
SELECT t.rpc('maria', 'set_working_hours', '{"specialist_id": "maria", "hours": [{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00"}, {"day_of_week": 1, "start_time": "12:00", "end_time": "24:00"}]}', 'hours') ~ '"hours": \[{.*"start_time": "09:00:00".*\], "affected_bookings": \[\]}$' AS answer;
SELECT day_of_week, start_time, end_time, is_working, effective_from, effective_to, working_hours_timezone FROM public.specialist_working_hours ORDER BY 1, 2;
SELECT t.hours('adam', '[{"day_of_week": 2, "start_time": "22:00", "end_time": "06:00", "is_working": false}]', '{"time_zone": "America/New_York"}');
SELECT day_of_week, start_time, end_time, is_working, effective_from, effective_to, working_hours_timezone FROM public.specialist_working_hours ORDER BY 1, 2;
-- from a day on, what was before stays until then
SELECT t.hours('maria', '[{"day_of_week": 3, "start_time": "08:00", "end_time": "10:00"}]', '{"effective_from": "2030-02-01"}');
SELECT t.hours('maria', '[{"day_of_week": 3, "start_time": "08:00", "end_time": "11:00"}, {"day_of_week": 4, "start_time": "08:00", "end_time": "11:00", "effective_to": "2030-01-20"}]', '{"effective_from": "2030-02-01"}');
SELECT day_of_week, start_time, end_time, is_working, effective_from, effective_to, working_hours_timezone FROM public.specialist_working_hours ORDER BY 1, 2;

-- Overlaps: on one day, over midnight, over the end of the week, every day against one day; ranges of days that never meet are none
SELECT t.hours('maria', h), h FROM unnest(ARRAY[
  '[{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00"}, {"day_of_week": 2, "start_time": "09:00", "end_time": "12:00"}, {"day_of_week": 1, "start_time": "11:59", "end_time": "13:00"}]',
  '[{"day_of_week": 1, "start_time": "22:00", "end_time": "06:00"}, {"day_of_week": 2, "start_time": "05:00", "end_time": "13:00"}]',
  '[{"day_of_week": 1, "start_time": "22:00", "end_time": "06:00"}, {"day_of_week": 2, "start_time": "06:00", "end_time": "13:00"}]',
  '[{"day_of_week": 0, "start_time": "01:00", "end_time": "02:00"}, {"day_of_week": 6, "start_time": "23:00", "end_time": "01:30"}]',
  '[{"day_of_week": 1, "start_time": "00:00", "end_time": "00:00"}, {"day_of_week": 2, "start_time": "00:00", "end_time": "00:00"}]',
  '[{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00"}, {"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "is_working": false}]',
  '[{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "effective_to": "2030-01-20"}, {"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "effective_from": "2030-01-21"}]',
  '[{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "effective_to": "2030-01-20"}, {"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "effective_from": "2030-01-15"}]',
  '[{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "effective_to": "2030-01-21"}, {"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "effective_from": "2030-01-21"}]',
  '[{"day_of_week": 1, "start_time": "22:00", "end_time": "06:00", "effective_to": "2030-01-21"}, {"day_of_week": 2, "start_time": "05:00", "end_time": "12:00", "effective_from": "2030-01-22", "effective_to": "2030-01-22"}]',
  '[{"day_of_week": 1, "start_time": "22:00", "end_time": "06:00", "effective_to": "2030-01-21"}, {"day_of_week": 2, "start_time": "05:00", "end_time": "12:00", "effective_from": "2030-01-23"}]']) h;
SELECT t.breaks('maria', b), b FROM unnest(ARRAY[
  '[{"start_time": "12:00", "end_time": "13:00"}, {"day_of_week": 5, "start_time": "12:30", "end_time": "12:40"}]',
  '[{"start_time": "23:30", "end_time": "00:30"}, {"day_of_week": 0, "start_time": "00:00", "end_time": "00:10"}]',
  '[{"start_time": "23:30", "end_time": "00:30"}, {"day_of_week": 0, "start_time": "00:30", "end_time": "00:40"}]',
  '[{"start_time": "12:00", "end_time": "00:01"}]', '[{"start_time": "12:00", "end_time": "12:00"}]',
  '[{"start_time": "12:00", "end_time": "13:00", "exception_dates": ["2030-01-09", "2030-01-10"]}, {"day_of_week": 5, "start_time": "16:00", "end_time": "16:15"}]']) b;
SELECT day_of_week, start_time, end_time, exception_dates, effective_from, effective_to, time_zone FROM public.specialist_breaks ORDER BY 1 NULLS FIRST, 2;

-- Wrong, over, or too much
SELECT t.hours('maria', h, m), h, m FROM (VALUES
  ('null', '{}'), ('{}', '{}'), ('[1]', '{}'), ('[{}]', '{}'),
  ('[{"start_time": "09:00", "end_time": "12:00"}]', '{}'),
  ('[{"day_of_week": 7, "start_time": "09:00", "end_time": "12:00"}]', '{}'),
  ('[{"day_of_week": 1, "start_time": "9am", "end_time": "12:00"}]', '{}'),
  ('[{"day_of_week": 1, "start_time": "24:00", "end_time": "12:00"}]', '{}'),
  ('[{"day_of_week": 1, "start_time": "09:00", "end_time": "25:00"}]', '{}'),
  ('[{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "is_working": "yes"}]', '{}'),
  ('[{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "effective_from": "2030-02-30"}]', '{}'),
  ('[{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "effective_from": "2030-02-03", "effective_to": "2030-02-02"}]', '{}'),
  ('[{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "effective_to": "2030-01-06"}]', '{}'),
  ('[{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00", "effective_to": "2030-01-07"}]', '{}'),
  ('[]', '{"effective_from": "2030-01-06"}'), ('[]', '{"effective_from": "2130-01-06"}'), ('[]', '{"time_zone": "Mars/Base"}'),
  ('[]', '{"specialist_id": null}')) AS v (h, m);
SELECT t.hours('maria', jsonb_agg('{"day_of_week": 1, "start_time": "09:00", "end_time": "12:00"}'::jsonb)::text) FROM generate_series(1, 101);
SELECT t.breaks('maria', '[{"start_time": "12:00", "end_time": "13:00", "exception_dates": ["yesterday"]}]');

-- Not theirs: for others the specialist does not exist
SELECT who, t.hours(who, '[]'), t.breaks(who, '[]'),
  t.reason(t.rpc(who, 'add_availability_exception', '{"specialist_id": "maria", "exception_date": "2030-01-09", "is_available": false}')),
  t.reason(t.rpc(who, 'set_booking_rules', '{"specialist_id": "maria", "minimum_notice": "1 hour"}')),
  t.reason(t.rpc(who, 'import_busy_times', '{"specialist_id": "maria", "source": "x", "busy": [], "from_time": "2030-01-09 00:00Z", "to_time": "2030-01-10 00:00Z"}'))
FROM unnest('{ana,noah,hugo,zoe,sue,service,""}'::text[]) who;

-- What is booked to come and lies outside now is reported, and stands
SELECT t.hours('maria', '[]'), t.breaks('maria', '[]');
DELETE FROM public.specialist_availability_exceptions;
CREATE TABLE t.made AS SELECT t.rpc('ana', 'request_hold', format('{"specialist_id": "maria", "client_id": "ana", "start_time": "%s 10:00Z", "end_time": "%1$s 11:00Z"}', d)) AS hold
FROM unnest('{2030-01-08,2030-01-09,2030-01-10}'::text[]) d;
SELECT left(t.rpc('ana', 'confirm_booking', jsonb_build_object('hold_key', hold::jsonb -> 'hold_key')::text), 12) FROM t.made WHERE hold !~ '2030-01-10';
SELECT t.rpc('maria', 'set_working_hours', '{"specialist_id": "maria", "hours": [{"day_of_week": 3, "start_time": "10:00", "end_time": "12:00"}]}')::jsonb -> 'affected_bookings';
SELECT t.rpc('maria', 'set_breaks', '{"specialist_id": "maria", "breaks": [{"start_time": "10:30", "end_time": "10:45"}]}')::jsonb -> 'affected_bookings';
SELECT t.rpc('maria', 'set_breaks', '{"specialist_id": "maria", "breaks": []}')::jsonb -> 'affected_bookings';
SELECT t.rpc('maria', 'set_working_hours', '{"specialist_id": "maria", "hours": []}')::jsonb -> 'affected_bookings';

-- Exceptions
SELECT t.rpc('maria', 'add_availability_exception', '{"specialist_id": "maria", "exception_date": "2030-01-09", "is_available": false, "reason": " dentist "}', 'exception')::jsonb #- '{exception,created_at}' #- '{exception,updated_at}';
SELECT t.rpc('maria', 'add_availability_exception', '{"specialist_id": "maria", "exception_date": "2030-01-09", "is_available": true, "start_time": "10:00", "end_time": "11:00", "time_zone": "UTC"}', 'exception')::jsonb -> 'affected_bookings';
SELECT e, t.reason(t.rpc('maria', 'add_availability_exception', '{"specialist_id": "maria", ' || e)) FROM unnest(ARRAY[
  '"exception_date": "2030-01-09", "is_available": false, "start_time": "09:00", "end_time": "10:00"}',
  '"exception_date": "2030-01-08", "is_available": false, "start_time": "23:00", "end_time": "00:30"}',
  '"exception_date": "2030-01-08", "is_available": false, "start_time": "23:00", "end_time": "00:00"}',
  '"exception_date": "2030-01-06", "is_available": false}', '"exception_date": "2030-01-07", "is_available": false, "start_time": "06:00", "end_time": "08:00"}',
  '"exception_date": "2030-01-07", "is_available": false, "start_time": "06:00", "end_time": "08:01"}',
  '"exception_date": "infinity", "is_available": false}', '"exception_date": "2530-01-01", "is_available": false}', '"is_available": false, "exception_date": null}',
  '"exception_date": "2030-01-20", "is_available": null}', '"exception_date": "2030-01-20", "is_available": true, "start_time": "06:00"}',
  '"exception_date": "2030-01-20", "is_available": true, "start_time": "24:00", "end_time": "06:00"}', '"exception_date": "2030-01-20", "is_available": true, "time_zone": "Mars/Base"}']) e;
SELECT t.reason(t.rpc(who, 'remove_availability_exception', '{"exception_id": "exception1"}')) FROM unnest('{ana,noah,zoe}'::text[]) who;
SELECT t.rpc('maria', 'remove_availability_exception', '{"exception_id": "exception1"}')::jsonb -> 'affected_bookings';
SELECT t.reason(t.rpc('maria', 'remove_availability_exception', e)) FROM unnest('{"{\"exception_id\": \"exception1\"}","{\"exception_id\": null}"}'::text[]) e;

-- Rules: every rule is set, also to nothing
SELECT t.rpc('maria', 'set_booking_rules', '{"specialist_id": "maria", "minimum_notice": "90 minutes", "specialist_daily_limit": 3}', 'rules') AS rules \gset
SELECT :'rules'::jsonb #- '{rules,created_at}' #- '{rules,updated_at}';
SELECT (t.rpc('adam', 'set_booking_rules', '{"specialist_id": "maria", "slot_step": "15 minutes", "leave_needs_approval": true}', 'rules')::jsonb -> 'rules') - '{created_at,updated_at}'::text[];
SELECT t.reason(t.rpc('maria', 'set_booking_rules', '{"specialist_id": "maria", "leave_needs_approval": false}'));
SELECT (t.rpc('maria', 'set_booking_rules', '{"specialist_id": "maria"}', 'rules')::jsonb -> 'rules') - '{created_at,updated_at}'::text[];
SELECT (t.rpc('adam', 'set_booking_rules', '{"client_weekly_limit": 2}', 'rules')::jsonb -> 'rules') - '{created_at,updated_at}'::text[];
SELECT r, t.reason(t.rpc('adam', 'set_booking_rules', r)) FROM unnest(ARRAY['{"minimum_notice": "-1 hour"}', '{"minimum_notice": "367 days"}', '{"booking_window": "20 years"}', '{"slot_step": "1 second"}',
  '{"slot_step": "1 month"}', '{"specialist_daily_limit": 0}', '{"specialist_weekly_limit": -1}', '{"client_daily_limit": 0}', '{"client_weekly_limit": 0}', '{"specialist_id": "yuri"}', '{"specialist_id": "nothing"}']) r;
SELECT who, t.reason(t.rpc(who, 'set_booking_rules', '{}')) FROM unnest('{maria,ana,zoe,""}'::text[]) who;
SELECT t.rpc('adam', 'set_booking_rules', '{}') ~ '^{"rules"';

-- Busy times of other calendars: blocks; a booking that was there first is a conflict, the rest around it is blocked
CREATE FUNCTION t.import(busy text, source text DEFAULT 'google', who text DEFAULT 'maria') RETURNS text LANGUAGE sql AS $$
  SELECT t.rpc(who, 'import_busy_times', jsonb_build_object('specialist_id', 'maria', 'source', source, 'busy', busy::jsonb,
    'from_time', '2030-01-07T00:00:00Z', 'to_time', '2030-01-14T00:00:00Z')::text)
$$;
SELECT t.import('[{"external_id": "a", "start_time": "2030-01-08T09:30:00Z", "end_time": "2030-01-08T12:00:00Z"}, {"external_id": "b", "start_time": "2030-01-08T11:30:00Z", "end_time": "2030-01-08T13:00:00Z"}, {"start_time": "2030-01-11T09:00:00Z", "end_time": "2030-01-11T10:00:00Z"}]');
SELECT t.import('[{"external_id": "a", "start_time": "2030-01-11T08:30:00Z", "end_time": "2030-01-11T09:30:00Z"}]', 'acuity');
SELECT source, external_id, is_blocked FROM public.external_busy_times ORDER BY starts_at;
SELECT resource, starts, ends, kind FROM t.calendar WHERE resource = 'maria';
-- nothing can be booked into them, and clients do not learn why
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-11 09:30Z", "end_time": "2030-01-11 10:30Z"}');
SELECT t.rpc('maria', 'explain_slot', '{"specialist_id": "maria", "start_time": "2030-01-11 09:30Z", "end_time": "2030-01-11 10:30Z"}');
SELECT s ->> 'start_time' FROM jsonb_array_elements(t.rpc('ben', 'available_slots', '{"specialist_id": "maria", "from_date": "2030-01-08", "to_date": "2030-01-08", "duration_minutes": 240, "time_zone": "UTC"}')::jsonb -> 'slots') s;
-- the same again changes nothing; gone and moved ones free their time, and what they covered is blocked by what is left
SELECT t.import('[{"external_id": "a", "start_time": "2030-01-08T09:30:00Z", "end_time": "2030-01-08T12:00:00Z"}, {"external_id": "b", "start_time": "2030-01-08T11:30:00Z", "end_time": "2030-01-08T13:00:00Z"}, {"start_time": "2030-01-11T09:00:00Z", "end_time": "2030-01-11T10:00:00Z"}]') ~ '"removed": 0';
SELECT t.import('[{"external_id": "b", "start_time": "2030-01-08T11:30:00Z", "end_time": "2030-01-08T13:30:00Z"}]');
SELECT starts, ends, kind FROM t.calendar WHERE resource = 'maria' AND starts ~ '^11';
SELECT t.import('[]', 'acuity');
SELECT resource, starts, ends, kind FROM t.calendar WHERE resource = 'maria';
-- when the booking goes, its time stays taken: it is not offered, and the next import blocks it
SELECT t.import('[{"external_id": "c", "start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T10:30:00Z"}]')::jsonb -> 'conflicts' -> 0 ->> 'external_id';
SELECT left(t.rpc('ana', 'cancel_booking', jsonb_build_object('booking_id', hold::jsonb -> 'hold_key')::text), 12) FROM t.made WHERE hold ~ '2030-01-08';
SELECT t.reason(t.rpc('ben', 'request_hold', '{"specialist_id": "maria", "client_id": "ben", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 11:00Z"}'));
SELECT s ->> 'local_time' FROM jsonb_array_elements(t.rpc('ben', 'available_slots', '{"specialist_id": "maria", "from_date": "2030-01-08", "to_date": "2030-01-08", "duration_minutes": 240, "time_zone": "UTC"}')::jsonb -> 'slots') s;
SELECT t.import('[{"external_id": "c", "start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T10:30:00Z"}]');
SELECT b, t.import(b) FROM unnest(ARRAY['null', '{}', '[1]', '[{}]', '[{"start_time": "2030-01-08T10:00:00Z"}]', '[{"start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T10:00:00Z"}]',
  '[{"start_time": "2030-01-18T10:00:00Z", "end_time": "2030-01-18T11:00:00Z"}]', '[{"start_time": "soon", "end_time": "2030-01-18T11:00:00Z"}]',
  '[{"external_id": "x", "start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T11:00:00Z"}, {"external_id": "x", "start_time": "2030-01-09T10:00:00Z", "end_time": "2030-01-09T11:00:00Z"}]']) b;
SELECT w, t.rpc('maria', 'import_busy_times', '{"specialist_id": "maria", "source": "google", "busy": [], ' || w) FROM unnest(ARRAY['"from_time": "infinity", "to_time": "infinity"}', '"from_time": "2030-01-08 00:00Z", "to_time": null}',
  '"from_time": "2030-01-08 00:00Z", "to_time": "2030-01-08 00:00Z"}', '"from_time": "2030-01-08 00:00Z", "to_time": "2031-01-10 00:00Z"}']) w;
SELECT t.import('[]', ' ');
SELECT count(*) FROM holdfast.verify_calendar('holdfast_private.calendar');
\set ECHO none
\i :srcdir/lib/finish_booking.sql

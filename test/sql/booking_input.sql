-- Bad input: each has its word and its field, nothing is written, and no error of the server's own comes through.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
-- A good request with some arguments changed; null takes one away.
CREATE FUNCTION t.hold(changes text) RETURNS text LANGUAGE sql AS $$
SELECT t.rpc('ana', 'request_hold', jsonb_strip_nulls('{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-07T10:00:00Z", "end_time": "2030-01-07T11:00:00Z"}'::jsonb || changes::jsonb)::text, 'hold')
$$;
CREATE FUNCTION t.session_hold(changes text) RETURNS text LANGUAGE sql AS $$
SELECT t.rpc('ana', 'sessions_hold', jsonb_strip_nulls('{"therapist_id": "maria", "client_id": "ana", "start_time": "2030-01-07T10:00:00Z", "end_time": "2030-01-07T11:00:00Z"}'::jsonb || changes::jsonb)::text, 'hold')
$$;
\set ECHO all

-- times
SELECT changes, t.hold(changes) FROM unnest(ARRAY[
    '{"start_time": "2030-01-07T07:59:59.999999Z"}', '{"start_time": "4713-01-01T00:00:00Z BC"}', '{"start_time": "infinity"}', '{"start_time": "-infinity"}',
    '{"start_time": "294276-12-31T23:59:59Z", "end_time": "infinity"}', '{"start_time": "2040-01-08T10:00:00Z", "end_time": "2040-01-08T11:00:00Z"}',
    '{"end_time": "2030-01-07T10:00:00Z"}', '{"end_time": "2030-01-07T09:00:00Z"}', '{"end_time": "infinity"}', '{"end_time": "-infinity"}',
    '{"end_time": "294276-12-31T23:59:59Z"}', '{"end_time": "2030-01-08T10:00:00.000001Z"}', '{"end_time": null}']) AS changes;
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": null, "end_time": "2030-01-07T11:00:00Z"}');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": null, "client_id": "ana", "start_time": "2030-01-07T10:00:00Z", "end_time": "2030-01-07T11:00:00Z"}');
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": null, "start_time": "2030-01-07T10:00:00Z", "end_time": "2030-01-07T11:00:00Z"}');
-- hold_seconds has bounds, but 300 is a default and no minimum
SELECT changes, t.hold(changes) FROM unnest(ARRAY['{"hold_seconds": 0}', '{"hold_seconds": -1}', '{"hold_seconds": 3601}', '{"hold_seconds": 2147483647}', '{"hold_seconds": -2147483648}']) AS changes;
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-07T10:00:00Z", "end_time": "2030-01-07T11:00:00Z", "hold_seconds": null}', 'hold') ~ '08:05:00';
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "hold1"}');
-- zones and offsets, which are minutes east of UTC
SELECT changes, t.hold(changes) FROM unnest(ARRAY[
    '{"time_zone": "Mars/Phobos"}', '{"time_zone": "EST"}', '{"time_zone": "Foo+5"}', '{"time_zone": "+02:00"}', '{"time_zone": ""}', '{"time_zone": "../../etc/passwd"}',
    '{"time_zone": "Europe/Madrid", "start_time_offset_minutes": 0}', '{"time_zone": "Europe/Madrid", "start_time_offset_minutes": -60}',
    '{"time_zone": "Europe/Madrid", "end_time_offset_minutes": 120}', '{"time_zone": "America/New_York", "start_time_offset_minutes": 300}',
    '{"start_time_offset_minutes": 900}', '{"end_time_offset_minutes": -2147483648}']) AS changes;
SELECT t.hold('{"time_zone": "America/New_York", "start_time_offset_minutes": -300, "end_time_offset_minutes": -300}') ~ 'hold_key' AS new_york;
SELECT t.rpc('ana', 'cancel_hold', '{"hold_key": "hold2"}');
-- a session across the change to summer time has two offsets
SELECT t.hold('{"time_zone": "Europe/Madrid", "start_time": "2030-03-31T00:30:00Z", "end_time": "2030-03-31T01:30:00Z", "start_time_offset_minutes": 60, "end_time_offset_minutes": 120}') ~ 'hold_key' AS madrid;
-- occurrences: types, field by field
SELECT occurrences, t.hold(jsonb_build_object('occurrences', occurrences::jsonb)::text) FROM unnest(ARRAY[
    '{}', '"x"', '7', 'true', '[1]', '[null]', '[[]]', '["2030-01-08T10:00:00Z"]', '[{}]', '[{"start_time": null}]', '[{"start_time": 1}]', '[{"start_time": {}}]',
    '[{"start_time": ""}]', '[{"start_time": "tomorrow"}]', '[{"start_time": "now"}]', '[{"start_time": "infinity"}]', '[{"start_time": "2030-01-08"}]',
    '[{"start_time": "2030-01-08T10:00:00"}]', '[{"start_time": "2030-02-30T10:00:00Z"}]', '[{"start_time": "2030-13-01T10:00:00Z"}]', '[{"start_time": "2030-01-08T25:00:00Z"}]',
    '[{"start_time": "2030-01-08T10:00:00+99:99"}]', '[{"start_time": "0000-01-08T10:00:00Z"}]', '[{"start_time": "2030-01-08T10:00:00 Europe/Madrid"}]',
    '[{"start_time": "2030-01-08T10:00:00Z"}]', '[{"start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T11:00:00Z"}, {"start_time": "2030-01-09T10:00:00Z", "end_time": "2030-01-09T09:00:00Z"}]',
    '[{"start_time": "2030-01-06T10:00:00Z"}]', '[{"start_time": "2030-01-08T10:00:00Z", "end_time": false}]', '[{"start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-10T10:00:00Z"}]',
    '[{"start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T11:00:00Z", "start_time_offset_minutes": "0"}]', '[{"start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T11:00:00Z", "start_time_offset_minutes": 0.5}]',
    '[{"start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T11:00:00Z", "end_time_offset_minutes": 1e400}]', '[{"start_time": "2030-01-07T10:30:00Z", "end_time": "2030-01-07T11:30:00Z"}]',
    '[{"start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T11:00:00Z"}, {"start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T10:59:00Z"}]']) AS occurrences;
SELECT t.hold('{"time_zone": "Europe/Madrid", "session_type_id": "talk", "occurrences": [{"start_time": "2030-01-08T10:00:00Z"}, {"start_time": "2030-07-08T10:00:00Z", "start_time_offset_minutes": 60}]}');
-- none at all is one
SELECT t.hold('{"occurrences": []}') ~ 'hold_key';
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": null}');

-- session objects
SELECT session, t.rpc('ana', 'confirm_booking', jsonb_build_object('hold_key', 'hold4', 'session', session::jsonb)::text) FROM unnest(ARRAY[
    '[]', '"x"', '1', '{"notes": 1}', '{"notes": {}}', '{"meeting_link": "javascript:alert(1)"}', '{"meeting_link": ["https://x"]}', '{"meeting_link": "https://x y"}',
    '{"cpt": "97153"}', '{"cpt": [1]}', '{"session_type_id": "talk therapy"}', '{"session_type_id": 1}', '{"session_type_id": "nothing"}', '{"metadata": []}']) AS session;
SELECT t.rpc('ana', 'confirm_booking', jsonb_build_object('hold_key', 'hold4', 'session', jsonb_build_object(key, repeat('x', n)))::text)
FROM (VALUES ('notes', 10001), ('anything', 65536)) AS v (key, n);
SELECT occurrences, t.rpc('ana', 'confirm_booking', jsonb_build_object('hold_key', 'hold4', 'occurrences', occurrences::jsonb)::text) FROM unnest(ARRAY[
    '{}', '1', '[1]', '[null]', '[{}]', '[{"hold_key": 1}]', '[{"hold_key": "x"}]', '[{"hold_key": "nothing"}]', '[{"hold_key": "hold4", "session": []}]', '[{"hold_key": "hold4", "session": {"cpt": 1}}]']) AS occurrences;
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold4", "session": {"notes": null, "cpt": null, "meeting_link": null, "session_type_id": null, "metadata": null}, "occurrences": []}') ~ '"status": "confirmed"';
-- null for session is no session
SELECT t.hold('{"start_time": "2030-01-07T12:00:00Z", "end_time": "2030-01-07T13:00:00Z"}') ~ 'hold_key';
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "hold5", "session": null, "occurrences": null}') ~ '"status": "confirmed"';

-- reasons
SELECT t.rpc('ana', 'cancel_booking', jsonb_build_object('booking_id', 'hold4', 'reason', repeat('x', 2001))::text);
SELECT name, t.rpc('maria', name, '{"booking_id": null}') FROM unnest('{cancel_booking,accept_booking,decline_booking,complete_booking,get_booking}'::text[]) AS name;
SELECT t.rpc('maria', 'mark_no_show', '{"booking_id": null, "party": "client"}');
SELECT t.rpc('maria', 'reschedule_booking', '{"booking_id": null, "start_time": null, "end_time": null}');
SELECT t.rpc('maria', 'reschedule_booking', '{"booking_id": "hold4", "start_time": null, "end_time": null}');

-- bodies of sessions_*: json takes more than jsonb does
SELECT name, body, t.rpc('ana', name, body) FROM unnest('{sessions_hold,sessions_confirm,sessions_cancel}'::text[]) AS name,
    unnest(ARRAY['[]', '1', 'null', '"x"', '{}', '{"a": "\u0000"}', '{"a": "\ud800"}', '{"a": 1e999999}', '{"hold_key": 1, "therapist_id": 1}', '{"holdKey": "x", "therapist_id": "x"}']) AS body;
SELECT changes, t.session_hold(changes) FROM unnest(ARRAY[
    '{"therapist_id": null}', '{"client_id": null}', '{"client_id": []}', '{"start_time": null}', '{"start_time": 7}', '{"start_time": "2030-01-07 10:00"}', '{"end_time": "soon"}',
    '{"session_id": "x"}', '{"hold_seconds": "300"}', '{"hold_seconds": 1.5}', '{"hold_seconds": 1e10}', '{"time_zone": 1}', '{"time_zone": "Nowhere/Else"}', '{"start_time_offset_minutes": "0"}',
    '{"end_time_offset_minutes": true}', '{"occurrences": {}}', '{"occurrences": [{"start_time": "x"}]}', '{"idempotency_key": 1}', '{"session_type_id": {}}']) AS changes;

-- Ana's two bookings and one hold are all that there is.
SELECT * FROM t.calendar WHERE resource = 'ana';
SELECT count(*) FROM public.bookings;

\set ECHO none
\i :srcdir/lib/finish_booking.sql

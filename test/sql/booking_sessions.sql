-- sessions_hold, sessions_confirm, sessions_cancel: the bodies that edge functions took, and the answers that their clients read.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\set ECHO all

-- A therapist books a client, as src/lib/sessionHolds.ts sends it.
SELECT t.rpc('maria', 'sessions_hold', '{
    "therapist_id": "maria", "client_id": "ana",
    "start_time": "2030-01-07T10:00:00.000Z", "end_time": "2030-01-07T11:00:00.000Z",
    "session_id": null, "hold_seconds": 300,
    "start_time_offset_minutes": 0, "end_time_offset_minutes": 0, "time_zone": "Europe/Lisbon",
    "occurrences": [
        {"start_time": "2030-01-07T10:00:00.000Z", "end_time": "2030-01-07T11:00:00.000Z", "start_time_offset_minutes": 0, "end_time_offset_minutes": 0},
        {"start_time": "2030-01-14T10:00:00.000Z", "end_time": "2030-01-14T11:00:00.000Z", "start_time_offset_minutes": 0, "end_time_offset_minutes": 0}]}', 'hold');
-- the same, with the words of the platform
SELECT t.rpc('maria', 'sessions_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-07T10:00:00.000Z", "end_time": "2030-01-07T11:00:00.000Z"}');
-- confirming, in camelCase and in snake_case, with offsets that are checked
SELECT t.rpc('maria', 'sessions_confirm', '{"holdKey": "hold1", "session": {"therapist_id": "maria"}, "timeZone": "Europe/Madrid", "startTimeOffsetMinutes": 0}');
SELECT t.rpc('maria', 'sessions_confirm', '{"hold_key": "hold1", "session": {}, "occurrences": [{"holdKey": "hold1"}, {"holdKey": "hold2", "time_zone": "Europe/Lisbon", "end_time_offset_minutes": 60}]}');
SELECT t.rpc('maria', 'sessions_confirm', '{"hold_key": "hold1", "session": {}, "occurrences": [{"holdKey": "hold2", "timeZone": "Nowhere"}]}');
SELECT t.rpc('maria', 'sessions_confirm', '{
    "holdKey": "hold1", "idempotencyKey": "one", "timeZone": "Europe/Lisbon", "startTimeOffsetMinutes": 0, "endTimeOffsetMinutes": 0,
    "session": {"therapist_id": "maria", "client_id": "ana", "start_time": "2030-01-07T10:00:00.000Z", "status": "scheduled", "notes": "plan", "cpt": {"code": "97153"}},
    "occurrences": [
        {"holdKey": "hold1", "session": {"notes": "plan"}, "startTimeOffsetMinutes": 0, "endTimeOffsetMinutes": 0, "timeZone": "Europe/Lisbon"},
        {"hold_key": "hold2", "session": {"notes": "review"}, "start_time_offset_minutes": 0, "end_time_offset_minutes": 0, "time_zone": "Europe/Lisbon"}]}') AS first \gset
SELECT jsonb_pretty(:'first');
-- repeated, it is the same answer
SELECT t.rpc('maria', 'sessions_confirm', '{
    "hold_key": "hold1", "idempotency_key": "one",
    "session": {"therapist_id": "maria", "client_id": "ana", "start_time": "2030-01-07T10:00:00.000Z", "status": "scheduled", "notes": "plan", "cpt": {"code": "97153"}},
    "occurrences": [{"holdKey": "hold1", "session": {"notes": "plan"}}, {"holdKey": "hold2", "session": {"notes": "review"}}]}') = :'first';
SELECT t.rpc('maria', 'sessions_confirm', '{"hold_key": "hold1"}');

-- Giving up: the client sends the primary key, and all of the batch is free.
SELECT t.rpc('maria', 'sessions_hold', '{"therapist_id": "maria", "client_id": "ana", "start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T11:00:00Z",
    "occurrences": [{"start_time": "2030-01-15T10:00:00Z", "end_time": "2030-01-15T11:00:00Z"}]}', 'hold')::jsonb ->> 'holdKey';
SELECT t.rpc('ben', 'sessions_cancel', '{"hold_key": "hold3"}');
SELECT t.rpc('maria', 'sessions_cancel', '{"hold_key": "hold3"}');
SELECT t.rpc('maria', 'sessions_hold', '{"therapist_id": "maria", "client_id": "ana", "start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T11:00:00Z"}', 'hold')::jsonb ->> 'holdKey';
SELECT t.rpc('maria', 'sessions_cancel', '{"holdKey": "hold5"}');

-- Moving a session: session_id.
SELECT t.rpc('maria', 'sessions_hold', '{"therapist_id": "maria", "client_id": "ana", "start_time": "2030-01-07T10:30:00Z", "end_time": "2030-01-07T11:30:00Z", "session_id": "hold1"}', 'hold')::jsonb ->> 'holdKey';
SELECT s ->> 'id', s ->> 'therapist_id', s ->> 'start_time', s ->> 'reschedule_count', s ->> 'notes' FROM jsonb_extract_path(t.rpc('maria', 'sessions_confirm', '{"holdKey": "hold6"}')::jsonb, 'session') AS s;
-- Somebody else's hold is not there, not even to be asked for its offset.
SELECT t.rpc('maria', 'sessions_hold', '{"therapist_id": "maria", "client_id": "ana", "start_time": "2030-01-08T10:00:00Z", "end_time": "2030-01-08T11:00:00Z"}', 'hold')::jsonb ->> 'holdKey';
SELECT who, t.rpc(who, 'sessions_confirm', '{"holdKey": "hold7", "time_zone": "Europe/Lisbon", "start_time_offset_minutes": 60}') FROM unnest('{ben,noah,zoe,""}'::text[]) AS who;
SELECT t.rpc('', 'sessions_hold', '[]');

\set ECHO none
\i :srcdir/lib/finish_booking.sql

-- A request that comes twice under one Idempotency-Key: the second gets the answer of the first and does nothing; another request
-- under that key is refused.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
CREATE FUNCTION t.rows() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_table regclass;
  v_rows bigint := 0;
  v_here bigint;
BEGIN
  FOR v_table IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('public', 'holdfast_private') LOOP
    EXECUTE format('SELECT count(*) FROM %s', v_table) INTO v_here;
    v_rows := v_rows + v_here;
  END LOOP;
  RETURN v_rows;
END
$$;
CREATE SEQUENCE t.keys;
-- Whether the second answer is the first, how many rows it has made, how many versions of bookings, and what another request gets.
CREATE FUNCTION t.twice(who text, rpc text, arguments text, other text, OUT answer text, OUT same boolean, OUT made bigint, OUT otherwise text) LANGUAGE plpgsql AS $$
DECLARE
  v_second text;
  v_rows bigint;
  v_bookings text;
BEGIN
  PERFORM set_config('t.headers', format('{"idempotency-key": "k%s"}', nextval('t.keys')), true);
  answer := t.rpc(who, rpc, arguments, 'new');
  v_rows := t.rows();
  SELECT string_agg(b::text, ',' ORDER BY id) INTO v_bookings FROM public.bookings b;
  v_second := t.rpc(who, rpc, arguments, 'new');
  same := v_second = answer;
  made := t.rows() - v_rows + (v_bookings IS DISTINCT FROM (SELECT string_agg(b::text, ',' ORDER BY id) FROM public.bookings b))::int;
  otherwise := t.rpc(who, rpc, other, 'new');
  answer := CASE WHEN answer LIKE '{%' THEN (SELECT string_agg(key, ',') FROM jsonb_object_keys(answer::jsonb) key) ELSE answer END;
  PERFORM set_config('t.headers', '', true);
END
$$;
CREATE FUNCTION t.book(specialist text, starts text) RETURNS text LANGUAGE sql AS $$
  SELECT t.rpc('adam', 'confirm_booking', format('{"hold_key": "%s"}', t.rpc('adam', 'request_hold', format('{"specialist_id": "%s", "client_id": "ana", "start_time": "2030-01-%sZ", "end_time": "2030-01-%s:50Z"}',
    specialist, starts, split_part(starts, ':', 1)), 'booking')::jsonb ->> 'hold_key'), 'booking')::jsonb #>> '{booking,status}'
$$;
\set ECHO all
SELECT h, t.book('noah', h) FROM unnest('{08 10:00,08 12:00,08 14:00}'::text[]) h;
SELECT * FROM t.twice('noah', 'accept_booking', '{"booking_id": "booking1"}', '{"booking_id": "booking2"}');
SELECT * FROM t.twice('noah', 'decline_booking', '{"booking_id": "booking2", "reason": "away"}', '{"booking_id": "booking2", "reason": "ill"}');
SELECT * FROM t.twice('ana', 'reschedule_booking', '{"booking_id": "booking1", "start_time": "2030-01-09 10:00Z", "end_time": "2030-01-09 10:50Z"}', '{"booking_id": "booking1", "start_time": "2030-01-09 12:00Z", "end_time": "2030-01-09 12:50Z"}');
SELECT * FROM t.twice('noah', 'accept_booking', '{"booking_id": "booking3"}', '{"booking_id": "booking1"}');
SELECT * FROM t.twice('ana', 'cancel_booking', '{"booking_id": "booking3", "reason": "ill"}', '{"booking_id": "booking3"}');
SELECT t.book('maria', '10 10:00'), t.book('maria', '10 12:00');
SELECT t.rpc('adam', 'set_booking_rules', '{"leave_needs_approval": true}') ~ 'true' AS set;
SELECT * FROM t.twice('maria', 'request_leave', '{"specialist_id": "maria", "starts_at": "2030-02-01 00:00Z", "ends_at": "2030-02-05 00:00Z"}', '{"specialist_id": "maria", "starts_at": "2030-02-01 00:00Z", "ends_at": "2030-02-06 00:00Z"}');
SELECT * FROM t.twice('adam', 'approve_leave', '{"leave_id": "new1"}', '{"leave_id": "new1", "decision": "cancel"}');
SELECT * FROM t.twice('adam', 'create_package', '{"name": "Two", "session_count": 2}', '{"name": "Three", "session_count": 3}');
SELECT * FROM t.twice('adam', 'grant_package', '{"package_id": "new2", "client_id": "ana"}', '{"package_id": "new2", "client_id": "ben"}');
SELECT * FROM t.twice('ana', 'join_waitlist', '{"client_id": "ana", "earliest": "2030-01-08 00:00Z", "latest": "2030-01-12 00:00Z", "session_type_id": "talk"}', '{"client_id": "ana", "earliest": "2030-01-08 00:00Z", "latest": "2030-01-13 00:00Z", "session_type_id": "talk"}');
-- afterwards
SET holdfast.now = '2030-01-11 08:00:00+00';
SELECT n.label, b.status FROM public.bookings b JOIN t.names n USING (id) ORDER BY 1;
SELECT * FROM t.twice('maria', 'complete_booking', '{"booking_id": "booking4"}', '{"booking_id": "booking5"}');
SELECT * FROM t.twice('maria', 'mark_no_show', '{"booking_id": "booking5", "party": "client"}', '{"booking_id": "booking5", "party": "specialist"}');
SELECT n.label, b.status FROM public.bookings b JOIN t.names n USING (id) ORDER BY 1;
-- one answer is kept of each
SELECT count(*), count(DISTINCT (actor, operation, key)) FROM holdfast_private.idempotency;
SELECT count(*) FROM holdfast.verify_calendar('holdfast_private.calendar');
\set ECHO none
\i :srcdir/lib/finish_booking.sql

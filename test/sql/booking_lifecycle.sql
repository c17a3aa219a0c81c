-- The states of a booking: every step that there is, and every one that there is not, whoever writes.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
-- Ana books an hour with a specialist; the booking is labelled.
CREATE FUNCTION t.book(label text, specialist text, start timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_hold jsonb;
BEGIN
    PERFORM t.become('ana');
    v_hold := public.request_hold(t.id(specialist), t.id('ana'), start, start + interval '1 hour');
    v_hold := public.confirm_booking((v_hold ->> 'hold_key')::uuid);
    PERFORM set_config('role', 'none', true);
    INSERT INTO t.names VALUES (label, (v_hold #>> '{booking,id}')::uuid);
    RETURN v_hold #>> '{booking,status}';
END
$$;
CREATE FUNCTION t.brief(answer text) RETURNS text LANGUAGE sql AS $$
SELECT CASE WHEN answer LIKE '{%'
    THEN (SELECT string_agg(b.key || '=' || b.value, ' ' ORDER BY b.key) FROM jsonb_each_text(answer::jsonb -> 'booking') AS b
          WHERE b.key ~ '^(status|accepted|declined|decline_|cancel|completed|attended|no_show|reschedule)')
    ELSE answer END
$$;
GRANT USAGE ON SCHEMA t TO authenticated;
GRANT SELECT ON t.names TO authenticated;
\set ECHO all

SELECT t.book('a', 'noah', '2030-01-07 10:00Z');
SELECT t.book('b', 'noah', '2030-01-07 12:00Z');
SELECT t.book('c', 'noah', '2030-01-07 14:00Z');
SELECT t.book('d', 'maria', '2030-01-07 16:00Z');
SELECT t.book('e', 'maria', '2030-01-07 18:00Z');

-- Only the specialist (or an admin) accepts, and only once.
SELECT who, t.brief(t.rpc(who, 'accept_booking', '{"booking_id": "a"}')) FROM unnest('{ana,ben,maria,hugo,zoe,noah,noah,adam}'::text[]) AS who;
SELECT t.brief(t.rpc('adam', 'accept_booking', '{"booking_id": "b"}'));
SELECT t.brief(t.rpc('maria', 'accept_booking', '{"booking_id": "d"}'));
-- Declining before accepting, and withdrawing after; the time is free at once.
SELECT t.brief(t.rpc('ana', 'decline_booking', '{"booking_id": "c"}'));
SELECT t.brief(t.rpc('noah', 'decline_booking', '{"booking_id": "c", "reason": " on leave "}'));
SELECT t.brief(t.rpc('noah', 'accept_booking', '{"booking_id": "c"}'));
SELECT t.brief(t.rpc('noah', 'decline_booking', '{"booking_id": "c"}'));
SELECT t.brief(t.rpc('noah', 'decline_booking', '{"booking_id": "b", "reason": ""}'));
SELECT * FROM t.calendar;
SELECT t.book('f', 'noah', '2030-01-07 14:00Z');
-- Cancelling, by either, and only once.
SELECT t.brief(t.rpc('ben', 'cancel_booking', '{"booking_id": "d"}'));
SELECT t.brief(t.rpc('ana', 'cancel_booking', '{"booking_id": "d", "reason": "feels better"}'));
SELECT t.brief(t.rpc('ana', 'cancel_booking', '{"booking_id": "d"}'));
SELECT t.brief(t.rpc('maria', 'cancel_booking', '{"booking_id": "e"}'));
SELECT t.brief(t.rpc('service', 'cancel_booking', '{"booking_id": "f", "reason": "vacation"}'));
SELECT t.brief(t.rpc('ana', 'cancel_booking', '{"booking_id": "nothing"}'));

-- Nothing is completed or missed before it begins.
SELECT t.brief(t.rpc('noah', 'complete_booking', '{"booking_id": "a"}'));
SELECT t.brief(t.rpc('noah', 'mark_no_show', '{"booking_id": "a", "party": "client"}'));
SELECT t.book('g', 'maria', '2030-01-07 16:00Z');
SELECT t.book('h', 'maria', '2030-01-07 18:00Z');
SELECT t.book('i', 'noah', '2030-01-07 20:00Z');
SET holdfast.now = '2030-01-07 20:30Z';
-- once it has begun, its client cannot cancel it any more
SELECT t.brief(t.rpc('ana', 'cancel_booking', '{"booking_id": "a"}'));
SELECT t.brief(t.rpc('ana', 'complete_booking', '{"booking_id": "a"}'));
SELECT t.brief(t.rpc('noah', 'complete_booking', '{"booking_id": "a"}'));
SELECT t.brief(t.rpc('noah', 'complete_booking', '{"booking_id": "a"}'));
SELECT t.brief(t.rpc('noah', 'cancel_booking', '{"booking_id": "a"}'));
-- a client can say of the specialist that they did not come, not of themselves
SELECT t.brief(t.rpc('ana', 'mark_no_show', '{"booking_id": "g", "party": "client"}'));
SELECT t.brief(t.rpc('ana', 'mark_no_show', '{"booking_id": "g", "party": "specialist"}'));
SELECT t.brief(t.rpc('maria', 'mark_no_show', '{"booking_id": "g", "party": "client"}'));
SELECT t.brief(t.rpc('maria', 'mark_no_show', '{"booking_id": "h", "party": "client"}'));
SELECT party, t.brief(t.rpc('maria', 'mark_no_show', jsonb_build_object('booking_id', 'h', 'party', party)::text)) FROM unnest('{admin,"",NULL}'::text[]) AS party;
-- what waits for the specialist was never confirmed
SELECT t.brief(t.rpc('noah', 'complete_booking', '{"booking_id": "i"}'));
SELECT t.brief(t.rpc('noah', 'mark_no_show', '{"booking_id": "i", "party": "client"}'));

-- History and cancellations wrote themselves.
SELECT t.tidy(booking_id::text), old_status, new_status, t.tidy(changed_by::text), actor, reason, metadata, created_at
FROM public.booking_status_history ORDER BY id;
SELECT t.tidy(booking_id::text), requested_by, t.tidy(cancelled_by::text), declined, reason, notice FROM public.booking_cancellations ORDER BY booking_id;

SELECT t.book('j', 'maria', '2030-01-07 21:30Z');
SET holdfast.now = '2030-01-07 21:30Z';
-- Not even the owner of the table takes a step that is not there: all states against all states.
CREATE TEMP TABLE steps AS SELECT o.status AS old_status, n.status AS new_status, NULL::text AS answer
FROM unnest('{pending,confirmed,completed,cancelled,no_show}'::text[]) o (status), unnest('{pending,confirmed,completed,cancelled,no_show}'::text[]) n (status);
DO $$
DECLARE
    v_step record;
BEGIN
    FOR v_step IN SELECT * FROM steps WHERE old_status <> new_status LOOP
        BEGIN
            UPDATE public.bookings b
            SET status = v_step.new_status,
                cancelled_at = CASE v_step.new_status WHEN 'cancelled' THEN now() END,
                cancellation_requested_by = CASE v_step.new_status WHEN 'cancelled' THEN 'system' END,
                completed_at = CASE v_step.new_status WHEN 'completed' THEN now() END,
                no_show_party = CASE v_step.new_status WHEN 'no_show' THEN 'client' END,
                declined_at = NULL, accepted_at = NULL
            WHERE b.id = (SELECT min(c.id::text)::uuid FROM public.bookings c WHERE c.status = v_step.old_status);
            ASSERT FOUND;
            RAISE EXCEPTION 'done';
        EXCEPTION WHEN OTHERS THEN
            UPDATE steps SET answer = SQLERRM WHERE old_status = v_step.old_status AND new_status = v_step.new_status;
        END;
    END LOOP;
END
$$;
SELECT old_status, string_agg(new_status || ' ' || answer, ', ' ORDER BY new_status) FROM steps GROUP BY 1 ORDER BY 1;
-- a booking begins pending or confirmed, and in the calendar
CREATE FUNCTION t.insert_booking(status text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.bookings (organization_id, series_key, specialist_id, client_id, status, start_time, end_time, time_zone, completed_at, accepted_at)
    VALUES (t.id('clinic'), t.id('nothing'), t.id('maria'), t.id('ana'), insert_booking.status, '2030-02-01 10:00Z', '2030-02-01 11:00Z', 'UTC', CASE status WHEN 'completed' THEN now() END, NULL);
    SET CONSTRAINTS ALL IMMEDIATE;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN regexp_replace(SQLERRM, '[0-9a-f-]{36}', '…');
END
$$;
SELECT status, t.insert_booking(status) FROM unnest('{pending,confirmed,completed}'::text[]) AS status;
-- its time cannot be changed past the calendar, nor when it is over, nor its client ever
CREATE FUNCTION t.change(label text, change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_detail text;
BEGIN
    EXECUTE format('UPDATE public.bookings SET %s WHERE id = t.id(%L)', change, label);
    SET CONSTRAINTS ALL IMMEDIATE;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
    RETURN t.tidy(concat_ws(' ', SQLERRM, CASE WHEN v_detail LIKE '{%' THEN v_detail END));
END
$$;
SELECT t.change('j', $$start_time = start_time + interval '1 minute'$$);
SELECT t.change('j', $$specialist_id = t.id('noah')$$);
SELECT t.change('j', $$client_id = t.id('ben')$$);
SELECT t.change('a', $$start_time = start_time + interval '1 minute'$$);
SELECT t.change('a', $$notes = 'late entry'$$);
-- both parties' time, each by itself
SELECT party, t.change('j', format('meeting_link = NULL WHERE false; DELETE FROM holdfast_private.calendar WHERE resource_id = t.id(%L) AND reference = t.id(''j''); UPDATE public.bookings SET start_time = start_time', party)) FROM unnest('{ana,maria}'::text[]) AS party;
-- nor can a state lack what belongs to it
SELECT change, t.change('j', change) FROM unnest(ARRAY[$$status = 'cancelled'$$, $$status = 'cancelled', cancelled_at = now(), cancellation_requested_by = 'nobody'$$, $$status = 'completed'$$,
    $$status = 'no_show'$$, $$status = 'no_show', no_show_party = 'nobody'$$, $$status = 'over'$$, $$no_show_party = 'client'$$, $$metadata = '[]'$$, $$dispute_status = 'fight'$$, $$dispute_status = 'open'$$, $$end_time = 'infinity'$$, $$end_time = start_time$$]) AS change;

\set ECHO none
\i :srcdir/lib/finish_booking.sql

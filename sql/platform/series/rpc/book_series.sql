CREATE FUNCTION holdfast_private.book_series(
    organization_id uuid,
    specialist_id uuid,
    client_id uuid,
    rule text,
    starts_local timestamp,
    time_zone text DEFAULT NULL,
    duration_minutes int DEFAULT NULL,
    session_type_id uuid DEFAULT NULL,
    mode text DEFAULT 'all_or_nothing',
    max_count int DEFAULT 52,
    exdates timestamp[] DEFAULT NULL,
    session jsonb DEFAULT '{}',
    idempotency_key text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_party text;
    v_key text;
    v_response jsonb;
    v_specialist @api@.specialists;
    v_series @api@.recurring_bookings;
    v_slots tstzrange[];
BEGIN
    v_party := holdfast_private.booking_party(organization_id, specialist_id, client_id);
    IF v_party IS NULL THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    v_key := holdfast_private.request_key(idempotency_key);
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'book_series', v_key,
        jsonb_build_object(
            'specialist_id', specialist_id, 'client_id', client_id, 'rule', rule, 'starts_local', starts_local,
            'time_zone', time_zone, 'duration_minutes', duration_minutes, 'session_type_id', session_type_id, 'mode', mode,
            'max_count', max_count, 'exdates', to_jsonb(exdates), 'session', session));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;

    v_specialist := holdfast_private.active_specialist(organization_id, specialist_id);
    PERFORM holdfast_private.active_client(organization_id, client_id);
    IF v_party IN ('client', 'specialist')
        AND NOT holdfast_private.may_book(organization_id, client_id, specialist_id) THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'The client''s company has assigned other specialists.');
    ELSIF mode IS NULL OR mode NOT IN ('all_or_nothing', 'best_effort') THEN
        PERFORM holdfast_private.raise_invalid('mode', 'must be all_or_nothing or best_effort');
    ELSIF duration_minutes NOT BETWEEN 1 AND 1440 THEN
        PERFORM holdfast_private.raise_invalid('duration_minutes', 'must be from 1 to 1440');
    END IF;
    v_series.organization_id := organization_id;
    v_series.specialist_id := specialist_id;
    v_series.client_id := client_id;
    v_series.session_type_id := session_type_id;
    v_series.rule := rule;
    v_series.starts_local := starts_local;
    v_series.time_zone := coalesce(time_zone, v_specialist.time_zone);
    v_series.duration := coalesce(duration_minutes * interval '1 minute',
        holdfast_private.session_length(organization_id, session_type_id));
    IF v_series.duration IS NULL THEN
        PERFORM holdfast_private.raise_invalid('duration_minutes', 'is required without a session type');
    END IF;
    v_slots := holdfast_private.series_slots(
        rule, starts_local, v_series.time_zone, v_series.duration, max_count, exdates);
    v_series := holdfast_private.new_series(v_series, v_slots);
    PERFORM holdfast_private.book_slots(v_series, v_specialist, v_slots, mode = 'all_or_nothing', session);
    v_response := holdfast_private.series_json(organization_id, v_series.id);
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'book_series', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.book_series(uuid, uuid, uuid, text, timestamp, text, int, uuid, text, int, timestamp[], jsonb, text) IS
'Books a series by a recurrence rule (RFC 5545): {"recurring_booking", "occurrences": [{"original_start", "booking_id", "status", "start_time", "end_time", "refusal"}]}. starts_local and exdates are wall-clock times in time_zone (default the specialist''s), which every occurrence keeps across changes of the clock; at most max_count (52, up to 366) are booked. mode all_or_nothing books every one or raises; best_effort books what it can and says of each other one why not: refusal {"error", "details"}. session as in confirm_booking. The same idempotency_key (or header Idempotency-Key) gives the same answer. Errors: outside_availability, slot_conflict, quota_exhausted, subscription_inactive, employment_inactive, approval_required, too_many_cancellations (best_effort has these as refusals), invalid_input, forbidden, specialist_not_found, client_not_found, session_type_not_found, idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.book_series(uuid, uuid, uuid, text, timestamp, text, int, uuid, text, int, timestamp[], jsonb, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.book_series(uuid, uuid, uuid, text, timestamp, text, int, uuid, text, int, timestamp[], jsonb, text)'::regprocedure, '@api@', '{authenticated,service_role}');

-- What frees time.

CREATE FUNCTION holdfast_private.free_for_waitlist(
    organization_id uuid, specialist_id uuid, source text, start_time timestamptz, end_time timestamptz, hold_key uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO holdfast_private.waitlist_freed (organization_id, specialist_id, source, start_time, end_time, hold_key)
    SELECT organization_id, specialist_id, source, start_time, end_time, hold_key
    WHERE end_time > holdfast.clock()
      AND EXISTS (SELECT FROM @api@.waitlist_entries AS e
                  WHERE e.organization_id = free_for_waitlist.organization_id AND e.status = 'waiting')
    ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION holdfast_private.free_for_waitlist(uuid, uuid, text, timestamptz, timestamptz, uuid) IS
'Puts freed time into the queue, if it is not over and anybody waits.';
REVOKE ALL ON FUNCTION holdfast_private.free_for_waitlist(uuid, uuid, text, timestamptz, timestamptz, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.free_booking()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.free_for_waitlist(
        OLD.organization_id, OLD.specialist_id, 'booking', OLD.start_time, OLD.end_time, NULL);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.free_booking() IS 'A booking that is cancelled or moved frees its time.';
REVOKE ALL ON FUNCTION holdfast_private.free_booking() FROM PUBLIC;

CREATE FUNCTION holdfast_private.free_leave()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.free_for_waitlist(
        OLD.organization_id, OLD.specialist_id, 'leave', OLD.starts_at, OLD.ends_at, NULL);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.free_leave() IS 'Leave that is taken back or changed frees its time.';
REVOKE ALL ON FUNCTION holdfast_private.free_leave() FROM PUBLIC;

CREATE FUNCTION holdfast_private.end_hold()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_entry_id uuid;
BEGIN
    UPDATE @api@.waitlist_offers AS o
    SET outcome = CASE NEW.outcome WHEN 'confirmed' THEN 'accepted' ELSE 'declined' END, ended_at = holdfast.clock()
    WHERE o.organization_id = NEW.organization_id AND o.hold_key = NEW.hold_key AND o.outcome IS NULL
    RETURNING o.waitlist_entry_id INTO v_entry_id;
    UPDATE @api@.waitlist_entries AS e
    SET status = CASE NEW.outcome WHEN 'confirmed' THEN 'accepted' ELSE 'waiting' END, updated_at = holdfast.clock()
    WHERE e.organization_id = NEW.organization_id AND e.id = v_entry_id AND e.status = 'offered';
    IF NEW.outcome = 'released' THEN
        PERFORM holdfast_private.free_for_waitlist(
            NEW.organization_id, NEW.specialist_id, 'hold', NEW.start_time, NEW.end_time, NEW.hold_key);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.end_hold() IS
'A hold that is given up frees its time; one that was an offer is declined so, or accepted by confirming it.';
REVOKE ALL ON FUNCTION holdfast_private.end_hold() FROM PUBLIC;

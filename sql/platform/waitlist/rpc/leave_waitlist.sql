CREATE FUNCTION holdfast_private.leave_waitlist(organization_id uuid, waitlist_entry_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_entry @api@.waitlist_entries;
    v_hold uuid;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    SELECT e.* INTO v_entry FROM @api@.waitlist_entries AS e
    WHERE e.organization_id = leave_waitlist.organization_id AND e.id = waitlist_entry_id;
    IF v_entry.id IS NULL OR holdfast_private.booking_party(organization_id, NULL, v_entry.client_id) IS NULL THEN
        PERFORM holdfast.raise_error('waitlist_entry_not_found');
    END IF;
    FOR v_hold IN
        SELECT o.hold_key FROM @api@.waitlist_offers AS o
        WHERE o.organization_id = v_entry.organization_id AND o.waitlist_entry_id = v_entry.id AND o.outcome IS NULL
    LOOP
        PERFORM holdfast_private.cancel_hold(organization_id, v_hold);
    END LOOP;
    UPDATE @api@.waitlist_entries AS e SET status = 'withdrawn', updated_at = holdfast.clock()
    WHERE e.organization_id = v_entry.organization_id AND e.id = v_entry.id AND e.status IN ('waiting', 'offered')
    RETURNING e.* INTO v_entry;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object(
            'from', (SELECT e.status FROM @api@.waitlist_entries AS e
                     WHERE e.organization_id = leave_waitlist.organization_id AND e.id = waitlist_entry_id),
            'to', 'withdrawn'));
    END IF;
    RETURN jsonb_build_object('waitlist_entry', to_jsonb(v_entry));
END
$$;
COMMENT ON FUNCTION holdfast_private.leave_waitlist(uuid, uuid) IS
'Waits no longer; an open offer goes to the next in line: {"waitlist_entry"}. Errors: waitlist_entry_not_found (unknown or not yours), invalid_transition.';
REVOKE ALL ON FUNCTION holdfast_private.leave_waitlist(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.leave_waitlist(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');

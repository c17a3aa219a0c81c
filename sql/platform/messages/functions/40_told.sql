CREATE FUNCTION holdfast_private.mark_told(ids uuid[])
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s'
AS $$
BEGIN
    -- No index has these columns, and the audit log does not take them for a change. The mail is out already: whatever is in
    -- the way of writing that here must not have the worker think that it is not.
    WITH told AS (
        SELECT b.organization_id, b.id, bool_or(o.payload ->> 'kind' LIKE 'booking\_reminder\_%') AS reminded,
            bool_or(o.payload ->> 'kind' IN ('booking_confirmation', 'booking_rescheduled')) AS confirmed
        FROM @api@.communication_logs AS c
        JOIN holdfast_private.outbox AS o ON o.organization_id = c.organization_id AND o.id = c.id
        JOIN @api@.bookings AS b ON b.organization_id = c.organization_id AND b.id = c.booking_id
        WHERE c.id = ANY (ids) AND o.payload ->> 'party' = 'client'
        GROUP BY b.organization_id, b.id),
    locked AS (
        SELECT b.organization_id, b.id, t.reminded, t.confirmed
        FROM @api@.bookings AS b JOIN told AS t ON t.organization_id = b.organization_id AND t.id = b.id
        WHERE (t.confirmed AND b.status <> 'pending') OR t.reminded
        ORDER BY b.organization_id, b.id
        FOR NO KEY UPDATE OF b)
    UPDATE @api@.bookings AS b
    SET confirmation_sent_at = CASE WHEN l.confirmed THEN holdfast.clock() ELSE b.confirmation_sent_at END,
        reminder_sent_at = CASE WHEN l.reminded THEN holdfast.clock() ELSE b.reminder_sent_at END
    FROM locked AS l
    WHERE b.organization_id = l.organization_id AND b.id = l.id;
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
    NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.mark_told(uuid[]) IS
'Notes in bookings that their clients were told, when the mail server has taken a confirmation (also of another time) or a reminder. communication_logs is what counts: a booking that somebody holds on to for 2 seconds goes without.';
REVOKE ALL ON FUNCTION holdfast_private.mark_told(uuid[]) FROM PUBLIC;

-- What was asked for when time was held, until it becomes a booking, and what became of it. The time itself is in the calendar;
-- this table never decides whether a slot is free.
CREATE TABLE holdfast_private.booking_holds (
    organization_id uuid NOT NULL,
    hold_key uuid NOT NULL,
    batch_key uuid NOT NULL,
    occurrence int NOT NULL,
    specialist_id uuid NOT NULL,
    client_id uuid NOT NULL,
    session_type_id uuid,
    booking_id uuid,
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    time_zone text NOT NULL,
    held_by uuid,
    acting_user_id uuid,
    expires_at timestamptz NOT NULL,
    outcome text,
    ended_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock()
) WITH (fillfactor = 90);
COMMENT ON TABLE holdfast_private.booking_holds IS
'One row for each held occurrence: whom it is for, and what became of it. Kept for a month, so that support can show what happened to a hold.';
COMMENT ON COLUMN holdfast_private.booking_holds.organization_id IS 'The tenant.';
COMMENT ON COLUMN holdfast_private.booking_holds.hold_key IS 'The hold; the id of the booking it becomes.';
COMMENT ON COLUMN holdfast_private.booking_holds.batch_key IS 'The hold_key of the first occurrence that was held with it.';
COMMENT ON COLUMN holdfast_private.booking_holds.occurrence IS 'Its place among those, from 1.';
COMMENT ON COLUMN holdfast_private.booking_holds.specialist_id IS 'The specialist whose time is held.';
COMMENT ON COLUMN holdfast_private.booking_holds.client_id IS 'The client whose time is held.';
COMMENT ON COLUMN holdfast_private.booking_holds.session_type_id IS 'The kind of session that was asked for.';
COMMENT ON COLUMN holdfast_private.booking_holds.booking_id IS 'The booking that this hold would move; null for a new one.';
COMMENT ON COLUMN holdfast_private.booking_holds.start_time IS 'The start that was asked for.';
COMMENT ON COLUMN holdfast_private.booking_holds.end_time IS 'The end that was asked for.';
COMMENT ON COLUMN holdfast_private.booking_holds.time_zone IS 'The IANA zone it was asked for in.';
COMMENT ON COLUMN holdfast_private.booking_holds.held_by IS 'The auth user who holds; null for a service.';
COMMENT ON COLUMN holdfast_private.booking_holds.acting_user_id IS 'The real person behind held_by; differs while impersonating.';
COMMENT ON COLUMN holdfast_private.booking_holds.expires_at IS 'When it lapses, as the calendar answered last.';
COMMENT ON COLUMN holdfast_private.booking_holds.outcome IS 'confirmed or released; null while it is open, and for ever when it lapsed.';
COMMENT ON COLUMN holdfast_private.booking_holds.ended_at IS 'When that happened.';
COMMENT ON COLUMN holdfast_private.booking_holds.created_at IS 'When it was held.';
ALTER TABLE holdfast_private.booking_holds ENABLE ROW LEVEL SECURITY;

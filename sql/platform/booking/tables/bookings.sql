-- One row is one appointment. Written by the RPCs only; the triggers keep its states, its history and the calendar together.
CREATE TABLE @api@.bookings (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    series_key uuid NOT NULL,
    specialist_id uuid NOT NULL,
    client_id uuid NOT NULL,
    company_id uuid,
    session_type_id uuid,
    status text NOT NULL DEFAULT 'pending',
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    time_zone text NOT NULL,
    source text NOT NULL DEFAULT 'holdfast',
    external_id text,
    meeting_link text,
    notes text,
    cpt jsonb,
    metadata jsonb NOT NULL DEFAULT '{}',
    accepted_at timestamptz,
    accepted_by uuid,
    declined_at timestamptz,
    decline_reason text,
    cancelled_at timestamptz,
    cancellation_requested_by text,
    cancellation_reason text,
    automatic_cancellation_reason text,
    completed_at timestamptz,
    attended boolean,
    no_show_party text,
    reschedule_count int NOT NULL DEFAULT 0,
    dispute_status text,
    confirmation_sent_at timestamptz,
    reminder_sent_at timestamptz,
    acting_user_id uuid,
    subject_user_id uuid,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    updated_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.bookings IS
'Appointments of a client with a specialist. Read under row security: both parties see their own, admins the organization''s, company_hr none. Written by the booking RPCs only.';
COMMENT ON COLUMN @api@.bookings.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.bookings.id IS 'The booking; the same value as the hold_key it was confirmed from and as the reference of its time in the calendar.';
COMMENT ON COLUMN @api@.bookings.series_key IS 'The first booking of the batch that was held and confirmed together; the id itself for a single one.';
COMMENT ON COLUMN @api@.bookings.specialist_id IS 'The specialist, whose time it occupies.';
COMMENT ON COLUMN @api@.bookings.client_id IS 'The client, whose time it occupies as well. Never changes.';
COMMENT ON COLUMN @api@.bookings.company_id IS 'The company that the client was employed by when the booking was made; null for a private client.';
COMMENT ON COLUMN @api@.bookings.session_type_id IS 'What kind of session it is, if that was said.';
COMMENT ON COLUMN @api@.bookings.status IS 'pending (waits for the specialist), confirmed, completed, cancelled or no_show.';
COMMENT ON COLUMN @api@.bookings.start_time IS 'When it starts.';
COMMENT ON COLUMN @api@.bookings.end_time IS 'When it ends; buffers come on top in the calendar.';
COMMENT ON COLUMN @api@.bookings.time_zone IS 'The IANA zone it was booked in; the specialist''s own where none was named.';
COMMENT ON COLUMN @api@.bookings.source IS 'Where it came from: holdfast, or the name of an outside system.';
COMMENT ON COLUMN @api@.bookings.external_id IS 'Its id in that outside system.';
COMMENT ON COLUMN @api@.bookings.meeting_link IS 'Where the parties meet online.';
COMMENT ON COLUMN @api@.bookings.notes IS 'Clinical content: what was noted when it was booked. Both parties and admins read it; company_hr never.';
COMMENT ON COLUMN @api@.bookings.cpt IS 'Clinical content: procedure codes and their modifiers, as the client of the API derived them.';
COMMENT ON COLUMN @api@.bookings.metadata IS 'Every other key of the session object that confirmed it.';
COMMENT ON COLUMN @api@.bookings.accepted_at IS 'When the specialist accepted it, or it was accepted for them.';
COMMENT ON COLUMN @api@.bookings.accepted_by IS 'The auth user who accepted it; null when it was accepted automatically.';
COMMENT ON COLUMN @api@.bookings.declined_at IS 'When the specialist declined it, or withdrew after accepting.';
COMMENT ON COLUMN @api@.bookings.decline_reason IS 'Why the specialist declined.';
COMMENT ON COLUMN @api@.bookings.cancelled_at IS 'When it was cancelled.';
COMMENT ON COLUMN @api@.bookings.cancellation_requested_by IS 'Who cancelled it: client, specialist, admin or system.';
COMMENT ON COLUMN @api@.bookings.cancellation_reason IS 'Why it was cancelled, in their words.';
COMMENT ON COLUMN @api@.bookings.automatic_cancellation_reason IS 'Which rule cancelled it, when nobody did.';
COMMENT ON COLUMN @api@.bookings.completed_at IS 'When it was marked completed.';
COMMENT ON COLUMN @api@.bookings.attended IS 'Whether the client came; null until somebody knows.';
COMMENT ON COLUMN @api@.bookings.no_show_party IS 'Who did not come: client or specialist.';
COMMENT ON COLUMN @api@.bookings.reschedule_count IS 'How often it was moved.';
COMMENT ON COLUMN @api@.bookings.dispute_status IS 'open or resolved; null when nobody disputes it.';
COMMENT ON COLUMN @api@.bookings.confirmation_sent_at IS 'When the mail server took the confirmation for the client, also of a new time; null before, and since the booking was moved.';
COMMENT ON COLUMN @api@.bookings.reminder_sent_at IS 'When the mail server took the last reminder for the client.';
COMMENT ON COLUMN @api@.bookings.acting_user_id IS 'The real person who made it; differs from subject_user_id while impersonating.';
COMMENT ON COLUMN @api@.bookings.subject_user_id IS 'The auth user in whose name it was made.';
COMMENT ON COLUMN @api@.bookings.created_at IS 'When it was made.';
COMMENT ON COLUMN @api@.bookings.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.bookings ENABLE ROW LEVEL SECURITY;

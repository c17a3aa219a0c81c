ALTER TABLE @api@.bookings
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD FOREIGN KEY (organization_id, client_id) REFERENCES @api@.clients (organization_id, id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD FOREIGN KEY (organization_id, session_type_id) REFERENCES @api@.session_types (organization_id, id),
    ADD CONSTRAINT bookings_status_known
        CHECK (status IN ('pending', 'confirmed', 'completed', 'cancelled', 'no_show')),
    ADD CONSTRAINT bookings_time_in_order
        CHECK (isfinite(start_time) AND isfinite(end_time) AND end_time > start_time),
    ADD CONSTRAINT bookings_cancelled_with_time
        CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)
            AND (status = 'cancelled') = (cancellation_requested_by IS NOT NULL)),
    ADD CONSTRAINT bookings_declined_is_cancelled
        CHECK (declined_at IS NULL OR status = 'cancelled'),
    ADD CONSTRAINT bookings_completed_with_time
        CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
    ADD CONSTRAINT bookings_no_show_with_party
        CHECK ((status = 'no_show') = (no_show_party IS NOT NULL) AND no_show_party IN ('client', 'specialist')),
    ADD CONSTRAINT bookings_pending_not_accepted
        CHECK (status <> 'pending' OR accepted_at IS NULL),
    ADD CONSTRAINT bookings_cancellation_requested_by_known
        CHECK (cancellation_requested_by IN ('client', 'specialist', 'admin', 'system')),
    ADD CONSTRAINT bookings_dispute_status_known
        CHECK (dispute_status IN ('open', 'resolved')),
    ADD CONSTRAINT bookings_reschedule_count_positive
        CHECK (reschedule_count >= 0),
    ADD CONSTRAINT bookings_metadata_is_object
        CHECK (jsonb_typeof(metadata) = 'object');

ALTER TABLE @api@.booking_status_history
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id),
    ADD CONSTRAINT booking_status_history_actor_known CHECK (actor IN ('client', 'specialist', 'admin', 'system'));

ALTER TABLE @api@.booking_cancellations
    ADD PRIMARY KEY (organization_id, booking_id),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id),
    ADD CONSTRAINT booking_cancellations_requested_by_known
        CHECK (requested_by IN ('client', 'specialist', 'admin', 'system'));

ALTER TABLE @api@.rescheduling_history
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id),
    ADD CONSTRAINT rescheduling_history_actor_known CHECK (actor IN ('client', 'specialist', 'admin', 'system'));

ALTER TABLE holdfast_private.booking_holds
    ADD PRIMARY KEY (organization_id, hold_key),
    ADD CONSTRAINT booking_holds_outcome_known
        CHECK (outcome IN ('confirmed', 'released') AND (outcome IS NULL) = (ended_at IS NULL));

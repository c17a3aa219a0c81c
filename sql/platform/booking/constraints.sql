-- A check is parsed anew for every statement that writes, which costs more than the row; so what a state must come with is checked by
-- the trigger guard_booking. The organization is that of the specialist: a key of its own would lock one row for every booking of a
-- clinic.
ALTER TABLE @api@.bookings
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD FOREIGN KEY (organization_id, client_id) REFERENCES @api@.clients (organization_id, id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD FOREIGN KEY (organization_id, session_type_id) REFERENCES @api@.session_types (organization_id, id),
    ADD CONSTRAINT bookings_time_in_order
        CHECK (isfinite(start_time) AND isfinite(end_time) AND end_time > start_time);

ALTER TABLE @api@.booking_status_history
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id);

ALTER TABLE @api@.booking_cancellations
    ADD PRIMARY KEY (organization_id, booking_id),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id);

ALTER TABLE @api@.rescheduling_history
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id);

ALTER TABLE holdfast_private.booking_holds
    ADD PRIMARY KEY (organization_id, hold_key);

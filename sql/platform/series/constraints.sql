ALTER TABLE @api@.recurring_bookings
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, id, specialist_id, client_id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD FOREIGN KEY (organization_id, client_id) REFERENCES @api@.clients (organization_id, id),
    ADD FOREIGN KEY (organization_id, session_type_id) REFERENCES @api@.session_types (organization_id, id),
    ADD FOREIGN KEY (organization_id, continues_id) REFERENCES @api@.recurring_bookings (organization_id, id),
    ADD CHECK (length(rule) <= 2048),
    ADD CHECK (frequency IN ('daily', 'weekly', 'biweekly', 'monthly', 'yearly', 'custom')),
    ADD CHECK (duration BETWEEN '1 minute' AND '24 hours'),
    ADD CHECK (end_date >= start_date),
    ADD CHECK (holdfast.is_time_zone(time_zone));

ALTER TABLE @api@.recurring_booking_occurrences
    ADD PRIMARY KEY (organization_id, recurring_booking_id, original_start),
    ADD FOREIGN KEY (organization_id, recurring_booking_id, specialist_id, client_id)
        REFERENCES @api@.recurring_bookings (organization_id, id, specialist_id, client_id),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id),
    ADD CHECK ((booking_id IS NULL) = (refusal IS NOT NULL));

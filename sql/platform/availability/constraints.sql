ALTER TABLE @api@.specialist_working_hours
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD CHECK (day_of_week BETWEEN 0 AND 6),
    ADD CHECK (effective_to >= effective_from),
    ADD CHECK (holdfast.is_time_zone(working_hours_timezone));

ALTER TABLE @api@.specialist_breaks
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD CHECK (day_of_week BETWEEN 0 AND 6),
    ADD CHECK (cardinality(exception_dates) <= 366),
    ADD CHECK (effective_to >= effective_from),
    ADD CHECK (holdfast.is_time_zone(time_zone));

ALTER TABLE @api@.specialist_availability_exceptions
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD CHECK (exception_date BETWEEN '1970-01-01' AND '9999-01-01'),
    ADD CHECK ((start_time IS NULL) = (end_time IS NULL)),
    ADD CHECK (length(reason) <= 2000),
    ADD CHECK (holdfast.is_time_zone(time_zone));

ALTER TABLE @api@.specialist_vacation
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '366 days'),
    ADD CHECK (kind IN ('vacation', 'sick', 'training', 'other')),
    ADD CHECK (status IN ('requested', 'approved', 'rejected', 'cancelled')),
    ADD CHECK (length(reason) <= 2000),
    ADD CHECK (holdfast.is_time_zone(time_zone));

ALTER TABLE @api@.external_busy_times
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, specialist_id, source, external_id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD CHECK (length(source) BETWEEN 1 AND 100),
    ADD CHECK (length(external_id) BETWEEN 1 AND 500),
    ADD CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '366 days');

ALTER TABLE @api@.booking_rules
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE NULLS NOT DISTINCT (organization_id, specialist_id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD CHECK (minimum_notice BETWEEN '0' AND '366 days'),
    ADD CHECK (booking_window BETWEEN '0' AND '3660 days'),
    ADD CHECK (slot_step BETWEEN '1 minute' AND '1 day' AND extract(month FROM slot_step) = 0),
    ADD CHECK (specialist_daily_limit > 0),
    ADD CHECK (specialist_weekly_limit > 0),
    ADD CHECK (client_daily_limit > 0),
    ADD CHECK (client_weekly_limit > 0);

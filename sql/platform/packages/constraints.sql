ALTER TABLE @api@.booking_packages
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD CHECK (session_count BETWEEN 1 AND 1000),
    ADD CHECK (price >= 0),
    ADD CHECK (currency ~ '^[A-Z]{3}$'),
    ADD CHECK (discount_percentage BETWEEN 0 AND 100);

ALTER TABLE @api@.client_packages
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, id, client_id),
    ADD FOREIGN KEY (organization_id, package_id) REFERENCES @api@.booking_packages (organization_id, id),
    ADD FOREIGN KEY (organization_id, client_id) REFERENCES @api@.clients (organization_id, id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD CHECK (uses_left BETWEEN 0 AND session_count);

ALTER TABLE @api@.package_uses
    ADD PRIMARY KEY (organization_id, booking_id),
    ADD FOREIGN KEY (organization_id, booking_id) REFERENCES @api@.bookings (organization_id, id),
    ADD FOREIGN KEY (organization_id, client_package_id, client_id)
        REFERENCES @api@.client_packages (organization_id, id, client_id);

ALTER TABLE @api@.waitlist_entries
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, client_id) REFERENCES @api@.clients (organization_id, id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD FOREIGN KEY (organization_id, pillar_id) REFERENCES @api@.pillars (organization_id, id),
    ADD FOREIGN KEY (organization_id, session_type_id) REFERENCES @api@.session_types (organization_id, id),
    ADD CHECK (duration BETWEEN '1 minute' AND '24 hours'),
    ADD CHECK (isfinite(earliest) AND isfinite(latest) AND latest >= earliest + duration),
    ADD CHECK (days_of_week <@ '{0,1,2,3,4,5,6}' AND cardinality(days_of_week) > 0),
    ADD CHECK (holdfast.is_time_zone(time_zone)),
    ADD CHECK (status IN ('waiting', 'offered', 'accepted', 'lapsed', 'withdrawn')),
    ADD CHECK (blocked_by IN ('quota_exhausted', 'subscription_inactive'));

ALTER TABLE @api@.waitlist_offers
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, hold_key),
    ADD FOREIGN KEY (organization_id, waitlist_entry_id) REFERENCES @api@.waitlist_entries (organization_id, id),
    ADD CHECK (outcome IN ('accepted', 'declined', 'lapsed')),
    ADD CHECK ((outcome IS NULL) = (ended_at IS NULL));

ALTER TABLE @api@.waitlist_settings
    ADD PRIMARY KEY (organization_id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (offer_minutes BETWEEN 1 AND 10080);

ALTER TABLE holdfast_private.waitlist_freed
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, hold_key);

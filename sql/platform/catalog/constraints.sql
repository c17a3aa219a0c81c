ALTER TABLE @api@.pillars
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, code),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (code ~ '^[a-z][a-z0-9_]{0,62}$'),
    ADD CHECK (length(name) BETWEEN 1 AND 200),
    ADD CHECK (length(description) <= 10000);

ALTER TABLE @api@.session_types
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, name),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, pillar_id) REFERENCES @api@.pillars (organization_id, id),
    ADD CHECK (length(name) BETWEEN 1 AND 200),
    ADD CHECK (length(description) <= 10000),
    ADD CHECK (default_duration_minutes BETWEEN 1 AND 1440),
    ADD CHECK (approval IN ('none', 'each', 'before'));

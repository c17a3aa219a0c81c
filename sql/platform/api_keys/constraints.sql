ALTER TABLE @api@.api_keys
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES @api@.profiles (organization_id, user_id) ON DELETE CASCADE,
    ADD CHECK (length(name) BETWEEN 1 AND 200),
    ADD CHECK (length(prefix) <= 20),
    ADD CHECK (expires_at > created_at AND expires_at <= coalesce(rotated_at, created_at) + interval '366 days');

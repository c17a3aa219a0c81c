ALTER TABLE holdfast_private.passwords
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES @api@.profiles (organization_id, user_id) ON DELETE CASCADE,
    ADD CHECK (password_hash ~ '^\$(argon2id|2[aby])\$'),
    ADD CHECK (replaced_at >= created_at);

ALTER TABLE @api@.session_tokens
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES @api@.profiles (organization_id, user_id) ON DELETE CASCADE,
    ADD CHECK (expires_at > created_at AND expires_at <= created_at + interval '366 days'),
    ADD CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL)),
    ADD CHECK (revoked_reason IN ('sign_out', 'too_many', 'password', 'role', 'account', 'second_factor', 'reuse')),
    ADD CHECK (length(user_agent) <= 1000);

ALTER TABLE @api@.two_factor_auth
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, user_id, method),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES @api@.profiles (organization_id, user_id) ON DELETE CASCADE,
    ADD CHECK (method = 'authenticator'),
    ADD CHECK (is_verified = (verified_at IS NOT NULL));

ALTER TABLE holdfast_private.two_factor_secrets
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, id) REFERENCES @api@.two_factor_auth (organization_id, id) ON DELETE CASCADE,
    ADD CHECK (octet_length(backup_salt) = 16);

ALTER TABLE holdfast_private.user_backup_codes
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, factor_id) REFERENCES @api@.two_factor_auth (organization_id, id) ON DELETE CASCADE,
    ADD CHECK (octet_length(code_hash) = 32);

ALTER TABLE @api@.user_device_fingerprints
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, user_id, device_id),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES @api@.profiles (organization_id, user_id) ON DELETE CASCADE,
    ADD CHECK (length(device_id) = 64),
    ADD CHECK (length(user_agent) <= 1000);

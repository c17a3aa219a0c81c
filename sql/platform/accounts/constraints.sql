ALTER TABLE @api@.account_settings
    ADD PRIMARY KEY (organization_id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (sign_up_role ~ '^[a-z][a-z0-9_]{0,62}$'),
    ADD CHECK (min_password_score BETWEEN 0 AND 4),
    ADD CHECK (max_failed_attempts BETWEEN 1 AND 100),
    ADD CHECK (lock_minutes BETWEEN 1 AND 1440),
    ADD CHECK (max_sessions BETWEEN 1 AND 100),
    ADD CHECK (session_days BETWEEN 1 AND 365),
    ADD CHECK (cardinality(second_factor_roles) <= 100);

ALTER TABLE @api@.accounts
    ADD PRIMARY KEY (organization_id, user_id),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES @api@.profiles (organization_id, user_id) ON DELETE CASCADE,
    ADD CHECK (status IN ('active', 'suspended', 'deleted')),
    ADD CHECK (length(reason) <= 1000);

ALTER TABLE holdfast_private.token_kinds
    ADD PRIMARY KEY (kind),
    ADD CHECK (kind ~ '^[a-z][a-z0-9_]{0,50}$'),
    ADD CHECK (prefix ~ '^[a-z][a-z0-9]{1,11}$'),
    ADD CHECK (lifetime > interval '0' AND lifetime <= interval '30 days'),
    ADD CHECK (max_attempts BETWEEN 1 AND 100);

ALTER TABLE @api@.account_tokens
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES @api@.profiles (organization_id, user_id) ON DELETE CASCADE,
    ADD CHECK (holdfast.is_email(email)),
    ADD CHECK (jsonb_typeof(details) = 'object'),
    ADD CHECK (attempts >= 0),
    ADD CHECK (issued_at >= created_at),
    ADD CHECK (expires_at > created_at),
    ADD CHECK (accepted_at >= issued_at),
    ADD CHECK (rejected_at >= issued_at),
    ADD CHECK (num_nonnulls(accepted_at, rejected_at) <= 1),
    ADD CHECK (num_nonnulls(accepted_at, rejected_at) = 0 OR issued_at IS NOT NULL),
    ADD CHECK (void_at >= created_at),
    ADD CHECK (role ~ '^[a-z][a-z0-9_]{0,62}$');

ALTER TABLE holdfast_private.token_secrets
    ADD PRIMARY KEY (organization_id, token_id, token_hash),
    ADD CHECK (octet_length(token_hash) = 32),
    ADD CHECK (expires_at > created_at);

ALTER TABLE @api@.failed_login_attempts
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (holdfast.is_email(email)),
    ADD CHECK (length(user_agent) <= 1000),
    ADD CHECK (reason IN ('credentials', 'second_factor', 'locked', 'suspended', 'unverified', 'address', 'cleared'));

ALTER TABLE @api@.ip_allowlist
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES @api@.profiles (organization_id, user_id) ON DELETE CASCADE,
    ADD CHECK (length(description) <= 200);

ALTER TABLE @api@.ip_blocklist
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES @api@.profiles (organization_id, user_id) ON DELETE CASCADE,
    ADD CHECK (length(description) <= 200);

ALTER TABLE @api@.organizations
    ADD PRIMARY KEY (id),
    ADD CHECK (name = btrim(name) AND length(name) BETWEEN 1 AND 200),
    ADD CHECK (holdfast.is_time_zone(time_zone));

ALTER TABLE @api@.profiles
    ADD PRIMARY KEY (organization_id, user_id),
    ADD UNIQUE (organization_id, email),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (holdfast.is_email(email)),
    ADD CHECK (length(display_name) BETWEEN 1 AND 200),
    ADD CHECK (length(phone) BETWEEN 3 AND 40),
    ADD CHECK (length(locale) BETWEEN 2 AND 35),
    ADD CHECK (holdfast.is_time_zone(time_zone)),
    ADD CHECK (email_verification_status IN ('unverified', 'verified', 'bounced')),
    ADD CHECK (created_from IN ('web', 'mobile', 'api')),
    ADD CHECK (signup_source IN ('organic', 'referral', 'ad')),
    ADD CHECK (length(user_agent) <= 1000);

ALTER TABLE @api@.roles
    ADD PRIMARY KEY (organization_id, role),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (role ~ '^[a-z][a-z0-9_]{0,62}$');

ALTER TABLE @api@.permissions
    ADD PRIMARY KEY (organization_id, permission),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (permission ~ '^[a-z][a-z0-9_]{0,62}$');

-- Whoever may write rows of one tenant, now or by a grant to come, must not become super admin by them.
ALTER TABLE @api@.user_roles
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CONSTRAINT user_roles_super_admin_everywhere
        CHECK (role <> 'super_admin' OR organization_id = '00000000-0000-0000-0000-000000000000');
ALTER TABLE @api@.user_roles_permissions
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CONSTRAINT user_roles_permissions_platform_everywhere
        CHECK (permission <> 'manage_platform' OR organization_id = '00000000-0000-0000-0000-000000000000');
ALTER TABLE @api@.user_roles_hierarchy
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CONSTRAINT user_roles_hierarchy_super_admin_everywhere
        CHECK (inherits <> 'super_admin' OR organization_id = '00000000-0000-0000-0000-000000000000');

ALTER TABLE @api@.user_roles_history
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CONSTRAINT user_roles_history_says_what CHECK (old_role IS DISTINCT FROM new_role);

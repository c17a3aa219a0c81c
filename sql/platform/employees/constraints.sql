ALTER TABLE @api@.company_employee_invitations
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, token_id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD FOREIGN KEY (organization_id, employee_id) REFERENCES @api@.company_employees (organization_id, id),
    ADD FOREIGN KEY (organization_id, token_id) REFERENCES @api@.account_tokens (organization_id, id) ON DELETE SET NULL (token_id),
    ADD CHECK (holdfast.is_email(email)),
    ADD CHECK (expires_at > created_at),
    ADD CHECK (num_nonnulls(accepted_at, rejected_at, revoked_at, expired_at) <= 1),
    ADD CHECK ((accepted_at IS NULL) = (user_id IS NULL));

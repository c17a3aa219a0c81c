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

ALTER TABLE @api@.company_import_history
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, company_id, id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD CHECK (length(source) <= 200),
    ADD CHECK (mode IN ('all_or_nothing', 'skip_bad')),
    ADD CHECK (status IN ('imported', 'partial', 'refused', 'undone', 'partly_undone')),
    ADD CHECK (imported_rows >= 0 AND refused_rows >= 0 AND imported_rows + refused_rows <= total_rows),
    ADD CHECK (undone_rows BETWEEN 0 AND imported_rows),
    ADD CHECK ((status IN ('undone', 'partly_undone')) = (undone_at IS NOT NULL));

ALTER TABLE @api@.company_import_rows
    ADD PRIMARY KEY (organization_id, import_id, row_index),
    ADD FOREIGN KEY (organization_id, company_id, import_id)
        REFERENCES @api@.company_import_history (organization_id, company_id, id),
    ADD FOREIGN KEY (organization_id, employee_id) REFERENCES @api@.company_employees (organization_id, id)
        ON DELETE SET NULL (employee_id),
    ADD CHECK (row_index >= 0),
    ADD CHECK (status IN ('imported', 'refused', 'left_out', 'undone')),
    ADD CHECK ((status = 'refused') = (error IS NOT NULL));

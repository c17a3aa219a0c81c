ALTER TABLE @api@.quota_settings
    ADD PRIMARY KEY (organization_id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (cancellation_notice BETWEEN '0' AND '365 days'),
    ADD CHECK (max_cancellations BETWEEN 1 AND 1000),
    ADD CHECK (cancellation_days BETWEEN 1 AND 365),
    ADD CHECK (minimum_group BETWEEN 2 AND 1000);

ALTER TABLE @api@.quota_increase_requests
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD CHECK (sessions BETWEEN 1 AND 1000000),
    ADD CHECK (length(reason) <= 1000),
    ADD CHECK (status IN ('pending', 'approved', 'rejected')),
    ADD CHECK (granted BETWEEN 1 AND 1000000),
    ADD CHECK ((status = 'approved') = (granted IS NOT NULL)),
    ADD CHECK ((status = 'pending') = (reviewed_at IS NULL)),
    ADD CHECK (length(comment) <= 1000);

ALTER TABLE @api@.session_approvals
    ADD PRIMARY KEY (organization_id, client_id, session_type_id),
    ADD FOREIGN KEY (organization_id, client_id) REFERENCES @api@.clients (organization_id, id),
    ADD FOREIGN KEY (organization_id, session_type_id) REFERENCES @api@.session_types (organization_id, id);

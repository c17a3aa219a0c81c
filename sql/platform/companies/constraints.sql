ALTER TABLE @api@.company_subscription_plans
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, name),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (length(name) BETWEEN 1 AND 200),
    ADD CHECK (sessions_per_month BETWEEN 0 AND 1000000),
    ADD CHECK (max_employees BETWEEN 0 AND 1000000),
    ADD CHECK (carry_limit BETWEEN 0 AND 1000000),
    ADD CHECK (carry_months BETWEEN 1 AND 24),
    ADD CHECK (sessions_per_employee BETWEEN 0 AND 1000000),
    ADD CHECK (cancellation_notice_hours BETWEEN 0 AND 8760),
    ADD CHECK (jsonb_typeof(features) = 'object'),
    ADD CHECK (trial_days BETWEEN 0 AND 365),
    ADD CHECK (billing_cycle IN ('monthly', 'annual')),
    ADD CHECK (price >= 0),
    ADD CHECK (currency ~ '^[A-Z]{3}$');

ALTER TABLE @api@.company_subscriptions
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, company_id, id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD FOREIGN KEY (organization_id, plan_id) REFERENCES @api@.company_subscription_plans (organization_id, id),
    ADD FOREIGN KEY (organization_id, next_plan_id) REFERENCES @api@.company_subscription_plans (organization_id, id),
    ADD CHECK (status IN ('trial', 'active', 'suspended', 'cancelled')),
    ADD CHECK (isfinite(start_date)),
    ADD CHECK (trial_end_date > start_date),
    ADD CHECK (end_date >= start_date),
    ADD CHECK (status <> 'trial' OR trial_end_date IS NOT NULL),
    ADD CHECK (status <> 'cancelled' OR end_date IS NOT NULL),
    ADD CHECK ((next_plan_id IS NULL) = (next_plan_date IS NULL)),
    ADD CHECK (length(cancellation_reason) <= 1000);

ALTER TABLE @api@.company_subscription_history
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, company_id, subscription_id)
        REFERENCES @api@.company_subscriptions (organization_id, company_id, id);

ALTER TABLE @api@.company_verification
    ADD PRIMARY KEY (organization_id, company_id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD CHECK (status IN ('pending', 'in_review', 'verified', 'rejected')),
    ADD CHECK ((status = 'rejected') = (rejection_reason IS NOT NULL)),
    ADD CHECK ((status IN ('verified', 'rejected')) = (verified_at IS NOT NULL)),
    ADD CHECK (length(registration_number) <= 200),
    ADD CHECK (length(tax_id) <= 200),
    ADD CHECK (length(business_license) <= 200),
    ADD CHECK (length(insurance) <= 200);

ALTER TABLE @api@.company_contacts
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD CHECK (kind IN ('general', 'billing')),
    ADD CHECK (length(name) BETWEEN 1 AND 200),
    ADD CHECK (holdfast.is_email(email)),
    ADD CHECK (length(phone) BETWEEN 3 AND 40),
    ADD CHECK (length(role) <= 200),
    ADD CHECK (length(address) <= 1000);

ALTER TABLE @api@.company_dpa_acceptance
    ADD PRIMARY KEY (organization_id, company_id, dpa_version),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD CHECK (length(dpa_version) BETWEEN 1 AND 50),
    ADD CHECK (signed_document_url ~ '^https://' AND length(signed_document_url) <= 2000);

ALTER TABLE @api@.company_compliance_issues
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD CHECK (severity IN ('low', 'medium', 'high')),
    ADD CHECK (length(description) BETWEEN 1 AND 2000),
    ADD CHECK ((resolved_at IS NULL) = (resolution IS NULL)),
    ADD CHECK (length(resolution) BETWEEN 1 AND 2000);

ALTER TABLE @api@.company_organizations
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, name),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (length(name) BETWEEN 1 AND 200),
    ADD CHECK (length(industry) <= 200);

ALTER TABLE @api@.company_organization_members
    ADD PRIMARY KEY (organization_id, company_id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD FOREIGN KEY (organization_id, company_organization_id) REFERENCES @api@.company_organizations (organization_id, id);

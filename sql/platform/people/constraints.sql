ALTER TABLE @api@.specialists
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, user_id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, pillar_id) REFERENCES @api@.pillars (organization_id, id),
    ADD CHECK (length(display_name) BETWEEN 1 AND 200),
    ADD CHECK (length(bio) <= 10000),
    ADD CHECK (experience_years BETWEEN 0 AND 80),
    ADD CHECK (holdfast.is_time_zone(time_zone)),
    ADD CHECK (buffer_before BETWEEN '0' AND '4 hours' AND extract(day FROM buffer_before) = 0),
    ADD CHECK (buffer_after BETWEEN '0' AND '4 hours' AND extract(day FROM buffer_after) = 0),
    ADD CHECK (concurrent_session_limit BETWEEN 1 AND 100),
    ADD CHECK (status IN ('pending', 'active', 'inactive', 'suspended'));

ALTER TABLE @api@.companies
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, name),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD CHECK (length(name) BETWEEN 1 AND 200),
    ADD CHECK (length(industry) <= 200),
    ADD CHECK (holdfast.is_time_zone(time_zone)),
    ADD CHECK (status IN ('active', 'suspended', 'closed'));

ALTER TABLE @api@.company_employees
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, company_id, id),
    ADD UNIQUE (organization_id, user_id),
    ADD UNIQUE (organization_id, email),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD CHECK (role IN ('hr', 'employee')),
    ADD CHECK (holdfast.is_email(email)),
    ADD CHECK (length(display_name) BETWEEN 1 AND 200),
    ADD CHECK (length(department) <= 200),
    ADD CHECK (length(cost_center) <= 200),
    ADD CHECK (access_date < access_ends),
    ADD CHECK (monthly_limit >= 0),
    ADD CHECK (status IN ('invited', 'active', 'inactive'));

ALTER TABLE @api@.clients
    ADD PRIMARY KEY (organization_id, id),
    ADD UNIQUE (organization_id, user_id),
    ADD FOREIGN KEY (organization_id) REFERENCES @api@.organizations (id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD FOREIGN KEY (organization_id, company_id, employee_id)
        REFERENCES @api@.company_employees (organization_id, company_id, id),
    ADD CHECK (employee_id IS NULL OR company_id IS NOT NULL),
    ADD CHECK (length(display_name) BETWEEN 1 AND 200),
    ADD CHECK (holdfast.is_email(email)),
    ADD CHECK (length(phone) BETWEEN 3 AND 40),
    ADD CHECK (date_of_birth BETWEEN '1900-01-01' AND '2199-12-31'),
    ADD CHECK (holdfast.is_time_zone(time_zone)),
    ADD CHECK (status IN ('active', 'inactive'));

ALTER TABLE @api@.client_assignments
    ADD PRIMARY KEY (organization_id, id),
    ADD FOREIGN KEY (organization_id, client_id) REFERENCES @api@.clients (organization_id, id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id),
    ADD CHECK (ended_at >= assigned_at);

ALTER TABLE @api@.specialist_assignments
    ADD PRIMARY KEY (organization_id, company_id, specialist_id),
    ADD FOREIGN KEY (organization_id, company_id) REFERENCES @api@.companies (organization_id, id),
    ADD FOREIGN KEY (organization_id, specialist_id) REFERENCES @api@.specialists (organization_id, id);

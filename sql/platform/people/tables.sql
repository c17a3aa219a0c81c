CREATE TABLE @api@.specialists (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid,
    display_name text NOT NULL,
    bio text,
    experience_years int,
    specialties text[] NOT NULL DEFAULT '{}',
    languages text[] NOT NULL DEFAULT '{}',
    pillar_id uuid,
    time_zone text NOT NULL,
    auto_accept boolean NOT NULL DEFAULT true,
    buffer_before interval NOT NULL DEFAULT '0',
    buffer_after interval NOT NULL DEFAULT '0',
    concurrent_session_limit int NOT NULL DEFAULT 1,
    status text NOT NULL DEFAULT 'active',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.specialists IS 'Therapists and other providers. Members of the organization see those who are active, so nothing private belongs here: contact data is in profiles.';
COMMENT ON COLUMN @api@.specialists.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.specialists.id IS 'The specialist; the resource of their calendar.';
COMMENT ON COLUMN @api@.specialists.user_id IS 'sub of the specialist''s token; null until they sign in.';
COMMENT ON COLUMN @api@.specialists.display_name IS 'The name clients see.';
COMMENT ON COLUMN @api@.specialists.bio IS 'What they say of themselves.';
COMMENT ON COLUMN @api@.specialists.experience_years IS 'Years of practice.';
COMMENT ON COLUMN @api@.specialists.specialties IS 'What they treat.';
COMMENT ON COLUMN @api@.specialists.languages IS 'BCP 47 tags of the languages they work in.';
COMMENT ON COLUMN @api@.specialists.pillar_id IS 'The pillar they belong to.';
COMMENT ON COLUMN @api@.specialists.time_zone IS 'IANA name of the zone they work in.';
COMMENT ON COLUMN @api@.specialists.auto_accept IS 'Whether a confirmed hold is a confirmed booking, or waits for accept_booking.';
COMMENT ON COLUMN @api@.specialists.buffer_before IS 'Time kept free before each booking.';
COMMENT ON COLUMN @api@.specialists.buffer_after IS 'Time kept free after each booking.';
COMMENT ON COLUMN @api@.specialists.concurrent_session_limit IS 'How many bookings may run at the same time.';
COMMENT ON COLUMN @api@.specialists.status IS 'pending (not bookable yet), active, inactive or suspended.';
COMMENT ON COLUMN @api@.specialists.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.specialists.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.specialists ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.companies (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    name text NOT NULL,
    industry text,
    time_zone text NOT NULL,
    status text NOT NULL DEFAULT 'active',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.companies IS 'Employers that sponsor sessions.';
COMMENT ON COLUMN @api@.companies.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.companies.id IS 'The company.';
COMMENT ON COLUMN @api@.companies.name IS 'Its name; unique within the organization.';
COMMENT ON COLUMN @api@.companies.industry IS 'What it does.';
COMMENT ON COLUMN @api@.companies.time_zone IS 'IANA name of the zone that its periods begin in.';
COMMENT ON COLUMN @api@.companies.status IS 'active, suspended or closed; only an active one sponsors sessions.';
COMMENT ON COLUMN @api@.companies.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.companies.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.companies ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.company_employees (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    company_id uuid NOT NULL,
    user_id uuid,
    role text NOT NULL DEFAULT 'employee',
    email text,
    display_name text NOT NULL,
    department text,
    cost_center text,
    access_date date,
    access_ends date,
    monthly_limit int,
    status text NOT NULL DEFAULT 'active',
    active_company_id uuid GENERATED ALWAYS AS (CASE WHEN status = 'active' THEN company_id END) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.company_employees IS 'Who works for a company. HR sees these rows of their own company; whether somebody is a client is told by clients.employee_id, which HR does not see.';
COMMENT ON COLUMN @api@.company_employees.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_employees.id IS 'The employee.';
COMMENT ON COLUMN @api@.company_employees.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_employees.user_id IS 'sub of the employee''s token; null until they sign in. A person is an employee of one company per organization.';
COMMENT ON COLUMN @api@.company_employees.role IS 'employee, or hr (who then also has the role company_hr).';
COMMENT ON COLUMN @api@.company_employees.email IS 'Lower case; unique within the organization.';
COMMENT ON COLUMN @api@.company_employees.display_name IS 'Their name.';
COMMENT ON COLUMN @api@.company_employees.department IS 'Where they work.';
COMMENT ON COLUMN @api@.company_employees.cost_center IS 'Who pays within the company.';
COMMENT ON COLUMN @api@.company_employees.access_date IS 'From which day on they may book.';
COMMENT ON COLUMN @api@.company_employees.access_ends IS 'From which day on, in the company''s zone, they are an employee no more: from its first instant they book and change nothing by the company and have no seat, and job_end_access() makes them inactive. Null means no end.';
COMMENT ON COLUMN @api@.company_employees.monthly_limit IS 'How many sessions a month the company sponsors for them; null means no limit of their own.';
COMMENT ON COLUMN @api@.company_employees.status IS 'invited, active or inactive.';
COMMENT ON COLUMN @api@.company_employees.active_company_id IS 'The company while the employee is active: what policies ask for.';
COMMENT ON COLUMN @api@.company_employees.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.company_employees.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.company_employees ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.clients (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid,
    display_name text NOT NULL,
    email text,
    phone text,
    date_of_birth date,
    time_zone text,
    status text NOT NULL DEFAULT 'active',
    company_id uuid,
    employee_id uuid,
    assigned_specialist_ids uuid[] NOT NULL DEFAULT '{}',
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    active_id uuid GENERATED ALWAYS AS (CASE WHEN status = 'active' AND deleted_at IS NULL THEN id END) STORED
);
COMMENT ON TABLE @api@.clients IS 'Those who are treated. Never deleted: deleted_at archives them, because their records must be kept.';
COMMENT ON COLUMN @api@.clients.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.clients.id IS 'The client; the resource of their calendar.';
COMMENT ON COLUMN @api@.clients.user_id IS 'sub of the client''s token; null when others book for them.';
COMMENT ON COLUMN @api@.clients.display_name IS 'Their name.';
COMMENT ON COLUMN @api@.clients.email IS 'Lower case.';
COMMENT ON COLUMN @api@.clients.phone IS 'As they wrote it.';
COMMENT ON COLUMN @api@.clients.date_of_birth IS 'Their date of birth.';
COMMENT ON COLUMN @api@.clients.time_zone IS 'IANA name; null means the organization''s.';
COMMENT ON COLUMN @api@.clients.status IS 'active, or inactive: may not book, and sees nothing of their own.';
COMMENT ON COLUMN @api@.clients.company_id IS 'The company that sponsors their sessions.';
COMMENT ON COLUMN @api@.clients.employee_id IS 'Who they are in that company.';
COMMENT ON COLUMN @api@.clients.assigned_specialist_ids IS 'Specialists of their open client_assignments; kept by a trigger, for policies.';
COMMENT ON COLUMN @api@.clients.created_by IS 'User who made the row.';
COMMENT ON COLUMN @api@.clients.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.clients.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN @api@.clients.deleted_at IS 'When they were archived; null while they are not.';
COMMENT ON COLUMN @api@.clients.active_id IS 'The client while they are active and not archived: what policies ask for.';
ALTER TABLE @api@.clients ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.client_assignments (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    client_id uuid NOT NULL,
    specialist_id uuid NOT NULL,
    assigned_by uuid,
    assigned_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
COMMENT ON TABLE @api@.client_assignments IS 'Which specialist looks after which client, and did; an open one lets the specialist see the client.';
COMMENT ON COLUMN @api@.client_assignments.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.client_assignments.id IS 'The assignment.';
COMMENT ON COLUMN @api@.client_assignments.client_id IS 'The client.';
COMMENT ON COLUMN @api@.client_assignments.specialist_id IS 'The specialist.';
COMMENT ON COLUMN @api@.client_assignments.assigned_by IS 'User who assigned them.';
COMMENT ON COLUMN @api@.client_assignments.assigned_at IS 'From when on.';
COMMENT ON COLUMN @api@.client_assignments.ended_at IS 'Until when; null while it is open.';
ALTER TABLE @api@.client_assignments ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.specialist_assignments (
    organization_id uuid NOT NULL,
    specialist_id uuid NOT NULL,
    company_id uuid NOT NULL,
    assigned_by uuid,
    assigned_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.specialist_assignments IS 'Which specialists a company''s people may book. A company without any row may book all of them.';
COMMENT ON COLUMN @api@.specialist_assignments.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.specialist_assignments.specialist_id IS 'The specialist.';
COMMENT ON COLUMN @api@.specialist_assignments.company_id IS 'The company.';
COMMENT ON COLUMN @api@.specialist_assignments.assigned_by IS 'User who assigned them.';
COMMENT ON COLUMN @api@.specialist_assignments.assigned_at IS 'From when on.';
ALTER TABLE @api@.specialist_assignments ENABLE ROW LEVEL SECURITY;

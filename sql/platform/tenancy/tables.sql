CREATE TABLE @api@.organizations (
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    name text NOT NULL,
    time_zone text NOT NULL DEFAULT 'UTC',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.organizations IS 'Tenants: clinics and platform operators. The row with the nil UUID stands for all of them: what roles and permissions say of it holds everywhere.';
COMMENT ON COLUMN @api@.organizations.id IS 'The tenant: organization_id of every other table.';
COMMENT ON COLUMN @api@.organizations.name IS 'What people call it.';
COMMENT ON COLUMN @api@.organizations.time_zone IS 'IANA name of the zone it works in.';
COMMENT ON COLUMN @api@.organizations.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.organizations.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.organizations ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.profiles (
    organization_id uuid NOT NULL DEFAULT holdfast.org_id(),
    user_id uuid NOT NULL DEFAULT holdfast.uid(),
    email text,
    display_name text,
    phone text,
    locale text,
    time_zone text,
    email_verification_status text NOT NULL DEFAULT 'unverified',
    created_from text NOT NULL DEFAULT 'web',
    signup_source text,
    ip_address inet,
    user_agent text,
    onboarding_completed boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.profiles IS 'One per person who signs in, and organization. People change their own name and preferences; the rest is written by registration.';
COMMENT ON COLUMN @api@.profiles.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.profiles.user_id IS 'sub of the person''s token.';
COMMENT ON COLUMN @api@.profiles.email IS 'Lower case; unique within the organization.';
COMMENT ON COLUMN @api@.profiles.display_name IS 'What to call them.';
COMMENT ON COLUMN @api@.profiles.phone IS 'As they wrote it.';
COMMENT ON COLUMN @api@.profiles.locale IS 'BCP 47 tag, like pt-PT.';
COMMENT ON COLUMN @api@.profiles.time_zone IS 'IANA name; null means the organization''s.';
COMMENT ON COLUMN @api@.profiles.email_verification_status IS 'unverified, verified or bounced.';
COMMENT ON COLUMN @api@.profiles.created_from IS 'web, mobile or api.';
COMMENT ON COLUMN @api@.profiles.signup_source IS 'organic, referral or ad.';
COMMENT ON COLUMN @api@.profiles.ip_address IS 'Where they registered from.';
COMMENT ON COLUMN @api@.profiles.user_agent IS 'What they registered with.';
COMMENT ON COLUMN @api@.profiles.onboarding_completed IS 'Whether all onboarding steps are done.';
COMMENT ON COLUMN @api@.profiles.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.profiles.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.profiles ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.roles (
    organization_id uuid NOT NULL DEFAULT holdfast.org_id(),
    role text NOT NULL,
    description text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.roles IS 'The roles there are: those of the nil organization everywhere, others in their own. user_roles_hierarchy and user_roles_permissions say what they mean.';
COMMENT ON COLUMN @api@.roles.organization_id IS 'The tenant, or nil for every tenant.';
COMMENT ON COLUMN @api@.roles.role IS 'Name of the role.';
COMMENT ON COLUMN @api@.roles.description IS 'Who should have it.';
COMMENT ON COLUMN @api@.roles.created_at IS 'When the row was made.';
ALTER TABLE @api@.roles ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.permissions (
    organization_id uuid NOT NULL DEFAULT holdfast.org_id(),
    permission text NOT NULL,
    description text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.permissions IS 'The permissions there are: those of the nil organization everywhere, others in their own.';
COMMENT ON COLUMN @api@.permissions.organization_id IS 'The tenant, or nil for every tenant.';
COMMENT ON COLUMN @api@.permissions.permission IS 'Name of the permission.';
COMMENT ON COLUMN @api@.permissions.description IS 'What it allows.';
COMMENT ON COLUMN @api@.permissions.created_at IS 'When the row was made.';
ALTER TABLE @api@.permissions ENABLE ROW LEVEL SECURITY;

SELECT holdfast.create_roles('@api@.user_roles');

-- Where org_id() looks for super admins, whatever the schema's name: see src/identity/holders.c.
CREATE DOMAIN holdfast_private.roles_table AS @api@.user_roles;
COMMENT ON DOMAIN holdfast_private.roles_table IS 'Names the table of roles to the kernel: the one whose rows it is over. Not used as a type.';
REVOKE ALL ON TYPE holdfast_private.roles_table FROM PUBLIC;

CREATE TABLE @api@.user_roles_history (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    user_id uuid NOT NULL,
    old_role text,
    new_role text,
    changed_by uuid,
    acting_user_id uuid,
    reason text,
    changed_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.user_roles_history IS 'Every change of user_roles, whoever made it and how; written by a trigger, and by nobody else.';
COMMENT ON COLUMN @api@.user_roles_history.organization_id IS 'The tenant, or nil for a role in every tenant.';
COMMENT ON COLUMN @api@.user_roles_history.id IS 'The change.';
COMMENT ON COLUMN @api@.user_roles_history.user_id IS 'Whose role changed: sub of the person''s token.';
COMMENT ON COLUMN @api@.user_roles_history.old_role IS 'The role they had; null when one was given.';
COMMENT ON COLUMN @api@.user_roles_history.new_role IS 'The role they have now; null when one was taken.';
COMMENT ON COLUMN @api@.user_roles_history.changed_by IS 'User in whose name it was done; null when no person acted.';
COMMENT ON COLUMN @api@.user_roles_history.acting_user_id IS 'The person who really acted, while impersonating somebody.';
COMMENT ON COLUMN @api@.user_roles_history.reason IS 'Why, as whoever did it says.';
COMMENT ON COLUMN @api@.user_roles_history.changed_at IS 'When.';
ALTER TABLE @api@.user_roles_history ENABLE ROW LEVEL SECURITY;

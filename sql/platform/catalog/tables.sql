CREATE TABLE @api@.pillars (
    organization_id uuid NOT NULL DEFAULT holdfast.org_id(),
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    code text NOT NULL,
    name text NOT NULL,
    description text,
    sort_order int NOT NULL DEFAULT 0,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.pillars IS 'The fields an organization works in: mental health, legal advice, nutrition …';
COMMENT ON COLUMN @api@.pillars.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.pillars.id IS 'The pillar.';
COMMENT ON COLUMN @api@.pillars.code IS 'Stable short name; unique within the organization.';
COMMENT ON COLUMN @api@.pillars.name IS 'The name people see.';
COMMENT ON COLUMN @api@.pillars.description IS 'What it covers.';
COMMENT ON COLUMN @api@.pillars.sort_order IS 'Where it stands in a list.';
COMMENT ON COLUMN @api@.pillars.is_active IS 'Whether it is offered.';
COMMENT ON COLUMN @api@.pillars.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.pillars.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.pillars ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.session_types (
    organization_id uuid NOT NULL DEFAULT holdfast.org_id(),
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    pillar_id uuid,
    name text NOT NULL,
    description text,
    default_duration_minutes int NOT NULL DEFAULT 50,
    approval text NOT NULL DEFAULT 'none',
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.session_types IS 'Types of sessions: initial consultation, follow-up, assessment …';
COMMENT ON COLUMN @api@.session_types.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.session_types.id IS 'The type.';
COMMENT ON COLUMN @api@.session_types.pillar_id IS 'The pillar it belongs to; null means any.';
COMMENT ON COLUMN @api@.session_types.name IS 'The name people see; unique within the organization.';
COMMENT ON COLUMN @api@.session_types.description IS 'What happens in it.';
COMMENT ON COLUMN @api@.session_types.default_duration_minutes IS 'How long one is unless said otherwise, in minutes.';
COMMENT ON COLUMN @api@.session_types.approval IS 'none; each: a booking is pending until somebody who may manage bookings accepts it; before: only clients who were approved can book it. With the module quotas.';
COMMENT ON COLUMN @api@.session_types.is_active IS 'Whether it can be booked.';
COMMENT ON COLUMN @api@.session_types.created_at IS 'When the row was made.';
COMMENT ON COLUMN @api@.session_types.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.session_types ENABLE ROW LEVEL SECURITY;

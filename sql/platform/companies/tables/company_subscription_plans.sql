CREATE TABLE @api@.company_subscription_plans (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    name text NOT NULL,
    sessions_per_month int,
    max_employees int,
    carry_limit int DEFAULT 0,
    carry_months int,
    sessions_per_employee int,
    cancellation_notice_hours int,
    waitlist_when_exhausted boolean,
    features jsonb NOT NULL DEFAULT '{}',
    trial_days int NOT NULL DEFAULT 0,
    billing_cycle text NOT NULL DEFAULT 'monthly',
    price numeric(12, 2),
    currency text,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    updated_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.company_subscription_plans IS 'What companies can subscribe to: entitlements only, the platform takes no payments.';
COMMENT ON COLUMN @api@.company_subscription_plans.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_subscription_plans.id IS 'The plan.';
COMMENT ON COLUMN @api@.company_subscription_plans.name IS 'What it is called; unique within the organization.';
COMMENT ON COLUMN @api@.company_subscription_plans.sessions_per_month IS 'Sessions that a company has in a month; null means no limit.';
COMMENT ON COLUMN @api@.company_subscription_plans.max_employees IS 'Employees, invited or active, that a company may have at a time; null means no limit.';
COMMENT ON COLUMN @api@.company_subscription_plans.carry_limit IS 'How many unused sessions go over into the next month, at most; null means all.';
COMMENT ON COLUMN @api@.company_subscription_plans.carry_months IS 'For how many months they can be used; null means for ever.';
COMMENT ON COLUMN @api@.company_subscription_plans.sessions_per_employee IS 'Of those, how many each employee has whose own limit is not set; null means no limit.';
COMMENT ON COLUMN @api@.company_subscription_plans.cancellation_notice_hours IS 'A client who cancels later than so many hours before does not get the session back; null means as the organization says.';
COMMENT ON COLUMN @api@.company_subscription_plans.waitlist_when_exhausted IS 'Whether who asks for time when sessions are used up is put on the waitlist; null means as the organization says.';
COMMENT ON COLUMN @api@.company_subscription_plans.features IS 'What else it includes, by name.';
COMMENT ON COLUMN @api@.company_subscription_plans.trial_days IS 'How many days a company may try it, once.';
COMMENT ON COLUMN @api@.company_subscription_plans.billing_cycle IS 'monthly or annual: at which ends a change or a cancellation can take effect.';
COMMENT ON COLUMN @api@.company_subscription_plans.price IS 'Advisory: the platform takes no payments.';
COMMENT ON COLUMN @api@.company_subscription_plans.currency IS 'ISO 4217 code of the price.';
COMMENT ON COLUMN @api@.company_subscription_plans.is_active IS 'Whether companies can still choose it.';
COMMENT ON COLUMN @api@.company_subscription_plans.created_at IS 'When it was made.';
COMMENT ON COLUMN @api@.company_subscription_plans.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.company_subscription_plans ENABLE ROW LEVEL SECURITY;

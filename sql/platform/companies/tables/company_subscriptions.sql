CREATE TABLE @api@.company_subscriptions (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    company_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    status text NOT NULL,
    start_date date NOT NULL,
    trial_end_date date,
    end_date date,
    auto_renew boolean NOT NULL DEFAULT true,
    next_plan_id uuid,
    next_plan_date date,
    cancellation_date date,
    cancellation_reason text,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    updated_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.company_subscriptions IS 'Which plan a company has, and had. One row of a company is not cancelled, at most. Dates are days in the company''s zone.';
COMMENT ON COLUMN @api@.company_subscriptions.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_subscriptions.id IS 'The subscription.';
COMMENT ON COLUMN @api@.company_subscriptions.company_id IS 'Whose it is.';
COMMENT ON COLUMN @api@.company_subscriptions.plan_id IS 'The plan, as of its last change; settled_subscription() knows of one that was due since.';
COMMENT ON COLUMN @api@.company_subscriptions.status IS 'trial, active, suspended or cancelled.';
COMMENT ON COLUMN @api@.company_subscriptions.start_date IS 'Its first day; its cycles are counted from here.';
COMMENT ON COLUMN @api@.company_subscriptions.trial_end_date IS 'The first day after the trial.';
COMMENT ON COLUMN @api@.company_subscriptions.end_date IS 'The first day on which it does not run any more; null while nobody has ended it.';
COMMENT ON COLUMN @api@.company_subscriptions.auto_renew IS 'Whether it goes on after the trial and at the end of a cycle; nothing is charged.';
COMMENT ON COLUMN @api@.company_subscriptions.next_plan_id IS 'The plan that follows at next_plan_date.';
COMMENT ON COLUMN @api@.company_subscriptions.next_plan_date IS 'When next_plan_id becomes the plan.';
COMMENT ON COLUMN @api@.company_subscriptions.cancellation_date IS 'The day on which it was cancelled.';
COMMENT ON COLUMN @api@.company_subscriptions.cancellation_reason IS 'Why.';
COMMENT ON COLUMN @api@.company_subscriptions.created_by IS 'User who made it.';
COMMENT ON COLUMN @api@.company_subscriptions.created_at IS 'When it was made.';
COMMENT ON COLUMN @api@.company_subscriptions.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.company_subscriptions ENABLE ROW LEVEL SECURITY;

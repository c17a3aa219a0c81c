CREATE TABLE @api@.company_subscription_history (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    subscription_id uuid NOT NULL,
    company_id uuid NOT NULL,
    old_status text,
    new_status text NOT NULL,
    old_plan_id uuid,
    new_plan_id uuid NOT NULL,
    next_plan_id uuid,
    end_date date,
    reason text,
    changed_by uuid,
    changed_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.company_subscription_history IS 'Every change of a subscription: its plan, its status, its end.';
COMMENT ON COLUMN @api@.company_subscription_history.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_subscription_history.id IS 'The change.';
COMMENT ON COLUMN @api@.company_subscription_history.subscription_id IS 'The subscription.';
COMMENT ON COLUMN @api@.company_subscription_history.company_id IS 'Whose it is.';
COMMENT ON COLUMN @api@.company_subscription_history.old_status IS 'Its status before; null when it was made.';
COMMENT ON COLUMN @api@.company_subscription_history.new_status IS 'Its status after.';
COMMENT ON COLUMN @api@.company_subscription_history.old_plan_id IS 'Its plan before.';
COMMENT ON COLUMN @api@.company_subscription_history.new_plan_id IS 'Its plan after.';
COMMENT ON COLUMN @api@.company_subscription_history.next_plan_id IS 'The plan that is to follow, if any.';
COMMENT ON COLUMN @api@.company_subscription_history.end_date IS 'Its end, if it was set then.';
COMMENT ON COLUMN @api@.company_subscription_history.reason IS 'Why, if somebody said.';
COMMENT ON COLUMN @api@.company_subscription_history.changed_by IS 'User who did it; null when a day had come.';
COMMENT ON COLUMN @api@.company_subscription_history.changed_at IS 'When.';
ALTER TABLE @api@.company_subscription_history ENABLE ROW LEVEL SECURITY;

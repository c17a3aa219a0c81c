-- A specialist without a row has the weight 1.
CREATE TABLE @api@.specialist_weights (
    organization_id uuid NOT NULL,
    specialist_id uuid NOT NULL,
    weight int NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.specialist_weights IS
'How many sessions a specialist is given for each one of a specialist of weight 1, where request_hold_any chooses by weight; 1 without a row.';
COMMENT ON COLUMN @api@.specialist_weights.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.specialist_weights.specialist_id IS 'The specialist.';
COMMENT ON COLUMN @api@.specialist_weights.weight IS 'From 1 to 100.';
COMMENT ON COLUMN @api@.specialist_weights.updated_at IS 'When it was last changed.';
ALTER TABLE @api@.specialist_weights ENABLE ROW LEVEL SECURITY;

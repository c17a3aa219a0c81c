CREATE TABLE holdfast_private.assignment_turns (
    organization_id uuid NOT NULL,
    strategy text NOT NULL,
    specialist_id uuid NOT NULL,
    turn numeric NOT NULL,
    choices bigint NOT NULL DEFAULT 0,
    chosen_at timestamptz
) WITH (fillfactor = 70);
COMMENT ON TABLE holdfast_private.assignment_turns IS
'When it is a specialist''s turn again: the lowest comes first, and each session moves it on by one, or by one over the weight.';
COMMENT ON COLUMN holdfast_private.assignment_turns.organization_id IS 'The tenant.';
COMMENT ON COLUMN holdfast_private.assignment_turns.strategy IS 'As in assignment_pools.';
COMMENT ON COLUMN holdfast_private.assignment_turns.specialist_id IS 'The specialist.';
COMMENT ON COLUMN holdfast_private.assignment_turns.turn IS 'Their next turn.';
COMMENT ON COLUMN holdfast_private.assignment_turns.choices IS 'How many times they were chosen.';
COMMENT ON COLUMN holdfast_private.assignment_turns.chosen_at IS 'When last.';
ALTER TABLE holdfast_private.assignment_turns ENABLE ROW LEVEL SECURITY;

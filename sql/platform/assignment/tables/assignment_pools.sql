-- The row of an organization is the lock that choosing takes before any lock of the calendar.
CREATE TABLE holdfast_private.assignment_pools (
    organization_id uuid NOT NULL,
    strategy text NOT NULL,
    turn numeric NOT NULL DEFAULT 0,
    choices bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
COMMENT ON TABLE holdfast_private.assignment_pools IS
'Where the turns of an organization stand. Its first row is locked by whoever chooses, so that counting and choosing see each other.';
COMMENT ON COLUMN holdfast_private.assignment_pools.organization_id IS 'The tenant.';
COMMENT ON COLUMN holdfast_private.assignment_pools.strategy IS 'round_robin, least_loaded or weighted.';
COMMENT ON COLUMN holdfast_private.assignment_pools.turn IS 'The highest turn that was taken in order.';
COMMENT ON COLUMN holdfast_private.assignment_pools.choices IS 'How many times was chosen; written by each choice, so that a stale snapshot is noticed.';
ALTER TABLE holdfast_private.assignment_pools ENABLE ROW LEVEL SECURITY;

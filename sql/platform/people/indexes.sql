CREATE INDEX ON @api@.specialists (organization_id, pillar_id);
CREATE INDEX ON @api@.clients (organization_id, company_id, employee_id);
CREATE UNIQUE INDEX ON @api@.client_assignments (organization_id, client_id, specialist_id) WHERE ended_at IS NULL;
CREATE INDEX ON @api@.client_assignments (organization_id, client_id);
CREATE INDEX ON @api@.client_assignments (organization_id, specialist_id);
CREATE INDEX ON @api@.specialist_assignments (organization_id, specialist_id);
-- For "my clients" of a specialist. Arrays have no operator that row security lets an index on them help with, so the
-- filter is applied to the organization's clients; that is what the primary key finds.

CREATE INDEX ON @api@.session_types (organization_id, pillar_id);

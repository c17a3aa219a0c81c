CREATE INDEX ON @api@.api_keys (organization_id, user_id);

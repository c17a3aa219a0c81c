CREATE INDEX ON @api@.user_roles_history (organization_id, user_id, changed_at);

CREATE INDEX audit_log_user ON holdfast_private.audit_log (organization_id, user_id, id);
CREATE INDEX audit_log_entity ON holdfast_private.audit_log (organization_id, entity_type, entity_id, id);
CREATE INDEX audit_log_subject ON holdfast_private.audit_log (organization_id, subject_id) WHERE subject_id IS NOT NULL;

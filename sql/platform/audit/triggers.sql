CREATE TRIGGER audit_new_tables AFTER INSERT OR UPDATE ON holdfast_private.modules
    FOR EACH STATEMENT EXECUTE FUNCTION holdfast_private.audit_new_tables();
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.audit_logs
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.admin_logs
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.security_logs
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.user_activity_logs
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.company_activity_logs
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.conflict_audit_log
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();

CREATE TRIGGER touch BEFORE UPDATE ON @api@.organizations
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.profiles
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER check_role BEFORE INSERT OR UPDATE ON @api@.user_roles
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.check_role();
CREATE TRIGGER record_role AFTER INSERT OR UPDATE OR DELETE ON @api@.user_roles
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.record_role();
CREATE TRIGGER record_roles BEFORE TRUNCATE ON @api@.user_roles
    FOR EACH STATEMENT EXECUTE FUNCTION holdfast_private.record_roles();
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.job_health
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();

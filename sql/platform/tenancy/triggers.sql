CREATE TRIGGER touch BEFORE UPDATE ON @api@.organizations
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.profiles
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER check_role BEFORE INSERT OR UPDATE ON @api@.user_roles
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.check_role();

CREATE TRIGGER touch BEFORE UPDATE ON @api@.organizations
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.profiles
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();

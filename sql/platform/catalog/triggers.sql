CREATE TRIGGER touch BEFORE UPDATE ON @api@.pillars
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.session_types
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER check_row BEFORE INSERT OR UPDATE ON @api@.pillars
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.check_row('manage_catalog');
CREATE TRIGGER check_row BEFORE INSERT OR UPDATE ON @api@.session_types
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.check_row('manage_catalog');

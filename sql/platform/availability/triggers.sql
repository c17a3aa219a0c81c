CREATE TRIGGER touch BEFORE UPDATE ON @api@.specialist_working_hours
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.specialist_breaks
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.specialist_availability_exceptions
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.specialist_vacation
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.booking_rules
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();

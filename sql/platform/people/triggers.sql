-- A specialist acts as one while they hold the role. A client needs none: being treated is no office, and their records
-- stay theirs; what ends it is that they are archived or inactive.
SELECT holdfast.track_subjects('@api@.specialists', roles => '@api@.user_roles', role => 'specialist');
SELECT holdfast.track_subjects('@api@.clients', id_column => 'active_id');
SELECT holdfast.track_subjects('@api@.company_employees', 'user_id', 'active_company_id');

CREATE TRIGGER touch BEFORE UPDATE ON @api@.specialists
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.clients
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.companies
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.company_employees
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();

CREATE TRIGGER keep_assigned_specialists AFTER INSERT OR UPDATE OR DELETE ON @api@.client_assignments
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.keep_assigned_specialists();
CREATE TRIGGER keep_company_hr AFTER INSERT OR UPDATE OR DELETE ON @api@.company_employees
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.keep_company_hr();

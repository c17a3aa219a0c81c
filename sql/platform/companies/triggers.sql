CREATE TRIGGER touch BEFORE UPDATE ON @api@.company_subscription_plans
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.company_subscriptions
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.company_contacts
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER keep_history AFTER INSERT OR UPDATE ON @api@.company_subscriptions
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.keep_subscription_history();
CREATE TRIGGER check_new_seats AFTER INSERT ON @api@.company_employees
    REFERENCING NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION holdfast_private.check_new_seats();
CREATE TRIGGER check_changed_seats AFTER UPDATE ON @api@.company_employees
    REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION holdfast_private.check_changed_seats();
-- The server says of a view like this that it cannot be written to, before it asks who may, and not as forbidden.
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.company_compliance_status
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();
CREATE TRIGGER touch BEFORE UPDATE ON @api@.company_organizations
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();

CREATE TRIGGER follow_invitation_token AFTER UPDATE OF issued_at, expires_at, rejected_at ON @api@.account_tokens
    FOR EACH ROW WHEN (NEW.kind = 'employee_invitation') EXECUTE FUNCTION holdfast_private.follow_invitation_token();
CREATE TRIGGER end_access BEFORE INSERT OR UPDATE OF access_ends, status ON @api@.company_employees
    FOR EACH ROW WHEN (NEW.access_ends IS NOT NULL AND NEW.status <> 'inactive') EXECUTE FUNCTION holdfast_private.end_access();
-- The server says of a view like this that it cannot be written to, before it asks who may, and not as forbidden.
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.company_employee_directory
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();

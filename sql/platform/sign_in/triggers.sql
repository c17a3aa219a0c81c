-- Nobody goes on as who they were: what somebody may do has changed, or whether they may come in at all.
CREATE TRIGGER end_sessions AFTER INSERT OR UPDATE OR DELETE ON @api@.user_roles
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.end_sessions_of_role();
CREATE TRIGGER end_sessions AFTER INSERT OR UPDATE ON @api@.accounts
    FOR EACH ROW WHEN (NEW.status <> 'active') EXECUTE FUNCTION holdfast_private.end_sessions_of_account();

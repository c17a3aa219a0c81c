CREATE TRIGGER revoke_api_keys AFTER INSERT OR UPDATE ON @api@.accounts
    FOR EACH ROW WHEN (NEW.status <> 'active') EXECUTE FUNCTION holdfast_private.revoke_keys_of_account();

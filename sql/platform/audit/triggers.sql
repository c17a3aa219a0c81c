CREATE TRIGGER audit_new_tables AFTER INSERT OR UPDATE ON holdfast_private.modules
    FOR EACH STATEMENT EXECUTE FUNCTION holdfast_private.audit_new_tables();

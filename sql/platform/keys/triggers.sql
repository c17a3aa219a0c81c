-- The server says of a view like this that it cannot be written to, before it asks who may, and not as forbidden.
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.encryption_keys
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();

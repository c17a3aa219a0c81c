CREATE TRIGGER spend_package
    AFTER INSERT ON @api@.bookings
    FOR EACH ROW
    WHEN (NEW.metadata ? 'client_package_id')
    EXECUTE FUNCTION holdfast_private.spend_named_package();
CREATE CONSTRAINT TRIGGER return_package
    AFTER UPDATE OF status ON @api@.bookings
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (NEW.status = 'cancelled' AND OLD.status <> 'cancelled')
    EXECUTE FUNCTION holdfast_private.return_package();

CREATE TRIGGER guard_booking
    BEFORE INSERT OR UPDATE ON @api@.bookings
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.guard_booking();
CREATE TRIGGER record_booking
    AFTER INSERT OR UPDATE ON @api@.bookings
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.record_booking();
CREATE CONSTRAINT TRIGGER prove_booking
    AFTER INSERT OR UPDATE OF status, start_time, end_time, specialist_id ON @api@.bookings
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.prove_booking();

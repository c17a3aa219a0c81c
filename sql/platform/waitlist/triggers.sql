-- Conditions compare column by column: a comparison of rows comes back from a dump with other parentheses.

CREATE TRIGGER free_booking
    AFTER UPDATE OF status, start_time, end_time, specialist_id ON @api@.bookings
    FOR EACH ROW
    WHEN (OLD.status IN ('pending', 'confirmed')
        AND (NEW.status = 'cancelled'
             OR NEW.start_time IS DISTINCT FROM OLD.start_time
             OR NEW.end_time IS DISTINCT FROM OLD.end_time
             OR NEW.specialist_id IS DISTINCT FROM OLD.specialist_id))
    EXECUTE FUNCTION holdfast_private.free_booking();
-- Offers are held by no user, so confirming an ordinary hold does not even call the function.
CREATE TRIGGER end_hold
    AFTER UPDATE OF outcome ON holdfast_private.booking_holds
    FOR EACH ROW
    WHEN (OLD.outcome IS NULL AND (NEW.outcome = 'released' OR NEW.outcome = 'confirmed' AND NEW.held_by IS NULL))
    EXECUTE FUNCTION holdfast_private.end_hold();
CREATE TRIGGER free_leave
    AFTER UPDATE ON @api@.specialist_vacation
    FOR EACH ROW
    WHEN (OLD.status = 'approved'
        AND (NEW.status IS DISTINCT FROM OLD.status
             OR NEW.starts_at IS DISTINCT FROM OLD.starts_at
             OR NEW.ends_at IS DISTINCT FROM OLD.ends_at))
    EXECUTE FUNCTION holdfast_private.free_leave();
CREATE TRIGGER free_deleted_leave
    AFTER DELETE ON @api@.specialist_vacation
    FOR EACH ROW
    WHEN (OLD.status = 'approved')
    EXECUTE FUNCTION holdfast_private.free_leave();

CREATE TRIGGER detach_occurrence
    AFTER UPDATE OF start_time, end_time, specialist_id ON @api@.bookings
    FOR EACH ROW
    WHEN (NEW.start_time IS DISTINCT FROM OLD.start_time OR NEW.end_time IS DISTINCT FROM OLD.end_time
          OR NEW.specialist_id IS DISTINCT FROM OLD.specialist_id)
    EXECUTE FUNCTION holdfast_private.detach_occurrence();

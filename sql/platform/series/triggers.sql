CREATE TRIGGER detach_occurrence
    AFTER UPDATE OF start_time, end_time, specialist_id ON @api@.bookings
    FOR EACH ROW
    WHEN ((NEW.start_time, NEW.end_time, NEW.specialist_id) IS DISTINCT FROM (OLD.start_time, OLD.end_time, OLD.specialist_id))
    EXECUTE FUNCTION holdfast_private.detach_occurrence();

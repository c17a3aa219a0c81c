CREATE TRIGGER tell_new_booking
    AFTER INSERT ON @api@.bookings
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.tell_booking();
-- Column by column: a comparison of rows comes back from a dump with other parentheses.
CREATE TRIGGER tell_booking
    AFTER UPDATE OF status, start_time, end_time, specialist_id ON @api@.bookings
    FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status
        OR OLD.start_time IS DISTINCT FROM NEW.start_time
        OR OLD.end_time IS DISTINCT FROM NEW.end_time
        OR OLD.specialist_id IS DISTINCT FROM NEW.specialist_id)
    EXECUTE FUNCTION holdfast_private.tell_booking();
CREATE TRIGGER tell_token
    AFTER INSERT ON @api@.account_tokens
    FOR EACH ROW
    WHEN (NOT NEW.silent)
    EXECUTE FUNCTION holdfast_private.tell_token();
CREATE TRIGGER touch_notification_preferences
    BEFORE UPDATE ON @api@.notification_preferences
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
CREATE TRIGGER touch_message_settings
    BEFORE INSERT OR UPDATE ON @api@.message_settings
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();

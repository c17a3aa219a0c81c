-- Conditions compare column by column: a comparison of rows comes back from a dump with other parentheses.
CREATE CONSTRAINT TRIGGER use_quota
    AFTER INSERT ON @api@.bookings
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (NEW.company_id IS NOT NULL)
    EXECUTE FUNCTION holdfast_private.use_quota();
CREATE CONSTRAINT TRIGGER use_quota_when_accepted
    AFTER UPDATE OF status ON @api@.bookings
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (NEW.company_id IS NOT NULL AND OLD.status = 'pending' AND NEW.status = 'confirmed')
    EXECUTE FUNCTION holdfast_private.use_quota();
CREATE TRIGGER note_refund
    AFTER UPDATE OF status ON @api@.bookings
    FOR EACH ROW
    WHEN (NEW.company_id IS NOT NULL AND NEW.status IN ('cancelled', 'no_show') AND OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION holdfast_private.note_refund();
CREATE CONSTRAINT TRIGGER refund_quota
    AFTER UPDATE OF status ON @api@.bookings
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (NEW.company_id IS NOT NULL AND NEW.status IN ('cancelled', 'no_show') AND OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION holdfast_private.refund_quota();
CREATE TRIGGER await_approval
    BEFORE INSERT ON @api@.bookings
    FOR EACH ROW
    WHEN (NEW.session_type_id IS NOT NULL)
    EXECUTE FUNCTION holdfast_private.await_approval();
CREATE TRIGGER await_approval_again
    BEFORE UPDATE OF status, session_type_id ON @api@.bookings
    FOR EACH ROW
    WHEN (NEW.session_type_id IS NOT NULL
        AND (OLD.status IS DISTINCT FROM NEW.status OR OLD.session_type_id IS DISTINCT FROM NEW.session_type_id))
    EXECUTE FUNCTION holdfast_private.await_approval();
CREATE TRIGGER follow_new_subscription
    AFTER INSERT ON @api@.company_subscriptions
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.follow_subscription();
CREATE TRIGGER follow_subscription
    AFTER UPDATE OF status, plan_id ON @api@.company_subscriptions
    FOR EACH ROW
    WHEN (OLD.plan_id IS DISTINCT FROM NEW.plan_id OR OLD.status IS DISTINCT FROM NEW.status AND NEW.status = 'cancelled')
    EXECUTE FUNCTION holdfast_private.follow_subscription();
CREATE TRIGGER follow_zone
    AFTER UPDATE OF time_zone ON @api@.companies
    FOR EACH ROW
    WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone)
    EXECUTE FUNCTION holdfast_private.follow_zone();
CREATE TRIGGER tell_quota
    AFTER INSERT ON holdfast_private.company_quota_alerts
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.tell_quota();
-- The server says of views like these that they cannot be written to, before it asks who may, and not as forbidden.
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.company_sessions_quota
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.quota_audit_log
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();
CREATE TRIGGER refuse_write INSTEAD OF INSERT OR UPDATE OR DELETE ON @api@.company_session_quota_history
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.refuse_write();

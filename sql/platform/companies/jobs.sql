CREATE FUNCTION holdfast_private.job_settle_subscriptions()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_due record;
    v_rows int := 0;
BEGIN
    FOR v_due IN
        SELECT s.organization_id, s.company_id
        FROM @api@.company_subscriptions AS s
        WHERE s.status <> 'cancelled' AND holdfast_private.settled(s, holdfast_private.company_today(s.organization_id, s.company_id)) IS DISTINCT FROM s
        ORDER BY s.organization_id, s.company_id
        LIMIT 1000
    LOOP
        PERFORM holdfast_private.lock_subscription(v_due.organization_id, v_due.company_id);
        v_rows := v_rows + 1;
    END LOOP;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_settle_subscriptions() IS
'Writes down what has become of subscriptions: trials that are over, plans that follow, ends; at most 1,000, and returns how many. Nothing depends on it: who asks for a subscription settles it.';
REVOKE ALL ON FUNCTION holdfast_private.job_settle_subscriptions() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_settle_subscriptions', '11 * * * *', 'ends trials and subscriptions, and changes plans, on their day');

CREATE FUNCTION holdfast_private.list_jobs(organization_id uuid)
RETURNS TABLE (
    job text, schedule text, description text, next_run timestamptz, is_running boolean, is_late boolean,
    last_run timestamptz, last_success timestamptz, last_duration interval, failing_since timestamptz, last_error text,
    runs bigint, failures bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_grace CONSTANT interval := interval '5 minutes';
    v_now timestamptz := holdfast.clock();
BEGIN
    PERFORM holdfast_private.require_operator(organization_id);
    RETURN QUERY
        SELECT j.job, j.schedule, j.description, s.scheduled_for, r.running,
            CASE WHEN r.running THEN false
                WHEN s.scheduled_for IS NOT NULL THEN s.scheduled_for + c_grace < v_now
                WHEN h.last_run IS NULL THEN true
            END,
            h.last_run, h.last_success, h.last_duration, h.failing_since, h.last_error, coalesce(h.runs, 0),
            coalesce(h.failures, 0)
        FROM holdfast_private.jobs AS j
        LEFT JOIN holdfast_private.job_heartbeats AS h ON h.job = j.job
        LEFT JOIN holdfast_private.scheduled_jobs AS s ON s.job_type = j.job AND s.status = 'pending'
        -- Any login can take an advisory lock; only one that may run jobs is taken for a run.
        CROSS JOIN LATERAL (
            SELECT EXISTS (
                SELECT FROM holdfast_private.job_lock_keys(j.job) AS k, pg_locks AS l
                JOIN pg_stat_activity AS a ON a.pid = l.pid AND pg_has_role(a.usesysid, 'holdfast_owner', 'MEMBER')
                WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted
                  AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
                  AND l.classid::bigint = k.class::bigint & 4294967295
                  AND l.objid::bigint = k.key::bigint & 4294967295) AS running) AS r
        ORDER BY j.job;
END
$$;
COMMENT ON FUNCTION holdfast_private.list_jobs(uuid) IS
'How the jobs of the platform are: [{"job", "schedule", "description", "next_run", "is_running", "is_late", "last_run", "last_success", "last_duration", "failing_since", "last_error", "runs", "failures"}]. is_late: it was due more than 5 minutes ago, or never ran; null when its schedule is none that holdfast reads. failing_since: when the first of the runs started that have failed since the last success. For who may manage the organization or the platform; it says nothing of any tenant. The view job_health shows the same, and nothing to others. Errors: forbidden, not_authenticated.';
REVOKE ALL ON FUNCTION holdfast_private.list_jobs(uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.list_jobs(uuid)'::regprocedure, '@api@', '{authenticated,service_role}');

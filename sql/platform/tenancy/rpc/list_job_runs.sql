CREATE FUNCTION holdfast_private.list_job_runs(organization_id uuid, job_type text DEFAULT NULL, max_count int DEFAULT 100)
RETURNS TABLE (
    id uuid, job text, status text, scheduled_for timestamptz, started_at timestamptz, completed_at timestamptz,
    error_message text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.require_operator(organization_id);
    IF max_count IS NULL OR max_count NOT BETWEEN 1 AND 1000 THEN
        PERFORM holdfast_private.raise_invalid('max_count', 'must be from 1 to 1000');
    END IF;
    RETURN QUERY
        SELECT s.id, s.job_type, s.status, s.scheduled_for, s.started_at, s.completed_at, s.error_message
        FROM holdfast_private.scheduled_jobs AS s
        WHERE list_job_runs.job_type IS NULL OR s.job_type = list_job_runs.job_type
        ORDER BY s.scheduled_for DESC, s.id DESC
        LIMIT max_count;
END
$$;
COMMENT ON FUNCTION holdfast_private.list_job_runs(uuid, text, int) IS
'The log of the platform''s jobs, of one where job_type names it, the latest first: [{"id", "job", "status", "scheduled_for", "started_at", "completed_at", "error_message"}], at most max_count. status is pending (the next run), running, completed or failed; error_message has no value in it. For who may manage the organization or the platform; it says nothing of any tenant. Errors: forbidden, invalid_input, not_authenticated.';
REVOKE ALL ON FUNCTION holdfast_private.list_job_runs(uuid, text, int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.list_job_runs(uuid, text, int)'::regprocedure, '@api@', '{authenticated,service_role}');

CREATE FUNCTION holdfast_private.job_expire_employee_invitations()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
    v_invitation @api@.company_employee_invitations;
    v_rows int := 0;
BEGIN
    FOR v_invitation IN
        SELECT i.* FROM @api@.company_employee_invitations AS i
        WHERE i.expires_at <= v_now
          AND i.accepted_at IS NULL AND i.rejected_at IS NULL AND i.revoked_at IS NULL AND i.expired_at IS NULL
        ORDER BY i.expires_at
        LIMIT 1000
        FOR NO KEY UPDATE SKIP LOCKED
    LOOP
        UPDATE @api@.company_employee_invitations AS i SET expired_at = v_now
        WHERE i.organization_id = v_invitation.organization_id AND i.id = v_invitation.id;
        PERFORM holdfast_private.end_invited(v_invitation);
        v_rows := v_rows + 1;
    END LOOP;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_expire_employee_invitations() IS
'Employees who did not accept in time become inactive, which frees their seats; at most 1,000, and returns how many. A link that is too old is refused without it.';
REVOKE ALL ON FUNCTION holdfast_private.job_expire_employee_invitations() FROM PUBLIC;

CREATE FUNCTION holdfast_private.job_end_access()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_tomorrow date := (holdfast.clock() AT TIME ZONE 'UTC')::date + 1;
    v_over record;
    v_rows int := 0;
BEGIN
    FOR v_over IN
        SELECT e.organization_id, e.id FROM @api@.company_employees AS e
        -- no zone is more than a day ahead
        WHERE e.access_ends <= v_tomorrow AND e.status <> 'inactive'
          AND e.access_ends <= holdfast_private.company_today(e.organization_id, e.company_id)
        ORDER BY e.access_ends
        LIMIT 1000
        FOR NO KEY UPDATE SKIP LOCKED
    LOOP
        UPDATE @api@.company_employees AS e SET status = 'inactive'
        WHERE e.organization_id = v_over.organization_id AND e.id = v_over.id;
        v_rows := v_rows + 1;
    END LOOP;
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.job_end_access() IS
'Employees whose last day is over become inactive, which takes what they may read of the company; at most 1,000, and returns how many. They book, change and occupy a seat no longer without it.';
REVOKE ALL ON FUNCTION holdfast_private.job_end_access() FROM PUBLIC;

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_end_access', '* * * * *', 'makes employees inactive whose last day is over'),
    ('job_expire_employee_invitations', '*/5 * * * *', 'ends invitations of employees that nobody accepted, and frees their seats');

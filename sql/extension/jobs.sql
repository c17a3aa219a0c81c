-- Giving the platform's jobs to pg_cron. Nothing depends on it: any scheduler may run CALL holdfast_private.perform_job(job).

CREATE FUNCTION cron_zone()
RETURNS text
AS 'MODULE_PATHNAME', 'hf_get_cron_zone'
LANGUAGE C STABLE;
COMMENT ON FUNCTION cron_zone() IS
'The time zone that pg_cron reads its schedules in: GMT unless it is of version 1.5 or later and cron.timezone says otherwise. For those, too, who may not see that setting.';
REVOKE ALL ON FUNCTION cron_zone() FROM PUBLIC;

CREATE FUNCTION check_cron()
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Not everybody may see pg_cron's settings; whoever may not is told less of what is missing.
    v_told boolean := pg_has_role(current_user, 'pg_read_all_settings', 'USAGE');
    v_database text := CASE WHEN v_told THEN current_setting('cron.database_name', true) ELSE current_database() END;
    -- A setting that no library has declared is a placeholder, and not listed.
    v_loaded boolean := NOT v_told OR EXISTS (SELECT FROM pg_settings AS s WHERE s.name = 'cron.database_name');
BEGIN
    IF to_regprocedure('holdfast_private.run_job(text)') IS NULL THEN
        RAISE EXCEPTION 'the platform is not installed in this database'
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run SELECT holdfast.install() first.';
    ELSIF NOT v_loaded THEN
        RAISE EXCEPTION 'pg_cron is not loaded'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'Put pg_cron into shared_preload_libraries and restart, or let another scheduler run CALL holdfast_private.perform_job(job) for each row of holdfast_private.jobs.';
    ELSIF v_database <> current_database() THEN
        RAISE EXCEPTION 'pg_cron runs in database "%", not in "%"', v_database, current_database()
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = 'A cluster has one database in which pg_cron keeps its jobs: cron.database_name.',
                  HINT = format('Change cron.database_name and restart; or, in database %I, for each row of holdfast_private.jobs: SELECT cron.schedule_in_database(%L, %L, %L, %L);',
                                v_database, 'holdfast_JOB', 'SCHEDULE', 'CALL holdfast_private.perform_job(''JOB'')', current_database());
    ELSIF to_regclass('cron.job') IS NULL THEN
        RAISE EXCEPTION 'extension pg_cron does not exist in this database'
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run CREATE EXTENSION pg_cron first.';
    END IF;
END
$$;
COMMENT ON FUNCTION check_cron() IS
'Raises an error that says what is missing unless pg_cron can run the platform''s jobs in this database.';
REVOKE ALL ON FUNCTION check_cron() FROM PUBLIC;

CREATE FUNCTION schedule_jobs(api_schema name DEFAULT 'public')
RETURNS TABLE (
    job text, schedule text, command text, role_name name,
    last_run timestamptz, last_success timestamptz, last_duration interval, last_rows bigint, last_error text)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_job record;
    v_superuser boolean := (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user);
    v_role name := current_user;
BEGIN
    PERFORM holdfast.check_cron();
    IF NOT EXISTS (SELECT FROM holdfast_private.modules AS m WHERE m.api_schema = schedule_jobs.api_schema) THEN
        RAISE EXCEPTION 'the platform of this database is not in schema "%"', schedule_jobs.api_schema
            USING ERRCODE = 'invalid_schema_name';
    END IF;

    -- Jobs run as a role of their own, that can do what the owner can and nothing else. pg_cron logs in as it.
    IF v_superuser THEN
        v_role := 'holdfast_jobs';
        IF to_regrole('holdfast_jobs') IS NULL THEN
            CREATE ROLE holdfast_jobs LOGIN;
        END IF;
        IF NOT pg_has_role('holdfast_jobs', 'holdfast_owner', 'MEMBER') THEN
            GRANT holdfast_owner TO holdfast_jobs;
        END IF;
        GRANT USAGE ON SCHEMA cron TO holdfast_jobs;
    END IF;

    PERFORM cron.unschedule(c.jobid)
    FROM cron.job AS c
    WHERE c.command LIKE 'CALL holdfast\_private.perform\_job(%' AND c.database = current_database()
      AND NOT EXISTS (SELECT FROM holdfast_private.jobs AS j
                      WHERE c.jobname = 'holdfast_' || j.job AND c.username = v_role);
    FOR v_job IN SELECT j.job, j.schedule FROM holdfast_private.jobs AS j ORDER BY j.job LOOP
        IF v_superuser THEN
            PERFORM cron.schedule_in_database('holdfast_' || v_job.job, v_job.schedule,
                format('CALL holdfast_private.perform_job(%L)', v_job.job), current_database(), v_role);
        ELSE
            PERFORM cron.schedule('holdfast_' || v_job.job, v_job.schedule,
                format('CALL holdfast_private.perform_job(%L)', v_job.job));
        END IF;
        PERFORM holdfast_private.plan_run(v_job.job);
    END LOOP;
    RETURN QUERY
        SELECT j.job, c.schedule, c.command, c.username::name,
               h.last_run, h.last_success, h.last_duration, h.last_rows, h.last_error
        FROM holdfast_private.jobs AS j
        JOIN cron.job AS c ON c.jobname = 'holdfast_' || j.job AND c.database = current_database()
        LEFT JOIN holdfast_private.job_heartbeats AS h ON h.job = j.job
        ORDER BY j.job;
END
$$;
COMMENT ON FUNCTION schedule_jobs(name) IS
'Registers every job of the platform with pg_cron under the name holdfast_JOB, takes those away that are no more, and lists them with their last run. May be repeated. For a superuser the jobs run as the role holdfast_jobs, made when missing: it can log in, is a member of holdfast_owner and has no password; for anybody else as themselves.';
REVOKE ALL ON FUNCTION schedule_jobs(name) FROM PUBLIC;

CREATE FUNCTION unschedule_jobs()
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast.check_cron();
    PERFORM holdfast_private.forget_plans();
    RETURN (
        SELECT count(*) FILTER (WHERE cron.unschedule(c.jobid))::int
        FROM cron.job AS c
        WHERE c.command LIKE 'CALL holdfast\_private.perform\_job(%' AND c.database = current_database());
END
$$;
COMMENT ON FUNCTION unschedule_jobs() IS
'Takes every job of the platform away from pg_cron, and returns how many there were.';
REVOKE ALL ON FUNCTION unschedule_jobs() FROM PUBLIC;

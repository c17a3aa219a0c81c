CREATE VIEW @api@.job_health WITH (security_invoker = true) AS
SELECT '00000000-0000-0000-0000-000000000000'::uuid AS organization_id, j.job, j.schedule, j.description, j.next_run, j.is_running, j.is_late, j.last_run, j.last_success, j.last_duration,
    j.failing_since, j.last_error, j.runs, j.failures
FROM @api@.list_jobs() AS j
-- Not of the rows, so it is asked once, and the function is not called for who would be refused: they see no rows, as in any table.
WHERE coalesce(holdfast.jwt_role() = 'service_role', true)
   OR holdfast.has_permission('@api@.user_roles', 'manage_organization')
   OR holdfast.has_permission('@api@.user_roles', 'manage_platform');
COMMENT ON VIEW @api@.job_health IS 'How the jobs of the platform are: the rows of list_jobs(), for admins. Alert on is_late and on failing_since.';
COMMENT ON COLUMN @api@.job_health.organization_id IS 'The nil UUID: jobs serve every organization.';
COMMENT ON COLUMN @api@.job_health.job IS 'The job.';
COMMENT ON COLUMN @api@.job_health.schedule IS 'When, in cron''s five fields.';
COMMENT ON COLUMN @api@.job_health.description IS 'What it does.';
COMMENT ON COLUMN @api@.job_health.next_run IS 'When it is next due, or was due and has not run yet.';
COMMENT ON COLUMN @api@.job_health.is_running IS 'Whether it runs now.';
COMMENT ON COLUMN @api@.job_health.is_late IS 'Whether it was due more than 5 minutes ago, or never ran; null when its schedule is none that holdfast reads.';
COMMENT ON COLUMN @api@.job_health.last_run IS 'When it last started.';
COMMENT ON COLUMN @api@.job_health.last_success IS 'When it last started and ended without an error.';
COMMENT ON COLUMN @api@.job_health.last_duration IS 'How long the last run took.';
COMMENT ON COLUMN @api@.job_health.failing_since IS 'When the first of the runs started that have failed since the last success; null when the last did not fail.';
COMMENT ON COLUMN @api@.job_health.last_error IS 'Why the last run failed, without any value; null when it did not.';
COMMENT ON COLUMN @api@.job_health.runs IS 'Runs so far.';
COMMENT ON COLUMN @api@.job_health.failures IS 'How many of them failed.';

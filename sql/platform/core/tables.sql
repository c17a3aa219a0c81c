-- About the database, not about a tenant: these tables have no organization_id, and only their owner reads them.

CREATE TABLE holdfast_private.modules (
    module text NOT NULL,
    version text NOT NULL,
    checksum text NOT NULL,
    api_schema name NOT NULL,
    installed_at timestamptz NOT NULL DEFAULT now(),
    upgraded_at timestamptz
);
COMMENT ON TABLE holdfast_private.modules IS 'The modules that install() has installed here; written by install() and upgrade() only.';
COMMENT ON COLUMN holdfast_private.modules.module IS 'Name of the module.';
COMMENT ON COLUMN holdfast_private.modules.version IS 'Version of the library that it was installed by or upgraded to.';
COMMENT ON COLUMN holdfast_private.modules.checksum IS 'SHA-256 of its script in that version.';
COMMENT ON COLUMN holdfast_private.modules.api_schema IS 'The schema that clients reach; the same for all modules.';
COMMENT ON COLUMN holdfast_private.modules.installed_at IS 'When it was installed.';
COMMENT ON COLUMN holdfast_private.modules.upgraded_at IS 'When it was last upgraded.';
ALTER TABLE holdfast_private.modules ENABLE ROW LEVEL SECURITY;

CREATE TABLE holdfast_private.api_roles (
    api_role name NOT NULL,
    role_name name NOT NULL
);
COMMENT ON TABLE holdfast_private.api_roles IS 'Which database roles stand for anon, authenticated and service_role; written by grant_api_roles().';
COMMENT ON COLUMN holdfast_private.api_roles.api_role IS 'The name that grants are recorded under.';
COMMENT ON COLUMN holdfast_private.api_roles.role_name IS 'A role of this cluster; several may stand for one.';
ALTER TABLE holdfast_private.api_roles ENABLE ROW LEVEL SECURITY;

CREATE TABLE holdfast_private.api_grants (
    object_type text NOT NULL,
    object text NOT NULL,
    privileges text NOT NULL,
    api_role name NOT NULL
);
COMMENT ON TABLE holdfast_private.api_grants IS 'Who may do what with which object: the record that grants are made from, because the roles may come after the objects.';
COMMENT ON COLUMN holdfast_private.api_grants.object_type IS 'TABLE, FUNCTION, SCHEMA, or POLICY: that a policy is for a role.';
COMMENT ON COLUMN holdfast_private.api_grants.object IS 'The object, qualified and quoted: a function with its argument types, a policy by its table.';
COMMENT ON COLUMN holdfast_private.api_grants.privileges IS 'As in GRANT, for example SELECT, or UPDATE (display_name); of a policy its name.';
COMMENT ON COLUMN holdfast_private.api_grants.api_role IS 'anon, authenticated, service_role, or a role of the user''s own.';
ALTER TABLE holdfast_private.api_grants ENABLE ROW LEVEL SECURITY;

CREATE TABLE holdfast_private.jobs (
    job text NOT NULL,
    schedule text NOT NULL,
    description text NOT NULL
);
COMMENT ON TABLE holdfast_private.jobs IS 'What must run from time to time: schedule_jobs() gives it to pg_cron, any other scheduler calls perform_job(). Correctness never depends on it.';
COMMENT ON COLUMN holdfast_private.jobs.job IS 'Name of a function of schema holdfast_private without arguments, idempotent, which works in batches and returns how many rows it did.';
COMMENT ON COLUMN holdfast_private.jobs.schedule IS 'When, in cron''s five fields.';
COMMENT ON COLUMN holdfast_private.jobs.description IS 'What it does.';
ALTER TABLE holdfast_private.jobs ENABLE ROW LEVEL SECURITY;

CREATE TABLE holdfast_private.job_heartbeats (
    job text NOT NULL,
    last_run timestamptz,
    last_success timestamptz,
    last_duration interval,
    last_rows bigint,
    last_error text,
    failing_since timestamptz,
    runs bigint NOT NULL DEFAULT 0,
    failures bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE holdfast_private.job_heartbeats IS 'How each job last went.';
COMMENT ON COLUMN holdfast_private.job_heartbeats.job IS 'The job.';
COMMENT ON COLUMN holdfast_private.job_heartbeats.last_run IS 'When it last started.';
COMMENT ON COLUMN holdfast_private.job_heartbeats.last_success IS 'When it last started and ended without an error.';
COMMENT ON COLUMN holdfast_private.job_heartbeats.last_duration IS 'How long the last run took.';
COMMENT ON COLUMN holdfast_private.job_heartbeats.last_rows IS 'What the last successful run returned.';
COMMENT ON COLUMN holdfast_private.job_heartbeats.last_error IS 'Why the last run failed, as in scheduled_jobs; null when it did not.';
COMMENT ON COLUMN holdfast_private.job_heartbeats.failing_since IS 'When the first of the runs started that have failed since the last success; null when the last did not fail.';
COMMENT ON COLUMN holdfast_private.job_heartbeats.runs IS 'Runs so far.';
COMMENT ON COLUMN holdfast_private.job_heartbeats.failures IS 'How many of them failed.';
ALTER TABLE holdfast_private.job_heartbeats ENABLE ROW LEVEL SECURITY;

CREATE TABLE holdfast_private.scheduled_jobs (
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    job_type text NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    scheduled_for timestamptz NOT NULL,
    started_at timestamptz,
    completed_at timestamptz,
    affected_rows bigint,
    error_message text
);
COMMENT ON TABLE holdfast_private.scheduled_jobs IS 'Every run of a job, and the next one of each. About the database, not about a tenant: it has no organization_id, and nothing of a tenant in it.';
COMMENT ON COLUMN holdfast_private.scheduled_jobs.id IS 'The run.';
COMMENT ON COLUMN holdfast_private.scheduled_jobs.job_type IS 'The job.';
COMMENT ON COLUMN holdfast_private.scheduled_jobs.status IS 'pending (the next run), running, completed or failed.';
COMMENT ON COLUMN holdfast_private.scheduled_jobs.scheduled_for IS 'When it was due by its schedule; when it started, for one run by hand in between.';
COMMENT ON COLUMN holdfast_private.scheduled_jobs.started_at IS 'When it started.';
COMMENT ON COLUMN holdfast_private.scheduled_jobs.completed_at IS 'When it ended; for one that was interrupted, when that was noticed.';
COMMENT ON COLUMN holdfast_private.scheduled_jobs.affected_rows IS 'How many rows it did, when it completed.';
COMMENT ON COLUMN holdfast_private.scheduled_jobs.error_message IS 'Why it failed, without any value: an error word of holdfast; or SQLSTATE, kind of error, function, line and constraint; or interrupted, when its session or the server went away.';
ALTER TABLE holdfast_private.scheduled_jobs ENABLE ROW LEVEL SECURITY;

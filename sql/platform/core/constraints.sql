ALTER TABLE holdfast_private.modules
    ADD PRIMARY KEY (module);

ALTER TABLE holdfast_private.api_roles
    ADD PRIMARY KEY (api_role, role_name);

ALTER TABLE holdfast_private.api_grants
    ADD PRIMARY KEY (object_type, object, privileges, api_role),
    ADD CHECK (object_type IN ('TABLE', 'FUNCTION', 'SCHEMA', 'POLICY'));

ALTER TABLE holdfast_private.jobs
    ADD PRIMARY KEY (job);

ALTER TABLE holdfast_private.job_heartbeats
    ADD PRIMARY KEY (job),
    ADD FOREIGN KEY (job) REFERENCES holdfast_private.jobs (job) ON DELETE CASCADE;

ALTER TABLE holdfast_private.scheduled_jobs
    ADD PRIMARY KEY (id),
    ADD FOREIGN KEY (job_type) REFERENCES holdfast_private.jobs (job) ON DELETE CASCADE,
    ADD CHECK (status IN ('pending', 'running', 'completed', 'failed')),
    ADD CHECK ((status = 'pending') = (started_at IS NULL)),
    ADD CHECK ((status IN ('completed', 'failed')) = (completed_at IS NOT NULL)),
    ADD CHECK ((status = 'failed') = (error_message IS NOT NULL));

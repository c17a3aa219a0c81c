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

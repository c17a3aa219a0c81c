CREATE INDEX ON holdfast_private.scheduled_jobs (job_type, scheduled_for);
-- One next run of each job; and the one that runs, if any, is found at once.
CREATE UNIQUE INDEX ON holdfast_private.scheduled_jobs (job_type) WHERE status = 'pending';
CREATE INDEX ON holdfast_private.scheduled_jobs (job_type) WHERE status = 'running';
CREATE INDEX ON holdfast_private.scheduled_jobs (completed_at);

INSERT INTO holdfast_private.jobs (job, schedule, description) VALUES
    ('job_prune_runs', '37 4 * * *', 'forgets old runs of jobs');

-- The books of the installation are for the owner alone.

SELECT proof.expect_no_access('holdfast_private.' || t, r) FROM (VALUES
  ('modules', 'what is installed; install() writes it'),
  ('api_roles', 'grant_api_roles() writes it'),
  ('api_grants', 'grants are made from it'),
  ('jobs', 'read by schedulers, who are the owner'),
  ('job_heartbeats', 'list_jobs() shows it'),
  ('scheduled_jobs', 'list_job_runs() shows it')) AS v (t, r);

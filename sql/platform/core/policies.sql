-- Nobody but the owner reads these; a policy says so where a grant made by mistake would open them.
CREATE POLICY modules_owner ON holdfast_private.modules USING (current_user = 'holdfast_owner');
CREATE POLICY api_roles_owner ON holdfast_private.api_roles USING (current_user = 'holdfast_owner');
CREATE POLICY api_grants_owner ON holdfast_private.api_grants USING (current_user = 'holdfast_owner');
CREATE POLICY jobs_owner ON holdfast_private.jobs USING (current_user = 'holdfast_owner');
CREATE POLICY job_heartbeats_owner ON holdfast_private.job_heartbeats USING (current_user = 'holdfast_owner');
CREATE POLICY scheduled_jobs_owner ON holdfast_private.scheduled_jobs USING (current_user = 'holdfast_owner');

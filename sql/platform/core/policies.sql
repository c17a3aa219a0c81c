-- Row security is on everywhere, so that a grant made by mistake opens nothing.
CREATE POLICY modules_owner ON holdfast_private.modules TO holdfast_owner USING (true);
CREATE POLICY api_roles_owner ON holdfast_private.api_roles TO holdfast_owner USING (true);
CREATE POLICY api_grants_owner ON holdfast_private.api_grants TO holdfast_owner USING (true);
CREATE POLICY jobs_owner ON holdfast_private.jobs TO holdfast_owner USING (true);
CREATE POLICY job_heartbeats_owner ON holdfast_private.job_heartbeats TO holdfast_owner USING (true);

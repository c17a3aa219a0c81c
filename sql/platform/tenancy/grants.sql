-- Clients read; whatever they change goes through an RPC.
SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated')
FROM unnest(ARRAY['@api@.organizations', '@api@.profiles', '@api@.user_roles', '@api@.roles', '@api@.permissions',
                  '@api@.user_roles_permissions', '@api@.user_roles_hierarchy']) AS t;

SELECT holdfast_private.grant_service(t::regclass)
FROM unnest(ARRAY['@api@.profiles', '@api@.user_roles', '@api@.roles', '@api@.permissions',
                  '@api@.user_roles_permissions', '@api@.user_roles_hierarchy']) AS t;
SELECT holdfast_private.grant_service('@api@.organizations', 'id');

-- History is nobody's to write, not even a service's.
SELECT holdfast_private.grant_table('@api@.user_roles_history', 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy('@api@.user_roles_history', 'user_roles_history_service', 'service_role');
SELECT holdfast_private.grant_table('@api@.job_health', 'SELECT', 'authenticated', 'service_role');

-- Clients read; whatever they change goes through an RPC, because who may change a row may not change every column.
SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated'), holdfast_private.grant_service(t::regclass)
FROM unnest(ARRAY['@api@.specialists', '@api@.clients', '@api@.client_assignments', '@api@.companies',
                  '@api@.company_employees', '@api@.specialist_assignments']) AS t;

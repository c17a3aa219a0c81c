-- Read by those whom the policies name, written by the RPCs only.
SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy(t::regclass, split_part(t, '.', 2) || '_service', 'service_role')
FROM unnest(ARRAY['@api@.company_employee_invitations', '@api@.company_import_history', '@api@.company_import_rows']) AS t;
SELECT holdfast_private.grant_table('@api@.company_employee_directory', 'SELECT', 'authenticated', 'service_role');

-- Read by those whom the policies name, written by the RPCs only.
SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy(t::regclass, split_part(t, '.', 2) || '_service', 'service_role')
FROM unnest(ARRAY['@api@.company_subscription_plans', '@api@.company_subscriptions', '@api@.company_subscription_history',
                  '@api@.company_verification', '@api@.company_contacts', '@api@.company_dpa_acceptance',
                  '@api@.company_compliance_issues', '@api@.company_organizations', '@api@.company_organization_members']) AS t;
SELECT holdfast_private.grant_table('@api@.company_compliance_status', 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.grant_table('@api@.company_billing_contacts', 'SELECT', 'authenticated', 'service_role');

SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy(t::regclass, split_part(t, '.', 2) || '_service', 'service_role')
FROM unnest(ARRAY['@api@.quota_increase_requests', '@api@.session_approvals', 'holdfast_private.company_quota',
                  'holdfast_private.company_quota_periods', 'holdfast_private.company_quota_ledger']) AS t;
SELECT holdfast_private.grant_table(v::regclass, 'SELECT', 'authenticated', 'service_role')
FROM unnest(ARRAY['@api@.company_sessions_quota', '@api@.company_session_quota_history', '@api@.quota_audit_log']) AS v;
SELECT holdfast_private.grant_table('@api@.quota_settings', p, 'authenticated')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE (cancellation_notice, max_cancellations, cancellation_days, require_subscription,'
                  ' waitlist_when_exhausted, show_people, minimum_group)']) AS p;
SELECT holdfast_private.grant_service('@api@.quota_settings');

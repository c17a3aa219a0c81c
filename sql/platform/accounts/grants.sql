SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy(t::regclass, split_part(t, '.', 2) || '_service', 'service_role')
FROM unnest(ARRAY['@api@.account_settings', '@api@.accounts', '@api@.account_tokens', '@api@.failed_login_attempts',
                  '@api@.ip_allowlist', '@api@.ip_blocklist']) AS t;
SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role')
FROM unnest(ARRAY['@api@.email_verification_tokens', '@api@.password_reset_tokens', '@api@.invitations',
                  '@api@.ip_whitelist']) AS t;

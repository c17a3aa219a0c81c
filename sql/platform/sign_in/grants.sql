SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy(t::regclass, split_part(t, '.', 2) || '_service', 'service_role')
FROM unnest(ARRAY['@api@.session_tokens', '@api@.two_factor_auth', '@api@.user_device_fingerprints']) AS t;

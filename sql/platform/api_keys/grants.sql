SELECT holdfast_private.grant_table('@api@.api_keys', 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy('@api@.api_keys', 'api_keys_service', 'service_role');

SELECT holdfast_private.grant_table('@api@.encryption_keys', 'SELECT', 'authenticated', 'service_role');

INSERT INTO holdfast_private.token_kinds (kind, prefix, lifetime, description) VALUES
    ('password_reset', 'hfreset', '1 hour', 'lets somebody set a new password');

SELECT holdfast_private.register_sealed_column('holdfast_private.two_factor_secrets', 'secret_key', 'two_factor_secrets.secret_key');

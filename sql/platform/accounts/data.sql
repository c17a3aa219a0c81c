INSERT INTO @api@.account_settings (organization_id)
VALUES ('00000000-0000-0000-0000-000000000000');

INSERT INTO holdfast_private.token_kinds (kind, prefix, lifetime, joins, description) VALUES
    ('email_verification', 'hfverify', '24 hours', false, 'proves that somebody reads an e-mail address'),
    ('invitation', 'hfinvite', '24 hours', true, 'lets somebody into the organization');

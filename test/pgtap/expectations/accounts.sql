-- Accounts: everybody reads what is theirs, who manages members the organization's, services too; RPCs write. Of secrets
-- nobody reads anything.
INSERT INTO public.accounts (organization_id, user_id, status)
SELECT proof.id(clinic), proof.id('user ' || person), 'active'
FROM (VALUES ('clinic', 'client'), ('clinic', 'other client'), ('other clinic', 'foreign client')) AS t (clinic, person);
INSERT INTO public.account_settings (organization_id) VALUES (proof.id('clinic')), (proof.id('other clinic'));
INSERT INTO proof.keys (name, id)
SELECT side || ' ' || kind || ' token', proof.id(side || ' ' || kind || ' token')
FROM unnest('{own,other,foreign}'::text[]) AS side, unnest('{email_verification,invitation,password_reset}'::text[]) AS kind;
INSERT INTO public.account_tokens (organization_id, id, kind, email, user_id, expires_at, role)
SELECT proof.id(CASE side WHEN 'foreign' THEN 'other clinic' ELSE 'clinic' END), proof.id(side || ' ' || kind || ' token'), kind,
       side || '.' || replace(kind, '_', '.') || '@example.org',
       proof.id('user ' || CASE side WHEN 'own' THEN 'client' ELSE side || ' client' END), holdfast.clock() + interval '1 hour', 'client'
FROM unnest('{own,other,foreign}'::text[]) AS side, unnest('{email_verification,invitation,password_reset}'::text[]) AS kind;
INSERT INTO public.failed_login_attempts (organization_id, user_id)
SELECT organization_id, user_id FROM public.accounts;
INSERT INTO public.ip_allowlist (organization_id, id, user_id, ip_address, description)
SELECT organization_id, proof.id('allowed ' || user_id), user_id, '192.0.2.1', 'allowed' FROM public.accounts;
INSERT INTO public.ip_blocklist (organization_id, id, user_id, ip_address, description)
SELECT organization_id, proof.id('blocked ' || user_id), user_id, '192.0.2.2', 'blocked' FROM public.accounts;
INSERT INTO proof.keys (name, id)
SELECT side || ' address', proof.id('blocked ' || proof.id('user ' || CASE side WHEN 'own' THEN 'client' ELSE side || ' client' END))
FROM unnest('{own,other,foreign}'::text[]) AS side;

SELECT proof.show('public.account_settings', 'own', format('organization_id = %L', proof.id('clinic'))),
       proof.show('public.account_settings', 'foreign', format('organization_id = %L', proof.id('other clinic')));
SELECT proof.show('public.' || t, side, format('user_id = %L', proof.id('user ' || CASE side WHEN 'own' THEN 'client' ELSE side || ' client' END)))
FROM unnest('{own,other,foreign}'::text[]) AS side,
     unnest('{accounts,failed_login_attempts,ip_allowlist,ip_blocklist}'::text[]) AS t;
SELECT proof.show('public.account_tokens', side, format('id = %L', proof.id(side || ' email_verification token')))
FROM unnest('{own,other,foreign}'::text[]) AS side;
-- Views have no primary key to find the row by.
INSERT INTO proof.rows
SELECT 'public.' || v, split_part(k.name, ' ', 1), format('id = %L', k.id),
       jsonb_build_object('organization_id', (SELECT a.organization_id FROM public.account_tokens AS a WHERE a.id = k.id), 'id', k.id)
FROM (VALUES ('email_verification_tokens', 'email_verification'), ('invitations', 'invitation'), ('password_reset_tokens', 'password_reset')) AS t (v, kind)
JOIN proof.keys AS k ON k.name LIKE '% ' || kind || ' token'
UNION ALL
SELECT 'public.ip_whitelist', r.label, r.key, r.content FROM proof.rows AS r WHERE r.relation = 'public.ip_allowlist';

SELECT proof.expect('public.account_settings', $$
                                   anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own         select               -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  foreign     select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
$$);

SELECT proof.expect('public.' || t, $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$)
FROM unnest('{accounts,account_tokens,failed_login_attempts,ip_allowlist,ip_blocklist,email_verification_tokens,password_reset_tokens,invitations,ip_whitelist}'::text[]) AS t;

SELECT proof.expect_no_access('holdfast_private.token_kinds', 'what kinds of tokens there are'),
       proof.expect_no_access('holdfast_private.token_secrets', 'hashes of secrets; the RPCs ask it');

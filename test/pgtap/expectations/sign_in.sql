-- Login sessions and second factors: everybody reads of theirs, who manages members of the organization's; RPCs write.
-- Passwords, secrets and codes nobody reads.
INSERT INTO public.session_tokens (organization_id, id, user_id, expires_at)
SELECT organization_id, proof.id('session ' || user_id), user_id, holdfast.clock() + interval '1 day' FROM public.accounts;
INSERT INTO proof.keys (name, id)
SELECT side || ' login session', proof.id('session ' || proof.id('user ' || CASE side WHEN 'own' THEN 'client' ELSE side || ' client' END))
FROM unnest('{own,other,foreign}'::text[]) AS side;
INSERT INTO public.two_factor_auth (organization_id, user_id) SELECT organization_id, user_id FROM public.accounts;
INSERT INTO public.user_device_fingerprints (organization_id, user_id, device_id)
SELECT organization_id, user_id, encode(sha256(''), 'hex') FROM public.accounts;
INSERT INTO holdfast_private.passwords (organization_id, user_id, password_hash)
SELECT organization_id, user_id, '$argon2id$' FROM public.accounts;

SELECT proof.show('public.' || t, side, format('user_id = %L', proof.id('user ' || CASE side WHEN 'own' THEN 'client' ELSE side || ' client' END)))
FROM unnest('{own,other,foreign}'::text[]) AS side,
     unnest('{session_tokens,two_factor_auth,user_device_fingerprints}'::text[]) AS t;

SELECT proof.expect('public.' || t, $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$)
FROM unnest('{session_tokens,two_factor_auth,user_device_fingerprints}'::text[]) AS t;

SELECT proof.expect_no_access('holdfast_private.' || t, 'hashes and sealed secrets; the RPCs ask it')
FROM unnest('{passwords,two_factor_secrets,user_backup_codes}'::text[]) AS t;

-- API keys: of the keys nobody reads more than the beginning.
INSERT INTO public.api_keys (organization_id, id, user_id, name, prefix, expires_at)
SELECT organization_id, proof.id('key ' || user_id), user_id, 'x', 'hfkey_0000', holdfast.clock() + interval '1 day' FROM public.accounts;
INSERT INTO proof.keys (name, id)
SELECT side || ' api key', proof.id('key ' || proof.id('user ' || CASE side WHEN 'own' THEN 'client' ELSE side || ' client' END))
FROM unnest('{own,other,foreign}'::text[]) AS side;
SELECT proof.show('public.api_keys', side, format('user_id = %L', proof.id('user ' || CASE side WHEN 'own' THEN 'client' ELSE side || ' client' END)))
FROM unnest('{own,other,foreign}'::text[]) AS side;

SELECT proof.expect('public.api_keys', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

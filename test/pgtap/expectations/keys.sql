-- Keys are for the owner alone. What is known of them: admins see the shared ones, who may manage the platform also those of
-- single persons, of which one stands here for what is not theirs.

SELECT proof.expect_no_access('holdfast_private.' || t, r) FROM (VALUES
  ('keyring', 'keys, wrapped; the bodies seal and unseal with them'),
  ('sealed_columns', 'which columns are sealed; jobs read it')) AS v (t, r);

SELECT FROM holdfast.seal('holdfast_private.keyring', 'text', 'context', proof.id('client'));
INSERT INTO proof.rows
SELECT 'public.encryption_keys', r.label, format('id = %L', k.id),
       (SELECT jsonb_object_agg(c.key, c.value) FROM public.encryption_keys AS v, jsonb_each_text(to_jsonb(v)) AS c WHERE v.id = k.id)
FROM (VALUES ('everywhere', NULL), ('foreign', proof.id('client'))) AS r (label, subject)
CROSS JOIN LATERAL (SELECT k.id FROM holdfast_private.keyring AS k WHERE k.subject IS NOT DISTINCT FROM r.subject ORDER BY k.id LIMIT 1) AS k;

SELECT proof.expect('public.encryption_keys', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  everywhere         select               -    0        0      0       0        0          0      0  1     1     1       1       1     1      0        0            0
  foreign            select               -    0        0      0       0        0          0      0  0     1     1       1       1     0      0        0            0
  everywhere,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

-- Keys serve all organizations: admins see what there is (of whose rows: keys.sql), who may manage the platform changes it.

INSERT INTO proof.calls (operation, label, statement) VALUES
  ('list_encryption_keys', 'all', 'SELECT count(*) FROM public.list_encryption_keys()'),
  ('rotate_encryption_keys', 'all', 'SELECT public.rotate_encryption_keys()'),
  ('reseal_encrypted_columns', 'all', 'SELECT public.reseal_encrypted_columns()');

SELECT proof.expect_calls($$
                               anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  all list_encryption_keys     -    403      403    403     403      403        403    403 1     1     1       1       1     1      403      403          403
  all rotate_encryption_keys   -    403      403    403     403      403        403    403 403   1     1       1       1     403    403      403          403
  all reseal_encrypted_columns -    403      403    403     403      403        403    403 403   1     1       1       1     403    403      403          403
$$);

-- Jobs are the installation's: who manages an organization, or the platform, sees how they are. Nobody writes.
SELECT holdfast_private.run_job('job_sweep_holds');
INSERT INTO proof.rows
SELECT 'public.job_health', 'everywhere', 'job = ''job_sweep_holds''',
       (SELECT jsonb_object_agg(c.key, c.value) FROM public.job_health AS v, jsonb_each_text(to_jsonb(v)) AS c WHERE v.job = 'job_sweep_holds');

SELECT proof.expect('public.job_health', $$
                                  anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  everywhere select               -    0        0      0       0        0          0      0  1     1     1       1       1     1      0        0            0
  everywhere insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

INSERT INTO proof.calls (operation, label, statement) VALUES
  ('list_jobs', 'all', 'SELECT count(*) > 5 FROM public.list_jobs()'),
  ('list_job_runs', 'all', 'SELECT count(*) > 0 FROM public.list_job_runs(''job_sweep_holds'')');

SELECT proof.expect_calls($$
                    anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  all list_job_runs -    403      403    403     403      403        403    403 1     1     1       1       1     1      403      403          403
  all list_jobs     -    403      403    403     403      403        403    403 1     1     1       1       1     1      403      403          403
$$);

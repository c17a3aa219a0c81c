-- What a company has and asks for is its HR's and admins'; an approval is its client's too. Accounts are reached through the views
-- alone, those of employees through RPCs.

SELECT proof.expect('public.company_sessions_quota', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.quota_audit_log', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.company_session_quota_history', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.quota_increase_requests', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.session_approvals', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.quota_settings', $$
                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own     select -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own     insert -    x        x      x       x        x          x      x  1     x     1       1       1     x      x        x            x
  own     update -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own     delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  foreign select -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
  foreign insert -    x        x      x       x        x          x      x  x     x     x       1       x     1      x        x            x
  foreign update -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign delete -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('holdfast_private.company_quota', $$
                                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own,other,foreign select,insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('holdfast_private.company_quota_periods', $$
                                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own,other,foreign select,insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('holdfast_private.company_quota_ledger', $$
                                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own,other,foreign select,insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);
SELECT proof.expect_no_access('holdfast_private.company_quota_alerts', 'is told to HR');
SELECT proof.expect_no_access('holdfast_private.employee_quota', 'is told by session_balance() and company_quota_report()');
SELECT proof.expect_no_access('holdfast_private.employee_quota_ledger', 'who used which session');
SELECT proof.expect_no_access('holdfast_private.employee_quota_periods', 'how many somebody used');
SELECT proof.expect_no_access('holdfast_private.employee_quota_alerts', 'how many somebody used');

-- What HR sees of their own company, and admins of all; RPCs write it. Of the plans, HR sees those that can be chosen.

SELECT proof.expect('public.company_subscription_plans', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.company_subscriptions', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.company_subscription_history', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.company_verification', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.company_contacts', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.company_billing_contacts', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.company_dpa_acceptance', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.company_compliance_issues', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.company_compliance_status', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

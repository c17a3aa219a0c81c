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

-- Groups of companies are an admin's; HR sees which one their own company is in.
INSERT INTO public.company_organizations (organization_id, id, name)
SELECT proof.id(clinic), proof.id(side || ' group'), side
FROM (VALUES ('own', 'clinic'), ('other', 'clinic'), ('foreign', 'other clinic')) AS t (side, clinic);
INSERT INTO public.company_organization_members (organization_id, company_id, company_organization_id)
SELECT proof.id(clinic), proof.id(company), proof.id(side || ' group')
FROM (VALUES ('own', 'clinic', 'company'), ('other', 'clinic', 'other company'), ('foreign', 'other clinic', 'foreign company')) AS t (side, clinic, company);
SELECT proof.show('public.company_organizations', side, format('id = %L', proof.id(side || ' group'))),
       proof.show('public.company_organization_members', side, format('company_organization_id = %L', proof.id(side || ' group')))
FROM unnest('{own,other,foreign}'::text[]) AS side;

SELECT proof.expect('public.company_organizations', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own,other         select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

SELECT proof.expect('public.company_organization_members', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

-- Organizations and their people. Whoever has a token for the organization knows it and what roles there are; who has
-- which is for those who manage members. Clients write nothing: that is what RPCs are for.

SELECT proof.expect('public.organizations', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                select               -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own                insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  everywhere         select               -    0        0      0       0        0          0      0  0     0     0       1       0     0      0        0            0
  everywhere,foreign insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  everywhere,foreign update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
  foreign            select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
$$);

SELECT proof.expect('public.profiles', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own       select               -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other     select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.user_roles', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                select               -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,other          insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other              select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  everywhere         select               -    0        0      0       0        0          0      0  0     0     0       1       0     0      0        0            0
  everywhere,foreign insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  everywhere,foreign update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
  foreign            select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

SELECT proof.expect('public.roles', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                select               -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own                insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  everywhere         select               -    1        1      1       1        1          1      1  1     0     1       1       0     1      1        1            1
  everywhere,foreign insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  everywhere,foreign update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
  foreign            select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
$$);

SELECT proof.expect('public.permissions', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                select               -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own                insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  everywhere         select               -    1        1      1       1        1          1      1  1     0     1       1       0     1      1        1            1
  everywhere,foreign insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  everywhere,foreign update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
  foreign            select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
$$);

SELECT proof.expect('public.user_roles_permissions', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                select               -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own                insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  everywhere         select               -    1        1      1       1        1          1      1  1     0     1       1       0     1      1        1            1
  everywhere,foreign insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  everywhere,foreign update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
  foreign            select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
$$);

SELECT proof.expect('public.user_roles_hierarchy', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                select               -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own                insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  everywhere         select               -    1        1      1       1        1          1      1  1     0     1       1       0     1      1        1            1
  everywhere,foreign insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  everywhere,foreign update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
  foreign            select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
$$);

-- Read by whose role it was, and by who manages members; written by a trigger, by services neither.
SELECT proof.expect('public.user_roles_history', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

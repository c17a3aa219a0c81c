-- Everybody of the organization sees who can be booked. Clients see themselves, specialists the clients assigned to them,
-- HR the people of their company and no client. All of it is written by RPCs.

SELECT proof.expect('public.specialists', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own,other          select               -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own,other,inactive insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  inactive           select               -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign            select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
  foreign            insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign            update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.clients', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                select               -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other,archived insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other              select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  archived           select               -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign            select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign            insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign            update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.client_assignments', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own       select               -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other     select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.companies', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own       select               -    0        1      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other     select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.company_employees', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own       select               -    0        1      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other     select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.specialist_assignments', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own       select               -    0        1      0       0        1          0      1  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other     select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

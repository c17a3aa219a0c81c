-- What is offered is for every member; what clients have and used, for them, their specialist and admins. RPCs write it.

SELECT proof.expect('public.booking_packages', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own,other         select               -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
$$);

SELECT proof.expect('public.client_packages', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

SELECT proof.expect('public.package_uses', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

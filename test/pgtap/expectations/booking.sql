-- Both parties see a booking and what became of it, admins all of them, HR none. Everything is written by RPCs; services
-- may note what they did about a booking. Who is a party is told by the rows of clients and specialists, while the client is
-- active and the specialist has the role.

SELECT proof.expect('public.bookings', $$
                                                  anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                               select        -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other,archived,former,foreign insert,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  own,other,archived,former         update        -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other                             select        -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  archived                          select        -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  former                            select        -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign                           select        -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign                           update        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.booking_status_history', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

SELECT proof.expect('public.booking_cancellations', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

SELECT proof.expect('public.rescheduling_history', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

SELECT proof.expect_no_access('holdfast_private.' || t, r) FROM (VALUES
  ('booking_holds', 'who holds what; the RPCs ask it'),
  ('idempotency', 'stored answers, which may tell anything')) AS v (t, r);

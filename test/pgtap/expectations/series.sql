-- As bookings: both parties see a series and its occurrences, admins all of them, HR none; everything is written by RPCs.

SELECT proof.expect('public.recurring_bookings', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

SELECT proof.expect('public.recurring_booking_occurrences', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

-- Clients see that they wait and what they are offered, who may manage bookings the line; everything is written by RPCs.

SELECT proof.expect('public.waitlist_entries', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

SELECT proof.expect('public.waitlist_offers', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

SELECT proof.expect('public.waitlist_settings', $$
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

SELECT proof.expect_no_access('holdfast_private.waitlist_freed', 'who was passed over, and why');

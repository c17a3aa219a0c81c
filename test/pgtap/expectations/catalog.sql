-- What is offered: everybody of the organization reads it, admins write it (though not its ids), nobody deletes.

SELECT proof.expect('public.pillars', $$
                             anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own          select        -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own,inactive insert        -    x        x      x       x        x          x      x  1     x     1       1       1     x      x        x            x
  own          update        -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,inactive delete        -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  inactive     select,update -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign      select        -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
  foreign      insert        -    x        x      x       x        x          x      x  x     x     x       1       x     1      x        x            x
  foreign      update        -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign      delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.session_types', $$
                             anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own          select        -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own,inactive insert        -    x        x      x       x        x          x      x  1     x     1       1       1     x      x        x            x
  own          update        -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,inactive delete        -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  inactive     select,update -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign      select        -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
  foreign      insert        -    x        x      x       x        x          x      x  x     x     x       1       x     1      x        x            x
  foreign      update        -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign      delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

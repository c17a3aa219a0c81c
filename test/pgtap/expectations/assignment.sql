-- A weight says how much work somebody is given: theirs to read, and those who manage specialists read and write it.

SELECT proof.expect('public.specialist_weights', $$
                                anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own       select              -    0        0      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other insert              -    x        x      x       x        x          x      x  1     x     1       1       1     x      x        x            x
  own,other update              -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,other delete              -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other     select              -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign   select              -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   insert              -    x        x      x       x        x          x      x  x     x     x       1       x     1      x        x            x
  foreign   update              -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   delete              -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect_no_access('holdfast_private.' || t, r) FROM (VALUES
  ('assignment_pools', 'a lock, and where the turns stand'),
  ('assignment_turns', 'who was chosen how often')) AS v (t, r);

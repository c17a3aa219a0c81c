-- Hours and rules are what members of the organization book by. Breaks, exceptions, leave and other calendars say more of a
-- person than that they are not free: the specialist's own, and who may manage specialists. All of it is written by RPCs.

SELECT proof.expect('public.specialist_working_hours', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own,other select               -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.booking_rules', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own,other select               -    1        1      1       1        1          1      1  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      1        1            1
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.specialist_breaks', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own       select               -    0        0      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other     select               -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.specialist_availability_exceptions', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own       select               -    0        0      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other     select               -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.specialist_vacation', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own       select               -    0        0      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other     select               -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect('public.external_busy_times', $$
                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own       select               -    0        0      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other insert,update,delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  other     select               -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign   select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign   insert               -    -        -      -       -        -          -      -  -     -     -       1       x     -      -        -            -
  foreign   update,delete        -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect_no_access('holdfast_private.calendar', 'whose time is taken; the RPCs ask it');
SELECT proof.expect_no_access('holdfast_private.bookable_specialists', 'the engine reads it');
SELECT proof.expect_no_access('holdfast_private.specialist_schedules', 'the engine reads it, with why somebody is away');

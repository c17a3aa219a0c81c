-- RPCs of the waitlist: for clients themselves and who may manage bookings.

INSERT INTO proof.calls (operation, label, statement)
SELECT 'join_waitlist', label, format('SELECT public.join_waitlist(%L, ''2031-07-03 00:00Z'', ''2031-07-04 00:00Z'')', proof.id(client))
FROM (VALUES ('own', 'client'), ('other', 'other client'), ('foreign', 'foreign client')) AS t (label, client);

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, side, format('SELECT public.%s(%L)', operation, k.id)
FROM unnest('{own,other,foreign}'::text[]) AS side
CROSS JOIN (VALUES ('leave_waitlist', 'waitlist entry'), ('accept_offer', 'waitlist offer'), ('decline_offer', 'waitlist offer')) AS t (operation, thing)
JOIN proof.keys AS k ON k.name = side || ' ' || thing;

SELECT proof.expect_calls($$
                         anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own     join_waitlist  -    403      1      403     403      403        403    403 1     403   1       1       1     404    403      403          403
  other   join_waitlist  -    403      403    1       403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign join_waitlist  -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     leave_waitlist -    404      1      404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other   leave_waitlist -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign leave_waitlist -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own     accept_offer   -    404      1      404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other   accept_offer   -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign accept_offer   -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own     decline_offer  -    404      1      404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other   decline_offer  -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign decline_offer  -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
$$);

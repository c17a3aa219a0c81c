-- RPCs of calendar views: everybody looks at what is theirs; files are for the parties; a feed is its owner's, and whoever has
-- its token reads it.

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, side, format('SELECT public.%s(%L)', operation, k.id)
FROM unnest('{own,other,foreign}'::text[]) AS side
CROSS JOIN (VALUES ('booking_ics', 'booking'), ('series_ics', 'series')) AS t (operation, name)
JOIN proof.keys AS k ON k.name = side || ' ' || t.name
UNION ALL
SELECT 'revoke_calendar_feed', side, format('SELECT public.revoke_calendar_feed(%L)', k.id)
FROM unnest('{own,other}'::text[]) AS side JOIN proof.keys AS k ON k.name = side || ' feed'
UNION ALL
VALUES ('calendar_view', 'own', 'SELECT public.calendar_view()'),
       ('create_calendar_feed', 'own', 'SELECT public.create_calendar_feed(''client'')'),
       ('create_calendar_feed', 'specialist', 'SELECT public.create_calendar_feed(''specialist'')'),
       ('calendar_feed', 'unknown', 'SELECT public.calendar_feed(''hfcal_0'')');

SELECT proof.expect_calls($$
                                  anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own        booking_ics          -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own        series_ics           -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  other      booking_ics          -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  other      series_ics           -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign    booking_ics          -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign    series_ics           -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own        revoke_calendar_feed -    404      1      404     404      404        404    404 404   403   404     404     404   404    404      404          404
  other      revoke_calendar_feed -    404      404    1       404      404        404    404 404   403   404     404     404   404    404      404          404
  own        calendar_view        -    1        1      1       1        1          1      1   1     403   1       1       1     1      1        1            1
  own        create_calendar_feed -    403      1      1       403      403        403    403 403   403   403     403     403   403    403      403          403
  specialist create_calendar_feed -    403      403    403     403      1          403    403 403   403   403     403     403   403    403      403          403
  unknown    calendar_feed        400  400      400    400     400      400        400    400 400   400   400     400     400   400    400      400          400
$$);

-- RPCs of packages: an admin offers and grants them, a specialist their own; the parties of a booking use them.

INSERT INTO proof.calls (operation, label, statement)
SELECT 'create_package', label, format('SELECT public.create_package(''Five'', 5, %L)', proof.id(specialist))
FROM (VALUES ('own', 'specialist'), ('other', 'other specialist'), ('foreign', 'foreign specialist'), ('anybody', NULL)) AS t (label, specialist)
UNION ALL
SELECT 'grant_package', side, format('SELECT public.grant_package(%L, %L)', proof.id(client), p.id)
FROM (VALUES ('own', 'client'), ('other', 'other client'), ('foreign', 'foreign client')) AS t (side, client)
JOIN proof.keys AS p ON p.name = side || ' package'
UNION ALL
SELECT 'update_package', side, format('SELECT public.update_package(%L, is_active => true)', p.id)
FROM unnest('{own,other,foreign}'::text[]) AS side
JOIN proof.keys AS p ON p.name = side || ' package'
UNION ALL
SELECT 'use_package', side, format('SELECT public.use_package(%L, %L)', b.id, p.id)
FROM unnest('{own,other,foreign}'::text[]) AS side
JOIN proof.keys AS b ON b.name = side || ' pending booking'
JOIN proof.keys AS p ON p.name = side || ' client package';

SELECT proof.expect_calls($$
                         anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own     create_package -    403      403    403     403      1          403    403 1     403   1       1       1     404    403      403          403
  other   create_package -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign create_package -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  anybody create_package -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  own     grant_package  -    403      403    403     403      1          403    403 1     403   1       1       1     404    404      404          404
  other   grant_package  -    403      403    403     403      403        403    403 1     403   1       1       1     404    404      404          404
  foreign grant_package  -    404      404    404     404      404        404    404 404   403   404     404     404   1      403      403          403
  own     update_package -    403      403    403     403      1          403    403 1     403   1       1       1     404    404      404          404
  other   update_package -    403      403    403     403      403        403    403 1     403   1       1       1     404    404      404          404
  foreign update_package -    404      404    404     404      404        404    404 404   403   404     404     404   1      403      403          403
  own     use_package    -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  other   use_package    -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign use_package    -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
$$);

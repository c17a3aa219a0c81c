-- Anybody who is free: for clients themselves and who may manage bookings.

INSERT INTO proof.calls (operation, label, statement)
SELECT 'request_hold_any', label, format('SELECT public.request_hold_any(%L, ''2031-06-11 10:00Z'', ''2031-06-11 11:00Z'', specialist_ids => ARRAY[%L::uuid])',
  proof.id(client), proof.id(specialist))
FROM (VALUES
  ('own', 'specialist', 'client'),
  ('other', 'other specialist', 'other client'),
  ('inactive', 'inactive specialist', 'client'),
  ('foreign', 'foreign specialist', 'foreign client')
) AS t (label, specialist, client);

SELECT proof.expect_calls($$
                            anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own      request_hold_any -    403      1      403     403      403        403    403 1     403   1       1       1     404    403      403          403
  other    request_hold_any -    403      403    1       403      403        403    403 1     403   1       1       1     404    403      403          403
  inactive request_hold_any -    403      404    403     403      403        403    403 404   403   404     404     404   404    403      403          403
  foreign  request_hold_any -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
$$);

-- RPCs of availability: every member of the organization finds out what can be booked, and for whom they book.

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, label, format('SELECT public.%s(%s)', operation, replace(arguments, '$id', quote_literal(proof.id(specialist)))
         || coalesce(format(', client_id => %L', proof.id(client)), ''))
FROM (VALUES
  ('own', 'specialist', NULL),
  ('inactive', 'inactive specialist', NULL),
  ('foreign', 'foreign specialist', NULL),
  ('own_client', 'specialist', 'client'),
  ('other_client', 'specialist', 'other client')
) AS t (label, specialist, client)
CROSS JOIN (VALUES
  ('available_slots', '$id, from_date => ''2031-05-20'''),
  ('explain_slot', '$id, ''2031-05-20 10:00Z'', ''2031-05-20 11:00Z''')
) AS o (operation, arguments);

SELECT proof.expect_calls($$
                                  anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own          available_slots    -    1        1      1       1        1          1      1   1     403   1       1       1     404    404      404          404
  own          explain_slot       -    1        1      1       1        1          1      1   1     403   1       1       1     404    404      404          404
  inactive     available_slots    -    404      404    404     404      404        404    404 404   403   404     404     404   404    404      404          404
  inactive     explain_slot       -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign      available_slots    -    404      404    404     404      404        404    404 404   403   404     404     404   1      1        1            1
  foreign      explain_slot       -    404      404    404     404      404        404    404 404   403   404     404     404   1      1        1            1
  own_client   available_slots    -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own_client   explain_slot       -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  other_client available_slots    -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  other_client explain_slot       -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
$$);

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

-- Saving: the specialist's own, and who may manage specialists; to everybody else the specialist does not exist.

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, side, format('SELECT public.%s(%s)', operation,
         replace(arguments, '$id', quote_literal(proof.id(CASE WHEN operation LIKE 'remove%' THEN side || ' exception' ELSE specialist END))))
FROM (VALUES ('own', 'specialist'), ('other', 'other specialist'), ('foreign', 'foreign specialist')) AS t (side, specialist)
CROSS JOIN (VALUES
  ('set_working_hours', '$id, ''[]'''),
  ('set_breaks', '$id, ''[]'''),
  ('add_availability_exception', '$id, ''2031-05-20'', false'),
  ('remove_availability_exception', '$id'),
  ('set_booking_rules', '$id, minimum_notice => ''1 hour'''),
  ('import_busy_times', '$id, ''google'', ''[]'', ''2031-05-20 10:00Z'', ''2031-05-20 11:00Z''')
) AS o (operation, arguments);
INSERT INTO proof.calls (operation, label, statement)
VALUES ('set_booking_rules', 'organization', 'SELECT public.set_booking_rules(minimum_notice => ''1 hour'')');

SELECT proof.expect_calls($$
                                             anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own          set_working_hours             -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own          set_breaks                    -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own          add_availability_exception    -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own          remove_availability_exception -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own          set_booking_rules             -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own          import_busy_times             -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  other        set_working_hours             -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other        set_breaks                    -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other        add_availability_exception    -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other        remove_availability_exception -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other        set_booking_rules             -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other        import_busy_times             -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign      set_working_hours             -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign      set_breaks                    -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign      add_availability_exception    -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign      remove_availability_exception -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign      set_booking_rules             -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign      import_busy_times             -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  organization set_booking_rules             -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
$$);

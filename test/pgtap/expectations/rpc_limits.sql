-- Who may call, but not for this: more than they may themselves, or more than their part.

INSERT INTO proof.calls (operation, label, statement) VALUES
  -- interns make tea, and inherit what clients may; nobody else makes tea
  ('assign_role', 'intern', format('SELECT public.assign_role(user_id => %L, role => ''intern'')', proof.id('user stranger'))),
  ('set_booking_rules', 'own_approval', format('SELECT public.set_booking_rules(%L, leave_needs_approval => false)', proof.id('specialist'))),
  ('invite_employee', 'own_hr', format('SELECT public.invite_employee(%L, ''new@example.org'', ''New'', ''hr'')', proof.id('company'))),
  ('deactivate_employee', 'own_hr', format('SELECT public.deactivate_employee(%L)', proof.id('employee hr')));

SELECT proof.expect_calls($$
                                   anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  intern       assign_role         -    403      403    403     403      403        403    403 403   403   403     1       1     403    403      403          403
  own_approval set_booking_rules   -    404      404    404     404      403        404    404 1     403   1       1       1     404    404      404          404
  own_hr       invite_employee     -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  own_hr       deactivate_employee -    404      404    404     404      404        404    403 1     403   1       1       1     404    404      404          404
$$);

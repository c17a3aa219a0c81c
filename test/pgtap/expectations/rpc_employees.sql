-- RPCs of employees: for admins and the company's own HR, as if nobody were there otherwise. What is in a link is for anybody
-- who has it, and whose it is for nobody else.

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, 'unknown', format('SELECT public.%s(''hfemployee_0'')', operation)
FROM unnest('{look_at_employee_invitation,accept_employee_invitation,reject_employee_invitation}'::text[]) AS operation
UNION ALL
SELECT operation, side, format('SELECT public.%s(%s)', operation, format(arguments, proof.id(company), proof.id(side || ' invited'),
  (SELECT k.id FROM proof.keys AS k WHERE k.name = side || ' import'), proof.id(side || ' left'), proof.id(destination)))
FROM (VALUES ('own', 'company', 'other company'), ('other', 'other company', 'company'), ('foreign', 'foreign company', 'foreign company 2')) AS s (side, company, destination),
  (VALUES ('invite_employee', $$%1$L, 'new@example.org', 'New'$$),
    ('import_employees', $$%1$L, '[{"email": "new@example.org", "display_name": "New"}]'$$), ('undo_import', $$%3$L$$),
    ('deactivate_employee', $$%2$L$$), ('reactivate_employee', $$%4$L$$), ('move_employee', $$%4$L, %5$L$$),
    ('resend_employee_invitation', $$%2$L$$), ('revoke_employee_invitation', $$%2$L$$)) AS c (operation, arguments);

SELECT proof.expect_calls($$
                                      anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  unknown look_at_employee_invitation 400  400      400    400     400      400        400    400 400   400   400     400     400   400    400      400          400
  unknown accept_employee_invitation  1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  unknown reject_employee_invitation  1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  own     invite_employee             -    403      403    403     403      403        403    1   1     403   1       1       1     404    403      403          403
  other   invite_employee             -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign invite_employee             -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     import_employees            -    403      403    403     403      403        403    1   1     403   1       1       1     404    403      403          403
  other   import_employees            -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign import_employees            -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     undo_import                 -    404      404    404     404      404        404    1   1     403   1       1       1     404    404      404          404
  other   undo_import                 -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign undo_import                 -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own     deactivate_employee         -    404      404    404     404      404        404    1   1     403   1       1       1     404    404      404          404
  other   deactivate_employee         -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign deactivate_employee         -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own     reactivate_employee         -    404      404    404     404      404        404    1   1     403   1       1       1     404    404      404          404
  other   reactivate_employee         -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign reactivate_employee         -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own     move_employee               -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  other   move_employee               -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign move_employee               -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     resend_employee_invitation  -    404      404    404     404      404        404    1   1     403   1       1       1     404    404      404          404
  other   resend_employee_invitation  -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign resend_employee_invitation  -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own     revoke_employee_invitation  -    404      404    404     404      404        404    1   1     403   1       1       1     404    404      404          404
  other   revoke_employee_invitation  -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign revoke_employee_invitation  -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
$$);

-- RPCs of tenancy and people: admins manage, people change themselves, HR the employees of their own company. Somebody
-- else's row and another tenant's answer as one that does not exist.

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, label, format('SELECT public.%s(%s)', operation, replace(arguments, '$id', quote_literal(proof.id(name))))
FROM (VALUES
  ('whoami', 'self', '', ''),
  ('list_organizations', 'all', '', ''),
  ('update_organization', 'own', '', $$name => 'New'$$),
  ('create_organization', 'new', '', $$name => 'New'$$),
  ('update_profile', 'own', '', $$display_name => 'New'$$),
  ('assign_role', 'client', 'user stranger', $$user_id => $id, role => 'client'$$),
  ('assign_role', 'admin', 'user stranger', $$user_id => $id, role => 'admin'$$),
  ('assign_role', 'super_admin', 'user stranger', $$user_id => $id, role => 'super_admin'$$),
  ('revoke_role', 'own', 'user client', $$user_id => $id, role => 'client'$$),
  ('revoke_role', 'foreign', 'user foreign client', $$user_id => $id, role => 'client'$$),
  ('revoke_role', 'last_admin', 'user admin', $$user_id => $id, role => 'admin'$$),
  ('create_client', 'new', '', $$display_name => 'New'$$),
  ('update_client', 'own', 'client', $$client_id => $id, phone => '12345'$$),
  ('update_client', 'own_user', 'client', $$client_id => $id, user_id => gen_random_uuid()$$),
  ('update_client', 'other', 'other client', $$client_id => $id, phone => '12345'$$),
  ('update_client', 'foreign', 'foreign client', $$client_id => $id, phone => '12345'$$),
  ('archive_client', 'own', 'client', $$client_id => $id$$),
  ('archive_client', 'foreign', 'foreign client', $$client_id => $id$$),
  ('assign_client', 'own', 'client', format($$client_id => $id, specialist_id => %L$$, proof.id('other specialist'))),
  ('assign_client', 'foreign', 'foreign client', format($$client_id => $id, specialist_id => %L$$, proof.id('specialist'))),
  ('assign_client', 'foreign_specialist', 'foreign specialist', format($$client_id => %L, specialist_id => $id$$, proof.id('client'))),
  ('unassign_client', 'own', 'client', format($$client_id => $id, specialist_id => %L$$, proof.id('specialist'))),
  ('unassign_client', 'foreign', 'foreign client', format($$client_id => $id, specialist_id => %L$$, proof.id('foreign specialist'))),
  ('create_specialist', 'new', '', $$display_name => 'New', time_zone => 'UTC'$$),
  ('update_specialist', 'own', 'specialist', $$specialist_id => $id, bio => 'New'$$),
  ('update_specialist', 'own_status', 'specialist', $$specialist_id => $id, status => 'active'$$),
  ('update_specialist', 'other', 'other specialist', $$specialist_id => $id, bio => 'New'$$),
  ('update_specialist', 'foreign', 'foreign specialist', $$specialist_id => $id, bio => 'New'$$),
  ('create_company', 'new', '', $$name => 'New', time_zone => 'UTC'$$),
  ('update_company', 'own', 'company', $$company_id => $id, industry => 'New'$$),
  ('update_company', 'foreign', 'foreign company', $$company_id => $id, industry => 'New'$$),
  ('create_employee', 'own', 'company', $$company_id => $id, display_name => 'New'$$),
  ('create_employee', 'own_hr', 'company', $$company_id => $id, display_name => 'New', role => 'hr'$$),
  ('create_employee', 'other', 'other company', $$company_id => $id, display_name => 'New'$$),
  ('create_employee', 'foreign', 'foreign company', $$company_id => $id, display_name => 'New'$$),
  ('update_employee', 'own', 'employee', $$employee_id => $id, department => 'New'$$),
  ('update_employee', 'own_hr', 'employee hr', $$employee_id => $id, department => 'New'$$),
  ('update_employee', 'other', 'other employee', $$employee_id => $id, department => 'New'$$),
  ('update_employee', 'foreign', 'foreign employee', $$employee_id => $id, department => 'New'$$),
  ('assign_specialist', 'own', 'other specialist', format($$specialist_id => $id, company_id => %L$$, proof.id('company'))),
  ('assign_specialist', 'foreign', 'foreign specialist', format($$specialist_id => $id, company_id => %L$$, proof.id('company'))),
  ('unassign_specialist', 'own', 'specialist', format($$specialist_id => $id, company_id => %L$$, proof.id('company'))),
  ('unassign_specialist', 'foreign', 'foreign specialist', format($$specialist_id => $id, company_id => %L$$, proof.id('foreign company')))
) AS t (operation, label, name, arguments);

SELECT proof.expect_calls($$
                                         anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  self               whoami              -    1        1      1       1        1          1      1   1     1     1       401     401   1      1        1            1
  all                list_organizations  -    403      403    403     403      403        403    403 403   1     1       1       1     403    403      403          403
  own                update_organization -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  new                create_organization -    403      403    403     403      403        403    403 403   1     1       1       1     403    403      403          403
  own                update_profile      -    1        1      1       1        1          1      1   1     403   1       401     401   1      1        1            1
  client             assign_role         -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  admin              assign_role         -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  super_admin        assign_role         -    403      403    403     403      403        403    403 403   403   1       1       1     403    403      403          403
  own                revoke_role         -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign            revoke_role         -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  last_admin         revoke_role         -    403      403    403     403      403        403    403 403   403   403     403     403   404    403      403          403
  new                create_client       -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  own                update_client       -    404      1      404     404      404        404    404 1     403   1       1       1     404    404      404          404
  own_user           update_client       -    404      403    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other              update_client       -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign            update_client       -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own                archive_client      -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign            archive_client      -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own                assign_client       -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign            assign_client       -    403      403    403     403      403        403    403 404   403   404     404     404   404    403      403          403
  foreign_specialist assign_client       -    403      403    403     403      403        403    403 404   403   404     404     404   404    403      403          403
  own                unassign_client     -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign            unassign_client     -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  new                create_specialist   -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  own                update_specialist   -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own_status         update_specialist   -    404      404    404     404      403        404    404 1     403   1       1       1     404    404      404          404
  other              update_specialist   -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign            update_specialist   -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  new                create_company      -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  own                update_company      -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign            update_company      -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own                create_employee     -    403      403    403     403      403        403    1   1     403   1       1       1     404    403      403          403
  own_hr             create_employee     -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  other              create_employee     -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign            create_employee     -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own                update_employee     -    404      403    404     404      404        404    1   1     403   1       1       1     404    404      404          404
  own_hr             update_employee     -    404      403    404     404      404        404    403 1     403   1       1       1     404    404      404          404
  other              update_employee     -    404      404    403     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign            update_employee     -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own                assign_specialist   -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign            assign_specialist   -    403      403    403     403      403        403    403 404   403   404     404     404   404    403      403          403
  own                unassign_specialist -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign            unassign_specialist -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
$$);

-- RPCs of quotas: HR asks, admins grant; people see what they have left, HR how many their company used.

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, side, format('SELECT public.%s(%s)', operation, format(arguments, proof.id(company), proof.id(side || ' increase'), proof.id(employee), proof.id(client), proof.id(type)))
FROM (VALUES ('own', 'company', 'employee', 'client', 'session type'), ('other', 'other company', 'other employee', 'other client', 'session type'),
             ('foreign', 'foreign company', 'foreign employee', 'foreign client', 'foreign session type')) AS s (side, company, employee, client, type),
  (VALUES ('request_quota_increase', '{own,other,foreign}'::text[], $$%1$L, 3$$), ('review_quota_increase', '{own,foreign}', $$%2$L, 'rejected'$$),
    ('adjust_company_quota', '{own,foreign}', $$%1$L, 3, 'a present'$$), ('set_employee_quota', '{own,other,foreign}', $$%3$L, 3$$),
    ('approve_session_type', '{own,other,foreign}', $$%4$L, %5$L$$), ('revoke_session_approval', '{own,other,foreign}', $$%4$L, %5$L$$),
    ('session_balance', '{own,other,foreign}', $$%4$L$$), ('company_quota_report', '{own,other,foreign}', $$%1$L$$),
    ('company_overview', '{own,other,foreign}', $$%1$L$$)) AS c (operation, sides, arguments)
WHERE side = ANY (sides);

SELECT proof.expect_calls($$
                                  anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own     request_quota_increase  -    403      403    403     403      403        403    409 409   403   409     409     409   404    403      403          403    
  other   request_quota_increase  -    403      403    403     403      403        403    403 409   403   409     409     409   404    403      403          403    
  foreign request_quota_increase  -    403      403    403     403      403        403    403 404   403   404     404     404   409    403      403          403    
  own     review_quota_increase   -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403    
  foreign review_quota_increase   -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403    
  own     adjust_company_quota    -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403    
  foreign adjust_company_quota    -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403    
  own     set_employee_quota      -    404      404    404     404      404        404    1  1     403   1       1       1     404    404      404          404    
  other   set_employee_quota      -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404    
  foreign set_employee_quota      -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404    
  own     approve_session_type    -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403    
  other   approve_session_type    -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403    
  foreign approve_session_type    -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403    
  own     revoke_session_approval -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403    
  other   revoke_session_approval -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403    
  foreign revoke_session_approval -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403    
  own     session_balance         -    404      1      404     404      404        404    404 1     403   1       1       1     404    404      404          404    
  other   session_balance         -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404    
  foreign session_balance         -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404    
  own     company_quota_report    -    404      404    404     404      404        404    1  1     403   1       1       1     404    404      404          404    
  other   company_quota_report    -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404    
  foreign company_quota_report    -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404    
  own     company_overview        -    403      403    403     403      403        403    1  1     403   1       1       1     404    403      403          403    
  other   company_overview        -    403      403    403     403      403        403    404 1     403   1       1       1     404    403      403          403    
  foreign company_overview        -    403      403    403     403      403        403    404 404   403   404     404     404   1      403      403          403    
$$);

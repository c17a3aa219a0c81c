-- RPCs of companies: plans, subscriptions, reviews and issues are an admin's; papers, contacts and the agreement are the
-- company's own HR's too. What is another tenant's is not there.

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, 'new', format('SELECT public.%s(''New'')', operation)
FROM unnest('{create_subscription_plan,create_company_organization}'::text[]) AS operation
UNION ALL
SELECT operation, side, format('SELECT public.%s(%s)', operation, format(arguments, proof.id(company), proof.id(side || ' plan'), proof.id(side || ' contact'), proof.id(side || ' issue'), proof.id(side || ' group')))
FROM (VALUES ('own', 'company'), ('other', 'other company'), ('foreign', 'foreign company')) AS s (side, company),
  (VALUES ('update_subscription_plan', '{own,foreign}'::text[], $$%2$L, 'Newer'$$),
    ('subscribe_company', '{own,foreign}', $$%1$L, %2$L$$), ('change_plan', '{own,foreign}', $$%1$L, %2$L$$),
    ('suspend_subscription', '{own,foreign}', $$%1$L$$), ('resume_subscription', '{own,foreign}', $$%1$L$$),
    ('update_company_organization', '{own,foreign}', $$%5$L, 'Newer'$$), ('remove_company_organization', '{own,foreign}', $$%5$L$$),
    ('set_company_organization', '{own,foreign}', $$%1$L, %5$L$$),
    ('cancel_subscription', '{own,foreign}', $$%1$L$$), ('submit_company_verification', '{own,other,foreign}', $$%1$L, 'HRB 2'$$),
    ('review_company_verification', '{own,foreign}', $$%1$L, 'in_review'$$),
    ('save_company_contact', '{own,other,foreign}', $$%1$L, 'Ina', 'ina@example.com'$$),
    ('remove_company_contact', '{own,other,foreign}', $$%3$L$$), ('accept_dpa', '{own,other,foreign}', $$%1$L, '2'$$),
    ('open_compliance_issue', '{own,foreign}', $$%1$L, 'Something else is missing'$$),
    ('resolve_compliance_issue', '{own,foreign}', $$%4$L, 'It is there'$$)) AS c (operation, sides, arguments)
WHERE side = ANY (sides);

SELECT proof.expect_calls($$
                                      anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  new     create_subscription_plan    -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  new     create_company_organization -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  own     update_company_organization -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign update_company_organization -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     remove_company_organization -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign remove_company_organization -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     set_company_organization    -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign set_company_organization    -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     update_subscription_plan    -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign update_subscription_plan    -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     subscribe_company           -    403      403    403     403      403        403    403 409   403   409     409     409   404    403      403          403
  foreign subscribe_company           -    403      403    403     403      403        403    403 404   403   404     404     404   409    403      403          403
  own     change_plan                 -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign change_plan                 -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     suspend_subscription        -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign suspend_subscription        -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     resume_subscription         -    403      403    403     403      403        403    403 409   403   409     409     409   404    403      403          403
  foreign resume_subscription         -    403      403    403     403      403        403    403 404   403   404     404     404   409    403      403          403
  own     cancel_subscription         -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign cancel_subscription         -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     submit_company_verification -    403      403    403     403      403        403    1  1     403   1       1       1     404    403      403          403
  other   submit_company_verification -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign submit_company_verification -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     review_company_verification -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign review_company_verification -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     save_company_contact        -    403      403    403     403      403        403    1  1     403   1       1       1     404    403      403          403
  other   save_company_contact        -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign save_company_contact        -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     remove_company_contact      -    404      404    404     404      404        404    1  1     403   1       1       1     404    404      404          404
  other   remove_company_contact      -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign remove_company_contact      -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own     accept_dpa                  -    403      403    403     403      403        403    1  1     403   1       1       1     404    403      403          403
  other   accept_dpa                  -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign accept_dpa                  -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     open_compliance_issue       -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign open_compliance_issue       -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own     resolve_compliance_issue    -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign resolve_compliance_issue    -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
$$);

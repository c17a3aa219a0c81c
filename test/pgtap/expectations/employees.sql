-- What HR sees of their own company's employees and invitations, and admins of all; employees see their own row. RPCs write it.
INSERT INTO public.company_employees (organization_id, id, company_id, email, display_name, status)
SELECT proof.id(clinic), proof.id(side || ' invited'), proof.id(company), 'invited.' || side || '@example.org', 'Invited', 'invited'
FROM (VALUES ('own', 'clinic', 'company'), ('other', 'clinic', 'other company'), ('foreign', 'other clinic', 'foreign company')) AS t (side, clinic, company);
INSERT INTO public.companies (organization_id, id, name, time_zone) VALUES (proof.id('other clinic'), proof.id('foreign company 2'), 'Company 2', 'UTC');
INSERT INTO public.company_employees (organization_id, id, company_id, user_id, email, display_name, status)
SELECT proof.id(clinic), proof.id(side || ' left'), proof.id(company), proof.id('user left ' || side), 'left.' || side || '@example.org', 'Left', 'inactive'
FROM (VALUES ('own', 'clinic', 'company'), ('other', 'clinic', 'other company'), ('foreign', 'other clinic', 'foreign company')) AS t (side, clinic, company);
SELECT holdfast_private.send_invitations(c, ARRAY[proof.id(side || ' invited')])
FROM (VALUES ('own', 'company'), ('other', 'other company'), ('foreign', 'foreign company')) AS t (side, company)
JOIN public.companies AS c ON c.id = proof.id(company);
INSERT INTO proof.keys
SELECT side || ' import', holdfast_private.do_import(c, ARRAY[ROW(0, 'imported.' || side || '@example.org', 'Imported', 'employee', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::holdfast_private.import_row],
       'all_or_nothing', false, 'people.csv')
FROM (VALUES ('own', 'company'), ('other', 'other company'), ('foreign', 'foreign company')) AS t (side, company)
JOIN public.companies AS c ON c.id = proof.id(company);
SELECT proof.show('public.company_import_history', side, format('id = %L', k.id)),
       proof.show('public.company_import_rows', side, format('import_id = %L', k.id))
FROM unnest('{own,other,foreign}'::text[]) AS side JOIN proof.keys AS k ON k.name = side || ' import';
SELECT proof.show('public.company_employee_invitations', side, format('employee_id = %L', proof.id(side || ' invited')))
FROM unnest('{own,other,foreign}'::text[]) AS side;
-- A view has no primary key to find the row by.
INSERT INTO proof.rows
SELECT 'public.company_employee_directory', side, format('employee_id = %L', proof.id(employee)),
       (SELECT jsonb_object_agg(c.key, c.value) FROM public.company_employee_directory AS v, jsonb_each_text(to_jsonb(v)) AS c
        WHERE v.employee_id = proof.id(employee) AND c.key !~ 'invit')
FROM (VALUES ('own', 'employee'), ('other', 'other employee'), ('foreign', 'foreign employee')) AS t (side, employee);

SELECT proof.expect('public.' || t, $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$)
FROM unnest('{company_employee_invitations,company_import_history,company_import_rows}'::text[]) AS t;

SELECT proof.expect('public.company_employee_directory', $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        1      0       0        0          0      1  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);

-- People read what was done in their name, admins all of their organization's; nobody writes. The log itself is reached
-- through the views alone.

-- A feed that the client made, one that somebody else made; what the other clinic's admin booked. And what a DBA set up.
INSERT INTO proof.keys
SELECT t.name || ' log', l.id
FROM (VALUES ('own', 'client'), ('other', 'other client')) AS t (name, person)
JOIN holdfast_private.audit_log AS l
  ON l.entity_type = 'holdfast_private.calendar_feeds' AND l.action = 'insert' AND l.user_id = proof.id('user ' || t.person)
UNION ALL
SELECT 'foreign log', l.id FROM holdfast_private.audit_log AS l JOIN proof.keys AS k ON k.name = 'foreign booking'
WHERE l.entity_type = 'public.bookings' AND l.action = 'insert' AND l.entity_id = k.id::text
UNION ALL
SELECT t.name || ' ' || e || ' log', l.id
FROM (VALUES ('own', 'clinic'), ('foreign', 'other clinic')) AS t (name, clinic)
CROSS JOIN (VALUES ('company'), ('role'), ('setting')) AS e (e)
JOIN holdfast_private.audit_log AS l ON l.organization_id = proof.id(t.clinic) AND l.action = 'insert'
WHERE e = 'company' AND l.entity_type = 'public.companies' AND l.new_values ->> 'name' = 'Company'
   OR e = 'role' AND l.entity_type = 'public.user_roles' AND l.entity_id LIKE proof.id(CASE t.name WHEN 'own' THEN 'user client' ELSE 'user foreign client' END) || '%'
   OR e = 'setting' AND l.entity_type = 'public.waitlist_settings';

-- Time that somebody else had, refused to two clients and one of the other clinic.
INSERT INTO proof.keys
SELECT t.side || ' conflict log', holdfast.record_entry('holdfast_private.audit_log', jsonb_build_object(
    'action', 'request.refused', 'outcome', 'slot_conflict', 'entity_type', '/rpc/request_hold', 'organization_id', proof.id(t.clinic),
    'user_id', proof.id('user ' || t.person), 'actor_id', proof.id('user ' || t.person), 'role', 'authenticated'))
FROM (VALUES ('own', 'clinic', 'client'), ('other', 'clinic', 'other client'), ('foreign', 'other clinic', 'foreign client')) AS t (side, clinic, person);

SELECT proof.show('holdfast_private.audit_log', side, format('id = %L', k.id))
FROM unnest('{own,other,foreign}'::text[]) AS side JOIN proof.keys AS k ON k.name = side || ' log';
-- No id of a thing: the covert channel tests would take it for one.
UPDATE proof.rows SET content = content - '{transaction_id,request_id}'::text[] WHERE relation = 'holdfast_private.audit_log';
INSERT INTO proof.rows
SELECT v.relation, split_part(k.name, ' ', 1), format('organization_id = %L AND id = %L', l.organization_id, k.id),
       jsonb_build_object('organization_id', l.organization_id, 'id', k.id)
FROM (VALUES ('public.audit_logs', '% log', 1), ('public.user_activity_logs', '% log', 1), ('public.security_logs', '% log', 1),
             ('public.conflict_audit_log', '% conflict log', 2), ('public.security_logs', '% role log', 2), ('public.admin_logs', '% company log', 2), ('public.company_activity_logs', '% company log', 2))
  AS v (relation, name, words)
JOIN proof.keys AS k ON k.name LIKE v.name AND array_length(string_to_array(k.name, ' '), 1) = v.words + 1
JOIN holdfast_private.audit_log AS l ON l.id = k.id
WHERE NOT (v.relation = 'public.security_logs' AND (v.words = 1) = (k.name LIKE 'foreign%'))
  AND NOT (v.relation = 'public.security_logs' AND v.words = 2 AND k.name LIKE 'own%');

SELECT proof.expect('holdfast_private.audit_log', $$
                                                 anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own,other,foreign select,insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$);
SELECT proof.expect('public.' || v, $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  other             select                -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,other,foreign insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$) FROM unnest('{audit_logs,user_activity_logs,security_logs,conflict_audit_log}'::text[]) AS v;
SELECT proof.expect('public.' || v, $$
                                          anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select                -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select                -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  own,foreign       insert,update,delete  -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
$$) FROM unnest('{admin_logs,company_activity_logs}'::text[]) AS v;

SELECT proof.expect_no_access('holdfast_private.' || t, r) FROM (VALUES
  ('audit_log_seals', 'export_chain_head() and prove_audit_log() say what there is to know'),
  ('audit_log_redaction', 'who has the key can test guesses')) AS v (t, r);

-- Identity × RPC × whose it is: every cell of test/pgtap/expectations/rpc.sql is tried; and who may execute what.
BEGIN;
SELECT no_plan();

SELECT is_empty($$
  SELECT f.name FROM proof.functions f
  WHERE f.schema = proof.api() AND f.prorettype <> 'trigger'::regtype
    AND NOT EXISTS (SELECT FROM proof.expected_calls e WHERE e.operation = f.proname) $$,
  'every RPC has a matrix in test/pgtap/expectations');
SELECT is_empty($$
  SELECT c.operation, c.label, i.name FROM proof.calls c CROSS JOIN proof.identities i
  LEFT JOIN proof.expected_calls e ON (e.operation, e.label, e.identity) = (c.operation, c.label, i.name)
  WHERE e.want IS NULL $$,
  'every call has a cell for every identity');

SELECT is(proof.attempt(e.identity, c.statement), e.want, format('%s %s: %s', e.operation, e.label, e.identity))
FROM proof.every_call e
JOIN proof.calls c USING (operation, label)
ORDER BY e.operation, e.label, e.identity;
-- Without an organization, or in one that there is not, nobody may what they may not anyway.
SELECT isnt(proof.attempt(w.name, c.statement), '1', format('%s %s: %s', c.operation, c.label, w.name))
FROM proof.calls c JOIN proof.expected_calls e USING (operation, label) JOIN proof.twins w ON w.name LIKE 'no %organization' AND w.alike = e.identity
WHERE e.want <> '1' AND e.want <> '404';

-- Grants. RPCs are for who is signed in; for anon only what opens with a token.
SELECT bag_eq($$
  SELECT f.proname::text, r.rolname::text FROM proof.functions f, pg_roles r
  WHERE f.schema = proof.api() AND r.rolname IN ('anon', 'authenticated', 'service_role')
    AND has_function_privilege(r.oid, f.oid, 'EXECUTE') $$, $$
  SELECT f.proname::text, r.name FROM proof.functions f, unnest('{authenticated,service_role}'::text[]) r (name)
  WHERE f.schema = proof.api() AND f.prorettype <> 'trigger'::regtype
  UNION ALL VALUES ('calendar_feed', 'anon'),
    -- who is not signed in yet; and what PostgREST asks before each request
    ('request_email_verification', 'anon'), ('verify_email', 'anon'), ('unsubscribe', 'anon'), ('peek_token', 'anon'), ('accept_invitation', 'anon'),
    ('reject_invitation', 'anon'), ('look_at_employee_invitation', 'anon'), ('accept_employee_invitation', 'anon'),
    ('reject_employee_invitation', 'anon'), ('check_login', 'anon'), ('sign_in', 'anon'), ('sign_up', 'anon'), ('refresh_session', 'anon'),
    ('request_password_reset', 'anon'), ('complete_password_reset', 'anon'), ('exchange_api_key', 'anon') $$,
  'the RPCs are for authenticated and service_role, those of token flows for anon too');
SELECT bag_eq($$
  SELECT DISTINCT f.proname::text FROM proof.functions f, pg_roles r
  WHERE f.schema = 'holdfast' AND r.rolname IN ('anon', 'authenticated', 'service_role')
    AND has_function_privilege(r.oid, f.oid, 'EXECUTE') $$, $$
  VALUES ('org_id'), ('uid'), ('jwt'), ('claim'), ('jwt_role'), ('actor_id'), ('request_ip'), ('request_header'),
         ('has_role'), ('has_permission'), ('subject_id'),
         -- for defaults and checks of tables they may write
         ('uuid_v7'), ('is_email'), ('is_time_zone') $$,
  'of the kernel, API roles may call the readers of the request, and what tables need that they may write');

SELECT * FROM finish();
ROLLBACK;

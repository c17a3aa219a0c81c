-- A busy platform: after test/pgtap/setup and test/pgtap/expectations have cast rows for the tables, every RPC that
-- does not take something away is called by somebody who may, each in a transaction of its own that is committed. What
-- an earlier call has made impossible is refused, which is no matter here.
\set ON_ERROR_STOP 0
SELECT 'BEGIN', format('SELECT proof.become(%L)', t.identity), t.statement, 'COMMIT'
FROM (
  SELECT DISTINCT ON (c.operation, c.label) c.operation, c.label, c.statement, e.identity
  FROM proof.calls AS c
  JOIN proof.expected_calls AS e USING (operation, label)
  JOIN proof.identities AS i ON i.name = e.identity
  WHERE e.want ~ '^[1-9][0-9]?$'
    AND c.operation !~ '^(archive|cancel|decline|disable|forget|leave|remove|reset|revoke|set_breaks|set_working|sign_out|suspend|unassign|undo)'
  ORDER BY c.operation, c.label, i.position
) AS t
ORDER BY t.operation, t.label
\gexec
ROLLBACK;
\set ON_ERROR_STOP 1

-- What no call of the proof makes.
SELECT proof.id('specialist') AS specialist, proof.id('client') AS client
\gset
BEGIN;
SELECT proof.become('admin');
SELECT public.request_hold(:'specialist', :'client', '2031-05-27 10:00Z', '2031-05-27 11:00Z', idempotency_key => 'busy');
COMMIT;
-- Sessions that are used up, of an employee and half of a company; and a month that is over.
SELECT holdfast.consume('holdfast_private.employee_quota', organization_id, account, balance, account)
FROM holdfast_private.employee_quota WHERE balance > 0;
SELECT holdfast.consume('holdfast_private.company_quota', organization_id, account, balance - balance / 3, account)
FROM holdfast_private.company_quota WHERE balance > 3;
INSERT INTO holdfast_private.employee_quota_periods (organization_id, account, starts_at, ends_at, allocation, available, used, carried_over, lapsed)
SELECT organization_id, account, '2000-01-01 00:00Z', '2000-02-01 00:00Z', 5, 5, 0, 0, 5 FROM holdfast_private.employee_quota;
INSERT INTO holdfast_private.user_backup_codes (organization_id, factor_id, code_hash)
SELECT organization_id, id, sha256('x') FROM public.two_factor_auth;
SELECT holdfast.seal_audit('holdfast_private.audit_log');

-- What is audited: a decision on every table, made and kept.
BEGIN;
SELECT no_plan();

CREATE TEMP VIEW decided AS
SELECT to_regclass(d.relation) AS rel, d.* FROM holdfast_private.audit_decisions() d;

SELECT is_empty($$ SELECT t.name FROM proof.tables t WHERE NOT EXISTS (SELECT FROM decided d WHERE d.rel = t.oid) $$,
  'every table has a line in audit_decisions()');
SELECT is_empty($$ SELECT relation FROM decided WHERE rel IS NULL $$, 'every line of audit_decisions() is about a table that exists');
SELECT is_empty($$ SELECT relation, count(*) FROM decided GROUP BY relation HAVING count(*) > 1 $$, 'no table has two lines');
SELECT is_empty($$ SELECT relation FROM decided WHERE NOT audited AND coalesce(reason, '') = '' $$, 'what is not audited has a reason');
SELECT is_empty($$
  SELECT d.relation, e.event FROM decided d CROSS JOIN unnest('{4,8,16,32}'::int[]) e (event)
  WHERE d.audited AND NOT EXISTS (
    SELECT FROM pg_trigger t
    WHERE t.tgrelid = d.rel AND t.tgfoid = 'holdfast.audit()'::regprocedure AND t.tgtype & e.event > 0 AND t.tgenabled = 'O'
      AND starts_with(encode(t.tgargs, 'escape'), 'holdfast_private.audit_log\000')) $$,
  'what is audited is audited, whatever is done to it');
SELECT is_empty($$
  SELECT d.relation, r.name FROM decided d CROSS JOIN unnest(d.redact) r (name)
  WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = d.rel AND a.attname = r.name) $$,
  'every redacted column exists');
SELECT is_empty($$
  SELECT d.relation, i.name FROM decided d CROSS JOIN unnest(d.ignore) i (name)
  WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = d.rel AND a.attname = i.name)
     OR NOT EXISTS (
       SELECT FROM pg_trigger t
       WHERE t.tgrelid = d.rel AND t.tgfoid = 'holdfast.audit()'::regprocedure AND encode(t.tgargs, 'escape') ~ ('\\000\\000.*' || i.name || '\\000')) $$,
  'every ignored column exists, and its table''s triggers know it');
-- What is ignored says when, from where and how often something was used, and nothing else.
SELECT is_empty($$
  SELECT d.relation, i.name FROM decided d CROSS JOIN unnest(d.ignore) i (name)
  WHERE NOT (d.relation = 'public.bookings' AND i.name IN ('confirmation_sent_at', 'reminder_sent_at', 'updated_at')) -- when its client was told
    AND i.name !~ '^(last_(used(_at|_ip)?|seen|step)|refreshed_at|ip_address|user_agent|window_(started_at|uses))$' $$,
  'what is ignored is no more than a use');
-- Why a table is not audited: a table with a person in it, or money, needs one of these and no other.
SELECT is_empty($$
  SELECT d.relation, d.reason FROM decided d
  WHERE NOT d.audited
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = d.rel AND a.attnum > 0 AND NOT a.attisdropped
                AND (a.attname IN ('user_id', 'client_id', 'email', 'phone', 'name', 'subject_id')
                     OR a.attname ~ '(amount|price|balance|sessions?_(left|used|total))'))
    AND d.reason !~ '^(is (a|the) (history|log|copy|queue|list of hashes)|follows from|repeats what|lasts for minutes|describes the installation)' $$,
  'no table that holds something of a person, or money, goes unaudited, but for what the log has from elsewhere');
-- Names of columns that hold contact data, clinical content, words of people about people, or secrets.
SELECT is_empty($$
  SELECT d.relation, a.attname FROM decided d JOIN pg_attribute a ON a.attrelid = d.rel
  WHERE d.audited AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (d.redact)
    AND (a.attname ~ '(^|_)(email|phone|address|notes?|cpt|birth|hash|secret|token|password|sealed|link|metadata)(_|$)' OR a.attname ~ '(^|_)reason$')
    AND NOT (d.relation, a.attname) IN (SELECT * FROM (VALUES
      -- sayings about a role, which admins need to know
      (proof.api() || '.user_roles', 'reason'),
      -- a state, a rule, an address that the list is made of
      (proof.api() || '.session_tokens', 'revoked_reason'),
      (proof.api() || '.profiles', 'email_verification_status'), (proof.api() || '.account_settings', 'require_verified_email'),
      (proof.api() || '.account_settings', 'min_password_score'),
      (proof.api() || '.notification_preferences', 'email_notifications'), (proof.api() || '.message_settings', 'from_address'),
      (proof.api() || '.ip_allowlist', 'ip_address'), (proof.api() || '.ip_blocklist', 'ip_address'),
      (proof.api() || '.company_contacts', 'verification_email_sent_at'), (proof.api() || '.company_employee_invitations', 'token_id'),
      (proof.api() || '.bookings', 'automatic_cancellation_reason'))
      AS kept (relation, name)) $$,
  'every column that may hold contact data, clinical content or a secret is redacted');
SELECT is_empty($$
  SELECT d.relation FROM decided d
  WHERE d.audited AND coalesce(d.subject, '') = ''
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = d.rel AND a.attname IN ('user_id', 'client_id') AND NOT a.attisdropped) $$,
  'rows of a person name that person as their subject');

SELECT * FROM finish();
ROLLBACK;

-- quota_allocated is all that a month had: of the plan, carried over, granted. Null: the plan has no limit.
CREATE VIEW @api@.company_sessions_quota WITH (security_invoker = true) AS
SELECT a.organization_id, a.account AS company_id,
       date_trunc('month', (a.period_starts_at + interval '48 hours') AT TIME ZONE a.time_zone)::date AS month_year,
       CASE WHEN a.allocation < 500000000 THEN a.available END AS quota_allocated,
       a.available - a.balance AS sessions_used,
       CASE WHEN a.allocation < 500000000 THEN a.balance END AS sessions_remaining,
       a.period_starts_at, a.period_ends_at, a.time_zone
FROM holdfast_private.company_quota AS a;
COMMENT ON VIEW @api@.company_sessions_quota IS 'The sessions of each company in the month that was begun last: at most some minutes after a new one has. For admins, and for its own HR.';
COMMENT ON COLUMN @api@.company_sessions_quota.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_sessions_quota.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_sessions_quota.month_year IS 'First day of the month.';
COMMENT ON COLUMN @api@.company_sessions_quota.quota_allocated IS 'All sessions of the month: of the plan, carried over, granted; null when the plan has no limit.';
COMMENT ON COLUMN @api@.company_sessions_quota.sessions_used IS 'Sessions booked in the month, and not given back.';
COMMENT ON COLUMN @api@.company_sessions_quota.sessions_remaining IS 'What is left; null when the plan has no limit.';
COMMENT ON COLUMN @api@.company_sessions_quota.period_starts_at IS 'When the month begins, at the first midnight in the company''s zone.';
COMMENT ON COLUMN @api@.company_sessions_quota.period_ends_at IS 'When the next one does.';
COMMENT ON COLUMN @api@.company_sessions_quota.time_zone IS 'That zone.';

CREATE VIEW @api@.company_session_quota_history WITH (security_invoker = true) AS
SELECT m.organization_id,
       md5(m.organization_id || '/' || m.company_id || '/' || extract(epoch FROM m.starts_at))::uuid AS id, m.company_id,
       date_trunc('month', (m.starts_at + interval '48 hours') AT TIME ZONE m.time_zone)::date AS month_year,
       CASE WHEN m.allocation < 500000000 THEN m.available END AS quota_allocated,
       m.used AS sessions_used,
       CASE WHEN m.allocation < 500000000 THEN m.available - m.used END AS sessions_remaining,
       CASE WHEN m.allocation < 500000000 THEN m.carried_over END AS carried_over,
       l.actor AS adjusted_by, l.reason AS adjustment_reason, m.starts_at AS created_at
FROM (SELECT p.organization_id, p.account AS company_id, p.starts_at, a.time_zone, p.allocation, p.available, p.used, p.carried_over
      FROM holdfast_private.company_quota_periods AS p
      JOIN holdfast_private.company_quota AS a ON a.organization_id = p.organization_id AND a.account = p.account
      UNION ALL
      SELECT a.organization_id, a.account AS company_id, a.period_starts_at AS starts_at, a.time_zone, a.allocation, a.available,
             a.available - a.balance AS used, NULL::int AS carried_over
      FROM holdfast_private.company_quota AS a) AS m
LEFT JOIN LATERAL (
    SELECT g.actor, g.reason FROM holdfast_private.company_quota_ledger AS g
    WHERE g.organization_id = m.organization_id AND g.account = m.company_id AND g.period_starts_at = m.starts_at
        AND g.kind = 'adjust'
    ORDER BY g.id DESC LIMIT 1) AS l ON true;
COMMENT ON VIEW @api@.company_session_quota_history IS 'The sessions of each company, month by month, the running one last. For admins, and for its own HR.';
COMMENT ON COLUMN @api@.company_session_quota_history.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_session_quota_history.id IS 'The month of the company; the same whenever it is read.';
COMMENT ON COLUMN @api@.company_session_quota_history.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_session_quota_history.month_year IS 'First day of the month.';
COMMENT ON COLUMN @api@.company_session_quota_history.quota_allocated IS 'All sessions of the month: of the plan, carried over, granted; null when the plan had no limit.';
COMMENT ON COLUMN @api@.company_session_quota_history.sessions_used IS 'Sessions booked in the month, and not given back in it.';
COMMENT ON COLUMN @api@.company_session_quota_history.sessions_remaining IS 'What was left at its end, or is now.';
COMMENT ON COLUMN @api@.company_session_quota_history.carried_over IS 'How many of those went over into the next month; null while it runs.';
COMMENT ON COLUMN @api@.company_session_quota_history.adjusted_by IS 'User who changed the month''s sessions last; null when nobody did, or a day had come.';
COMMENT ON COLUMN @api@.company_session_quota_history.adjustment_reason IS 'Why they did.';
COMMENT ON COLUMN @api@.company_session_quota_history.created_at IS 'When the month began.';

CREATE VIEW @api@.quota_audit_log WITH (security_invoker = true) AS
SELECT l.organization_id, l.id, l.account AS company_id, l.amount AS sessions, l.reason, l.actor AS adjusted_by, l.created_at
FROM holdfast_private.company_quota_ledger AS l
WHERE l.kind = 'adjust';
COMMENT ON VIEW @api@.quota_audit_log IS 'Every change of a company''s sessions that is not a booking or a new month: granted, corrected, another plan. For admins, and for its own HR.';
COMMENT ON COLUMN @api@.quota_audit_log.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.quota_audit_log.id IS 'The change.';
COMMENT ON COLUMN @api@.quota_audit_log.company_id IS 'The company.';
COMMENT ON COLUMN @api@.quota_audit_log.sessions IS 'How many more, or fewer.';
COMMENT ON COLUMN @api@.quota_audit_log.reason IS 'Why.';
COMMENT ON COLUMN @api@.quota_audit_log.adjusted_by IS 'User who did it; null when a day had come.';
COMMENT ON COLUMN @api@.quota_audit_log.created_at IS 'When.';

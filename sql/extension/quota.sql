-- Quota: units that an account may use in a period, with a ledger (src/quota*.c).

CREATE FUNCTION create_quota(name text)
RETURNS regclass
AS 'MODULE_PATHNAME', 'hf_create_quota'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION create_quota(text) IS
'Makes a quota under the given name (with or without a schema) and returns it: the table of accounts with their balance, and beside it NAME_ledger (every change; its sum is the balance), NAME_periods (periods that have ended) and NAME_alerts (thresholds that were reached). Row security is on and the tables belong to the caller; the functions that work on them do so with their caller''s rights, so an RPC that uses them is SECURITY DEFINER and belongs to the tables'' owner. Rename the four together.';
REVOKE ALL ON FUNCTION create_quota(text) FROM PUBLIC;

CREATE FUNCTION set_quota(
    quota regclass, organization_id uuid, account uuid, allocation int, period text DEFAULT 'month',
    time_zone text DEFAULT 'UTC', carry_limit int DEFAULT 0, carry_periods int DEFAULT NULL,
    effective text DEFAULT 'now', reason text DEFAULT NULL)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_set_quota'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION set_quota(regclass, uuid, uuid, int, text, text, int, int, text, text) IS
'Opens an account, or changes all its rules, and returns the balance. allocation: units that each period brings, 0 to 1000000000; a new account gets all of it for the period that is running. period: none, day, week (from Monday) or month, which begin at local midnight in time_zone, an IANA name. carry_limit: how many unused units go over into the next period at most, 0: none, null: all. carry_periods: for how many periods those can be used, 1 to 24, null: for ever; the oldest are used first. A changed period or zone counts from the next period on, and no period gets shorter than half of one by it. effective, of a changed allocation: now or next_period, as in set_allocation. Errors: invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION set_quota(regclass, uuid, uuid, int, text, text, int, int, text, text) FROM PUBLIC;

CREATE FUNCTION set_allocation(
    quota regclass, organization_id uuid, account uuid, allocation int, effective text DEFAULT 'now',
    reason text DEFAULT NULL)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_set_allocation'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION set_allocation(regclass, uuid, uuid, int, text, text) IS
'Changes how many units each period brings, and returns the balance. effective: now, and then the running period gets the difference, or loses it as far as it is not used; or next_period. What a reduction could not take, because it was used, a later increase or refund in the same period makes up for first: going down and up again brings nothing. Errors: invalid_input, quota_not_found, request_in_progress.';
REVOKE ALL ON FUNCTION set_allocation(regclass, uuid, uuid, int, text, text) FROM PUBLIC;

CREATE FUNCTION consume(quota regclass, organization_id uuid, account uuid, amount int, reference uuid)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_consume_quota'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION consume(regclass, uuid, uuid, int, uuid) IS
'Takes units (1 to 1000000000) from an account, for a reference such as a booking, and returns the new balance; begins the period that is running if nobody has yet. A reference may take units several times. Thresholds (50, 80, 100 per cent of what the period had) that are reached are inserted into NAME_alerts in the same transaction, each once a period. Call it last in a transaction, and of several accounts the one that most people share last: everybody else who uses the account waits until the commit. Errors: quota_exhausted (details: balance, period_ends_at or null), quota_not_found, invalid_input, request_in_progress; never 40001, in REPEATABLE READ neither.';
REVOKE ALL ON FUNCTION consume(regclass, uuid, uuid, int, uuid) FROM PUBLIC;

CREATE FUNCTION try_consume(quota regclass, organization_id uuid, account uuid, amount int, reference uuid)
RETURNS TABLE (consumed boolean, balance int, period_ends_at timestamptz)
AS 'MODULE_PATHNAME', 'hf_try_consume'
LANGUAGE C VOLATILE ROWS 1;
COMMENT ON FUNCTION try_consume(regclass, uuid, uuid, int, uuid) IS
'The same as consume(), for callers that have to go on when there is not enough: then nothing is taken and consumed is false. balance is the new one, or the one that was not enough; period_ends_at is infinity when the period does not end. Errors: quota_not_found, invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION try_consume(regclass, uuid, uuid, int, uuid) FROM PUBLIC;

CREATE FUNCTION refund(quota regclass, organization_id uuid, account uuid, reference uuid, amount int DEFAULT NULL)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_refund_quota'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION refund(regclass, uuid, uuid, uuid, int) IS
'Gives back what was taken for a reference, all of it or at most amount units, and returns the new balance. Never more than is taken still, so it can be repeated; 0 units when there is nothing. Units that were taken in an earlier period come back as far as they would still be there if they had not been: none without carry-over, never past its limit; usable until the end of the running period, or for ever where carried units are. The rest is entered in the ledger as lapsed. Errors: quota_not_found, invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION refund(regclass, uuid, uuid, uuid, int) FROM PUBLIC;

CREATE FUNCTION consumed(quota regclass, organization_id uuid, account uuid, reference uuid)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_get_consumed'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION consumed(regclass, uuid, uuid, uuid) IS
'How many units are taken for a reference and not given back. Reads what is committed now. Errors: invalid_input.';
REVOKE ALL ON FUNCTION consumed(regclass, uuid, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION adjust(quota regclass, organization_id uuid, account uuid, amount int, reason text)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_adjust_quota'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION adjust(regclass, uuid, uuid, int, text) IS
'Corrects what an account has in the running period by amount, up or down, and returns the new balance. The reason is kept in the ledger, with who did it. Errors: quota_exhausted (the balance would go below zero), quota_not_found, invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION adjust(regclass, uuid, uuid, int, text) FROM PUBLIC;

CREATE FUNCTION balance(quota regclass, organization_id uuid, account uuid)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_get_balance'
LANGUAGE C STABLE;
COMMENT ON FUNCTION balance(regclass, uuid, uuid) IS
'Units that an account has left, also when a period has begun that nobody has used yet; null when there is no such account. Writes nothing, so it works on a standby. Errors: invalid_input.';
REVOKE ALL ON FUNCTION balance(regclass, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION quota_status(quota regclass, organization_id uuid, account uuid)
RETURNS TABLE (
    balance int, available int, used int, carried int, allocation int, next_allocation int, period text,
    time_zone text, period_starts_at timestamptz, period_ends_at timestamptz)
AS 'MODULE_PATHNAME', 'hf_quota_status'
LANGUAGE C STABLE ROWS 1;
COMMENT ON FUNCTION quota_status(regclass, uuid, uuid) IS
'All about an account in the running period, no row when there is none: available is carried over, allocated and adjusted units, used is available less balance. Writes nothing. Errors: invalid_input.';
REVOKE ALL ON FUNCTION quota_status(regclass, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION roll_quotas(quota regclass, batch int DEFAULT 1000)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_roll_quotas'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION roll_quotas(regclass, int) IS
'Ends the periods that are over and begins those that are running, for at most batch (to 10000) accounts, the longest overdue first, however many periods behind; returns how many accounts that were. Only tidies and reports: whoever uses an account does this first. May run several times at once; skips accounts that others are working on. Errors: invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION roll_quotas(regclass, int) FROM PUBLIC;

CREATE FUNCTION verify_quota(quota regclass)
RETURNS TABLE (organization_id uuid, account uuid, fault text, reference uuid, expected bigint, found bigint)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET row_security = off
AS $$
DECLARE
    v_schema name;
    v_name name;
BEGIN
    IF verify_quota.quota IS NULL THEN
        PERFORM holdfast.raise_error('invalid_input', '{"field": "quota", "reason": "is null"}');
    END IF;
    SELECT n.nspname, c.relname INTO v_schema, v_name
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = verify_quota.quota;
    RETURN QUERY EXECUTE format($sql$
        WITH sums AS MATERIALIZED (
            SELECT l.organization_id, l.account, sum(l.amount) AS total
            FROM %2$s AS l GROUP BY 1, 2
        ), refs AS MATERIALIZED (
            SELECT l.organization_id, l.account, l.reference,
                   coalesce(-sum(l.amount) FILTER (WHERE l.kind = 'consume'), 0) AS consumed,
                   coalesce(sum(l.amount) FILTER (WHERE l.kind IN ('refund', 'return')), 0) AS refunded
            FROM %2$s AS l WHERE l.reference IS NOT NULL GROUP BY 1, 2, 3
        ), used AS MATERIALIZED (
            SELECT l.organization_id, l.account, l.period_starts_at,
                   -sum(l.amount) AS total
            FROM %2$s AS l WHERE l.kind IN ('consume', 'refund') GROUP BY 1, 2, 3
        ), periods AS MATERIALIZED (
            SELECT p.organization_id, p.account, p.starts_at, p.ends_at, p.used::bigint AS used FROM %3$s AS p
            UNION ALL
            SELECT a.organization_id, a.account, a.period_starts_at, a.period_ends_at, a.available - a.balance FROM %1$s AS a
        ), grants AS MATERIALIZED (
            SELECT l.organization_id, l.account, count(*) AS total
            FROM %2$s AS l WHERE l.kind = 'grant'
            GROUP BY l.organization_id, l.account, l.period_starts_at HAVING count(*) > 1
        )
        SELECT a.organization_id, a.account, 'the balance is not the sum of the ledger', NULL::uuid,
               coalesce(s.total, 0)::bigint, a.balance::bigint
        FROM %1$s AS a LEFT JOIN sums AS s USING (organization_id, account)
        WHERE coalesce(s.total, 0) <> a.balance
        UNION ALL
        SELECT s.organization_id, s.account, 'the ledger has entries of an account that is not there', NULL, 0, s.total::bigint
        FROM sums AS s
        WHERE NOT EXISTS (SELECT FROM %1$s AS a WHERE (a.organization_id, a.account) = (s.organization_id, s.account))
        UNION ALL
        SELECT a.organization_id, a.account, 'the balance is below zero or above what is available', NULL, a.available, a.balance
        FROM %1$s AS a WHERE a.balance NOT BETWEEN 0 AND a.available
        UNION ALL
        SELECT l.organization_id, l.account, 'an entry has an amount or a reference that its kind cannot have', l.reference,
               NULL, l.amount
        FROM %2$s AS l
        WHERE CASE l.kind WHEN 'adjust' THEN l.amount = 0
                          WHEN 'lapse' THEN l.amount >= 0
                          WHEN 'grant' THEN l.amount <= 0
                          WHEN 'consume' THEN l.amount >= 0 OR l.reference IS NULL
                          WHEN 'refund' THEN l.amount <= 0 OR l.reference IS NULL
                          WHEN 'return' THEN l.amount <= 0 OR l.reference IS NULL
                          ELSE true END
        UNION ALL
        SELECT r.organization_id, r.account, 'more was refunded than consumed', r.reference, r.consumed::bigint, r.refunded::bigint
        FROM refs AS r WHERE r.refunded > r.consumed
        UNION ALL
        SELECT p.organization_id, p.account, 'what the period used is not what its entries say', NULL,
               coalesce(u.total, 0)::bigint, p.used
        FROM periods AS p
        LEFT JOIN used AS u ON (u.organization_id, u.account, u.period_starts_at) = (p.organization_id, p.account, p.starts_at)
        WHERE coalesce(u.total, 0) <> p.used
        UNION ALL
        SELECT g.organization_id, g.account, 'a period brought its allocation more than once', NULL, 1, g.total
        FROM grants AS g
        UNION ALL
        SELECT w.organization_id, w.account, 'the periods do not follow one another', NULL, 0, 0
        FROM (SELECT p.organization_id, p.account, p.starts_at,
                     lag(p.ends_at) OVER (PARTITION BY p.organization_id, p.account ORDER BY p.starts_at) AS before
              FROM periods AS p) AS w
        WHERE w.before <> w.starts_at
        ORDER BY 1, 2, 3, 4
    $sql$, verify_quota.quota, format('%I.%I', v_schema, v_name || '_ledger'), format('%I.%I', v_schema, v_name || '_periods'));
EXCEPTION WHEN undefined_table OR undefined_column OR undefined_function OR wrong_object_type THEN
    PERFORM holdfast.raise_error('invalid_input',
        '{"field": "quota", "reason": "is not a table made by create_quota()"}');
END
$$;
COMMENT ON FUNCTION verify_quota(regclass) IS
'Everything that is wrong with the accounts of a quota, found by adding up the ledger row by row: a balance that is not the sum of its entries, a refund of more than was consumed, a period whose use its entries do not explain, an allocation brought twice, a gap between periods, an entry that its kind cannot have. No row is the proof that there is nothing. The caller must be above the tables'' row security. Errors: invalid_input.';
REVOKE ALL ON FUNCTION verify_quota(regclass) FROM PUBLIC;

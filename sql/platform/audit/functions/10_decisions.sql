-- What is audited. Every table of the platform has a line here, whichever module it is of; a test asks for it.
--
--   redact   columns whose values are not to be in the log: contact data, clinical content, free text, secrets
--   subject  whose data a row is: a user, or a client of the organization; erasing them in the log goes by it
--   undo     whether undo_change() may write the table: not where an RPC keeps more than the row in order
--   ignore   columns that change with each use and mean nothing: they alone are no change

CREATE FUNCTION holdfast_private.audit_decisions()
RETURNS TABLE (relation text, audited boolean, redact name[], subject name, tenant name, undo boolean, reason text, ignore name[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT v.relation, v.reason IS NULL, v.redact::name[], v.subject::name, v.tenant::name, coalesce(v.undo, false), v.reason,
        coalesce(i.ignore, '{}')::name[]
    FROM (VALUES
        -- tenancy
        ('@api@.organizations', NULL, '{}', '', 'id', true),
        ('@api@.profiles', NULL, '{email,phone,ip_address,user_agent}', 'user_id', NULL, true),
        ('@api@.roles', NULL, '{}', '', NULL, false),
        ('@api@.permissions', NULL, '{}', '', NULL, false),
        ('@api@.user_roles', NULL, '{}', 'user_id', NULL, false),
        ('@api@.user_roles_permissions', NULL, '{}', '', NULL, false),
        ('@api@.user_roles_hierarchy', NULL, '{}', '', NULL, false),
        ('@api@.user_roles_history', 'is a history of user_roles, which is audited', NULL, NULL, NULL, NULL),
        -- people
        ('@api@.specialists', NULL, '{}', 'user_id', NULL, true),
        ('@api@.clients', NULL, '{email,phone,date_of_birth}', 'id', NULL, true),
        ('@api@.client_assignments', NULL, '{}', 'client_id', NULL, false),
        ('@api@.companies', NULL, '{}', '', NULL, true),
        ('@api@.company_employees', NULL, '{email}', 'user_id', NULL, true),
        ('@api@.specialist_assignments', NULL, '{}', '', NULL, true),
        -- catalog
        ('@api@.pillars', NULL, '{}', '', NULL, true),
        ('@api@.session_types', NULL, '{}', '', NULL, true),
        -- availability
        ('@api@.specialist_working_hours', NULL, '{}', '', NULL, true),
        ('@api@.specialist_breaks', NULL, '{}', '', NULL, true),
        ('@api@.specialist_availability_exceptions', NULL, '{reason}', '', NULL, true),
        ('@api@.specialist_vacation', NULL, '{reason}', '', NULL, false),
        ('@api@.booking_rules', NULL, '{}', '', NULL, true),
        ('@api@.external_busy_times', 'is a copy of another calendar, made anew by each import', NULL, NULL, NULL, NULL),
        ('holdfast_private.calendar', 'follows from bookings, leave and holds', NULL, NULL, NULL, NULL),
        -- booking
        ('@api@.bookings', NULL, '{notes,cpt,meeting_link,metadata,decline_reason,cancellation_reason}', 'client_id', NULL, false),
        ('@api@.booking_status_history', 'is a history of bookings, which is audited', NULL, NULL, NULL, NULL),
        ('@api@.booking_cancellations', 'is a history of bookings, which is audited', NULL, NULL, NULL, NULL),
        ('@api@.rescheduling_history', 'is a history of bookings, which is audited', NULL, NULL, NULL, NULL),
        ('holdfast_private.booking_holds', 'lasts for minutes; a hold that matters becomes a booking', NULL, NULL, NULL, NULL),
        ('holdfast_private.idempotency', 'repeats what other rows say, for a day', NULL, NULL, NULL, NULL),
        -- series and packages
        ('@api@.recurring_bookings', NULL, '{}', 'client_id', NULL, false),
        ('@api@.recurring_booking_occurrences', 'follows from the series and its bookings', NULL, NULL, NULL, NULL),
        ('@api@.booking_packages', NULL, '{}', '', NULL, false),
        ('@api@.client_packages', NULL, '{}', 'client_id', NULL, false),
        ('@api@.package_uses', NULL, '{}', 'client_id', NULL, false),
        -- assignment and waitlist
        ('@api@.specialist_weights', NULL, '{}', '', NULL, true),
        ('holdfast_private.assignment_pools', 'is a lock', NULL, NULL, NULL, NULL),
        ('holdfast_private.assignment_turns', 'counts turns', NULL, NULL, NULL, NULL),
        ('@api@.waitlist_entries', NULL, '{}', 'client_id', NULL, false),
        ('@api@.waitlist_offers', NULL, '{}', 'client_id', NULL, false),
        ('@api@.waitlist_settings', NULL, '{}', '', NULL, true),
        ('holdfast_private.waitlist_freed', 'is a queue', NULL, NULL, NULL, NULL),
        -- messages
        ('@api@.email_templates', NULL, '{}', '', NULL, false),
        ('@api@.message_settings', NULL, '{}', '', NULL, true),
        ('@api@.notification_preferences', NULL, '{}', 'user_id', NULL, false),
        ('@api@.notifications', 'repeats what bookings say, which are audited', NULL, NULL, NULL, NULL),
        ('@api@.communication_logs', 'is a log', NULL, NULL, NULL, NULL),
        ('@api@.booking_reminders', 'follows from bookings, which are audited', NULL, NULL, NULL, NULL),
        ('holdfast_private.email_suppressions', 'is a list of hashes; communication_logs says which messages came back', NULL, NULL, NULL, NULL),
        ('holdfast_private.message_kinds', 'describes the installation', NULL, NULL, NULL, NULL),
        ('holdfast_private.outbox', 'is a queue', NULL, NULL, NULL, NULL),
        -- calendar_views
        ('holdfast_private.calendar_feeds', NULL, '{token_hash}', 'user_id', NULL, false),
        -- accounts
        ('@api@.accounts', NULL, '{reason}', 'user_id', NULL, false),
        ('@api@.account_settings', NULL, '{}', '', NULL, true),
        ('@api@.account_tokens', NULL, '{email,details,requested_ip,used_ip}', 'user_id', NULL, false),
        ('@api@.ip_allowlist', NULL, '{}', 'user_id', NULL, false),
        ('@api@.ip_blocklist', NULL, '{}', 'user_id', NULL, false),
        ('@api@.failed_login_attempts', 'is a log', NULL, NULL, NULL, NULL),
        ('holdfast_private.token_kinds', 'describes the installation', NULL, NULL, NULL, NULL),
        ('holdfast_private.token_secrets', 'holds hashes of secrets, one for each login session refreshed; what they are for is audited', NULL, NULL, NULL, NULL),
        ('@api@.two_factor_auth', NULL, '{}', 'user_id', NULL, false),
        ('@api@.api_keys', NULL, '{last_used_ip}', 'user_id', NULL, false),
        ('@api@.session_tokens', NULL, '{ip_address,user_agent}', 'user_id', NULL, false),
        ('@api@.user_device_fingerprints', NULL, '{device_id,user_agent,ip_address}', 'user_id', NULL, false),
        ('holdfast_private.passwords', NULL, '{password_hash}', 'user_id', NULL, false),
        ('holdfast_private.two_factor_secrets', NULL, '{secret_key,backup_salt}', '', NULL, false),
        ('holdfast_private.user_backup_codes', NULL, '{code_hash}', '', NULL, false),
        -- companies
        ('@api@.company_compliance_issues', NULL, '{description,resolution}', '', NULL, false),
        ('@api@.company_contacts', NULL, '{name,email,phone,address,verification_email_sent_at}', '', NULL, false),
        ('@api@.company_dpa_acceptance', NULL, '{ip_address,signed_document_url}', '', NULL, false),
        ('@api@.company_organizations', NULL, '{}', '', NULL, true),
        ('@api@.company_organization_members', NULL, '{}', '', NULL, false),
        ('@api@.company_subscription_history', 'is a history of company_subscriptions, which is audited', NULL, NULL, NULL, NULL),
        ('@api@.company_subscription_plans', NULL, '{}', '', NULL, true),
        ('@api@.company_subscriptions', NULL, '{cancellation_reason}', '', NULL, false),
        ('@api@.company_verification', NULL, '{registration_number,tax_id,business_license,insurance,rejection_reason}', '', NULL, false),
        -- employees
        ('@api@.company_employee_invitations', NULL, '{email}', 'user_id', NULL, false),
        ('@api@.company_import_history', NULL, '{}', '', NULL, false),
        ('@api@.company_import_rows', 'follows from the employees, who are audited', NULL, NULL, NULL, NULL),
        -- quotas
        ('@api@.quota_settings', NULL, '{}', '', NULL, true),
        ('@api@.quota_increase_requests', NULL, '{reason,comment}', '', NULL, false),
        ('@api@.session_approvals', NULL, '{}', 'client_id', NULL, false),
        ('holdfast_private.company_quota', 'follows from its ledger, which keeps every change and who made it', NULL, NULL, NULL, NULL),
        ('holdfast_private.company_quota_ledger', 'is a log', NULL, NULL, NULL, NULL),
        ('holdfast_private.company_quota_periods', 'follows from the ledger', NULL, NULL, NULL, NULL),
        ('holdfast_private.company_quota_alerts', 'is a log', NULL, NULL, NULL, NULL),
        ('holdfast_private.employee_quota', 'follows from its ledger, which keeps every change and who made it', NULL, NULL, NULL, NULL),
        ('holdfast_private.employee_quota_ledger', 'is a log', NULL, NULL, NULL, NULL),
        ('holdfast_private.employee_quota_periods', 'follows from the ledger', NULL, NULL, NULL, NULL),
        ('holdfast_private.employee_quota_alerts', 'is a log', NULL, NULL, NULL, NULL),
        -- keys
        ('holdfast_private.keyring', NULL, '{wrapped,root_key}', 'subject', NULL, false),
        ('holdfast_private.sealed_columns', 'describes the installation', NULL, NULL, NULL, NULL),
        -- audit
        ('holdfast_private.audit_log', 'is the log', NULL, NULL, NULL, NULL),
        ('holdfast_private.audit_log_seals', 'is written by sealing, and chained', NULL, NULL, NULL, NULL),
        ('holdfast_private.audit_log_redaction', 'holds a key', NULL, NULL, NULL, NULL),
        -- core
        ('holdfast_private.modules', 'describes the installation', NULL, NULL, NULL, NULL),
        ('holdfast_private.api_roles', 'describes the installation', NULL, NULL, NULL, NULL),
        ('holdfast_private.api_grants', 'describes the installation', NULL, NULL, NULL, NULL),
        ('holdfast_private.jobs', 'describes the installation', NULL, NULL, NULL, NULL),
        ('holdfast_private.job_heartbeats', 'changes whenever a job runs', NULL, NULL, NULL, NULL),
        ('holdfast_private.scheduled_jobs', 'is a log', NULL, NULL, NULL, NULL)
    ) AS v (relation, reason, redact, subject, tenant, undo)
    LEFT JOIN (VALUES
        ('@api@.bookings', '{confirmation_sent_at,reminder_sent_at,updated_at}'),
        ('@api@.api_keys', '{last_used_at,last_used_ip,window_started_at,window_uses}'),
        ('@api@.session_tokens', '{refreshed_at,ip_address,user_agent}'),
        ('@api@.user_device_fingerprints', '{last_seen,ip_address,user_agent}'),
        ('@api@.two_factor_auth', '{last_used}'),
        ('holdfast_private.two_factor_secrets', '{last_step}')
    ) AS i (relation, ignore) ON i.relation = v.relation;
END
$$;
COMMENT ON FUNCTION holdfast_private.audit_decisions() IS
'Every table of the platform, of modules that are not installed too: whether its rows are audited (else why not), which columns are redacted, whose data a row is, whether undo_change() may write it, and which columns are no change by themselves.';
REVOKE ALL ON FUNCTION holdfast_private.audit_decisions() FROM PUBLIC;

CREATE FUNCTION holdfast_private.audit_tables()
RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_decision record;
    v_count int := 0;
BEGIN
    FOR v_decision IN
        SELECT to_regclass(d.relation) AS rel, d.redact, d.subject, d.tenant, d.ignore
        FROM holdfast_private.audit_decisions() AS d,
            -- As enable_audit() passes them on.
            LATERAL (SELECT d.redact::text[] || CASE WHEN d.ignore <> '{}' THEN ''::text || d.ignore::text[] ELSE '{}' END AS columns) AS a
        WHERE d.audited AND to_regclass(d.relation) IS NOT NULL AND NOT EXISTS (
            SELECT FROM pg_trigger AS t
            WHERE t.tgrelid = to_regclass(d.relation) AND t.tgfoid = 'holdfast.audit()'::regprocedure
              AND (string_to_array(encode(t.tgargs, 'escape'), '\000'))[4:3 + cardinality(a.columns)] = a.columns
              AND t.tgnargs = 3 + cardinality(a.columns))
    LOOP
        PERFORM holdfast.enable_audit(v_decision.rel, 'holdfast_private.audit_log', v_decision.redact, v_decision.subject,
            v_decision.tenant, ignore => v_decision.ignore);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END
$$;
COMMENT ON FUNCTION holdfast_private.audit_tables() IS
'Audits every table that audit_decisions() says is audited and that is not, or with other columns redacted or ignored; returns how many.';
REVOKE ALL ON FUNCTION holdfast_private.audit_tables() FROM PUBLIC;

CREATE FUNCTION holdfast_private.audit_new_tables()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.audit_tables();
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.audit_new_tables() IS
'Trigger: when modules have been installed or upgraded, their tables are audited, whichever module came first.';
REVOKE ALL ON FUNCTION holdfast_private.audit_new_tables() FROM PUBLIC;

-- Who hears of it.

CREATE FUNCTION holdfast_private.tell_quota()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_about jsonb := jsonb_build_object(
        'company_id', NEW.account, 'period_starts_at', NEW.period_starts_at, 'threshold', NEW.threshold);
    v_key text := concat_ws(':', 'quota', NEW.account, extract(epoch FROM NEW.period_starts_at)::bigint, NEW.threshold);
BEGIN
    IF to_regclass('@api@.notifications') IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO @api@.notifications (organization_id, user_id, kind, data)
    SELECT e.organization_id, e.user_id, 'quota_alert', v_about || jsonb_build_object('available', NEW.available, 'balance', NEW.balance)
    FROM @api@.company_employees AS e
    WHERE e.organization_id = NEW.organization_id AND e.company_id = NEW.account AND e.role = 'hr' AND e.status = 'active'
        AND e.user_id IS NOT NULL;
    PERFORM holdfast_private.enqueue_mail(NEW.organization_id, 'quota_alert',
        v_about || jsonb_build_object('recipient_id', r.id), v_key || ':' || r.id)
    FROM (SELECT e.id FROM @api@.company_employees AS e
          WHERE e.organization_id = NEW.organization_id AND e.company_id = NEW.account AND e.role = 'hr' AND e.status = 'active'
          UNION ALL
          SELECT c.id FROM @api@.company_contacts AS c
          WHERE c.organization_id = NEW.organization_id AND c.company_id = NEW.account AND c.kind = 'general' AND c.is_primary
              AND NOT EXISTS (SELECT FROM @api@.company_employees AS e
                              WHERE e.organization_id = c.organization_id AND e.company_id = c.company_id AND e.role = 'hr'
                                  AND e.status = 'active')) AS r;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.tell_quota() IS
'Trigger: tells the HR of a company, by e-mail and in the application, that 50, 80 or 100 per cent of its sessions are used; its first contact where it has no HR. Once a period, in the transaction that used them. Without the module messages nobody is told.';
REVOKE ALL ON FUNCTION holdfast_private.tell_quota() FROM PUBLIC;

CREATE FUNCTION holdfast_private.quota_mail(organization_id uuid, about jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'email', coalesce(e.email, p.email, t.email),
            'user_id', e.user_id,
            'locale', p.locale,
            'variables', jsonb_build_object(
                'name', coalesce(e.display_name, t.name),
                'company', c.name,
                'threshold', a.threshold,
                'available', a.available,
                'used', a.available - a.balance,
                'remaining', a.balance,
                'month', to_char(holdfast_private.month_of(a.period_starts_at, c.time_zone), 'YYYY-MM')))
        FROM holdfast_private.company_quota_alerts AS a
        JOIN @api@.companies AS c ON c.organization_id = a.organization_id AND c.id = a.account
        LEFT JOIN @api@.company_employees AS e
            ON e.organization_id = c.organization_id AND e.company_id = c.id AND e.id = (about ->> 'recipient_id')::uuid
            AND e.role = 'hr' AND e.status = 'active'
        LEFT JOIN @api@.profiles AS p ON p.organization_id = e.organization_id AND p.user_id = e.user_id
        LEFT JOIN @api@.company_contacts AS t
            ON t.organization_id = c.organization_id AND t.company_id = c.id AND t.id = (about ->> 'recipient_id')::uuid
        WHERE a.organization_id = quota_mail.organization_id AND a.account = (about ->> 'company_id')::uuid
            AND a.period_starts_at = (about ->> 'period_starts_at')::timestamptz
            AND a.threshold = (about ->> 'threshold')::int);
END
$$;
COMMENT ON FUNCTION holdfast_private.quota_mail(uuid, jsonb) IS
'What an e-mail about a threshold needs: {"email","user_id","locale","variables"}; without an address for who is not HR any more.';
REVOKE ALL ON FUNCTION holdfast_private.quota_mail(uuid, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.wait_for_quota(
    organization_id uuid, client_id uuid, specialist_id uuid, session_type_id uuid, slot tstzrange, time_zone text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_patience CONSTANT interval := interval '62 days';
    v_entry_id uuid;
BEGIN
    IF to_regclass('@api@.waitlist_entries') IS NULL OR NOT coalesce((
        SELECT coalesce(p.waitlist_when_exhausted, q.waitlist_when_exhausted, false)
        FROM @api@.clients AS c
        LEFT JOIN @api@.company_subscriptions AS s
            ON s.organization_id = c.organization_id AND s.company_id = c.company_id AND s.status <> 'cancelled'
        LEFT JOIN @api@.company_subscription_plans AS p ON p.organization_id = s.organization_id AND p.id = s.plan_id
        LEFT JOIN @api@.quota_settings AS q ON q.organization_id = c.organization_id
        WHERE c.organization_id = wait_for_quota.organization_id AND c.id = wait_for_quota.client_id), false)
    THEN
        RETURN NULL;
    END IF;
    SELECT w.id INTO v_entry_id FROM @api@.waitlist_entries AS w
    WHERE w.organization_id = wait_for_quota.organization_id AND w.client_id = wait_for_quota.client_id AND w.status = 'waiting'
        AND w.blocked_by IS NOT NULL AND w.specialist_id IS NOT DISTINCT FROM wait_for_quota.specialist_id
        AND w.session_type_id IS NOT DISTINCT FROM wait_for_quota.session_type_id
    LIMIT 1;
    IF v_entry_id IS NULL THEN
        INSERT INTO @api@.waitlist_entries AS w (
            organization_id, client_id, specialist_id, session_type_id, duration, earliest, latest, time_zone, blocked_by)
        VALUES (organization_id, client_id, specialist_id, session_type_id, upper(slot) - lower(slot), holdfast.clock(),
            upper(slot) + c_patience, time_zone, 'quota_exhausted')
        RETURNING w.id INTO v_entry_id;
    END IF;
    RETURN v_entry_id;
END
$$;
COMMENT ON FUNCTION holdfast_private.wait_for_quota(uuid, uuid, uuid, uuid, tstzrange, text) IS
'Puts a client whose sessions are used up on the waitlist, where the plan or the organization wants that, and returns the entry, which can be one that waits already; null otherwise.';
REVOKE ALL ON FUNCTION holdfast_private.wait_for_quota(uuid, uuid, uuid, uuid, tstzrange, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.release_waiting(batch int)
RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_specialists CONSTANT int := 20;
    v_entry record;
    v_promised jsonb := '{}';
    v_organizations uuid[] := '{}';
    v_rows int := 0;
BEGIN
    FOR v_entry IN
        SELECT w.*, c.company_id FROM @api@.waitlist_entries AS w
        JOIN @api@.clients AS c ON c.organization_id = w.organization_id AND c.id = w.client_id
        WHERE w.status = 'waiting' AND w.blocked_by IS NOT NULL AND w.latest > holdfast.clock() + w.duration
        ORDER BY w.priority DESC, w.id
        LIMIT batch
        FOR UPDATE OF w SKIP LOCKED
    LOOP
        -- One offer for each session that is left: others of the company have open ones.
        IF NOT v_promised ? coalesce(v_entry.company_id::text, '') THEN
            v_promised := v_promised || jsonb_build_object(coalesce(v_entry.company_id::text, ''), (
                SELECT count(*) FROM @api@.waitlist_offers AS o
                JOIN @api@.clients AS c ON c.organization_id = o.organization_id AND c.id = o.client_id
                WHERE o.organization_id = v_entry.organization_id AND o.outcome IS NULL AND c.company_id = v_entry.company_id));
        END IF;
        CONTINUE WHEN holdfast_private.entitlement_refusal(v_entry.organization_id, v_entry.client_id, v_entry.session_type_id, 1) IS NOT NULL
            OR holdfast_private.quota_refusal('holdfast_private.company_quota', v_entry.organization_id, v_entry.company_id, 'company',
                1 + (v_promised ->> coalesce(v_entry.company_id::text, ''))::int) IS NOT NULL;
        v_promised := v_promised || jsonb_build_object(coalesce(v_entry.company_id::text, ''),
            1 + (v_promised ->> coalesce(v_entry.company_id::text, ''))::int);
        UPDATE @api@.waitlist_entries AS w SET blocked_by = NULL, updated_at = holdfast.clock()
        WHERE w.organization_id = v_entry.organization_id AND w.id = v_entry.id;
        PERFORM holdfast_private.free_for_waitlist(
            s.organization_id, s.id, 'quota', greatest(v_entry.earliest, holdfast.clock()), v_entry.latest, NULL)
        FROM (SELECT s.organization_id, s.id FROM @api@.specialists AS s
              WHERE s.organization_id = v_entry.organization_id AND s.status = 'active'
                  AND (v_entry.specialist_id IS NULL OR s.id = v_entry.specialist_id)
                  AND (v_entry.pillar_id IS NULL OR s.pillar_id = v_entry.pillar_id)
              ORDER BY s.id LIMIT c_specialists) AS s;
        v_organizations := array_append(array_remove(v_organizations, v_entry.organization_id), v_entry.organization_id);
        v_rows := v_rows + 1;
    END LOOP;
    -- At once, so that whoever asks next sees the offers.
    PERFORM holdfast_private.offer_freed_slots(o.id, batch) FROM unnest(v_organizations) AS o (id);
    RETURN v_rows;
END
$$;
COMMENT ON FUNCTION holdfast_private.release_waiting(int) IS
'Lets those who wait because sessions were used up be offered time again, one for each session that is left, first come first; returns how many.';
REVOKE ALL ON FUNCTION holdfast_private.release_waiting(int) FROM PUBLIC;

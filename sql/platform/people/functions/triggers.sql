CREATE FUNCTION holdfast_private.keep_assigned_specialists()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- From the row's own value, never from a query: whoever waited for the row's lock has an old snapshot.
    IF TG_OP <> 'INSERT' AND OLD.ended_at IS NULL THEN
        UPDATE @api@.clients AS c
        SET assigned_specialist_ids = array_remove(c.assigned_specialist_ids, OLD.specialist_id)
        WHERE c.organization_id = OLD.organization_id AND c.id = OLD.client_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.ended_at IS NULL THEN
        UPDATE @api@.clients AS c
        SET assigned_specialist_ids = array_remove(c.assigned_specialist_ids, NEW.specialist_id) || NEW.specialist_id
        WHERE c.organization_id = NEW.organization_id AND c.id = NEW.client_id;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.keep_assigned_specialists() IS
'Trigger: keeps clients.assigned_specialist_ids as the open client_assignments say, so that policies need no subquery.';
REVOKE ALL ON FUNCTION holdfast_private.keep_assigned_specialists() FROM PUBLIC;

CREATE FUNCTION holdfast_private.keep_company_hr()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_was boolean := TG_OP <> 'INSERT' AND OLD.role = 'hr' AND OLD.status = 'active' AND OLD.user_id IS NOT NULL;
    v_is boolean := TG_OP <> 'DELETE' AND NEW.role = 'hr' AND NEW.status = 'active' AND NEW.user_id IS NOT NULL;
BEGIN
    -- Another change of the row says nothing of the role: one that was taken by revoke_role() must not come back.
    IF v_was AND v_is AND (OLD.organization_id, OLD.user_id) = (NEW.organization_id, NEW.user_id) THEN
        RETURN NULL;
    END IF;
    IF v_was THEN
        PERFORM holdfast_private.say_role_reason('company_employees.role');
        DELETE FROM @api@.user_roles AS u
        WHERE u.organization_id = OLD.organization_id AND u.user_id = OLD.user_id AND u.role = 'company_hr';
        PERFORM holdfast_private.say_role_reason(NULL);
    END IF;
    IF v_is THEN
        INSERT INTO @api@.user_roles AS u (organization_id, user_id, role, reason)
        VALUES (NEW.organization_id, NEW.user_id, 'company_hr', 'company_employees.role')
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.keep_company_hr() IS
'Trigger: whoever becomes hr of a company, and active, gets the role company_hr; nobody keeps it who is not any more.';
REVOKE ALL ON FUNCTION holdfast_private.keep_company_hr() FROM PUBLIC;

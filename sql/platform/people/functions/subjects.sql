-- Whom the caller stands for. Null when nobody; the same answers policies get.

CREATE FUNCTION holdfast_private.own_client_id()
RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.subject_id('@api@.clients');
END
$$;
COMMENT ON FUNCTION holdfast_private.own_client_id() IS
'The client that the caller is, in the organization of the request; null when they are archived or inactive.';
REVOKE ALL ON FUNCTION holdfast_private.own_client_id() FROM PUBLIC;

CREATE FUNCTION holdfast_private.own_specialist_id()
RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN holdfast.subject_id('@api@.specialists');
END
$$;
COMMENT ON FUNCTION holdfast_private.own_specialist_id() IS
'The specialist that the caller is, in the organization of the request, while they hold the role specialist; inactive ones too.';
REVOKE ALL ON FUNCTION holdfast_private.own_specialist_id() FROM PUBLIC;

CREATE FUNCTION holdfast_private.company_today(organization_id uuid, company_id uuid)
RETURNS date
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT (holdfast.clock() AT TIME ZONE c.time_zone)::date FROM @api@.companies AS c
            WHERE c.organization_id = company_today.organization_id AND c.id = company_today.company_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.company_today(uuid, uuid) IS 'What day it is in the zone of a company.';
REVOKE ALL ON FUNCTION holdfast_private.company_today(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.own_company_id()
RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_company uuid := holdfast.subject_id('@api@.company_employees');
BEGIN
    -- What policies are told ends when job_end_access() has run; what HR does ends with the day.
    IF v_company IS NULL OR EXISTS (
        SELECT FROM @api@.company_employees AS e
        WHERE e.organization_id = holdfast.org_id() AND e.user_id = holdfast.uid()
          AND e.access_ends <= holdfast_private.company_today(e.organization_id, e.company_id))
    THEN
        RETURN NULL;
    END IF;
    RETURN v_company;
END
$$;
COMMENT ON FUNCTION holdfast_private.own_company_id() IS
'The company that the caller works for, in the organization of the request; null when they are not active there, and from the day on which their access ends.';
REVOKE ALL ON FUNCTION holdfast_private.own_company_id() FROM PUBLIC;

CREATE FUNCTION holdfast_private.is_assigned(organization_id uuid, client_id uuid, specialist_id uuid)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM @api@.clients AS c
        WHERE c.organization_id = is_assigned.organization_id AND c.id = is_assigned.client_id
          AND is_assigned.specialist_id = ANY (c.assigned_specialist_ids));
END
$$;
COMMENT ON FUNCTION holdfast_private.is_assigned(uuid, uuid, uuid) IS
'Whether a specialist looks after a client now.';
REVOKE ALL ON FUNCTION holdfast_private.is_assigned(uuid, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.may_book(organization_id uuid, client_id uuid, specialist_id uuid)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_company uuid := (SELECT c.company_id FROM @api@.clients AS c
                       WHERE c.organization_id = may_book.organization_id AND c.id = may_book.client_id);
BEGIN
    RETURN v_company IS NULL
        OR EXISTS (SELECT FROM @api@.specialist_assignments AS a
                   WHERE a.organization_id = may_book.organization_id AND a.company_id = v_company
                     AND a.specialist_id = may_book.specialist_id)
        OR NOT EXISTS (SELECT FROM @api@.specialist_assignments AS a
                       WHERE a.organization_id = may_book.organization_id AND a.company_id = v_company);
END
$$;
COMMENT ON FUNCTION holdfast_private.may_book(uuid, uuid, uuid) IS
'Whether specialist_assignments let a client be booked with a specialist: a company that has some limits its people to them.';
REVOKE ALL ON FUNCTION holdfast_private.may_book(uuid, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.require_company(organization_id uuid, company_id uuid)
RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    IF NOT (holdfast_private.can('manage_companies')
            OR holdfast_private.can('manage_employees') AND company_id = holdfast_private.own_company_id()) IS TRUE
    THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.require_company(uuid, uuid) IS
'Checks that the caller looks after the employees of a company: an admin, or its own HR. Raises not_authenticated or forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.require_company(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.assignments_json(organization_id uuid, client_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object('client_id', c.id, 'specialist_ids', to_jsonb(c.assigned_specialist_ids))
        FROM @api@.clients AS c
        WHERE c.organization_id = assignments_json.organization_id AND c.id = assignments_json.client_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.assignments_json(uuid, uuid) IS
'The specialists assigned to a client now: {"client_id","specialist_ids":[…]}.';
REVOKE ALL ON FUNCTION holdfast_private.assignments_json(uuid, uuid) FROM PUBLIC;

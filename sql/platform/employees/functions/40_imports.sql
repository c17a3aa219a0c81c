-- What an import does, once its rows are understood.

CREATE FUNCTION holdfast_private.do_import(
    company @api@.companies, import_rows holdfast_private.import_row[], mode text, invite boolean, source text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_import uuid := holdfast.uuid_v7();
    v_rows holdfast_private.import_row[];
    v_indexes int[] := '{}';
    v_employees uuid[] := '{}';
    v_total int := cardinality(import_rows);
    v_refused int;
BEGIN
    LOOP
        v_rows := holdfast_private.check_import_rows(company.organization_id, company.id, import_rows, invite);
        SELECT count(*)::int INTO v_refused FROM unnest(v_rows) AS r WHERE r.error IS NOT NULL;
        EXIT WHEN v_refused = v_total OR mode = 'all_or_nothing' AND v_refused > 0;
        BEGIN
            SELECT array_agg(a.row_index), array_agg(a.employee_id) INTO v_indexes, v_employees
            FROM holdfast_private.add_imported(company.organization_id, company.id, v_rows, CASE WHEN invite THEN 'invited' ELSE 'active' END) AS a;
            EXIT WHEN cardinality(v_indexes) = v_total - v_refused;
            RAISE EXCEPTION 'taken meanwhile' USING ERRCODE = 'triggered_action_exception';
        EXCEPTION WHEN triggered_action_exception THEN
            -- Another company took an address while this waited for it; now that can be seen.
            v_indexes := '{}';
            v_employees := '{}';
        END;
    END LOOP;
    IF invite AND cardinality(v_employees) > 0 THEN
        PERFORM holdfast_private.send_invitations(company, v_employees);
    END IF;
    INSERT INTO @api@.company_import_history
        (organization_id, id, company_id, source, mode, invite, status, total_rows, imported_rows, refused_rows, imported_by)
    VALUES (
        company.organization_id, v_import, company.id, do_import.source, do_import.mode, do_import.invite,
        CASE cardinality(v_employees) WHEN v_total THEN 'imported' WHEN 0 THEN 'refused' ELSE 'partial' END,
        v_total, cardinality(v_employees), v_refused, holdfast.uid());
    INSERT INTO @api@.company_import_rows
        (organization_id, import_id, row_index, company_id, status, employee_id, error, field, reason)
    SELECT company.organization_id, v_import, r.row_index, company.id,
           CASE WHEN r.error IS NOT NULL THEN 'refused' WHEN a.employee_id IS NULL THEN 'left_out' ELSE 'imported' END,
           a.employee_id, r.error, r.field, r.reason
    FROM unnest(v_rows) AS r
    LEFT JOIN unnest(v_indexes, v_employees) AS a (row_index, employee_id) ON a.row_index = r.row_index;
    RETURN v_import;
END
$$;
COMMENT ON FUNCTION holdfast_private.do_import(@api@.companies, holdfast_private.import_row[], text, boolean, text) IS
'Imports rows into a company that is locked, as far as the mode lets it, invites who was imported, and writes the history; returns the import.';
REVOKE ALL ON FUNCTION holdfast_private.do_import(@api@.companies, holdfast_private.import_row[], text, boolean, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.find_import(organization_id uuid, import_id uuid)
RETURNS @api@.company_import_history
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_import @api@.company_import_history;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    SELECT h.* INTO v_import FROM @api@.company_import_history AS h
    WHERE h.organization_id = find_import.organization_id AND h.id = find_import.import_id;
    IF NOT FOUND OR NOT (holdfast_private.can('manage_companies')
                         OR holdfast_private.can('manage_employees') AND v_import.company_id = holdfast_private.own_company_id()) IS TRUE
    THEN
        PERFORM holdfast.raise_error('import_not_found');
    END IF;
    RETURN v_import;
END
$$;
COMMENT ON FUNCTION holdfast_private.find_import(uuid, uuid) IS
'An import that the caller looks after. Errors: not_authenticated, forbidden, import_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.find_import(uuid, uuid) FROM PUBLIC;

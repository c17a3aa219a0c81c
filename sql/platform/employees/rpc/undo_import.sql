CREATE FUNCTION holdfast_private.undo_import(organization_id uuid, import_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_import @api@.company_import_history;
    v_employees uuid[];
    v_left int;
BEGIN
    v_import := holdfast_private.find_import(organization_id, import_id);
    PERFORM FROM @api@.companies AS c
    WHERE c.organization_id = v_import.organization_id AND c.id = v_import.company_id
    FOR NO KEY UPDATE;
    v_import := holdfast_private.find_import(organization_id, import_id);
    IF v_import.status NOT IN ('imported', 'partial') THEN
        PERFORM holdfast.raise_error('invalid_transition', jsonb_build_object('from', v_import.status, 'to', 'undone'));
    END IF;
    v_employees := ARRAY(
        SELECT r.employee_id FROM @api@.company_import_rows AS r
        WHERE r.organization_id = v_import.organization_id AND r.import_id = v_import.id AND r.employee_id IS NOT NULL);
    PERFORM holdfast_private.close_invitations(organization_id, v_employees);
    -- Who has used it, or is somebody else's by now, stays.
    v_employees := ARRAY(
        SELECT e.id FROM unnest(v_employees) AS u (id)
        JOIN @api@.company_employees AS e ON e.organization_id = v_import.organization_id AND e.id = u.id
        WHERE e.user_id IS NULL
          AND e.company_id = v_import.company_id
          AND NOT EXISTS (SELECT FROM @api@.clients AS c
                          WHERE c.organization_id = e.organization_id AND c.company_id = e.company_id AND c.employee_id = e.id)
          AND NOT EXISTS (SELECT FROM @api@.company_employee_invitations AS i
                          WHERE i.organization_id = e.organization_id AND i.employee_id = e.id AND i.accepted_at IS NOT NULL)
        ORDER BY e.id
        FOR UPDATE OF e);
    UPDATE @api@.company_import_rows AS r SET status = 'undone', employee_id = NULL
    FROM unnest(v_employees) AS u (id)
    WHERE r.organization_id = v_import.organization_id AND r.import_id = v_import.id AND r.employee_id = u.id;
    DELETE FROM @api@.company_employee_invitations AS i USING unnest(v_employees) AS u (id)
    WHERE i.organization_id = v_import.organization_id AND i.employee_id = u.id;
    DELETE FROM @api@.company_employees AS e USING unnest(v_employees) AS u (id)
    WHERE e.organization_id = v_import.organization_id AND e.id = u.id;
    SELECT count(*)::int INTO v_left FROM @api@.company_import_rows AS r
    WHERE r.organization_id = v_import.organization_id AND r.import_id = v_import.id AND r.status = 'imported';
    UPDATE @api@.company_import_history AS h
    SET status = CASE v_left WHEN 0 THEN 'undone' ELSE 'partly_undone' END, undone_rows = cardinality(v_employees),
        undone_by = holdfast.uid(), undone_at = holdfast.clock()
    WHERE h.organization_id = v_import.organization_id AND h.id = v_import.id;
    RETURN holdfast_private.import_json(organization_id, v_import.id);
END
$$;
COMMENT ON FUNCTION holdfast_private.undo_import(uuid, uuid) IS
'Takes back the employees that an import made and who have not used it: whoever accepted, or is a client, stays. Their links are void. The answer is the import''s, with the status of each row as it is now: {"import", "rows"}. For admins, and for the company''s own HR. Errors: import_not_found, invalid_transition (nothing was imported, or it was undone).';
REVOKE ALL ON FUNCTION holdfast_private.undo_import(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.undo_import(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');

-- Import of employees: each row is understood or refused by itself, by the same rules and in the same words as one employee is;
-- then what rows have to do with each other, with who is there already, and with the seats.

CREATE FUNCTION holdfast_private.read_import_row(row_index int, fields jsonb, may_set_role boolean)
RETURNS holdfast_private.import_row
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_row holdfast_private.import_row;
    v_details text;
BEGIN
    v_row.row_index := row_index;
    BEGIN
        IF jsonb_typeof(fields) <> 'object' THEN
            PERFORM holdfast_private.raise_invalid('row', 'must be an object');
        END IF;
        v_row.email := holdfast_private.normal_email('email', holdfast_private.required_text('email',
            holdfast_private.json_text('email', fields -> 'email', 254), 254));
        v_row.display_name := holdfast_private.required_text('display_name',
            holdfast_private.json_text('display_name', fields -> 'display_name', 200));
        v_row.role := coalesce(holdfast_private.normal_text('role', holdfast_private.json_text('role', fields -> 'role', 200)), 'employee');
        v_row.department := holdfast_private.normal_text('department',
            holdfast_private.json_text('department', fields -> 'department', 200));
        v_row.cost_center := holdfast_private.normal_text('cost_center',
            holdfast_private.json_text('cost_center', fields -> 'cost_center', 200));
        v_row.access_date := holdfast_private.json_date('access_date', fields -> 'access_date');
        v_row.access_ends := holdfast_private.json_date('access_ends', fields -> 'access_ends');
        v_row.monthly_limit := holdfast_private.json_int('monthly_limit', fields -> 'monthly_limit');
        IF v_row.role NOT IN ('employee', 'hr') THEN
            PERFORM holdfast_private.raise_invalid('role', 'is not valid');
        ELSIF v_row.access_ends <= v_row.access_date THEN
            PERFORM holdfast_private.raise_invalid('access_ends', 'is not valid');
        ELSIF v_row.monthly_limit < 0 THEN
            PERFORM holdfast_private.raise_invalid('monthly_limit', 'is not valid');
        ELSIF v_row.role <> 'employee' AND NOT may_set_role THEN
            v_row.error := 'forbidden';
            v_row.field := 'role';
            v_row.reason := 'is set by an admin only';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PT400' THEN
        GET STACKED DIAGNOSTICS v_row.error = MESSAGE_TEXT, v_details = PG_EXCEPTION_DETAIL;
        v_row.field := v_details::jsonb ->> 'field';
        v_row.reason := v_details::jsonb ->> 'reason';
    END;
    RETURN v_row;
END
$$;
COMMENT ON FUNCTION holdfast_private.read_import_row(int, jsonb, boolean) IS
'A row of an import as the fields of an employee, or what is wrong with it. Fields that are not an employee''s are not looked at.';
REVOKE ALL ON FUNCTION holdfast_private.read_import_row(int, jsonb, boolean) FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_import_rows(
    organization_id uuid, company_id uuid, import_rows holdfast_private.import_row[], invite boolean)
RETURNS holdfast_private.import_row[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_per_email CONSTANT int := 5;
    v_since timestamptz := holdfast.clock() - interval '1 hour';
    v_free int := holdfast_private.free_seats(organization_id, company_id);
BEGIN
    RETURN ARRAY(
        WITH good AS (
            SELECT r.row_index, r.email, CASE
                WHEN row_number() OVER (PARTITION BY r.email ORDER BY r.row_index) > 1 THEN 'is in these rows already'
                WHEN EXISTS (SELECT FROM @api@.company_employees AS e
                             WHERE e.organization_id = check_import_rows.organization_id AND e.email = r.email)
                THEN 'is in use already' END AS taken
            FROM unnest(import_rows) AS r
            WHERE r.error IS NULL),
        tried AS (
            SELECT g.email FROM good AS g
            WHERE check_import_rows.invite AND g.taken IS NULL AND (
                SELECT count(*) FROM @api@.account_tokens AS t
                WHERE t.organization_id = check_import_rows.organization_id AND t.kind = 'employee_invitation'
                  AND t.email = g.email AND t.created_at > v_since) >= c_per_email),
        seated AS (
            SELECT g.row_index, row_number() OVER (ORDER BY g.row_index) > v_free AS too_many
            FROM good AS g
            WHERE g.taken IS NULL AND g.email NOT IN (SELECT t.email FROM tried AS t))
        SELECT CASE
            WHEN r.error IS NOT NULL THEN r
            WHEN g.taken IS NOT NULL THEN holdfast_private.refused_row(r, 'invalid_input', 'email', g.taken)
            WHEN s.row_index IS NULL THEN holdfast_private.refused_row(r, 'rate_limited', 'email', 'was invited too often')
            WHEN s.too_many THEN holdfast_private.refused_row(r, 'seats_exhausted', NULL, 'the plan has no seat left')
            ELSE r END
        FROM unnest(import_rows) AS r
        LEFT JOIN good AS g ON g.row_index = r.row_index
        LEFT JOIN seated AS s ON s.row_index = r.row_index
        ORDER BY r.row_index);
END
$$;
COMMENT ON FUNCTION holdfast_private.check_import_rows(uuid, uuid, holdfast_private.import_row[], boolean) IS
'The same rows, with what is wrong with them among others: an address that is there twice, in use, or was invited five times in an hour, and seats. The first of equals is the one that counts. The company is locked.';
REVOKE ALL ON FUNCTION holdfast_private.check_import_rows(uuid, uuid, holdfast_private.import_row[], boolean) FROM PUBLIC;

CREATE FUNCTION holdfast_private.refused_row(import_row holdfast_private.import_row, error text, field text, reason text)
RETURNS holdfast_private.import_row
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_row holdfast_private.import_row := import_row;
BEGIN
    v_row.error := error;
    v_row.field := field;
    v_row.reason := reason;
    RETURN v_row;
END
$$;
COMMENT ON FUNCTION holdfast_private.refused_row(holdfast_private.import_row, text, text, text) IS
'A row of an import with what is wrong with it.';
REVOKE ALL ON FUNCTION holdfast_private.refused_row(holdfast_private.import_row, text, text, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.add_imported(
    organization_id uuid, company_id uuid, import_rows holdfast_private.import_row[], status text)
RETURNS TABLE (row_index int, employee_id uuid)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- By address, so that two imports with the same people do not wait for one another in a circle.
    RETURN QUERY
        WITH added AS (
            INSERT INTO @api@.company_employees AS e (
                organization_id, company_id, email, display_name, role, department, cost_center, access_date, access_ends, monthly_limit,
                status)
            SELECT add_imported.organization_id, add_imported.company_id, r.email, r.display_name, r.role, r.department,
                   r.cost_center, r.access_date, r.access_ends, r.monthly_limit, add_imported.status
            FROM unnest(import_rows) AS r
            WHERE r.error IS NULL
            ORDER BY r.email
            ON CONFLICT ON CONSTRAINT company_employees_organization_id_email_key DO NOTHING
            RETURNING e.id, e.email)
        SELECT r.row_index, a.id
        FROM added AS a JOIN unnest(import_rows) AS r ON r.email = a.email AND r.error IS NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.add_imported(uuid, uuid, holdfast_private.import_row[], text) IS
'Makes employees of the rows that nothing is wrong with, and tells which row became which. One whose address somebody else took just now is left out.';
REVOKE ALL ON FUNCTION holdfast_private.add_imported(uuid, uuid, holdfast_private.import_row[], text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.import_json(organization_id uuid, import_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object('import', to_jsonb(h), 'rows', (
            SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'index', r.row_index, 'status', r.status, 'employee_id', r.employee_id, 'error', r.error, 'field', r.field,
                'reason', r.reason)) ORDER BY r.row_index), '[]')
            FROM @api@.company_import_rows AS r
            WHERE r.organization_id = h.organization_id AND r.import_id = h.id))
        FROM @api@.company_import_history AS h
        WHERE h.organization_id = import_json.organization_id AND h.id = import_json.import_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.import_json(uuid, uuid) IS
'An import and what became of each row: {"import", "rows": [{"index", "status", "employee_id", "error", "field", "reason"}]}.';
REVOKE ALL ON FUNCTION holdfast_private.import_json(uuid, uuid) FROM PUBLIC;

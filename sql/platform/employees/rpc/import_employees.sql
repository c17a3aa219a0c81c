CREATE FUNCTION holdfast_private.import_employees(
    organization_id uuid, company_id uuid, rows jsonb, mode text DEFAULT 'all_or_nothing', invite boolean DEFAULT true,
    source text DEFAULT NULL, idempotency_key text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_rows CONSTANT int := 10000;
    c_bytes CONSTANT int := 8 * 1024 * 1024;
    v_user uuid := holdfast.uid();
    v_key text;
    v_source text;
    v_company @api@.companies;
    v_admin boolean;
    v_import uuid;
    v_response jsonb;
BEGIN
    PERFORM holdfast_private.require_company(organization_id, company_id);
    v_source := holdfast_private.normal_text('source', source);
    IF mode IS NULL OR mode NOT IN ('all_or_nothing', 'skip_bad') THEN
        PERFORM holdfast_private.raise_invalid('mode', 'must be all_or_nothing or skip_bad');
    ELSIF invite IS NULL THEN
        PERFORM holdfast_private.raise_invalid('invite', 'is required');
    ELSIF pg_column_size(rows) > c_bytes THEN
        PERFORM holdfast_private.raise_invalid('rows', format('must have at most %s bytes', c_bytes));
    ELSIF coalesce(jsonb_array_length(holdfast_private.json_list('rows', rows, c_rows)), 0) = 0 THEN
        PERFORM holdfast_private.raise_invalid('rows', 'is required');
    END IF;
    v_key := holdfast_private.request_key(idempotency_key);
    v_response := holdfast.begin_request(
        'holdfast_private.idempotency', organization_id, v_user, 'import_employees', v_key,
        jsonb_build_object('company_id', company_id, 'rows', rows, 'mode', mode, 'invite', invite, 'source', v_source));
    IF v_response IS NOT NULL THEN
        RETURN v_response;
    END IF;
    v_admin := holdfast_private.can('manage_companies');
    v_company := holdfast_private.lock_company(organization_id, company_id);
    v_import := holdfast_private.do_import(v_company, ARRAY(
        SELECT holdfast_private.read_import_row((r.place - 1)::int, r.fields, v_admin)
        FROM jsonb_array_elements(rows) WITH ORDINALITY AS r (fields, place)
        ORDER BY r.place), mode, invite, v_source);
    v_response := holdfast_private.import_json(organization_id, v_import);
    PERFORM holdfast.finish_request(
        'holdfast_private.idempotency', organization_id, v_user, 'import_employees', v_key, v_response);
    RETURN v_response;
END
$$;
COMMENT ON FUNCTION holdfast_private.import_employees(uuid, uuid, jsonb, text, boolean, text, text) IS
'Adds employees of a company, [{"email", "display_name", "role", "department", "cost_center", "access_date", "access_ends", "monthly_limit"}], of which the first two are required, and tells what became of each: {"import", "rows": [{"index", "status", "employee_id", "error", "field", "reason"}]}. all_or_nothing imports nothing when a row is refused, skip_bad the others; either way it is answered and kept in company_import_history. A row is imported, refused (error: invalid_input, also for an address that is there twice or in use already; seats_exhausted; rate_limited; forbidden for a role that HR sets) or left_out. With invite they are invited at once, each by an e-mail of their own; without, they are active and have no account yet. At most 10,000 rows and 8 MB. The same idempotency_key (or header Idempotency-Key) gives the same answer again. For admins, and for the company''s own HR. Errors: forbidden, company_not_found, invalid_input, idempotency_mismatch, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.import_employees(uuid, uuid, jsonb, text, boolean, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.import_employees(uuid, uuid, jsonb, text, boolean, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');

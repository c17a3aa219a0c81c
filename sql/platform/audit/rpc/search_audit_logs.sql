CREATE FUNCTION holdfast_private.search_audit_logs(
    organization_id uuid, user_id uuid DEFAULT NULL, entity_type text DEFAULT NULL, entity_id text DEFAULT NULL,
    subject_id uuid DEFAULT NULL, category text DEFAULT NULL, action text DEFAULT NULL, status text DEFAULT NULL,
    from_time timestamptz DEFAULT NULL, to_time timestamptz DEFAULT NULL, before uuid DEFAULT NULL, max_count int DEFAULT 50)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_type text := CASE WHEN to_regclass('@api@.' || quote_ident(entity_type)) IS NOT NULL
                        THEN '@api@.' || quote_ident(entity_type) ELSE entity_type END;
    v_rows jsonb;
    v_last uuid;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'read_audit');
    IF max_count IS NULL OR max_count NOT BETWEEN 1 AND 200 THEN
        PERFORM holdfast_private.raise_invalid('max_count', 'must be from 1 to 200');
    ELSIF from_time >= to_time THEN
        PERFORM holdfast_private.raise_invalid('to_time', 'must be after from_time');
    END IF;
    WITH found AS (
        SELECT l.*
        FROM holdfast_private.audit_log AS l
        WHERE l.organization_id = search_audit_logs.organization_id
          AND (before IS NULL OR l.id < before)
          AND (search_audit_logs.user_id IS NULL OR l.user_id = search_audit_logs.user_id)
          AND (v_type IS NULL OR l.entity_type = v_type)
          AND (search_audit_logs.entity_id IS NULL OR l.entity_id = search_audit_logs.entity_id)
          AND (search_audit_logs.subject_id IS NULL OR l.subject_id = search_audit_logs.subject_id)
          AND (search_audit_logs.category IS NULL OR l.category = search_audit_logs.category)
          AND (search_audit_logs.action IS NULL OR l.action = search_audit_logs.action)
          AND (search_audit_logs.status IS NULL OR l.status = search_audit_logs.status)
          AND (from_time IS NULL OR l.occurred_at >= from_time)
          AND (to_time IS NULL OR l.occurred_at < to_time)
        ORDER BY l.id DESC
        LIMIT max_count + 1),
    page AS (SELECT f.*, row_number() OVER (ORDER BY f.id DESC) AS n FROM found AS f)
    SELECT jsonb_agg(to_jsonb(p) - '{n,organization_id,transaction_id,cluster,salt,digest,entity_type,occurred_at}'::text[]
               || jsonb_build_object('timestamp', p.occurred_at, 'entity_type',
                      CASE WHEN starts_with(p.entity_type, '@api@.') THEN substr(p.entity_type, length('@api@.') + 1) ELSE p.entity_type END)
               ORDER BY p.id DESC) FILTER (WHERE p.n <= max_count),
           (array_agg(p.id ORDER BY p.id) FILTER (WHERE p.n <= max_count))[1]
    INTO v_rows, v_last
    FROM page AS p
    HAVING count(*) > 0;
    -- Who searched, and for what: the log tells of people.
    PERFORM holdfast_private.record_read_event(organization_id, '@api@.audit_logs', entity_id, subject_id,
        jsonb_strip_nulls(jsonb_build_object('user_id', user_id, 'entity_type', v_type, 'category', category, 'action', action,
            'status', status, 'from_time', from_time, 'to_time', to_time, 'rows', coalesce(jsonb_array_length(v_rows), 0))));
    RETURN jsonb_build_object('logs', coalesce(v_rows, '[]'), 'before',
        CASE WHEN EXISTS (SELECT FROM holdfast_private.audit_log AS l
                          WHERE l.organization_id = search_audit_logs.organization_id AND l.id < v_last
                            AND jsonb_array_length(v_rows) = max_count)
             THEN v_last END);
END
$$;
COMMENT ON FUNCTION holdfast_private.search_audit_logs(uuid, uuid, text, text, uuid, text, text, text, timestamptz, timestamptz, uuid, int) IS
'Searches the audit log of the organization, newest first: {"logs": [rows], "before"}. "before" is what to send as before for the next page, null on the last. All filters that are given must hold; entity_type is a table''s name, from_time is included, to_time is not. The search itself is recorded. For who may read the audit log. Errors: forbidden, invalid_input (max_count, to_time).';
REVOKE ALL ON FUNCTION holdfast_private.search_audit_logs(uuid, uuid, text, text, uuid, text, text, text, timestamptz, timestamptz, uuid, int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.search_audit_logs(uuid, uuid, text, text, uuid, text, text, text, timestamptz, timestamptz, uuid, int)'::regprocedure,
    '@api@', '{authenticated,service_role}');

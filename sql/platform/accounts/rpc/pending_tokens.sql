CREATE FUNCTION holdfast_private.pending_tokens(max_count int DEFAULT 100)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    IF NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error(CASE WHEN holdfast.uid() IS NULL THEN 'not_authenticated' ELSE 'forbidden' END);
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')
        FROM (
            SELECT p.organization_id, p.id AS token_id, p.kind, p.created_at, p.expires_at
            FROM @api@.account_tokens AS p
            WHERE p.issued_at IS NULL AND p.void_at IS NULL AND NOT p.silent AND p.expires_at > holdfast.clock()
            ORDER BY p.created_at
            LIMIT least(greatest(pending_tokens.max_count, 0), 1000)) AS t);
END
$$;
COMMENT ON FUNCTION holdfast_private.pending_tokens(int) IS
'What waits to be mailed, in every organization, oldest first: [{"organization_id","token_id","kind","created_at","expires_at"}]. For the worker that mails it, with the service role; issue_token() then makes each. Error: forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.pending_tokens(int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.pending_tokens(int)'::regprocedure, '@api@', '{authenticated,service_role}');

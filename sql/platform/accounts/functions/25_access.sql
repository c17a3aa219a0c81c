-- Access tokens for PostgREST: of login sessions and of API keys.

CREATE FUNCTION holdfast_private.access_token(
    organization_id uuid, user_id uuid, email text, more jsonb, OUT access_token text, OUT expires_in int)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_lifetime CONSTANT interval := interval '15 minutes';
BEGIN
    access_token := holdfast.jwt_issue(jsonb_strip_nulls(jsonb_build_object(
        'iss', 'holdfast', 'aud', 'authenticated', 'sub', user_id,
        'role', coalesce((
            SELECT a.role_name FROM holdfast_private.api_roles AS a WHERE a.api_role = 'authenticated'
            ORDER BY a.role_name <> 'authenticated', a.role_name LIMIT 1), 'authenticated'),
        'email', email, 'organization_id', organization_id)) || more, c_lifetime);
    expires_in := extract(epoch FROM c_lifetime);
END
$$;
COMMENT ON FUNCTION holdfast_private.access_token(uuid, uuid, text, jsonb) IS
'A token for PostgREST. Error: keys_unavailable (holdfast.jwt_secret_file is not set).';
REVOKE ALL ON FUNCTION holdfast_private.access_token(uuid, uuid, text, jsonb) FROM PUBLIC;

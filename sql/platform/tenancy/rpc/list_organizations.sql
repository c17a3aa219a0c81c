CREATE FUNCTION holdfast_private.list_organizations()
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
    IF holdfast.uid() IS NULL AND NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error('not_authenticated');
    ELSIF NOT holdfast_private.can('manage_platform') THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    RETURN (
        SELECT jsonb_build_object('organizations', coalesce(jsonb_agg(to_jsonb(o) ORDER BY o.name, o.id), '[]'))
        FROM @api@.organizations AS o
        WHERE o.id <> '00000000-0000-0000-0000-000000000000');
END
$$;
COMMENT ON FUNCTION holdfast_private.list_organizations() IS
'Every organization: {"organizations":[…]}, for those who name one in the header X-Organization-Id: super admins, the service role and the system. Error: forbidden.';
REVOKE ALL ON FUNCTION holdfast_private.list_organizations() FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.list_organizations()'::regprocedure, '@api@', '{authenticated,service_role}');

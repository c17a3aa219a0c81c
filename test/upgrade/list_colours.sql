CREATE FUNCTION holdfast_private.list_colours(organization_id uuid)
RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    RETURN (SELECT coalesce(jsonb_agg(DISTINCT p.colour), '[]') FROM @api@.pillars AS p
            WHERE p.organization_id = list_colours.organization_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.list_colours(uuid) IS
'The colours in use.';
REVOKE ALL ON FUNCTION holdfast_private.list_colours(uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.list_colours(uuid)'::regprocedure, '@api@', '{authenticated,service_role}');

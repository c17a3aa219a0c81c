-- What a module's upgrade script looks like: parts in phases, as in the module, so that steps of several modules run phase
-- by phase. What stands before the first part is not run.

-- >>> tables catalog/tables.sql
ALTER TABLE @api@.pillars ADD COLUMN colour text NOT NULL DEFAULT 'grey';
-- >>> tables catalog/tables.sql
COMMENT ON COLUMN @api@.pillars.colour IS 'How it is shown.';
-- >>> constraints catalog/constraints.sql
ALTER TABLE @api@.pillars ADD CONSTRAINT pillars_colour_check CHECK (holdfast_private.is_colour(colour));
-- >>> indexes catalog/indexes.sql
CREATE INDEX pillars_colour_idx ON @api@.pillars (organization_id, colour);
-- >>> policies catalog/policies.sql
ALTER POLICY pillars_add ON @api@.pillars
    WITH CHECK (organization_id = holdfast.org_id() AND colour <> 'none' AND holdfast.has_permission('@api@.user_roles', 'manage_catalog'));
-- >>> grants catalog/grants.sql
DELETE FROM holdfast_private.api_grants WHERE object = '@api@.pillars' AND privileges LIKE 'UPDATE (%';
SELECT holdfast_private.grant_table('@api@.pillars', 'UPDATE (code, name, description, sort_order, is_active, colour)', 'authenticated');
-- >>> rpc catalog/rpc/list_colours.sql
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

-- Where somebody comes from, before they are anybody: which organization they mean, and from which address.

CREATE FUNCTION holdfast_private.named_organization(organization_id uuid)
RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_everywhere CONSTANT uuid := uuid '00000000-0000-0000-0000-000000000000';
    v_named uuid := coalesce(organization_id, holdfast.org_id());
    v_all uuid[];
BEGIN
    IF v_named IS NOT NULL THEN
        -- One that does not exist is nowhere: nobody is found there, and the answer is the same.
        RETURN coalesce((SELECT o.id FROM @api@.organizations AS o WHERE o.id = v_named), c_everywhere);
    END IF;
    v_all := ARRAY(SELECT o.id FROM @api@.organizations AS o WHERE o.id <> c_everywhere LIMIT 2);
    IF cardinality(v_all) <> 1 THEN
        PERFORM holdfast_private.raise_invalid('organization_id', 'is required');
    END IF;
    RETURN v_all[1];
END
$$;
COMMENT ON FUNCTION holdfast_private.named_organization(uuid) IS
'The organization that somebody who is not signed in means: the one they name, that of the request, or the only one there is; nil where the one they name does not exist. Error: invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.named_organization(uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.account_settings_of(organization_id uuid)
RETURNS @api@.account_settings
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_settings @api@.account_settings;
BEGIN
    SELECT s.* INTO v_settings
    FROM @api@.account_settings AS s
    WHERE s.organization_id IN (account_settings_of.organization_id, '00000000-0000-0000-0000-000000000000')
    ORDER BY s.organization_id DESC
    LIMIT 1;
    RETURN v_settings;
END
$$;
COMMENT ON FUNCTION holdfast_private.account_settings_of(uuid) IS
'What holds in an organization: its own settings, or those of the nil organization.';
REVOKE ALL ON FUNCTION holdfast_private.account_settings_of(uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.account_status(organization_id uuid, user_id uuid)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN coalesce((
        SELECT a.status FROM @api@.accounts AS a
        WHERE a.organization_id = account_status.organization_id AND a.user_id = account_status.user_id), 'active');
END
$$;
COMMENT ON FUNCTION holdfast_private.account_status(uuid, uuid) IS
'active, suspended or deleted.';
REVOKE ALL ON FUNCTION holdfast_private.account_status(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.address_allowed(organization_id uuid, user_id uuid, ip_address inet)
RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- An address that is not known is not on any list: not blocked, and not allowed where only some are.
    RETURN NOT EXISTS (
            SELECT FROM @api@.ip_blocklist AS b
            WHERE b.organization_id = address_allowed.organization_id
              AND (b.user_id IS NULL OR b.user_id = address_allowed.user_id)
              AND address_allowed.ip_address <<= b.ip_address)
        AND coalesce((
            SELECT bool_or(coalesce(address_allowed.ip_address <<= a.ip_address, false))
            FROM @api@.ip_allowlist AS a
            WHERE a.organization_id = address_allowed.organization_id
              AND (a.user_id IS NULL OR a.user_id = address_allowed.user_id)), true);
END
$$;
COMMENT ON FUNCTION holdfast_private.address_allowed(uuid, uuid, inet) IS
'Whether a user (null: anybody) may come from an address: no entry of ip_blocklist covers it, and if ip_allowlist has entries for them or for everybody, one of those does.';
REVOKE ALL ON FUNCTION holdfast_private.address_allowed(uuid, uuid, inet) FROM PUBLIC;

CREATE FUNCTION holdfast_private.request_agent()
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN left(holdfast.request_header('user-agent'), 1000);
END
$$;
COMMENT ON FUNCTION holdfast_private.request_agent() IS
'What the request was made with, as the client says, at most 1000 characters of it.';
REVOKE ALL ON FUNCTION holdfast_private.request_agent() FROM PUBLIC;

CREATE FUNCTION holdfast_private.read_address(field text, value text)
RETURNS inet
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    BEGIN
        RETURN holdfast_private.required_text(field, value, 50)::inet;
    EXCEPTION WHEN invalid_text_representation THEN
        PERFORM holdfast_private.raise_invalid(field, 'is not an address or a network');
    END;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.read_address(text, text) IS
'An address or a network that a client sends; invalid_input for anything else.';
REVOKE ALL ON FUNCTION holdfast_private.read_address(text, text) FROM PUBLIC;

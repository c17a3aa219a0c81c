-- The form of every secret that is handed out: SECRET.PLACE, the typed secret of holdfast.token(), and the base64url of the
-- 32 bytes that find its row, organization and id. Only token_hash(SECRET) is kept.

CREATE FUNCTION holdfast_private.placed_token(secret text, organization_id uuid, id uuid)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN secret || '.' || translate(encode(uuid_send(organization_id) || uuid_send(id), 'base64'), '+/=', '-_');
END
$$;
COMMENT ON FUNCTION holdfast_private.placed_token(text, uuid, uuid) IS
'A secret with the place of its row behind it: what its owner is shown.';
REVOKE ALL ON FUNCTION holdfast_private.placed_token(text, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.read_token(
    token text, prefix text, OUT organization_id uuid, OUT id uuid, OUT secret text)
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_nowhere CONSTANT text := repeat('A', 43);
    v_well_formed boolean := coalesce(token ~ '^[a-z0-9_]{2,12}_[0-9A-Za-z]{49}\.[0-9A-Za-z_-]{43}$', false);
    v_place bytea := decode(translate(
        CASE WHEN v_well_formed THEN right(token, 43) ELSE c_nowhere END, '-_', '+/') || '=', 'base64');
BEGIN
    organization_id := encode(substr(v_place, 1, 16), 'hex')::uuid;
    id := encode(substr(v_place, 17, 16), 'hex')::uuid;
    secret := CASE WHEN v_well_formed AND starts_with(token, prefix || '_') THEN left(token, -44) END;
END
$$;
COMMENT ON FUNCTION holdfast_private.read_token(text, text) IS
'A token, taken apart: where its row is said to be, and its secret. A token of another form has no secret and is nowhere (the nil UUIDs), one of another kind has no secret: look it up all the same and ask token_matches(secret, hash), so that it is the same work.';
REVOKE ALL ON FUNCTION holdfast_private.read_token(text, text) FROM PUBLIC;

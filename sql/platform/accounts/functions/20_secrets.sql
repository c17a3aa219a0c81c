-- What one-use tokens, login sessions and API keys have in common: secrets of their own, of which there may be several, and
-- which end. Whatever is wrong with a token, finding that out is the same work: one look-up, one hash, one comparison.

CREATE FUNCTION holdfast_private.new_secret(
    organization_id uuid, token_id uuid, prefix text, expires_at timestamptz)
RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_secret text := holdfast.token(prefix);
BEGIN
    INSERT INTO holdfast_private.token_secrets AS s (organization_id, token_id, token_hash, expires_at)
    VALUES (new_secret.organization_id, new_secret.token_id, holdfast.token_hash(v_secret), new_secret.expires_at);
    RETURN holdfast_private.placed_token(v_secret, organization_id, token_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.new_secret(uuid, uuid, text, timestamptz) IS
'A new secret for a token, session or key, as it is shown to its owner this once.';
REVOKE ALL ON FUNCTION holdfast_private.new_secret(uuid, uuid, text, timestamptz) FROM PUBLIC;

CREATE FUNCTION holdfast_private.find_secret(
    token text, prefix text,
    OUT organization_id uuid, OUT token_id uuid, OUT token_hash bytea, OUT expires_at timestamptz, OUT spent_at timestamptz,
    OUT matches boolean)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_secret text;
BEGIN
    SELECT r.organization_id, r.id, r.secret INTO organization_id, token_id, v_secret
    FROM holdfast_private.read_token(token, prefix) AS r;
    SELECT s.token_hash, s.expires_at, s.spent_at, holdfast.token_matches(v_secret, s.token_hash)
    INTO token_hash, expires_at, spent_at, matches
    FROM holdfast_private.token_secrets AS s
    WHERE s.organization_id = find_secret.organization_id AND s.token_id = find_secret.token_id
    ORDER BY 4 DESC, s.created_at DESC
    LIMIT 1;
    IF NOT FOUND THEN
        matches := holdfast.token_matches(v_secret, NULL);
    END IF;
    IF NOT matches THEN
        token_hash := NULL;
        expires_at := NULL;
        spent_at := NULL;
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.find_secret(text, text) IS
'What a token shows: where its row is said to be, and whether the secret is one of that row''s, with its hash and times. Says nothing of whether the row exists, is still good, or of the same kind.';
REVOKE ALL ON FUNCTION holdfast_private.find_secret(text, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.revoke_secrets(organization_id uuid, VARIADIC token_ids uuid[])
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM holdfast_private.token_secrets AS s
    WHERE s.organization_id = revoke_secrets.organization_id AND s.token_id = ANY (token_ids);
END
$$;
COMMENT ON FUNCTION holdfast_private.revoke_secrets(uuid, uuid[]) IS
'Ends all secrets of tokens, sessions or keys.';
REVOKE ALL ON FUNCTION holdfast_private.revoke_secrets(uuid, uuid[]) FROM PUBLIC;

-- Passwords: what a new one must be, and how one takes the place of another.

CREATE FUNCTION holdfast_private.current_password(organization_id uuid, user_id uuid)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT w.password_hash FROM holdfast_private.passwords AS w
        WHERE w.organization_id = current_password.organization_id AND w.user_id = current_password.user_id
          AND w.replaced_at IS NULL);
END
$$;
COMMENT ON FUNCTION holdfast_private.current_password(uuid, uuid) IS
'The hash of somebody''s password; null when they have none.';
REVOKE ALL ON FUNCTION holdfast_private.current_password(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.check_password(field text, password text, organization_id uuid, words text[])
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_strength record;
BEGIN
    IF coalesce(password, '') = '' THEN
        PERFORM holdfast_private.raise_invalid(field, 'is required');
    END IF;
    SELECT s.* INTO v_strength FROM holdfast.password_strength(password, words) AS s;
    IF 'too_short' = ANY (v_strength.reasons) THEN
        PERFORM holdfast_private.raise_invalid(field, 'is too short');
    ELSIF 'too_long' = ANY (v_strength.reasons) THEN
        PERFORM holdfast_private.raise_invalid(field, 'is too long');
    ELSIF 'breached' = ANY (v_strength.reasons) THEN
        PERFORM holdfast_private.raise_invalid(field, 'is known from a breach');
    ELSIF NOT v_strength.acceptable
        OR v_strength.score < (holdfast_private.account_settings_of(organization_id)).min_password_score
    THEN
        PERFORM holdfast_private.raise_invalid(field, 'is too easy to guess');
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_password(text, text, uuid, text[]) IS
'Checks that a new password is long, not easily guessed (the words are the user''s own: address, name, organization) and not known from a breach. Error: invalid_input, which never repeats it.';
REVOKE ALL ON FUNCTION holdfast_private.check_password(text, text, uuid, text[]) FROM PUBLIC;

CREATE FUNCTION holdfast_private.password_words(organization_id uuid, email text, display_name text)
RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN array_remove(ARRAY[email, split_part(email, '@', 1), split_part(email, '@', 2), display_name,
        (SELECT o.name FROM @api@.organizations AS o WHERE o.id = password_words.organization_id)], NULL);
END
$$;
COMMENT ON FUNCTION holdfast_private.password_words(uuid, text, text) IS
'Words that a password of somebody should not be made of.';
REVOKE ALL ON FUNCTION holdfast_private.password_words(uuid, text, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.set_password(organization_id uuid, user_id uuid, field text, password text)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_history CONSTANT int := 5;
    v_now timestamptz := holdfast.clock();
    v_profile @api@.profiles;
BEGIN
    -- One at a time: the row of the person is the lock.
    SELECT p.* INTO v_profile FROM @api@.profiles AS p
    WHERE p.organization_id = set_password.organization_id AND p.user_id = set_password.user_id
    FOR NO KEY UPDATE;
    PERFORM holdfast_private.check_password(field, password, organization_id,
        holdfast_private.password_words(organization_id, v_profile.email, v_profile.display_name));
    IF EXISTS (
        SELECT FROM (SELECT w.password_hash FROM holdfast_private.passwords AS w
                     WHERE w.organization_id = set_password.organization_id AND w.user_id = set_password.user_id
                     ORDER BY w.created_at DESC, w.id DESC LIMIT c_history) AS old
        WHERE (holdfast.password_verify(set_password.password, old.password_hash)).matches)
    THEN
        PERFORM holdfast_private.raise_invalid(field, format('is one of your last %s passwords', c_history));
    END IF;
    UPDATE holdfast_private.passwords AS w SET replaced_at = v_now
    WHERE w.organization_id = set_password.organization_id AND w.user_id = set_password.user_id AND w.replaced_at IS NULL;
    INSERT INTO holdfast_private.passwords AS w (organization_id, user_id, password_hash)
    VALUES (set_password.organization_id, set_password.user_id, holdfast.password_hash(set_password.password));
    DELETE FROM holdfast_private.passwords AS w
    WHERE w.organization_id = set_password.organization_id AND w.user_id = set_password.user_id
      AND w.id NOT IN (SELECT k.id FROM holdfast_private.passwords AS k
                       WHERE k.organization_id = set_password.organization_id AND k.user_id = set_password.user_id
                       ORDER BY k.created_at DESC, k.id DESC LIMIT c_history);
END
$$;
COMMENT ON FUNCTION holdfast_private.set_password(uuid, uuid, text, text) IS
'Gives somebody a new password, which must pass check_password() and be none of their last five. Error: invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.set_password(uuid, uuid, text, text) FROM PUBLIC;

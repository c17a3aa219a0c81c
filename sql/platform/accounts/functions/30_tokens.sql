-- One-use tokens: requested by whoever needs one, issued to the worker that mails it, taken once. Nothing of a token is
-- kept but its hash, and that only once it is issued; so there is no table, queue or log to read one from.

CREATE FUNCTION holdfast_private.add_tokens(
    organization_id uuid, kind text, emails text[], details jsonb[], user_id uuid DEFAULT NULL, silent boolean DEFAULT false,
    role text DEFAULT NULL)
RETURNS SETOF @api@.account_tokens
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
BEGIN
    UPDATE @api@.account_tokens AS t SET void_at = v_now
    FROM unnest(add_tokens.emails) AS r (email)
    WHERE t.organization_id = add_tokens.organization_id AND t.kind = add_tokens.kind
      AND t.email = r.email AND t.silent = add_tokens.silent AND t.void_at IS NULL
      AND num_nonnulls(t.accepted_at, t.rejected_at) = 0;
    RETURN QUERY
        INSERT INTO @api@.account_tokens AS t
            (organization_id, kind, email, user_id, requested_by, requested_ip, role, details, silent, created_at, expires_at)
        SELECT add_tokens.organization_id, k.kind, r.email, add_tokens.user_id, holdfast.uid(), holdfast.request_ip(),
               add_tokens.role, r.details, add_tokens.silent, v_now, v_now + k.lifetime
        FROM holdfast_private.token_kinds AS k, unnest(add_tokens.emails, add_tokens.details) AS r (email, details)
        WHERE k.kind = add_tokens.kind
        RETURNING t.*;
END
$$;
COMMENT ON FUNCTION holdfast_private.add_tokens(uuid, text, text[], jsonb[], uuid, boolean, text) IS
'Asks for tokens to be mailed to addresses, each with its details; older ones of the kind for them are void from now on. The caller sees to it that nobody else asks for the same addresses meanwhile, and how often they may.';
REVOKE ALL ON FUNCTION holdfast_private.add_tokens(uuid, text, text[], jsonb[], uuid, boolean, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.request_token(
    organization_id uuid, kind text, email text, user_id uuid, silent boolean, role text DEFAULT NULL, details jsonb DEFAULT '{}')
RETURNS @api@.account_tokens
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_per_email CONSTANT int := 5;
    c_per_address CONSTANT int := 20;
    c_window CONSTANT interval := interval '1 hour';
    v_now timestamptz := holdfast.clock();
    v_ip inet := holdfast.request_ip();
    v_recent int;
    v_oldest timestamptz;
    v_token @api@.account_tokens;
BEGIN
    -- One at a time, so that the count is right and the newest is the only one that stays good.
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'account token', organization_id, kind, email), 0));
    SELECT count(*), min(t.created_at) INTO v_recent, v_oldest
    FROM (SELECT t.created_at FROM @api@.account_tokens AS t
          WHERE t.organization_id = request_token.organization_id AND t.kind = request_token.kind
            AND t.email = request_token.email AND t.created_at > v_now - c_window
          ORDER BY t.created_at DESC LIMIT c_per_email) AS t;
    -- Invitations count for nobody else: they are asked for by who may, and often many from one office.
    IF v_recent < c_per_email AND v_ip IS NOT NULL AND NOT holdfast_private.is_trusted() THEN
        SELECT count(*), min(t.created_at) INTO v_recent, v_oldest
        FROM (SELECT t.created_at FROM @api@.account_tokens AS t
              JOIN holdfast_private.token_kinds AS k ON k.kind = t.kind
              WHERE t.organization_id = request_token.organization_id AND t.requested_ip = v_ip
                AND t.created_at > v_now - c_window AND (NOT k.joins OR t.kind = request_token.kind)
              ORDER BY t.created_at DESC LIMIT c_per_address) AS t;
        v_recent := v_recent - c_per_address + c_per_email;
    END IF;
    IF v_recent >= c_per_email THEN
        PERFORM holdfast.raise_error('rate_limited', jsonb_build_object('retry_after_seconds',
            greatest(1, ceil(extract(epoch FROM v_oldest + c_window - v_now))::int)));
    END IF;

    SELECT t.* INTO STRICT v_token
    FROM holdfast_private.add_tokens(organization_id, kind, ARRAY[email], ARRAY[details], user_id, silent, role) AS t;
    RETURN v_token;
END
$$;
COMMENT ON FUNCTION holdfast_private.request_token(uuid, text, text, uuid, boolean, text, jsonb) IS
'Asks for a token to be mailed to an address; older ones of the kind for it are void from now on. At most 5 an hour for one address and 20 from one network address. A silent request is the same work, and nothing comes of it: it voids none that was sent. Error: rate_limited.';
REVOKE ALL ON FUNCTION holdfast_private.request_token(uuid, text, text, uuid, boolean, text, jsonb) FROM PUBLIC;

CREATE FUNCTION holdfast_private.make_token(organization_id uuid, token_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_now timestamptz := holdfast.clock();
    v_kind holdfast_private.token_kinds;
    v_token @api@.account_tokens;
BEGIN
    SELECT t.* INTO v_token FROM @api@.account_tokens AS t
    WHERE t.organization_id = make_token.organization_id AND t.id = make_token.token_id AND NOT t.silent
      AND t.void_at IS NULL AND num_nonnulls(t.accepted_at, t.rejected_at) = 0 AND t.expires_at > v_now
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('token_not_found');
    END IF;
    SELECT k.* INTO v_kind FROM holdfast_private.token_kinds AS k WHERE k.kind = v_token.kind;
    PERFORM holdfast_private.revoke_secrets(make_token.organization_id, make_token.token_id);
    UPDATE @api@.account_tokens AS t SET issued_at = v_now, expires_at = v_now + v_kind.lifetime
    WHERE t.organization_id = make_token.organization_id AND t.id = make_token.token_id;
    RETURN (SELECT jsonb_build_object(
        'token', holdfast_private.new_secret(make_token.organization_id, make_token.token_id, v_kind.prefix, v_now + v_kind.lifetime),
        'token_id', v_token.id, 'kind', v_token.kind, 'email', v_token.email, 'user_id', v_token.user_id,
        'expires_at', v_now + v_kind.lifetime, 'role', v_token.role, 'details', v_token.details,
        'organization', (SELECT o.name FROM @api@.organizations AS o WHERE o.id = v_token.organization_id),
        'display_name', p.display_name, 'locale', p.locale)
    FROM (SELECT) AS one
    LEFT JOIN @api@.profiles AS p ON p.organization_id = v_token.organization_id AND p.user_id = v_token.user_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.make_token(uuid, uuid) IS
'Makes the token that was asked for, whoever the caller is: what issue_token() answers. The one before is void. Error: token_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.make_token(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.token_state(token @api@.account_tokens)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN CASE
        WHEN token.id IS NULL OR token.silent OR token.issued_at IS NULL THEN 'invalid'
        WHEN token.attempts >= (SELECT k.max_attempts FROM holdfast_private.token_kinds AS k WHERE k.kind = token.kind)
            THEN 'invalid'
        WHEN num_nonnulls(token.accepted_at, token.rejected_at) > 0 THEN 'used'
        WHEN token.void_at IS NOT NULL OR token.expires_at <= holdfast.clock() THEN 'expired'
        ELSE 'valid'
    END;
END
$$;
COMMENT ON FUNCTION holdfast_private.token_state(@api@.account_tokens) IS
'valid, used, expired (too old, or a newer one took its place) or invalid (unknown, or tried too often).';
REVOKE ALL ON FUNCTION holdfast_private.token_state(@api@.account_tokens) FROM PUBLIC;

CREATE FUNCTION holdfast_private.take_token(
    kind text, token text, OUT state text, OUT organization_id uuid, OUT id uuid, OUT user_id uuid, OUT email text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_found record;
    v_token @api@.account_tokens;
BEGIN
    PERFORM holdfast_private.guess_from_address(false);
    SELECT f.* INTO v_found
    FROM holdfast_private.find_secret(token, (
        SELECT k.prefix FROM holdfast_private.token_kinds AS k WHERE k.kind = take_token.kind)) AS f;
    SELECT t.* INTO v_token FROM @api@.account_tokens AS t
    WHERE t.organization_id = v_found.organization_id AND t.id = v_found.token_id AND t.kind = take_token.kind
    FOR NO KEY UPDATE;
    state := holdfast_private.token_state(v_token);
    IF NOT v_found.matches THEN
        UPDATE @api@.account_tokens AS t SET attempts = t.attempts + 1
        WHERE t.organization_id = v_token.organization_id AND t.id = v_token.id AND take_token.state = 'valid';
        PERFORM holdfast_private.security_event(v_token.organization_id, v_token.user_id, 'token_refused',
            jsonb_build_object('kind', kind), 'failure');
        state := 'invalid';
    ELSIF state = 'valid' THEN
        organization_id := v_token.organization_id;
        id := v_token.id;
        user_id := v_token.user_id;
        email := v_token.email;
    END IF;
END
$$;
COMMENT ON FUNCTION holdfast_private.take_token(text, text) IS
'A token that may be used now (state valid), its row locked: of two who come at once, the second finds it used. Else nothing of it, and why: used, expired or invalid. A wrong secret for a token that exists counts against it, so the caller returns the refusal (refuse_token()) and does not raise it.';
REVOKE ALL ON FUNCTION holdfast_private.take_token(text, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.refuse_token(state text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast_private.guess_from_address(true) WHERE state = 'invalid';
    RETURN holdfast.answer_error('token_' || state);
END
$$;
COMMENT ON FUNCTION holdfast_private.refuse_token(text) IS
'The answer to a token that take_token() refused: returned, so that the attempt stays counted.';
REVOKE ALL ON FUNCTION holdfast_private.refuse_token(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.use_token(organization_id uuid, token_id uuid, accepted boolean, user_id uuid DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE @api@.account_tokens AS t
    SET accepted_at = CASE WHEN accepted THEN holdfast.clock() END,
        rejected_at = CASE WHEN NOT accepted THEN holdfast.clock() END,
        used_ip = holdfast.request_ip(), user_id = coalesce(use_token.user_id, t.user_id)
    WHERE t.organization_id = use_token.organization_id AND t.id = use_token.token_id;
    PERFORM holdfast_private.security_event(t.organization_id, t.user_id, t.kind || CASE WHEN accepted THEN '_accepted' ELSE '_rejected' END,
        jsonb_build_object('token_id', t.id), 'success')
    FROM @api@.account_tokens AS t
    WHERE t.organization_id = use_token.organization_id AND t.id = use_token.token_id;
END
$$;
COMMENT ON FUNCTION holdfast_private.use_token(uuid, uuid, boolean, uuid) IS
'Uses a token up that take_token() gave out.';
REVOKE ALL ON FUNCTION holdfast_private.use_token(uuid, uuid, boolean, uuid) FROM PUBLIC;

CREATE FUNCTION holdfast_private.accept_token(kind text, token text, user_id uuid, email text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_taken record;
BEGIN
    SELECT t.* INTO v_taken FROM holdfast_private.take_token(kind, token) AS t;
    IF v_taken.state <> 'valid' THEN
        RETURN holdfast_private.refuse_token(v_taken.state);
    ELSIF v_taken.email IS DISTINCT FROM lower(accept_token.email) THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'The invitation is for another e-mail address than that of your account.');
    ELSIF holdfast_private.account_status(v_taken.organization_id, user_id) <> 'active' THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'The account is suspended. Ask an administrator.');
    END IF;
    BEGIN
        INSERT INTO @api@.profiles AS p (organization_id, user_id, email, email_verification_status)
        VALUES (v_taken.organization_id, accept_token.user_id, v_taken.email, 'verified')
        ON CONFLICT ON CONSTRAINT profiles_pkey DO UPDATE
        SET email = coalesce(p.email, excluded.email),
            email_verification_status = CASE WHEN coalesce(p.email, excluded.email) = excluded.email
                THEN 'verified' ELSE p.email_verification_status END;
    EXCEPTION WHEN unique_violation THEN
        -- Whoever comes here has shown that the address is theirs, so they may know.
        PERFORM holdfast.raise_error('forbidden', NULL, 'Another account in the organization has this address: sign in with that one.');
    END;
    PERFORM holdfast_private.use_token(v_taken.organization_id, v_taken.id, true, user_id);
    EXECUTE format('SELECT holdfast_private.%I($1, $2, $3)', 'join_by_' || kind)
    USING v_taken.organization_id, v_taken.id, user_id;
    RETURN jsonb_build_object('organization_id', v_taken.organization_id)
        || holdfast_private.roles_json(v_taken.organization_id, user_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.accept_token(text, text, uuid, text) IS
'Lets a user with this (verified) address into the organization by a token of a kind that joins: {"organization_id","user_id","roles"}, or the answer of a refused token. Error: forbidden (another address, or that of another account in the organization).';
REVOKE ALL ON FUNCTION holdfast_private.accept_token(text, text, uuid, text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.token_kind_of(token text)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT k.kind FROM holdfast_private.token_kinds AS k WHERE k.prefix = holdfast.token_prefix(split_part(token, '.', 1)));
END
$$;
COMMENT ON FUNCTION holdfast_private.token_kind_of(text) IS
'The kind that a well-formed token says it is; null for anything else.';
REVOKE ALL ON FUNCTION holdfast_private.token_kind_of(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.join_by_invitation(organization_id uuid, token_id uuid, user_id uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO @api@.user_roles AS u (organization_id, user_id, role, granted_by, reason)
    SELECT t.organization_id, join_by_invitation.user_id, t.role, t.requested_by, 'invitation'
    FROM @api@.account_tokens AS t
    WHERE t.organization_id = join_by_invitation.organization_id AND t.id = join_by_invitation.token_id
    ON CONFLICT ON CONSTRAINT user_roles_pkey DO NOTHING;
END
$$;
COMMENT ON FUNCTION holdfast_private.join_by_invitation(uuid, uuid, uuid) IS
'What accepting an invitation gives: its role.';
REVOKE ALL ON FUNCTION holdfast_private.join_by_invitation(uuid, uuid, uuid) FROM PUBLIC;

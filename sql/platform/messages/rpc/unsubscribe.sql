CREATE FUNCTION holdfast_private.unsubscribe(token text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_found record;
BEGIN
    PERFORM holdfast_private.guess_from_address(false);
    SELECT f.* INTO v_found FROM holdfast_private.find_secret(token, 'hfunsub') AS f;
    IF NOT v_found.matches THEN
        RETURN holdfast_private.refuse_token('invalid');
    ELSIF v_found.expires_at <= holdfast.clock() THEN
        RETURN holdfast_private.refuse_token('expired');
    END IF;
    -- The token names the user. One who has left wants nothing anyhow.
    INSERT INTO @api@.notification_preferences AS p (organization_id, user_id, marketing_emails)
    SELECT o.organization_id, o.user_id, false FROM @api@.profiles AS o
    WHERE o.organization_id = v_found.organization_id AND o.user_id = v_found.token_id
    ON CONFLICT (organization_id, user_id) DO UPDATE SET marketing_emails = false
    WHERE p.marketing_emails;
    RETURN jsonb_build_object('unsubscribed', true);
END
$$;
COMMENT ON FUNCTION holdfast_private.unsubscribe(text) IS
'Takes back, by the token in the link of a marketing e-mail and without signing in, that its reader wants marketing: {"unsubscribed": true}, as often as it is called; everything else is sent as before. By POST, which is what a mail program does with one click (RFC 8058). The token is good for a year, and for nothing else. Errors, which are answered and not raised, so that the attempt counts: token_invalid, token_expired; and locked.';
REVOKE ALL ON FUNCTION holdfast_private.unsubscribe(text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.unsubscribe(text)'::regprocedure, '@api@', '{anon,authenticated,service_role}');

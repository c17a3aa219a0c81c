-- A webhook whose sender signs the raw body: Acuity Scheduling, which sends the base64 of an HMAC-SHA256 in the header
-- x-acuity-signature. Run it as the database administrator; -v api=… names the schema that PostgREST serves.
--
--   psql -v api=public -f webhook.sql
--   psql -c "INSERT INTO webhooks.keys VALUES ('acuity', convert_to('THE API KEY', 'UTF8'))"
--
-- PostgREST hands the body over as it came when the function has one unnamed bytea argument and the Content-Type is
-- application/octet-stream. Acuity says application/x-www-form-urlencoded, which PostgREST would take apart; so the proxy in
-- front of it says otherwise, in nginx:
--
--   location = /webhooks/acuity {
--       proxy_pass http://postgrest/rpc/acuity_webhook;
--       proxy_set_header Content-Type application/octet-stream;
--       client_max_body_size 64k;
--   }
\if :{?api} \else \set api public \endif

CREATE SCHEMA webhooks;
REVOKE ALL ON SCHEMA webhooks FROM PUBLIC;

CREATE TABLE webhooks.keys (
    name text PRIMARY KEY,
    key bytea NOT NULL
);
ALTER TABLE webhooks.keys ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE webhooks.keys IS 'What the senders sign with. Nobody but the owner reads it; seal it where a root key is set up.';

-- The same message may come again, when the answer got lost. Its digest is its name, and it is kept once.
CREATE TABLE webhooks.inbox (
    name text NOT NULL,
    digest bytea NOT NULL,
    body bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    handled_at timestamptz,
    PRIMARY KEY (name, digest)
);
ALTER TABLE webhooks.inbox ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE webhooks.inbox IS 'Messages whose signature was right. A worker fetches what they are about and sets handled_at.';

CREATE FUNCTION :"api".acuity_webhook(bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_key bytea;
    v_rows int;
BEGIN
    SELECT k.key INTO v_key FROM webhooks.keys AS k WHERE k.name = 'acuity';
    IF NOT holdfast.hmac_matches_text($1, holdfast.request_header('x-acuity-signature'), v_key, 'base64') THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'The signature is not that of this body.');
    END IF;
    INSERT INTO webhooks.inbox (name, digest, body) VALUES ('acuity', sha256($1), $1) ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    -- Where the platform is installed, its audit log says that a message was taken, and which.
    IF v_rows = 1 AND to_regclass('holdfast_private.audit_log') IS NOT NULL THEN
        PERFORM holdfast.record_event(
            'holdfast_private.audit_log', 'request.webhook', 'webhooks.inbox', encode(sha256($1), 'hex'), '{"name": "acuity"}');
    END IF;
    RETURN jsonb_build_object('received', true, 'new', v_rows = 1);
END;
$$;
COMMENT ON FUNCTION :"api".acuity_webhook(bytea) IS
'Takes a message of Acuity Scheduling: the raw body, signed in the header x-acuity-signature. Raises forbidden for any other.';
REVOKE ALL ON FUNCTION :"api".acuity_webhook(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION :"api".acuity_webhook(bytea) TO anon;

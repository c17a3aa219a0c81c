-- Sourced by the tests of sign_in and api_keys, after booking.sql and accounts.sql: a secret for PostgREST, and calls with the tokens that were given out.
\set QUIET on
SELECT regexp_replace(current_setting('data_directory'), '/[^/]*$', '') || '/t_sign_in' AS dir \gset
CREATE FUNCTION t.shell(command text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('COPY (SELECT) TO PROGRAM %L', command); END $$;
SELECT t.shell(format('rm -rf %1$L; mkdir -m 700 %1$L; umask 077; printf %%032d 8 > %1$L/jwt', :'dir')) \g /dev/null
CREATE TABLE t.dir AS SELECT :'dir' AS dir;
SELECT :'dir' || '/jwt' AS jwt_file \gset
ALTER SYSTEM SET holdfast.jwt_secret_file = :'jwt_file';
SELECT pg_reload_conf() \g /dev/null
\c -
SET holdfast.now = '2030-01-07 08:00:00+00';
SET holdfast.argon2_memory = 19456;

CREATE TABLE t.got (name text PRIMARY KEY, answer jsonb);
CREATE FUNCTION t.of(name text, VARIADIC path text[]) RETURNS text LANGUAGE sql AS $$ SELECT g.answer #>> path FROM t.got g WHERE g.name = of.name $$;
-- Calls an RPC with somebody's access token (of an answer before), keeps the answer under a name, and says what it is: the
-- error, or its keys, and the values that are no secrets.
CREATE FUNCTION t.call(rpc text, arguments text, keep text DEFAULT 'last', bearer text DEFAULT NULL, ip text DEFAULT '192.0.2.10', agent text DEFAULT 'test') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_answer text;
  v_json jsonb;
BEGIN
  PERFORM set_config('t.headers', jsonb_strip_nulls(jsonb_build_object('authorization', 'Bearer ' || coalesce(t.of(bearer, 'access_token'), bearer), 'x-forwarded-for', ip, 'user-agent', agent))::text, true);
  v_answer := t.rpc('', rpc, arguments);
  PERFORM set_config('t.headers', '', true);
  IF v_answer !~ '^[\[{]' THEN
    RETURN v_answer;
  END IF;
  v_json := v_answer;
  INSERT INTO t.got VALUES (keep, v_json) ON CONFLICT (name) DO UPDATE SET answer = excluded.answer;
  IF v_json ? 'message' THEN
    RETURN concat_ws(' ', v_json ->> 'code', v_json ->> 'message', v_json ->> 'details');
  END IF;
  RETURN (SELECT string_agg(CASE WHEN key ~ 'token$|secret|uri|session_id|factor_id|backup_codes|^key$|_at$|^id$|prefix' THEN key ELSE key || '=' || value END, ' ' ORDER BY key) FROM jsonb_each_text(v_json));
END
$$;
CREATE FUNCTION t.sign_in(email text, password text, code text DEFAULT NULL, keep text DEFAULT 'last', ip text DEFAULT '192.0.2.10', agent text DEFAULT 'test') RETURNS text
LANGUAGE sql AS $$ SELECT t.call('sign_in', jsonb_strip_nulls(jsonb_build_object('email', email, 'password', password, 'code', code, 'organization_id', 'clinic'))::text, keep, NULL, ip, agent) $$;

-- Sourced by the tests of accounts, after booking.sql: everybody has a profile, and what a worker does is at hand.
INSERT INTO public.profiles (organization_id, user_id, email, display_name)
SELECT t.id(CASE WHEN w IN ('xena', 'yuri', 'zoe') THEN 'other' ELSE 'clinic' END), t.id('u_' || w), w || '@example.org', initcap(w)
FROM unnest('{ana,ben,cleo,maria,adam,hugo,xena,zoe}'::text[]) AS w
ON CONFLICT ON CONSTRAINT profiles_pkey DO UPDATE SET email = excluded.email;

-- What is asked for somebody and not issued yet, and what the worker gets for it. The token is shown to nobody but the test.
CREATE FUNCTION t.pending(address text) RETURNS uuid LANGUAGE sql AS $$
  SELECT (p ->> 'token_id')::uuid FROM jsonb_array_elements(holdfast_private.pending_tokens()) p
  JOIN public.account_tokens a ON a.id = (p ->> 'token_id')::uuid WHERE a.email = address ORDER BY a.id DESC LIMIT 1
$$;
CREATE FUNCTION t.issue(address text) RETURNS text LANGUAGE sql AS $$
  SELECT holdfast_private.issue_token(a.organization_id, a.id) ->> 'token' FROM public.account_tokens a WHERE a.id = t.pending(address)
$$;
-- The same token with another secret, and with another place.
CREATE FUNCTION t.other_secret(token text) RETURNS text LANGUAGE sql AS $$
  SELECT holdfast.token(split_part(token, '_', 1)) || '.' || split_part(token, '.', 2)
$$;
CREATE FUNCTION t.other_place(token text) RETURNS text LANGUAGE sql AS $$
  SELECT split_part(token, '.', 1) || '.' || rtrim(translate(encode(uuid_send(t.id('clinic')) || uuid_send(gen_random_uuid()), 'base64'), '+/', '-_'), '=')
$$;
-- An answer in one word: the error's, or what of it is said by a path.
CREATE FUNCTION t.word(answer text, path text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN answer LIKE '{%' THEN coalesce(answer::jsonb ->> 'message', CASE WHEN path IS NULL THEN answer ELSE answer::jsonb #>> path::text[] END) ELSE answer END
$$;
-- How often a secret occurs in any column of any table of the platform.
CREATE FUNCTION t.found_at_rest(secret text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_table regclass;
  v_found bigint := 0;
  v_here bigint;
BEGIN
  FOR v_table IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('public', 'holdfast_private') LOOP
    EXECUTE format('SELECT count(*) FROM %s x WHERE strpos(x::text, $1) > 0 OR strpos(x::text, encode(convert_to($1, ''UTF8''), ''hex'')) > 0', v_table) INTO v_here USING secret;
    v_found := v_found + v_here;
  END LOOP;
  RETURN v_found;
END
$$;

-- What a team writes in SQL on pgcrypto: a token signed and checked as pgjwt does it, a one-time password, and the
-- comparison of a signature with =.
CREATE FUNCTION bench.url_encode(data bytea) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT translate(encode(data, 'base64'), E'+/=\n', '-_') $$;

CREATE FUNCTION bench.url_decode(data text) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT decode(rpad(translate(data, '-_', '+/'), (length(data) + 3) / 4 * 4, '='), 'base64') $$;

CREATE FUNCTION bench.sign(claims jsonb, key bytea, expires_in interval) RETURNS text
LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $$
    SELECT signed || '.' || bench.url_encode(holdfast.hmac(convert_to(signed, 'UTF8'), key, 'sha256'))
    FROM (SELECT bench.url_encode(convert_to('{"alg":"HS256","typ":"JWT"}', 'UTF8')) || '.' || bench.url_encode(convert_to(
            (claims || jsonb_build_object('iat', floor(extract(epoch FROM now())), 'exp', floor(extract(epoch FROM now() + expires_in))))::text, 'UTF8')) AS signed) AS s
$$;

CREATE FUNCTION bench.verify(token text, key bytea) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_parts text[] := string_to_array(token, '.');
    v_claims jsonb;
BEGIN
    IF convert_from(bench.url_decode(v_parts[1]), 'UTF8')::jsonb ->> 'alg' <> 'HS256'
       OR bench.url_encode(holdfast.hmac(convert_to(v_parts[1] || '.' || v_parts[2], 'UTF8'), key, 'sha256')) <> v_parts[3] THEN
        RAISE EXCEPTION 'invalid token';
    END IF;
    v_claims := convert_from(bench.url_decode(v_parts[2]), 'UTF8')::jsonb;
    IF (v_claims ->> 'exp')::float8 < extract(epoch FROM now()) THEN
        RAISE EXCEPTION 'expired token';
    END IF;
    RETURN v_claims;
END;
$$;

-- The code of a step, of a secret that is bytes already.
CREATE FUNCTION bench.totp(secret bytea, step bigint) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT lpad(((('x' || encode(substr(mac, (get_byte(mac, 19) & 15) + 1, 4), 'hex'))::bit(32)::bigint & 2147483647) % 1000000)::text, 6, '0')
    FROM holdfast.hmac(int8send(step), secret, 'sha1') AS mac
$$;

CREATE FUNCTION bench.totp_verify(secret bytea, code text, last_step bigint) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $$
    SELECT max(step) FROM (SELECT floor(extract(epoch FROM now()) / 30)::bigint AS now) AS t, generate_series(t.now - 1, t.now + 1) AS step
    WHERE step > last_step AND bench.totp(secret, step) = code
$$;

-- us: microseconds of one call, of many in one statement, less the loop that makes them. call is an expression with n.
CREATE FUNCTION bench.us(call text, calls int) RETURNS float8
LANGUAGE plpgsql
AS $$
DECLARE
    v_start timestamptz;
    v_loop float8;
BEGIN
    v_start := clock_timestamp();
    EXECUTE format('SELECT count(n::text) FROM generate_series(1, %s) AS n', calls);
    v_loop := extract(epoch FROM clock_timestamp() - v_start);
    v_start := clock_timestamp();
    EXECUTE format('SELECT count(%s) FROM generate_series(1, %s) AS n', call, calls);
    RETURN greatest((extract(epoch FROM clock_timestamp() - v_start) - v_loop) * 1e6 / calls, 0.001);
END;
$$;

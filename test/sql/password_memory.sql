-- Passwords when the server has too little memory for one. Apart from test/sql/password.sql, because a sanitized build
-- cannot do with little memory (scripts/sanitize).
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_password_memory;
RESET client_min_messages;
SET search_path = t_password_memory;
CREATE FUNCTION caught(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_detail text;
    v_hint text;
    v_result text;
BEGIN
    EXECUTE statement INTO v_result;
    RETURN coalesce(v_result, 'null');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, nullif(v_detail, ''), v_hint);
END $$;
CREATE FUNCTION v(password text, hash text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', CASE WHEN matches THEN 'matches' WHEN NOT matches THEN 'no' END, CASE WHEN needs_rehash THEN 'rehash' WHEN needs_rehash IS NULL THEN 'null' END) FROM holdfast.password_verify(password, hash)
$$;
SET holdfast.argon2_memory = 19456; -- the least that is allowed
CREATE TABLE made AS SELECT holdfast.password_hash('correct horse') AS hash;

-- Without the memory it is an error of the server's, never a wrong password: not when hashing, not when verifying.
CREATE FUNCTION limit_memory() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', format('cat > /dev/null; prlimit --pid %s --as=800000000:', pg_backend_pid()));
END $$;
\c -
SET search_path = t_password_memory;
SET holdfast.argon2_memory = '1GB';
SELECT limit_memory();
SELECT caught($$SELECT holdfast.password_hash('correct horse')$$) AS hash;
SELECT caught($$SELECT t_password_memory.v('correct horse', NULL)$$) AS verify_nobody;
SELECT caught($$SELECT t_password_memory.v('correct horse', '$argon2id$v=19$m=1048576,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4')$$) AS verify_foreign;
SELECT caught($$SELECT t_password_memory.v('correct horse', '$argon2id$v=19$m=1048576,t=2,p=1$Z24dGnDxjm0vr0fHbe9M9A$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc')$$) AS verify;
SELECT v('correct horse', hash) AS little_memory FROM made;
\c -
SET client_min_messages = warning;
DROP SCHEMA t_password_memory CASCADE;

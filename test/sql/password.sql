-- Hashing and verifying passwords.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_password;
RESET client_min_messages;
SET search_path = t_password;
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
SET holdfast.argon2_memory = 19456; -- the least that is allowed
CREATE FUNCTION v(password text, hash text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', CASE WHEN matches THEN 'matches' WHEN NOT matches THEN 'no' END, CASE WHEN needs_rehash THEN 'rehash' WHEN needs_rehash IS NULL THEN 'null' END) FROM holdfast.password_verify(password, hash)
$$;

-- The vectors of the reference implementation of Argon2 (phc-winner-argon2, test.c) for version 0x13: one lane, which is all that
-- libsodium makes, and two, which it checks. RFC 9106's own need a secret, associated data and four lanes: test/http/argon2.test.mjs.
SELECT hash, v('password', hash) AS right, v('Password', hash) AS wrong
FROM unnest(ARRAY['$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg', '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc']) WITH ORDINALITY AS h (hash, n) ORDER BY n;

-- What is made: the settings, a salt of its own; it verifies, and needs no rehash until the settings change.
CREATE TABLE made AS SELECT holdfast.password_hash('correct horse') AS hash, holdfast.password_hash('correct horse') AS again;
SELECT hash ~ '^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$' AS form, hash <> again AS salted, v('correct horse', hash), v('correct horse ', hash) AS space, v('Correct horse', hash) AS letter, v('correct hors', hash) AS cut FROM made;
SET holdfast.argon2_time = 3;
SELECT v('correct horse', hash) AS more_passes, v('wrong', hash) FROM made;
RESET holdfast.argon2_time;
SET holdfast.argon2_memory = 20000;
SELECT v('correct horse', hash) AS more_memory FROM made;
SET holdfast.argon2_memory = 19456;
SELECT name, setting, unit, min_val, max_val, context, boot_val FROM pg_settings WHERE name LIKE 'holdfast.argon2%' ORDER BY name;
SELECT left(caught('SET holdfast.argon2_memory = 19455'), 5) AS memory, left(caught('SET holdfast.argon2_time = 1'), 5) AS time;

-- One letter, however the keyboard spells it; none but letters of UTF-8 is touched.
SELECT v(E'cafe\u0301 \uFF11\uFF12', holdfast.password_hash(E'caf\u00e9 12')) AS nfkc, v('cafe 12', holdfast.password_hash(E'caf\u00e9 12')) AS not_the_accent;

-- bcrypt, by whichever name. Of the vectors of crypt_blowfish: up to 72 bytes count, and no more, until it is hashed anew.
SELECT password, hash, v(password, hash) AS right, v(password || 'x', hash) AS longer, v('x', hash) AS wrong
FROM (VALUES (1, 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'), (2, 'U*U', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'), (3, 'U*U', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'),
    (4, '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored', '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui')) AS c (n, password, hash) ORDER BY n;
SELECT v('Zoë', holdfast.crypt('Zoë', holdfast.gen_salt('bf', 4))) AS by_pgcrypto;
-- pgcrypto is found wherever it is; a function of its name that is not its own is not called.
CREATE SCHEMA other;
ALTER EXTENSION pgcrypto SET SCHEMA other;
CREATE FUNCTION holdfast.crypt(text, text) RETURNS text LANGUAGE sql RETURN $2;
SELECT v('U*U', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW') AS right, v('x', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW') AS wrong;
DROP FUNCTION holdfast.crypt;
ALTER EXTENSION pgcrypto SET SCHEMA holdfast;
DROP SCHEMA other;

-- What cannot be computed, or would take too much, is no match; and no error, for a client's password and a stored text cause it.
CREATE TABLE bad AS
SELECT * FROM (VALUES (1, 'null', NULL), (2, 'empty', ''), (3, 'plain text', 'correct horse'), (4, 'md5', '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/'), (5, 'des', 'rl.3StKT.4T8M'), (6, 'sha512', '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1'),
    (7, 'argon2i', '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8'), (8, 'version 16', '$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'),
    (9, 'too much memory', '$argon2id$v=19$m=1048577,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'), (10, 'too many passes', '$argon2id$v=19$m=256,t=11,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'),
    (11, 'too many lanes', '$argon2id$v=19$m=256,t=2,p=17$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'), (12, 'huge number', '$argon2id$v=19$m=99999999999999999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'),
    (13, 'leading zero', '$argon2id$v=19$m=0256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'), (14, 'no memory', '$argon2id$v=19$m=0,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'), (15, 'cut', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$'),
    (16, 'longer', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4$'), (17, 'short salt', '$argon2id$v=19$m=256,t=2,p=1$c29t$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'), (18, 'bcrypt of version x', '$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'),
    (19, 'bcrypt cut', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe'), (20, 'bcrypt of cost 31', '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'), (21, 'bcrypt of cost 03', '$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'),
    (22, 'bcrypt with other letters', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe$'), (90, 'argon2id with other letters', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbH_$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'), (23, 'loose bits', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/5'), (24, 'very long', repeat('$argon2id', 100000))) AS b (n, what, hash);
SET statement_timeout = '60 s'; -- bcrypt of cost 31 would take days
SELECT what, v('correct horse', hash) FROM bad ORDER BY n;
RESET statement_timeout;
SELECT v(NULL, hash) AS no_password, v('', hash) AS empty, v(repeat('x', 1025), hash) AS long, v('-', NULL) AS dash FROM made;
SELECT v('-', holdfast.password_hash('-')) AS dash, v('', holdfast.password_hash('-')) AS nothing_is_no_dash, v(NULL, holdfast.password_hash('-')) AS null_is_no_dash;
SELECT v(repeat('x', 1024), holdfast.password_hash(repeat('x', 1024))) AS longest, v(repeat('x', 1023) || 'y', holdfast.password_hash(repeat('x', 1024))) AS last_byte_counts;
SELECT caught('SELECT holdfast.password_hash(NULL)'), caught($$SELECT holdfast.password_hash('')$$), caught($$SELECT holdfast.password_hash(repeat('x', 1025))$$), caught($$SELECT holdfast.password_hash(repeat('é', 513))$$);

-- An account that is not there costs the same work: told here from none, and from more than is allowed, by a factor of ten,
-- for other programs run meanwhile.
CREATE FUNCTION ms(password text, hash text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    v_best float8 := 'infinity';
    v_start timestamptz;
BEGIN
    FOR i IN 1 .. 5 LOOP
        v_start := clock_timestamp();
        PERFORM holdfast.password_verify(password, hash);
        v_best := least(v_best, extract(epoch FROM clock_timestamp() - v_start) * 1000);
    END LOOP;
    RETURN v_best;
END $$;
SELECT what, ms('correct horse', b.hash) / ms('correct horse', m.hash) BETWEEN 0.1 AND 10 AS same_work FROM made AS m, bad AS b WHERE n IN (1, 3, 9, 15, 20, 23) ORDER BY n;
SELECT ms(NULL, hash) > ms('correct horse', hash) / 10 AS no_password, ms(repeat('x', 1025), hash) > ms('correct horse', hash) / 10 AS long FROM made;

SET client_min_messages = warning;
DROP SCHEMA t_password CASCADE;

-- Tokens: form, checksum, hash, comparison.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_token;
RESET client_min_messages;
SET search_path = t_token;

CREATE FUNCTION said(expression text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_result text;
    v_detail text;
BEGIN
    EXECUTE format('SELECT (%s)::text', expression) INTO v_result;
    RETURN coalesce(v_result, 'null');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, nullif(v_detail, ''));
END $$;

-- The form is the contract: others scan for it.
SELECT count(*) FILTER (WHERE t ~ '^hf_invite_[0-9A-Za-z]{49}$') AS well_formed, count(DISTINCT t) AS different,
    count(*) FILTER (WHERE holdfast.token_prefix(t) = 'hf_invite') AS checked,
    count(*) FILTER (WHERE holdfast.token_matches(t, holdfast.token_hash(t))) AS matching
FROM (SELECT holdfast.token('hf_invite') AS t FROM generate_series(1, 1000)) AS tokens;
-- All bits are drawn: of every digit but the first, which stays small, each value turns up.
SELECT min(n) AS values_of_the_rarest_position FROM (
    SELECT p, count(DISTINCT substr(t, p, 1)) AS n
    FROM (SELECT right(holdfast.token('ab'), 49) AS t FROM generate_series(1, 2000)) AS tokens, generate_series(2, 49) AS p
    WHERE p <> 44 GROUP BY p) AS positions;

SELECT p, said(format('left(holdfast.token(%L), length(%1$L) + 1)', p))
FROM unnest(ARRAY['ab', 'a1', '12', 'abcdefghijkl', 'a_b', 'a__b', 'a', '', 'abcdefghijklm', '_ab', 'ab_', 'Ab', 'a-b', 'a b', 'äb', E'a\nb']) AS p;
SELECT said('holdfast.token(NULL)');

-- Golden: the smallest token. Its hash is what hashlib.blake2b(token, digest_size=32, key=b'holdfast token hash, version 1'
-- padded with zeros to 32 bytes) says.
SELECT holdfast.token_prefix('no_00000000000000000000000000000000000000000002a186T');
SELECT t, encode(holdfast.token_hash(t), 'hex')
FROM unnest(ARRAY['no_00000000000000000000000000000000000000000002a186T', '']) AS t;
SELECT encode(holdfast.token_hash(U&'\00FC'), 'hex') AS utf8;
SELECT holdfast.token_hash(NULL) IS NULL AS null_has_none, length(holdfast.token_hash(repeat('x', 100000)));

-- Every change of one character is noticed, and so are pieces and additions.
WITH t AS (SELECT holdfast.token('abc') AS t)
SELECT count(*) > 200 AS tried, count(holdfast.token_prefix(overlay(t PLACING c FROM p FOR 1))) AS accepted
FROM t, generate_series(1, length(t)) AS p, unnest(ARRAY['a', 'Z', '0', '_', '-', ' ']) AS c
WHERE substr(t, p, 1) <> c;
WITH t AS (SELECT holdfast.token('abc') AS t)
SELECT count(holdfast.token_prefix(other)) AS accepted
FROM t, unnest(ARRAY[t || '0', '0' || t, t || ' ', left(t, -1), substr(t, 2), lower(t), upper(t), '', 'abc', repeat(t, 2)]) AS other;
-- Two neighbours swapped: the usual slip of somebody who types it.
WITH t AS (SELECT holdfast.token('abc') AS t FROM generate_series(1, 20))
SELECT count(holdfast.token_prefix(overlay(t PLACING reverse(substr(t, p, 2)) FROM p FOR 2))) AS accepted
FROM t, generate_series(1, length(t) - 1) AS p WHERE substr(t, p, 1) <> substr(t, p + 1, 1);
-- A number past 256 bits is no other name of a smaller one, even with the right checksum.
SELECT holdfast.token_prefix('no_' || repeat('z', 43) || '4O1TJ2');

-- Matching: the right one, and never another or none.
WITH t AS (SELECT holdfast.token('abc') AS t, holdfast.token('abc') AS other)
SELECT holdfast.token_matches(t, holdfast.token_hash(t)) AS same, holdfast.token_matches(t, holdfast.token_hash(other)) AS another,
    holdfast.token_matches(t, NULL) AS no_hash, holdfast.token_matches(NULL, holdfast.token_hash(t)) AS no_token,
    holdfast.token_matches(NULL, NULL) AS neither, holdfast.token_matches(t, '') AS empty_hash,
    holdfast.token_matches(t, substr(holdfast.token_hash(t), 1, 31)) AS short_hash,
    holdfast.token_matches(t, holdfast.token_hash(t) || '\x00') AS long_hash,
    holdfast.token_matches(t || 'x', holdfast.token_hash(t || 'x')) AS malformed,
    holdfast.token_matches('', holdfast.token_hash('')) AS nothing
FROM t;
-- Nor is a hash of which a single bit is another.
SELECT count(*) AS bits, count(*) FILTER (WHERE holdfast.token_matches(t, set_bit(holdfast.token_hash(t), bit, 1 - get_bit(holdfast.token_hash(t), bit)))) AS matching
FROM (SELECT holdfast.token('abc') AS t) AS t, generate_series(0, 255) AS bit;
-- The stand-in for a missing token opens nothing.
SELECT holdfast.token_matches(NULL, holdfast.token_hash('no_00000000000000000000000000000000000000000002a186T')) AS stand_in;

-- PUBLIC may do none of it.
CREATE ROLE regress_token_nobody;
GRANT USAGE ON SCHEMA holdfast TO regress_token_nobody;
SELECT f, has_function_privilege('regress_token_nobody', f, 'EXECUTE')
FROM unnest(ARRAY['holdfast.token(text)', 'holdfast.token_hash(text)', 'holdfast.token_matches(text, bytea)', 'holdfast.token_prefix(text)']) AS f;
REVOKE USAGE ON SCHEMA holdfast FROM regress_token_nobody;
DROP ROLE regress_token_nobody;

SET client_min_messages = warning;
DROP SCHEMA t_token CASCADE;

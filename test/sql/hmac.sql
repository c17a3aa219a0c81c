-- Signatures of webhooks, compared in constant time.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_hmac;
RESET client_min_messages;
SET search_path = t_hmac;
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

-- Published vectors, in every form; and none of them with one bit changed in the signature, the payload or the key.
CREATE TABLE vectors (source text, algorithm text, key bytea, payload bytea, mac text);
INSERT INTO vectors VALUES
    ('RFC 4231 case 1', 'sha256', '\x0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', '\x4869205468657265', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'),
    ('RFC 4231 case 1', 'sha512', '\x0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', '\x4869205468657265', '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854'),
    ('RFC 4231 case 2', 'sha256', '\x4a656665', '\x7768617420646f2079612077616e7420666f72206e6f7468696e673f', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'),
    ('RFC 4231 case 2', 'sha512', '\x4a656665', '\x7768617420646f2079612077616e7420666f72206e6f7468696e673f', '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737'),
    ('RFC 4231 case 3', 'sha256', '\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '\xdddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'),
    ('RFC 4231 case 3', 'sha512', '\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '\xdddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 'fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb'),
    ('RFC 4231 case 4', 'sha256', '\x0102030405060708090a0b0c0d0e0f10111213141516171819', '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b'),
    ('RFC 4231 case 4', 'sha512', '\x0102030405060708090a0b0c0d0e0f10111213141516171819', '\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', 'b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd'),
    ('RFC 4231 case 6', 'sha256', '\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '\x54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374', '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54'),
    ('RFC 4231 case 6', 'sha512', '\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '\x54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374', '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598'),
    ('RFC 4231 case 7', 'sha256', '\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '\x5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e', '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2'),
    ('RFC 4231 case 7', 'sha512', '\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '\x5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e', 'e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58'),
    ('RFC 2202 case 1', 'sha1', '\x0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', '\x4869205468657265', 'b617318655057264e28bc0b6fb378c8ef146be00'),
    ('RFC 2202 case 2', 'sha1', '\x4a656665', '\x7768617420646f2079612077616e7420666f72206e6f7468696e673f', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'),
    ('RFC 2202 case 3', 'sha1', '\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '\xdddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', '125d7342b9ac11cd91a39af48aa17b4f63f175d3'),
    ('RFC 2202 case 6', 'sha1', '\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '\x54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374', 'aa4ae5e15272d00e95705637ce8a3b55ed402112'),
    ('RFC 2202 case 7', 'sha1', '\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '\x54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b657920616e64204c6172676572205468616e204f6e6520426c6f636b2d53697a652044617461', 'e8e99d0f45237d786d6bbaa7965c7808bbff1a91');
SELECT source, algorithm, holdfast.hmac_matches(payload, decode(mac, 'hex'), key, algorithm) AS raw, holdfast.hmac_matches_text(payload, mac, key, 'hex', algorithm) AS hex,
    holdfast.hmac_matches_text(payload, upper(mac), key, 'hex', algorithm) AS upper_hex,
    holdfast.hmac_matches_text(payload, translate(encode(decode(mac, 'hex'), 'base64'), E'\n', ''), key, 'base64', algorithm) AS base64,
    holdfast.hmac_matches_text(payload, rtrim(translate(encode(decode(mac, 'hex'), 'base64'), E'+/\n', '-_'), '='), key, 'base64url', algorithm) AS base64url
FROM vectors ORDER BY algorithm, source;
SELECT bool_or(holdfast.hmac_matches(payload, set_bit(decode(mac, 'hex'), bit, 1 - get_bit(decode(mac, 'hex'), bit)), key, algorithm)) AS other_signature
FROM vectors, generate_series(0, length(mac) * 4 - 1) AS bit;
SELECT bool_or(holdfast.hmac_matches(set_bit(payload, 3, 1 - get_bit(payload, 3)), decode(mac, 'hex'), key, algorithm)) AS other_payload,
    bool_or(holdfast.hmac_matches(payload, decode(mac, 'hex'), set_bit(key, 3, 1 - get_bit(key, 3)), algorithm)) AS other_key,
    bool_or(holdfast.hmac_matches(payload, decode(mac, 'hex'), key, CASE algorithm WHEN 'sha256' THEN 'sha512' ELSE 'sha256' END)) AS other_algorithm FROM vectors;
SELECT bool_and(holdfast.hmac(payload, key, algorithm) = decode(mac, 'hex')) AS pgcrypto_says_the_same FROM vectors;
SELECT holdfast.hmac_matches('', holdfast.hmac(''::bytea, 'key'::bytea, 'sha256'), 'key') AS empty_payload;

-- Other lengths, forms and encodings are no match; the prefix of a right one is not either.
SELECT what, holdfast.hmac_matches_text(payload, signature, key, encoding)
FROM vectors, LATERAL (SELECT translate(encode(decode(mac, 'hex'), 'base64'), E'\n', '') AS b64) AS b,
    LATERAL (VALUES (1, 'right', mac, 'hex'), (2, 'cut', left(mac, -2), 'hex'), (3, 'odd', left(mac, -1), 'hex'), (4, 'longer', mac || '00', 'hex'), (5, 'prefixed', 'sha256=' || mac, 'hex'), (6, 'spaced', mac || ' ', 'hex'),
        (7, 'empty', '', 'hex'), (8, 'null', NULL, 'hex'), (9, 'not hex', repeat('zz', 32), 'hex'), (10, 'hex as base64', mac, 'base64'), (11, 'base64 as hex', b64, 'hex'), (12, 'base64 without padding', rtrim(b64, '='), 'base64'),
        (13, 'base64 with padding as base64url', b64, 'base64url'), (14, 'loose bits', left(b64, -2) || chr(ascii(substr(b64, 43, 1)) + 1) || '=', 'base64'), (15, 'line end', b64 || E'\n', 'base64'), (16, 'very long', repeat('A', 100000), 'base64')) AS v (n, what, signature, encoding)
WHERE source = 'RFC 4231 case 2' AND algorithm = 'sha256' ORDER BY n;
SELECT holdfast.hmac_matches(payload, NULL, key) AS no_signature, holdfast.hmac_matches(NULL, decode(mac, 'hex'), key) AS no_payload, holdfast.hmac_matches(payload, decode(mac, 'hex'), NULL) AS no_key,
    holdfast.hmac_matches(payload, left(mac, 16)::bytea, key) AS short_signature
FROM vectors WHERE source = 'RFC 4231 case 2' AND algorithm = 'sha256';
-- RFC 4231 case 5, cut to 128 bits: what is computed begins so, and no signature that is cut is accepted.
SELECT algorithm, encode(substr(mac, 1, 16), 'hex') = cut AS begins, holdfast.hmac_matches(payload, mac, key, algorithm) AS whole, holdfast.hmac_matches(payload, decode(cut, 'hex'), key, algorithm) AS cut
FROM (VALUES ('sha256', 'a3b6167473100ee06e0c796c2955552b'), ('sha512', '415fad6271580a531d4179bc891d87a6')) AS v (algorithm, cut),
    LATERAL (SELECT decode(repeat('0c', 20), 'hex') AS key, 'Test With Truncation'::bytea AS payload) AS c, LATERAL (SELECT holdfast.hmac(payload, key, algorithm) AS mac) AS m;
SELECT call, caught('SELECT holdfast.' || call)
FROM unnest(ARRAY[$c$hmac_matches('p', 's', '')$c$, $c$hmac_matches('p', 's', 'k', 'md5')$c$, $c$hmac_matches('p', 's', 'k', 'SHA256')$c$, $c$hmac_matches('p', 's', 'k', NULL)$c$, $c$hmac_matches_text('p', 's', 'k', 'guess')$c$,
    $c$hmac_matches_text('p', 's', 'k', NULL)$c$, $c$hmac_matches_text('p', 's', '', 'hex')$c$, $c$hmac_matches_text('p', 's', 'k', 'hex', 'none')$c$]) WITH ORDINALITY AS c (call, n) ORDER BY n;

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA t_hmac CASCADE;

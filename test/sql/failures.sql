-- The ring of failed requests: what is noted and what is not, whose it is, and when it is full.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_failures;
RESET client_min_messages;

-- fail raises a word and takes no notice.
CREATE FUNCTION t_failures.fail(word text, details jsonb DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM holdfast.raise_error(word, details);
EXCEPTION WHEN OTHERS THEN NULL;
END $$;

SELECT count(*) >= 0 AS emptied FROM holdfast.take_failures(1000000);
SELECT holdfast.reset_stats();

-- Outside of a request nothing is noted.
SELECT t_failures.fail('forbidden');
SELECT count(*) FROM holdfast.take_failures();

SET request.method = 'POST';
SET request.path = '/rpc/confirm_booking';
SET request.headers = '{"x-forwarded-for": "198.51.100.9, 203.0.113.7", "user-agent": "planted-agent"}';
SELECT t_failures.fail('forbidden');
SET request.jwt.claims = '{"role": "authenticated", "sub": "00000000-0000-4000-8000-000000000001",
    "organization_id": "00000000-0000-4000-8000-0000000000a1", "act": {"sub": "00000000-0000-4000-8000-000000000002"}}';
SELECT t_failures.fail('hold_not_found');
SELECT t_failures.fail('rate_limited', '{"retry_after_seconds": 7, "planted": "value"}');
SET request.jwt.claims = '{"role": "anon"}';
SET request.path = '/rpc/redeem?planted=1';
SELECT t_failures.fail('token_invalid');
-- A service works for an organization by header; also there it is known whose.
SET request.jwt.claims = '{"role": "service_role"}';
SET request.headers = '{"x-organization-id": "00000000-0000-4000-8000-0000000000b1", "x-forwarded-for": "2001:db8::1"}';
SELECT holdfast.org_id();
SELECT t_failures.fail('locked');
-- Claims and headers that are unreadable: the fault itself is noted, without them.
SET request.jwt.claims = '{"sub": "planted"';
SET request.headers = '{"planted';
DO $$
BEGIN
    PERFORM holdfast.uid();
EXCEPTION WHEN SQLSTATE 'PT401' THEN NULL;
END $$;
RESET request.jwt.claims;
RESET request.headers;
-- What is answered and committed is the caller's to note; what is no word is no error of a client.
SELECT holdfast.answer_error('token_used') ->> 'message';
SELECT t_failures.fail('no_such_word');
SET request.path = '';
SELECT t_failures.fail('thing_not_found');

CREATE TABLE t_failures.taken AS SELECT * FROM holdfast.take_failures();
SELECT database = current_database() AS ours, at BETWEEN now() - interval '1 minute' AND clock_timestamp() AS now,
    word, user_id, actor_id, organization_id, role, ip, path
FROM t_failures.taken ORDER BY at;
SELECT count(*) AS planted FROM t_failures.taken t WHERE t::text LIKE '%planted%';
SELECT errors_noted, errors_taken, errors_dropped, errors_waiting FROM holdfast.stats;

-- Taken in portions, oldest first, once, whatever becomes of the transaction.
SELECT count(*) FROM (SELECT t_failures.fail('part_' || chr(96 + n) || '_not_found') FROM generate_series(1, 5) n OFFSET 0) s;
SELECT word FROM holdfast.take_failures(2);
SELECT word FROM holdfast.take_failures(0);
BEGIN;
SELECT word FROM holdfast.take_failures(2);
ROLLBACK;
SELECT word FROM holdfast.take_failures();
SELECT word FROM holdfast.take_failures();
SELECT word FROM holdfast.take_failures(-1);
SELECT word FROM holdfast.take_failures(NULL);
RESET request.method;
SELECT count(*) FROM holdfast.take_failures();
SET request.method = 'POST';

-- Full: the oldest go, and are counted.
SELECT holdfast.reset_stats();
SELECT t_failures.fail('first_not_found'), t_failures.fail('second_not_found');
SELECT count(*) FROM (SELECT t_failures.fail('quota_exhausted') FROM generate_series(1, 4095) OFFSET 0) s;
SELECT errors_slots, errors_waiting, errors_noted, errors_dropped FROM holdfast.stats;
SELECT word, count(*) FROM holdfast.take_failures(100000) GROUP BY word ORDER BY word DESC;
SELECT errors_waiting, errors_taken FROM holdfast.stats;
RESET request.method;
RESET request.path;

SET client_min_messages = warning;
DROP SCHEMA t_failures CASCADE;

-- The error contract: every word natively and as PostgREST reads it, and what is not a word.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_errors;
RESET client_min_messages;

-- caught runs a statement and returns the error as the client would get it.
CREATE FUNCTION t_errors.caught(
    statement text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
        detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END $$;

CREATE FUNCTION t_errors.raised(
    word text, details jsonb DEFAULT NULL, said text DEFAULT NULL,
    OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE sql AS $$
    SELECT * FROM t_errors.caught(format('SELECT holdfast.raise_error(%L, %L::jsonb, %L)', word, details, said))
$$;

-- The contract itself: a change here is a change for every client.
SELECT word, status, sqlstate, details FROM holdfast.error_contract();
SELECT count(*) AS words, count(DISTINCT word) AS distinct_words, bool_and(hint ~ '\.$') AS hints_are_sentences,
    bool_and(sqlstate = 'PT' || status) AS states_follow_status
FROM holdfast.error_contract();

-- Every word natively, without and with a Retry-After.
CREATE VIEW t_errors.words AS
SELECT ordinality AS n, replace(word, '*', 'booking') AS word, status, hint
FROM holdfast.error_contract() WITH ORDINALITY;

SELECT w.word, e.state, e.message = w.word AS message_is_word, e.detail, e.hint = w.hint AS own_hint
FROM t_errors.words w, t_errors.raised(w.word) e ORDER BY w.n;
SELECT w.word, e.state, e.message = w.word AS message_is_word, e.detail
FROM t_errors.words w, t_errors.raised(w.word, '{"retry_after_seconds": 7}') e ORDER BY w.n;

-- Details and hint of the caller's own; quotes, line ends and other scripts survive.
SELECT * FROM t_errors.raised('invalid_input', '{"field": "a\"b", "reason": "zeile\neins ü 予約"}', 'Say "please".');
SELECT detail::jsonb ->> 'reason' = E'zeile\neins ü 予約' AS same
FROM t_errors.raised('invalid_input', '{"field": "a", "reason": "zeile\neins ü 予約"}');

-- Any thing can be not found.
SELECT * FROM t_errors.raised('hold_not_found');
SELECT state, message FROM t_errors.raised('room_not_found');

-- What is not a word is a mistake of the programmer, never a client's error.
SELECT state, message FROM t_errors.raised('no_such_word');
SELECT state, message FROM t_errors.raised('_not_found');
SELECT state, message FROM t_errors.raised('*_not_found');
SELECT state, message FROM t_errors.raised('a"b_not_found');
SELECT state, message FROM t_errors.raised('Slot_Conflict');
SELECT state, message FROM t_errors.raised('');
SELECT state, message FROM t_errors.caught('SELECT holdfast.raise_error(NULL)');

-- Within a PostgREST request the same errors keep their form unless there is a Retry-After to send.
SET request.method = 'POST';
SELECT w.word, e.state, e.message = w.word AS message_is_word, e.hint = w.hint AS own_hint
FROM t_errors.words w, t_errors.raised(w.word) e ORDER BY w.n;
SELECT w.word, e.state,
    e.message::jsonb ->> 'code' = 'PT' || w.status AS code,
    e.message::jsonb ->> 'message' = w.word AS word_in_message,
    e.message::jsonb -> 'details' AS details,
    e.message::jsonb ->> 'hint' = w.hint AS own_hint,
    e.detail::jsonb -> 'status' = to_jsonb(w.status) AS status,
    e.detail::jsonb -> 'headers' AS headers
FROM t_errors.words w, t_errors.raised(w.word, '{"retry_after_seconds": 7, "conflicts": []}') e ORDER BY w.n;

-- Retry-After follows retry_after_seconds: a null, a string, an array or a negative one sends none; zero is sent,
-- a fraction is rounded up.
SELECT details, e.state, e.detail
FROM unnest(ARRAY['{"retry_after_seconds": null}', '{"retry_after_seconds": "7"}', '[{"retry_after_seconds": 7}]',
    '{"retry_after_seconds": -1}', '{"retry_after_seconds": 0}', '{"retry_after_seconds": 2.5}', '{"other": 7}',
    '"retry_after_seconds"', '{"retry_after_seconds": 99999999999}']::jsonb[]) details,
    t_errors.raised('slot_conflict', details) e;

-- The details arrive as a string that is JSON again, with everything that needs quoting.
SELECT e.message::jsonb ->> 'details' AS details,
    ((e.message::jsonb ->> 'details')::jsonb ->> 'reason') = E'"q" \\ \n ü' AS same
FROM t_errors.raised('rate_limited', jsonb_build_object('retry_after_seconds', 1, 'reason', E'"q" \\ \n ü')) e;

-- An answer has the very body that raising would lead to, sets the status and leaves the transaction alive.
CREATE FUNCTION t_errors.answered(
    word text, details jsonb DEFAULT NULL, said text DEFAULT NULL, retry_after int DEFAULT NULL,
    OUT body jsonb, OUT status text, OUT headers text)
LANGUAGE plpgsql AS $$
BEGIN
    body := holdfast.answer_error(word, details, said, retry_after);
    status := current_setting('response.status', true);
    headers := current_setting('response.headers', true);
END $$;
SELECT w.word, a.body = e.message::jsonb AS same_body, a.status = (e.detail::jsonb ->> 'status') AS same_status,
    a.headers::jsonb = jsonb_build_array(e.detail::jsonb -> 'headers') AS same_headers
FROM t_errors.words w, t_errors.raised(w.word, '{"retry_after_seconds": 7, "conflicts": []}') e,
    t_errors.answered(w.word, '{"retry_after_seconds": 7, "conflicts": []}') a ORDER BY w.n;
SELECT bool_and(a.body = jsonb_build_object('code', 'PT' || w.status, 'message', w.word, 'details', NULL, 'hint', w.hint)
    AND a.status = w.status::text) AS as_raised
FROM t_errors.words w, t_errors.answered(w.word) a;
SELECT current_setting('response.status') AS status_after_commit, current_setting('response.headers') AS headers_after_commit;
SELECT * FROM t_errors.answered('locked', NULL, 'Ask "nicely" \ 予約.', 61);
SELECT a.body ->> 'details' AS details, headers
FROM (VALUES (1, '{"a": 1}'::jsonb, 5), (2, '{"retry_after_seconds": 9}', 5), (3, '{"retry_after_seconds": 9}', NULL),
    (4, '{"retry_after_seconds": 9}', -1), (5, '[1]', 5), (6, NULL, 0)) AS v (n, details, seconds),
    t_errors.answered('rate_limited', v.details, NULL, v.seconds) a ORDER BY n;
-- Headers that were set before stay, and the last answer of a transaction counts.
BEGIN;
SET LOCAL response.headers = '[{"Cache-Control": "no-store"}, {"Retry-After": "1"}, {"X-A": "b"}]';
SELECT status, headers FROM t_errors.answered('rate_limited', NULL, NULL, 5);
SELECT status, headers FROM t_errors.answered('forbidden');
ROLLBACK;
SELECT state, message FROM t_errors.caught($$SELECT holdfast.answer_error('no_such_word')$$);
SELECT state, message FROM t_errors.caught('SELECT holdfast.answer_error(NULL)');

-- An empty request.method, as after a request in the same pooled connection, is no request.
SET request.method = '';
SELECT state, message FROM t_errors.raised('rate_limited', '{"retry_after_seconds": 7}');
SELECT body ->> 'message' AS message, status, headers FROM t_errors.answered('rate_limited', NULL, NULL, 7);
RESET request.method;

SET client_min_messages = warning;
DROP SCHEMA t_errors CASCADE;

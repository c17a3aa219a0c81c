-- Which new passwords are good enough.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_strength;
RESET client_min_messages;
SET search_path = t_strength;
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
CREATE FUNCTION s(password text, VARIADIC user_inputs text[]) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' | ', 'score ' || score, CASE WHEN acceptable THEN 'acceptable' ELSE array_to_string(reasons, ', ') END, nullif(array_to_string(feedback, ', '), '')) FROM holdfast.password_strength(password, user_inputs)
$$;

-- Common passwords, words with replaced letters, keyboards, repetitions, sequences, dates: refused, however long. And some that are not.
SELECT password, s(password, '')
FROM unnest(ARRAY['password', 'password1234', 'P@ssw0rd1234!', 'trustno1', 'letmeinletmein', 'iloveyou12345', 'qwertyuiop[]', 'qwerty12345!', 'asdfghjkl;''', '1qaz2wsx3edc', 'aaaaaaaaaaaaaaaaaaaa', 'abcabcabcabcabcabc', 'abcdefghijklmnop',
    '123456789012', '13.01.1984 13.01.1984', 'passwordpasswordpassword', 'Sommer2024!!', 'correct horse battery staple', 'zx9!kQ2#vLpm', 'zx9!kQ2#', 'purple-lamp-river-42', '', ' ']) WITH ORDINALITY AS p (password, n) ORDER BY n;
SELECT * FROM holdfast.password_strength('password');
SELECT score, guesses_log10 > 10 AS many, feedback, acceptable, reasons FROM holdfast.password_strength('purple-lamp-river-42');
SELECT * FROM holdfast.password_strength(NULL);
SELECT * FROM holdfast.password_strength('password', NULL);

-- What the user is known by is as good as public, whole or in parts, in any case, with letters replaced.
SELECT password, s(password, '') AS to_strangers, s(password, 'Mia Schmidt-Wolgast', 'mia.schmidt@wolgast-clinic.example', NULL, '') AS of_mia
FROM unnest(ARRAY['miaschmidtwolgast', 'MIA SCHMIDT-WOLGAST', 'M1aSchm1dtW0lgast', 'wolgast-clinic', 'mia.schmidt@wolgast-clinic.example', 'wolgastwolgastwolgast', 'wolgast zx9!kQ2#vLpm']) WITH ORDINALITY AS p (password, n) ORDER BY n;
SELECT s('Zoë Grünewald-Øst', 'Zoë Grünewald-Øst') AS beyond_ascii, s('zo', 'zo') AS too_short_to_count;
SELECT s('zx9!kQ2#vLpm', VARIADIC array_agg('word' || n)) AS hundred FROM generate_series(1, 100) AS n;
SELECT caught($$SELECT holdfast.password_strength('x', array_agg(n::text)) FROM generate_series(1, 101) AS n$$) AS more;
SELECT s('zx9!kQ2#vLpm', repeat('long ', 10000)) AS a_long_text, s('zx9!kQ2#vLpm', VARIADIC ARRAY[['a', 'b'], ['zx9!', 'kQ2#vLpm']]) AS two_dimensions;

-- Letters beyond ASCII are one character each, and repeating them is repeating.
SELECT password, s(password, '') FROM unnest(ARRAY['ééééééééé', 'éééééééééééé', 'пароль', 'жук-ёлка-щука', '日本語パスワード四文字熟語', '😀😀😀😀😀😀😀😀😀😀😀😀']) WITH ORDINALITY AS p (password, n) ORDER BY n;
SELECT s(E'cafe\u0301', '') = s(E'caf\u00e9', '') AS same_letter;

-- As long as passwords may be, in no time whatever they repeat.
SELECT s(repeat('x', 1024), '') AS longest, s(repeat('x', 1025), '') AS longer, s(repeat(E'\uFDFA', 300), '') AS grows_in_normal_form;
DO $$
DECLARE
    v_start timestamptz := clock_timestamp();
BEGIN
    PERFORM t_strength.s(left(repeat(p, 1024), 1024), VARIADIC (SELECT array_agg(left(repeat(p, 64), 64 - n % 60)) FROM generate_series(1, 100) AS n))
    FROM unnest(ARRAY['a', 'ab', '1', 'password', 'qwerty', '19840113', 'aB3$']) AS p;
    ASSERT clock_timestamp() - v_start < interval '5 seconds', clock_timestamp() - v_start;
END $$;

-- What is asked for is a setting; nobody can ask for less than the floor.
SET holdfast.password_min_length = 21;
SELECT s('purple-lamp-river-42', '');
SET holdfast.password_min_length = 8;
SELECT s('zx9!kQ2#', ''), s('Sommer2024!!', '');
SET holdfast.password_min_score = 2;
SELECT s('Sommer2024!!', '');
RESET holdfast.password_min_length;
RESET holdfast.password_min_score;
SELECT name, setting, min_val, max_val, context FROM pg_settings WHERE name LIKE 'holdfast.password%' ORDER BY name;

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA t_strength CASCADE;

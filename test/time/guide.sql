-- The worked examples of docs/time.md, line by line, from standard input.
\set ON_ERROR_STOP on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE TEMP TABLE guide (n serial, line text);
\copy guide (line) FROM pstdin
SELECT CASE WHEN count(*) >= 10 AND bool_and((found.local, found.utc) = (c[5], c[6])) THEN 'ok ' ELSE 'not ok ' END
    || count(*) || ' examples of docs/time.md'
    || coalesce(string_agg(format(E'\n   line %s: %s | %s', n, found.local, found.utc), '') FILTER (WHERE (found.local, found.utc) <> (c[5], c[6])), '')
FROM guide, LATERAL (SELECT regexp_split_to_array(trim(BOTH '| ' FROM line), ' \| ') AS c) cells,
    LATERAL (SELECT string_agg(to_char(lower(o) AT TIME ZONE c[1], 'MM-DD HH24:MI'), ', ' ORDER BY o) AS local,
                    string_agg(to_char(lower(o), 'MM-DD HH24:MI'), ', ' ORDER BY o) AS utc
             FROM holdfast.expand_rrule(c[2], c[3]::timestamp, c[1], c[4]::interval) o) found;

-- What audit() writes of a row is what to_jsonb() says of it, whatever its types and whatever the session's settings.
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
CREATE SCHEMA t_audit_rows;
SET search_path = t_audit_rows;
SELECT holdfast.create_audit_log('t_audit_rows.log');

CREATE TYPE mood AS ENUM ('well', 'ill');
CREATE TYPE pair AS (a int, b text);
CREATE TYPE own AS (x int);
CREATE FUNCTION own_to_json(own) RETURNS json LANGUAGE sql IMMUTABLE AS $$ SELECT json_build_object('own', ($1).x) $$;
CREATE CAST (own AS json) WITH FUNCTION own_to_json(own);
CREATE DOMAIN amount AS numeric(10, 3);
CREATE DOMAIN tag AS text;
CREATE DOMAIN whens AS timestamptz;
CREATE TABLE kinds (
    id int PRIMARY KEY, gone text, b bool, i2 int2, i8 int8, n numeric, a amount, f4 float4, f8 float8, t text, v varchar(9),
    c char(5), tg tag, nm name, u uuid, d date, ts timestamp, tz timestamptz, w whens, tm time, ttz timetz, iv interval, by bytea, j json, jb jsonb,
    m mood, p pair, o own, ia int[], ta text[][], tza timestamptz[], pa pair[], r tstzrange, mr datemultirange, ip inet, ci cidr,
    x xml, bi bit(3), po point, tsv tsvector, rc regclass, mo money, ox oid, "odd ""name" int, "ünï" text, ma mood[]
);
ALTER TABLE kinds DROP COLUMN gone;
ALTER TABLE kinds ADD COLUMN late int DEFAULT 7;
SELECT holdfast.enable_audit('kinds', 'log');

INSERT INTO kinds (id) VALUES (0);
INSERT INTO kinds VALUES (1, true, -3, 9223372036854775807, 1.500, 2.1, 'NaN', '-Infinity', E'quote " back \\ tab \t', 'vär', 'ab', 'x', 'n',
    '0a000000-0000-4000-8000-000000000001', '2031-05-01', '2031-05-01 10:00:00.5', '2031-07-01 10:00:00.123456+02', '2031-07-01 10:00+02', '10:00', '10:00+02',
    '1 mon 2 days 03:04:05.6', '\x00ff', '{"a" : [1,  2]}', '{"b": {"c": [1.0, null, true]}, "a": ""}', 'ill', '(1,"x y")', '(5)', '{1,NULL,3}', '{{a,b},{c,NULL}}',
    '{2031-07-01 10:00+02}', '{"(1,x)","(2,)"}', '[2031-07-01 10:00+02,2031-07-02 10:00+02)', '{[2031-01-01,2031-02-01)}', '192.0.2.7/24', '192.0.2.0/24',
    '<a>b</a>', '101', '(1,2)', 'a b', 'pg_class', 12.34, 42, 1, 'ü', '{well,ill}', 8);
INSERT INTO kinds (id, n, f4, f8, i8, d, ts, tz, jb, t, b) VALUES
    (2, 'NaN', 'NaN', 1e300, -9223372036854775808, 'infinity', '-infinity', 'infinity', '"scalar"', '', false),
    (3, 'Infinity', 0.1, 0.1, 0, '4713-01-01 BC', '4713-01-01 00:00 BC', '4713-01-02 00:00+00 BC', '5', E'\u00e9\u4e2d', NULL),
    (4, '-Infinity', '-0', 1e-7, 1, '5874897-12-31', '294276-12-31', '294276-12-31 00:00+00', 'null', repeat('long ', 4000), NULL),
    (5, 1e-20, 3, -1.5e-300, NULL, NULL, NULL, NULL, '[]', repeat('x', 100), NULL),
    (6, 123456789012345678901234567890.1234567890, NULL, NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL);
-- In the words of the settings that the log is written with.
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, MDY';
SET IntervalStyle = 'postgres';
-- The last is equality byte by byte: the object is not made by the server's functions.
SELECT k.id, l.new_values = to_jsonb(k) AS same, l.new_values::text = to_jsonb(k)::text AS same_text,
       record_image_eq(ROW (l.new_values), ROW (to_jsonb(k))) AS same_bytes
FROM kinds k JOIN log l ON l.entity_id = k.id::text AND l.action = 'insert' ORDER BY 1;
SELECT key FROM kinds k JOIN log l ON l.entity_id = k.id::text, jsonb_each(l.new_values) WHERE to_jsonb(k) -> key IS DISTINCT FROM value;

-- The digest is made in the same pass as the object; it is what it would be of the stored one.
SELECT count(*) FROM log WHERE digest IS DISTINCT FROM holdfast.audit_content_digest(salt, old_values, new_values, details);

-- The same values under other settings are written in the same way.
BEGIN;
SET LOCAL TimeZone = 'America/New_York';
SET LOCAL DateStyle = 'German';
SET LOCAL IntervalStyle = 'iso_8601';
SET LOCAL extra_float_digits = -5;
SET LOCAL bytea_output = 'escape';
DELETE FROM kinds;
SHOW TimeZone;
SHOW IntervalStyle;
COMMIT;
SELECT i.entity_id, i.new_values = d.old_values AS same FROM log i JOIN log d USING (entity_id)
WHERE i.action = 'insert' AND d.action = 'delete' ORDER BY 1;

-- Changes of one column at a time: every type is compared, and only what changed is written.
INSERT INTO kinds (id) VALUES (7);
DO $$
DECLARE
    v_column name;
    v_bad text := '';
    v_entry log;
BEGIN
    FOR v_column IN SELECT attname FROM pg_attribute WHERE attrelid = 'kinds'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id' LOOP
        EXECUTE format('UPDATE kinds SET %1$I = (SELECT (jsonb_populate_record(NULL::kinds, new_values)).%1$I FROM log WHERE entity_id = ''1'' AND action = ''insert'')
            WHERE id = 7', v_column);
        SELECT * INTO v_entry FROM log ORDER BY id DESC LIMIT 1;
        IF v_entry.action <> 'update' OR (SELECT array_agg(k) FROM jsonb_object_keys(v_entry.new_values) k) <> ARRAY[v_column::text]
           OR v_entry.new_values -> v_column::text IS DISTINCT FROM (SELECT to_jsonb(k) -> v_column::text FROM kinds k WHERE id = 7) THEN
            v_bad := v_bad || ' ' || v_column;
        END IF;
    END LOOP;
    RAISE NOTICE 'columns not written as they changed:%', v_bad;
END
$$;
SELECT count(*) AS n FROM log \gset before_
UPDATE kinds SET t = t, n = n, jb = jb, ta = ta, late = 8, o = o, x = x;
SELECT count(*) - :before_n AS written FROM log;

-- Values that are stored out of line are not fetched to be compared, nor written when they did not change.
CREATE TABLE large (id int PRIMARY KEY, body text, other int);
ALTER TABLE large ALTER body SET STORAGE EXTERNAL;
SELECT holdfast.enable_audit('large', 'log', '{body}');
INSERT INTO large VALUES (1, repeat('0123456789', 10000), 1), (2, repeat('9876543210', 10000), 1);
UPDATE large SET other = 2;
UPDATE large SET body = body || 'x' WHERE id = 1;
UPDATE large SET body = left(body, 100000);
SELECT action, entity_id, jsonb_object_agg(key, jsonb_typeof(value)) FROM log, jsonb_each(new_values) WHERE entity_type LIKE '%large' GROUP BY id, action, entity_id ORDER BY id;

-- Many rows in one statement come in batches, in order, old beside new.
CREATE TABLE many (organization_id uuid NOT NULL, id int NOT NULL, n int, PRIMARY KEY (organization_id, id));
SELECT holdfast.enable_audit('many', 'log');
INSERT INTO many SELECT '0a000000-0000-4000-8000-000000000001', n, n FROM generate_series(1, 1000) n;
UPDATE many SET n = n + 1 WHERE id % 3 > 0;
UPDATE many SET n = CASE WHEN id % 2 = 0 THEN n ELSE n + 1 END;
DELETE FROM many WHERE id > 100;
SELECT action, count(*), count(DISTINCT entity_id), sum((new_values ->> 'n')::int - coalesce((old_values ->> 'n')::int, 0)) AS change,
       bool_and(id > before) AS ascending, count(DISTINCT salt) AS salts, count(DISTINCT occurred_at) AS moments
FROM (SELECT *, lag(id, 1, '00000000-0000-0000-0000-000000000000') OVER (ORDER BY entity_type, id) AS before FROM log) AS l
WHERE entity_type LIKE '%many' GROUP BY action ORDER BY action;
SELECT count(*) FROM log WHERE digest IS DISTINCT FROM holdfast.audit_content_digest(salt, old_values, new_values, details);

SET client_min_messages = warning;
DROP SCHEMA t_audit_rows CASCADE;

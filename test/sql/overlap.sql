-- prevent_overlap and allow_overlap: what they make, what they refuse, and that they undo it all.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_overlap;
CREATE ROLE regress_overlap_owner;
CREATE ROLE regress_overlap_other;
GRANT USAGE, CREATE ON SCHEMA t_overlap TO regress_overlap_owner;
GRANT USAGE ON SCHEMA t_overlap, holdfast TO regress_overlap_owner, regress_overlap_other;
GRANT EXECUTE ON FUNCTION holdfast.prevent_overlap(regclass, name[], name, name, text, interval),
    holdfast.allow_overlap(regclass), holdfast.overlap_guard() TO regress_overlap_owner, regress_overlap_other;
RESET client_min_messages;
SET timezone = 'UTC';
SET intervalstyle = 'postgres';
SET search_path = t_overlap, public;

CREATE FUNCTION caught(statement text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
        detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END $$;
-- made lists what prevent_overlap made on a table.
CREATE FUNCTION made(rel regclass) RETURNS SETOF text LANGUAGE sql AS $$
    (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = rel AND contype = 'x' ORDER BY oid)
    UNION ALL
    (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = rel AND NOT tgisinternal ORDER BY oid)
$$;

-- An ordinary table. The column of the resource and of the times may be called anything.
CREATE TABLE plain (id int PRIMARY KEY, room int NOT NULL, starts timestamptz NOT NULL, ends timestamptz NOT NULL);
SELECT holdfast.prevent_overlap('plain', '{room}', 'starts', 'ends');
SELECT made('plain');
SELECT state, message, hint FROM caught($$SELECT holdfast.prevent_overlap('plain', '{room}', 'starts', 'ends', buffer => '1 h')$$);
SELECT holdfast.allow_overlap('plain');
SELECT made('plain');
SELECT state, message FROM caught($$SELECT holdfast.allow_overlap('plain')$$);

CREATE TABLE "Odd ""table" (
    "select" uuid NOT NULL, "a b" text, "t.s" timestamp, "%s" timestamp, "NOT" boolean, PRIMARY KEY ("select"));
SELECT holdfast.prevent_overlap('"Odd ""table"', ARRAY['a b', 'select'], 't.s', '%s', '"NOT" IS NOT TRUE', '1.5 seconds');
SELECT made('"Odd ""table"');
SELECT holdfast.allow_overlap('"Odd ""table"');

-- Every kind of time, with and without a buffer, and domains over them.
CREATE DOMAIN moment AS timestamptz CHECK (value > '2000-01-01');
CREATE TABLE times (
    r int, tz1 timestamptz, tz2 timestamptz, ts1 timestamp, ts2 timestamp, d1 date, d2 date, m1 moment, m2 moment);
DO $$
DECLARE
    v_kind text;
    v_buffer interval;
BEGIN
    FOR v_kind, v_buffer IN SELECT k, b FROM unnest('{tz,ts,d,m}'::text[]) k, unnest('{0,30 min}'::interval[]) b LOOP
        PERFORM holdfast.prevent_overlap('times', '{r}', (v_kind || 1)::name, (v_kind || 2)::name, buffer => v_buffer);
        RAISE INFO '%', pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'times'::regclass;
        PERFORM holdfast.allow_overlap('times');
    END LOOP;
END $$;

-- Every kind of resource that GiST can compare.
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE DOMAIN name_of_room AS text COLLATE "C";
CREATE TABLE kinds (
    id int GENERATED ALWAYS AS IDENTITY, k_int2 int2, k_int8 int8, k_numeric numeric, k_float8 float8, k_text text,
    k_varchar varchar(20), k_bpchar char(5), k_domain name_of_room, k_uuid uuid, k_enum colour, k_date date, k_inet inet, k_bool boolean,
    k_bytea bytea, k_money money, k_varbit varbit, k_interval interval, k_oid oid, k_macaddr macaddr, k_time time,
    s timestamptz NOT NULL, e timestamptz NOT NULL);
DO $$
DECLARE
    v_column name;
    v_value text;
    v_result text;
BEGIN
    FOR v_column, v_value IN
        SELECT a.attname, v FROM pg_attribute a JOIN (VALUES
            ('k_int2', '1'), ('k_int8', '2'), ('k_numeric', '1.50'), ('k_float8', '1e3'), ('k_text', 'a'), ('k_varchar', 'a'),
            ('k_bpchar', 'a'), ('k_domain', 'x'), ('k_uuid', '00000000-0000-0000-0000-000000000001'), ('k_enum', 'red'),
            ('k_date', '2027-01-01'), ('k_inet', '10.0.0.1'), ('k_bool', 'true'), ('k_bytea', '\x01'), ('k_money', '1'), ('k_varbit', '101'),
            ('k_interval', '1 hour'), ('k_oid', '7'), ('k_macaddr', '08:00:2b:01:02:03'), ('k_time', '10:00')) x(c, v) ON x.c = a.attname
        WHERE attrelid = 'kinds'::regclass ORDER BY attnum
    LOOP
        BEGIN
            PERFORM holdfast.prevent_overlap('kinds', ARRAY[v_column], 's', 'e');
            EXECUTE format('INSERT INTO kinds (%I, s, e) VALUES (%L, ''2027-01-01 10:00Z'', ''2027-01-01 11:00Z'')', v_column, v_value);
            EXECUTE format('INSERT INTO kinds (%I, s, e) VALUES (%L, ''2027-01-01 11:00Z'', ''2027-01-01 12:00Z'')', v_column, v_value);
            EXECUTE format('INSERT INTO kinds (%I, s, e) VALUES (%L, ''2027-01-01 10:30Z'', ''2027-01-01 11:30Z'')', v_column, v_value);
            v_result := 'not protected';
        EXCEPTION WHEN OTHERS THEN
            v_result := SQLSTATE || ' ' || SQLERRM;
        END;
        RAISE INFO '%: %', v_column, v_result;
    END LOOP;
END $$;

-- Two resources of one table are protected one by one, and freed together.
CREATE TABLE visits (
    org uuid, specialist int, room int, s timestamptz NOT NULL, e timestamptz NOT NULL, done boolean NOT NULL DEFAULT false);
SELECT holdfast.prevent_overlap('visits', '{org,specialist}', 's', 'e');
SELECT holdfast.prevent_overlap('visits', '{org,room}', 's', 'e', 'NOT done', '15 min');
SELECT state, message FROM caught($$SELECT holdfast.prevent_overlap('visits', '{specialist,org}', 's', 'e')$$);
SELECT made('visits');
INSERT INTO visits VALUES ('11111111-1111-1111-1111-111111111111', 1, 1, '2027-01-01 10:00Z', '2027-01-01 11:00Z');
SELECT state, message FROM caught($$INSERT INTO visits VALUES ('11111111-1111-1111-1111-111111111111', 1, 2, '2027-01-01 10:00Z', '2027-01-01 11:00Z')$$);
SELECT state, message FROM caught($$INSERT INTO visits VALUES ('11111111-1111-1111-1111-111111111111', 2, 1, '2027-01-01 11:10Z', '2027-01-01 12:00Z')$$);
INSERT INTO visits VALUES ('22222222-2222-2222-2222-222222222222', 1, 1, '2027-01-01 10:00Z', '2027-01-01 11:00Z');
SELECT holdfast.allow_overlap('visits');
SELECT made('visits');

-- Dump and restore: what was made are ordinary objects whose definitions make them again.
SELECT holdfast.prevent_overlap('visits', '{org,room}', 's', 'e', 'NOT done', '15 min');
SELECT pg_get_constraintdef(oid) AS constraintdef, conname FROM pg_constraint WHERE conrelid = 'visits'::regclass AND contype = 'x' \gset
SELECT pg_get_triggerdef(oid) AS triggerdef, tgname FROM pg_trigger WHERE tgrelid = 'visits'::regclass \gset
DROP TRIGGER :"tgname" ON visits;
ALTER TABLE visits DROP CONSTRAINT :"conname", ADD CONSTRAINT :"conname" :constraintdef;
:triggerdef;
SELECT state, message FROM caught($$INSERT INTO visits VALUES ('11111111-1111-1111-1111-111111111111', 2, 1, '2027-01-01 11:10Z', '2027-01-01 12:00Z')$$);

-- Columns may be renamed; a constraint that is renamed away fails closed, and allow_overlap still tidies up.
ALTER TABLE visits RENAME COLUMN s TO start_of_visit;
ALTER TABLE visits RENAME COLUMN room TO place;
SELECT state, message, detail FROM caught($$INSERT INTO visits VALUES ('11111111-1111-1111-1111-111111111111', 2, 1, '2027-01-01 11:10Z', '2027-01-01 11:00Z')$$);
ALTER TABLE visits RENAME CONSTRAINT :"conname" TO renamed;
SELECT state, message, hint FROM caught($$INSERT INTO visits VALUES ('11111111-1111-1111-1111-111111111111', 2, 1, '2028-01-01 11:10Z', '2028-01-01 12:00Z')$$);
ALTER TABLE visits DROP CONSTRAINT renamed;
SELECT holdfast.allow_overlap('visits');
SELECT made('visits');

-- Rows that overlap already are reported, with their keys, and nothing is changed.
CREATE TABLE old (org int, id int, room text, s timestamptz, e timestamptz, gone boolean DEFAULT false, PRIMARY KEY (org, id));
INSERT INTO old VALUES
    (1, 1, 'a', '2027-01-01 10:00Z', '2027-01-01 12:00Z'), (1, 2, 'a', '2027-01-01 10:30Z', '2027-01-01 11:00Z'),
    (1, 3, 'a', '2027-01-01 11:30Z', '2027-01-01 13:00Z'), (1, 4, 'a', '2027-01-01 13:00Z', '2027-01-01 14:00Z'),
    (1, 5, 'b', '2027-01-01 10:00Z', '2027-01-01 12:00Z'), (2, 1, 'b', '2027-01-01 11:00Z', NULL),
    (2, 2, NULL, '2027-01-01 11:00Z', NULL), (2, 3, NULL, '2027-01-01 11:00Z', NULL),
    (2, 4, 'c', NULL, NULL), (2, 5, 'c', NULL, '2027-01-01 11:00Z'),
    (3, 1, 'd', '-infinity', 'infinity'), (3, 2, 'd', '2027-01-01 10:00Z', '2027-01-01 11:00Z');
INSERT INTO old VALUES (3, 3, 'd', '2027-01-01 11:00Z', '2027-01-01 12:00Z', true);
SELECT state, message, jsonb_pretty(detail::jsonb) AS detail, hint FROM caught($$SELECT holdfast.prevent_overlap('old', '{room}', 's', 'e', 'NOT gone')$$);
SELECT detail::jsonb -> 'count' AS with_a_buffer FROM caught($$SELECT holdfast.prevent_overlap('old', '{room}', 's', 'e', 'NOT gone', '1 s')$$);
SELECT detail::jsonb -> 'count' AS per_organization FROM caught($$SELECT holdfast.prevent_overlap('old', '{org,room}', 's', 'e', 'NOT gone')$$);
SELECT made('old');
INSERT INTO old SELECT 9, n, 'z', timestamptz '2027-01-01 10:00Z' + n * interval '1 s', timestamptz '2027-01-01 12:00Z' FROM generate_series(1, 500) n;
SELECT detail::jsonb -> 'count' AS count, jsonb_array_length(detail::jsonb -> 'conflicts') AS shown
FROM caught($$SELECT holdfast.prevent_overlap('old', '{room}', 's', 'e')$$);
ALTER TABLE old DROP CONSTRAINT old_pkey;
SELECT detail::jsonb #> '{conflicts,0,rows}' AS rows_without_primary_key FROM caught($$SELECT holdfast.prevent_overlap('old', '{room}', 's', 'e')$$);
SELECT holdfast.prevent_overlap('old', '{room}', 's', 'e', 'NOT gone AND id < 0');
SELECT holdfast.allow_overlap('old');

-- So are rows that end before they start.
INSERT INTO old VALUES (4, 1, 'e', '2027-01-01 10:00Z', '2027-01-01 09:00Z'), (4, 2, 'f', '2027-01-01 10:00Z', '2027-01-01 10:00Z');
SELECT state, message, detail FROM caught($$SELECT holdfast.prevent_overlap('old', '{room}', 's', 'e')$$);
DROP TABLE old;

-- The condition is one immutable expression; nothing else of it reaches the constraint.
CREATE TABLE cond (id int, room int, s timestamptz, e timestamptz, status text, gone boolean, kind colour);
CREATE FUNCTION is_live(status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT status <> 'cancelled' $$;
SELECT live, state, coalesce(nullif(detail, ''), message) AS detail FROM (VALUES
    ('status <> ''cancelled'''), ('t_overlap.is_live(status)'), ('is_live(status) /* by my own path */'), ('kind = ''red'''),
    ('gone'), ('true'), ('status IN (''a'', ''b'') OR NOT gone'), ('id'), (''), ('  '), ('no_such'), ('cond.no_such'),
    ('s > now()'), ('random() > 0.5'), ('EXISTS (SELECT 1)'), ('id IN (SELECT 1)'), ('count(*) > 0'), ('row_number() OVER () > 1'),
    ('generate_series(1, 2) > 0'), ('gone, gone'), ('gone AS x'), ('gone FROM cond'), ('gone WHERE true'), ('DISTINCT gone'),
    ('gone ORDER BY 1'), ('gone LIMIT 1'), ('gone; DROP TABLE cond'), ('gone) ; --'), ('gone --'), ('gone /*'), ('$1'), ('true UNION SELECT true'),
    ('xmin IS NOT NULL'), ('cond IS NOT NULL'), ('1/0 > 0'), ('1 > ''x''')) v(live),
    caught(format('SELECT holdfast.prevent_overlap(%L, %L, %L, %L, %L); SELECT holdfast.allow_overlap(%L)',
        'cond', '{room}', 's', 'e', live, 'cond'));
SELECT holdfast.prevent_overlap('cond', '{room}', 's', 'e', 'is_live(status) AND (gone OR kind = ''red'')');
SELECT made('cond');

-- Wrong arguments.
SELECT call, state, coalesce(nullif(detail, ''), message) AS detail FROM (VALUES
    ($$NULL, '{room}', 's', 'e'$$), ($$'kinds', NULL, 's', 'e'$$), ($$'kinds', '{}', 's', 'e'$$), ($$'kinds', '{NULL}', 's', 'e'$$),
    ($$'kinds', '{{id},{k_int2}}', 's', 'e'$$), ($$'kinds', '{id,id}', 's', 'e'$$), ($$'kinds', '{nope}', 's', 'e'$$),
    ($$'kinds', '{ctid}', 's', 'e'$$), ($$'kinds', '{id}', NULL, 'e'$$), ($$'kinds', '{id}', 's', NULL$$), ($$'kinds', '{id}', 'nope', 'e'$$),
    ($$'kinds', '{id}', 's', 'nope'$$), ($$'kinds', '{id}', 's', 's'$$), ($$'kinds', '{id}', 's', 'k_date'$$), ($$'kinds', '{id}', 'k_text', 'e'$$),
    ($$'kinds', '{id}', 's', 'e', buffer => '1 day'$$), ($$'kinds', '{id}', 's', 'e', buffer => '1 month'$$),
    ($$'kinds', '{id}', 's', 'e', buffer => '-1 second'$$), ($$'kinds', '{id}', 's', 'e', buffer => '1 day -24 hours'$$),
    ($$'kinds', '{id}', 's', 'e', buffer => NULL, live => NULL$$), ($$0, '{id}', 's', 'e'$$)) v(call),
    caught(format('SELECT holdfast.prevent_overlap(%s)', call));
SELECT holdfast.allow_overlap('kinds');
CREATE TABLE wrong (r point, j jsonb, a int[], v tsvector, s timestamptz, e timestamptz);
SELECT c, state, detail FROM unnest('{r,j,a,v}'::name[]) c, caught(format('SELECT holdfast.prevent_overlap(%L, %L, %L, %L)', 'wrong', ARRAY[c], 's', 'e'));

-- What is not a plain table.
CREATE VIEW a_view AS SELECT * FROM plain;
CREATE TABLE parted (room int, s timestamptz, e timestamptz) PARTITION BY LIST (room);
CREATE TABLE part_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE parent (room int, s timestamptz, e timestamptz);
CREATE TABLE child () INHERITS (parent);
SELECT rel, state, message, hint FROM unnest('{a_view,parted,parent}'::text[]) rel,
    caught(format('SELECT holdfast.prevent_overlap(%L, %L, %L, %L)', rel, '{room}', 's', 'e'));
SELECT holdfast.prevent_overlap('part_1', '{room}', 's', 'e');
INSERT INTO parted VALUES (1, '2027-01-01 10:00Z', '2027-01-01 11:00Z');
SELECT state, message FROM caught($$INSERT INTO parted VALUES (1, '2027-01-01 10:30Z', '2027-01-01 11:00Z')$$);

-- Only the owner, who needs nothing else.
SET ROLE regress_overlap_owner;
CREATE TABLE t_overlap.owned (room int, s timestamptz, e timestamptz);
ALTER TABLE owned ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT ALL ON owned TO regress_overlap_other;
SET ROLE regress_overlap_other;
SELECT state, message FROM caught($$SELECT holdfast.prevent_overlap('owned', '{room}', 's', 'e')$$);
SELECT state, message FROM caught($$SELECT holdfast.allow_overlap('owned')$$);
SELECT state, message FROM caught($$SELECT holdfast.prevent_overlap('pg_class', '{relname}', 's', 'e')$$);
RESET ROLE;
INSERT INTO owned VALUES (1, '2027-01-01 10:00Z', '2027-01-01 11:00Z'), (1, '2027-01-01 10:30Z', '2027-01-01 11:00Z');
SET ROLE regress_overlap_other;
SELECT state, message FROM caught($$SELECT holdfast.prevent_overlap('owned', '{room}', 's', 'e')$$);
SET ROLE regress_overlap_owner;
SELECT count(*) AS owner_sees FROM owned;
SELECT detail::jsonb -> 'count' AS reported FROM caught($$SELECT holdfast.prevent_overlap('owned', '{room}', 's', 'e')$$);
TRUNCATE owned;
SELECT holdfast.prevent_overlap('owned', '{room}', 's', 'e');
SELECT made('owned');
RESET ROLE;

-- The guard is for its own triggers.
SELECT holdfast.overlap_guard();
CREATE TRIGGER wrong_time AFTER INSERT ON wrong FOR EACH ROW EXECUTE FUNCTION holdfast.overlap_guard('x');
SELECT state, message FROM caught($$INSERT INTO wrong DEFAULT VALUES$$);
DROP TRIGGER wrong_time ON wrong;
CREATE TRIGGER no_argument BEFORE INSERT ON wrong FOR EACH ROW EXECUTE FUNCTION holdfast.overlap_guard();
SELECT state, message FROM caught($$INSERT INTO wrong DEFAULT VALUES$$);
DROP TRIGGER no_argument ON wrong;
CREATE INDEX wrong_s ON wrong (s);
CREATE TRIGGER wrong_index BEFORE INSERT ON wrong FOR EACH ROW EXECUTE FUNCTION holdfast.overlap_guard('wrong_s');
SELECT state, message FROM caught($$INSERT INTO wrong DEFAULT VALUES$$);

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA t_overlap CASCADE;
DROP OWNED BY regress_overlap_owner, regress_overlap_other;
DROP ROLE regress_overlap_owner, regress_overlap_other;

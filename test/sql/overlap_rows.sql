-- The guard of prevent_overlap, row by row: who is refused, how, and who is not.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_overlap_rows;
CREATE ROLE regress_overlap_rows_writer;
GRANT USAGE ON SCHEMA t_overlap_rows TO regress_overlap_rows_writer;
RESET client_min_messages;
SET timezone = 'America/New_York';
SET datestyle = 'ISO';
SET search_path = t_overlap_rows, public;

CREATE FUNCTION caught(statement text, OUT state text, OUT message text, OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END $$;
CREATE FUNCTION locks() RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
$$;

CREATE TABLE slots (
    id int PRIMARY KEY, code text UNIQUE, room int, starts timestamptz, ends timestamptz, status text NOT NULL DEFAULT 'open', note text);
SELECT holdfast.prevent_overlap('slots', '{room}', 'starts', 'ends', 'status <> ''cancelled''', '10 minutes');
INSERT INTO slots VALUES (1, 'a', 1, '2027-01-04 10:00Z', '2027-01-04 11:00Z');

-- What a client gets: the times in UTC, alternatives of the same length after the buffer, nobody's name.
SELECT * FROM caught($$INSERT INTO slots VALUES (2, 'b', 1, '2027-01-04 10:30Z', '2027-01-04 11:15Z')$$);
-- There is no Retry-After, so PostgREST gets the same form.
SET request.method = 'POST';
SELECT state, message FROM caught($$INSERT INTO slots VALUES (2, 'b', 1, '2027-01-04 10:30Z', '2027-01-04 11:15Z')$$);
RESET request.method;
-- Alternatives step over what is taken, and stop at an open end.
INSERT INTO slots VALUES (3, 'c', 1, '2027-01-04 11:30Z', '2027-01-04 12:00Z'), (4, 'd', 1, '2027-01-04 13:00Z', '2027-01-04 14:00Z');
SELECT detail::jsonb -> 'alternatives' AS alternatives FROM caught($$INSERT INTO slots VALUES (2, 'b', 1, '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
INSERT INTO slots VALUES (5, 'e', 1, '2027-01-04 14:30Z', NULL);
SELECT detail::jsonb -> 'alternatives' AS alternatives FROM caught($$INSERT INTO slots VALUES (2, 'b', 1, '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
SELECT detail FROM caught($$INSERT INTO slots VALUES (2, 'b', 1, '2030-01-01 00:00Z', NULL)$$);
SELECT detail FROM caught($$INSERT INTO slots VALUES (2, 'b', 1, '-infinity', 'infinity')$$);
DELETE FROM slots WHERE id > 1;

-- The end does not count, the buffer does, on both sides.
INSERT INTO slots VALUES (2, 'b', 1, '2027-01-04 11:10Z', '2027-01-04 12:00Z'), (3, 'c', 1, '2027-01-04 09:00Z', '2027-01-04 09:50Z');
SELECT state, message FROM caught($$INSERT INTO slots VALUES (4, 'd', 1, '2027-01-04 12:09:59.999999Z', '2027-01-04 13:00Z')$$);
SELECT state, message FROM caught($$INSERT INTO slots VALUES (4, 'd', 1, '2027-01-04 08:00Z', '2027-01-04 08:50:00.000001Z')$$);
INSERT INTO slots VALUES (4, 'd', 2, '2027-01-04 10:00Z', '2027-01-04 11:00Z');

-- A row has to end after it starts, if it takes time at all.
SELECT state, message, detail FROM caught($$INSERT INTO slots VALUES (5, 'e', 1, '2027-02-04 10:00Z', '2027-02-04 10:00Z')$$);
SELECT state, message, detail FROM caught($$INSERT INTO slots VALUES (5, 'e', 1, '2027-02-04 10:00Z', '2027-02-04 09:00Z')$$);
SELECT state, message, detail FROM caught($$INSERT INTO slots VALUES (5, 'e', 1, 'infinity', '2027-02-04 09:00Z')$$);
SELECT state, message, detail FROM caught($$UPDATE slots SET ends = starts WHERE id = 4$$);
INSERT INTO slots VALUES (5, 'e', 1, '2027-02-04 10:00Z', '2027-02-04 09:00Z', 'cancelled');
DELETE FROM slots WHERE id = 5;

-- Without a resource, without a start and when it is not live, a row takes no time. A condition that is NULL is not met.
INSERT INTO slots VALUES (11, 'n1', NULL, '2027-01-04 10:00Z', '2027-01-04 11:00Z'), (12, 'n2', NULL, '2027-01-04 10:00Z', '2027-01-04 11:00Z'),
    (13, 'n3', 1, NULL, '2027-01-04 11:00Z'), (14, 'n4', 1, NULL, NULL);
INSERT INTO slots VALUES (15, 'n5', 1, '2027-01-04 10:00Z', '2027-01-04 11:00Z', 'cancelled');
SELECT state, message FROM caught($$UPDATE slots SET room = 1 WHERE id = 11$$);
SELECT state, message FROM caught($$UPDATE slots SET starts = '2027-01-04 10:30Z' WHERE id = 13$$);
SELECT state, message FROM caught($$UPDATE slots SET starts = '2027-01-04 10:30Z' WHERE id = 14$$);
SELECT state, message FROM caught($$UPDATE slots SET status = 'open' WHERE id = 15$$);
UPDATE slots SET room = 3, status = 'open' WHERE id = 15;
DELETE FROM slots WHERE id >= 11;

-- Moving a row: within its own time, next to itself, onto another, out of the way; cancelling; taking a freed time.
UPDATE slots SET starts = '2027-01-04 10:15Z' WHERE id = 1;
UPDATE slots SET starts = starts - interval '5 min', ends = ends - interval '5 min' WHERE id = 1;
SELECT state, message, detail FROM caught($$UPDATE slots SET starts = '2027-01-04 10:30Z', ends = '2027-01-04 11:30Z' WHERE id = 1$$);
SELECT state, message FROM caught($$UPDATE slots SET room = 1 WHERE id = 4$$);
UPDATE slots SET room = 7 WHERE id = 1;
UPDATE slots SET room = 1 WHERE id = 4;
SELECT state, message FROM caught($$UPDATE slots SET room = 1 WHERE id = 1$$);
UPDATE slots SET status = 'cancelled' WHERE id = 4;
UPDATE slots SET room = 1 WHERE id = 1;
DELETE FROM slots WHERE id = 1;
UPDATE slots SET status = 'open' WHERE id = 4;
SELECT id, room, starts AT TIME ZONE 'UTC' AS starts, ends AT TIME ZONE 'UTC' AS ends, status FROM slots ORDER BY id;

-- Which statements take a lock: those that claim time, one per resource; not the others.
BEGIN;
UPDATE slots SET note = 'x', code = code || '!';
UPDATE slots SET starts = starts, room = room;
SELECT locks() AS after_other_columns;
UPDATE slots SET status = 'cancelled' WHERE id = 2;
DELETE FROM slots WHERE id = 3;
SELECT locks() AS after_freeing;
INSERT INTO slots VALUES (21, 'l1', NULL, '2027-01-04 10:00Z', '2027-01-04 11:00Z', 'open'), (22, 'l2', 1, '2027-01-04 10:00Z', '2027-01-04 11:00Z', 'cancelled');
SELECT locks() AS after_rows_without_time;
INSERT INTO slots VALUES (23, 'l3', 50, '2027-01-04 10:00Z', '2027-01-04 11:00Z'), (24, 'l4', 50, '2027-01-04 12:00Z', '2027-01-04 13:00Z');
SELECT locks() AS after_one_resource;
UPDATE slots SET room = 51 WHERE id = 24;
SELECT locks() AS after_a_move;
ROLLBACK;

-- Rows of one statement are seen by one another: two that overlap, and a shift that meets a row before it has moved.
SELECT state, message FROM caught($$INSERT INTO slots VALUES (31, 'm1', 9, '2027-01-04 10:00Z', '2027-01-04 11:00Z'), (32, 'm2', 9, '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
SELECT state, message FROM caught($$INSERT INTO slots SELECT n, 'g' || n, 9, '2027-01-04 10:00Z'::timestamptz + n * interval '1 h', '2027-01-04 11:00Z'::timestamptz + n * interval '1 h' FROM generate_series(40, 42) n$$);
SELECT count(*) AS nothing_went_in FROM slots WHERE room = 9;
INSERT INTO slots VALUES (31, 'm1', 9, '2027-01-04 10:00Z', '2027-01-04 11:00Z'), (32, 'm2', 9, '2027-01-04 12:00Z', '2027-01-04 13:00Z');
SELECT state, message FROM caught($$UPDATE slots SET starts = starts + interval '2 h', ends = ends + interval '2 h' WHERE room = 9$$);
UPDATE slots SET starts = starts - interval '30 min', ends = ends - interval '30 min' WHERE room = 9;
DELETE FROM slots WHERE room = 9;

-- INSERT … ON CONFLICT: upserts by any unique key become updates of their own row, even onto its own time.
INSERT INTO slots VALUES (51, 'u1', 20, '2027-01-04 10:00Z', '2027-01-04 11:00Z'), (52, 'u2', 20, '2027-01-04 12:00Z', '2027-01-04 13:00Z');
INSERT INTO slots VALUES (51, 'u1', 20, '2027-01-04 10:30Z', '2027-01-04 11:30Z') ON CONFLICT (id) DO UPDATE SET starts = excluded.starts, ends = excluded.ends;
INSERT INTO slots VALUES (59, 'u1', 20, '2027-01-04 10:45Z', '2027-01-04 11:30Z') ON CONFLICT (code) DO UPDATE SET starts = excluded.starts;
INSERT INTO slots VALUES (51, 'other', 20, '2027-01-04 12:30Z', '2027-01-04 12:45Z') ON CONFLICT (id) DO UPDATE SET note = 'times left alone';
INSERT INTO slots VALUES (51, 'u1', 20, '2027-01-04 12:30Z', '2027-01-04 12:45Z') ON CONFLICT (id) DO NOTHING;
INSERT INTO slots VALUES (51, 'u1', 20, '2027-01-04 12:30Z', '2027-01-04 12:45Z') ON CONFLICT DO NOTHING;
SELECT state, message FROM caught($$INSERT INTO slots VALUES (51, 'u1', 20, '2027-01-04 12:30Z', '2027-01-04 12:45Z') ON CONFLICT (id) DO UPDATE SET starts = excluded.starts, ends = excluded.ends$$);
SELECT state, message FROM caught($$INSERT INTO slots VALUES (51, 'u1', 20, '2027-01-04 12:30Z', '2027-01-04 12:45Z')$$);
SELECT state, message FROM caught($$INSERT INTO slots VALUES (53, 'u3', 20, '2027-01-04 12:30Z', '2027-01-04 12:45Z') ON CONFLICT (id) DO UPDATE SET note = 'new key, taken time'$$);
SELECT state, message FROM caught($$INSERT INTO slots VALUES (53, 'u3', 20, '2027-01-04 12:30Z', '2027-01-04 12:45Z') ON CONFLICT DO NOTHING$$);
SELECT id, code, starts AT TIME ZONE 'UTC' AS starts, ends AT TIME ZONE 'UTC' AS ends, note FROM slots WHERE room = 20 ORDER BY id;

-- MERGE, and a data-modifying function of the user's own.
MERGE INTO slots s USING (VALUES (52, 20)) v(id, room) ON s.id = v.id WHEN MATCHED THEN UPDATE SET ends = s.ends + interval '5 min';
SELECT state, message FROM caught($$MERGE INTO slots s USING (VALUES (54, 20)) v(id, room) ON s.id = v.id
    WHEN NOT MATCHED THEN INSERT VALUES (v.id, 'x', v.room, '2027-01-04 12:30Z', '2027-01-04 12:45Z')$$);

-- COPY, and a bulk load of 100,000 rows into a table that was empty, many resources, at most 1,024 locks.
COPY slots (id, code, room, starts, ends) FROM STDIN;
61	c1	30	2027-01-04 10:00Z	2027-01-04 11:00Z
62	c2	30	2027-01-04 11:10Z	2027-01-04 12:00Z
\.
COPY slots (id, code, room, starts, ends) FROM STDIN;
63	c3	30	2027-01-04 14:00Z	2027-01-04 15:00Z
64	c4	30	2027-01-04 14:59Z	2027-01-04 16:00Z
\.
SELECT count(*) AS copied FROM slots WHERE room = 30;
CREATE TABLE bulk (room int NOT NULL, starts timestamptz NOT NULL, ends timestamptz NOT NULL);
SELECT holdfast.prevent_overlap('bulk', '{room}', 'starts', 'ends');
BEGIN;
INSERT INTO bulk SELECT n % 5000, '2027-01-04 00:00Z'::timestamptz + n / 5000 * interval '1 h', '2027-01-04 01:00Z'::timestamptz + n / 5000 * interval '1 h'
FROM generate_series(0, 99999) n;
SELECT count(*) FROM bulk;
SELECT locks() BETWEEN 900 AND 1024 AS striped;
COMMIT;
SELECT state, message FROM caught($$INSERT INTO bulk VALUES (4999, '2027-01-04 10:30Z', '2027-01-04 10:45Z')$$);
DROP TABLE bulk;

-- Dates count in whole days, the end not included; timestamps carry no offset in the answer.
CREATE TABLE stays (room text COLLATE "C", arrival date NOT NULL, departure date NOT NULL);
SELECT holdfast.prevent_overlap('stays', '{room}', 'arrival', 'departure');
INSERT INTO stays VALUES ('101', '2027-01-04', '2027-01-07'), ('101', '2027-01-07', '2027-01-08');
SELECT detail FROM caught($$INSERT INTO stays VALUES ('101', '2027-01-06', '2027-01-08')$$);
SELECT state, detail FROM caught($$INSERT INTO stays VALUES ('102', '2027-01-06', '2027-01-06')$$);
SELECT holdfast.allow_overlap('stays');
SELECT detail::jsonb -> 'count' AS a_clean_up_day_is_missing FROM caught($$SELECT holdfast.prevent_overlap('stays', '{room}', 'arrival', 'departure', buffer => '6 hours')$$);
DELETE FROM stays WHERE arrival = '2027-01-07';
SELECT holdfast.prevent_overlap('stays', '{room}', 'arrival', 'departure', buffer => '6 hours');
SELECT detail FROM caught($$INSERT INTO stays VALUES ('101', '2027-01-07', '2027-01-09')$$);
INSERT INTO stays VALUES ('101', '2027-01-08', '2027-01-09');
CREATE TABLE local_times (room int, s timestamp NOT NULL, e timestamp NOT NULL);
SELECT holdfast.prevent_overlap('local_times', '{room}', 's', 'e', buffer => '1 min');
INSERT INTO local_times VALUES (1, '2027-03-28 01:30', '2027-03-28 02:30');
SELECT detail FROM caught($$INSERT INTO local_times VALUES (1, '2027-03-28 02:30:30.5', '2027-03-28 03:00')$$);

-- The end of time: infinite rows, and no alternative beyond it.
CREATE TABLE ages (room int, s timestamptz, e timestamptz);
SELECT holdfast.prevent_overlap('ages', '{room}', 's', 'e', buffer => '1 h');
INSERT INTO ages VALUES (1, '-infinity', '2027-01-01 00:00Z'), (1, '2028-01-01 00:00Z', 'infinity'), (2, '294276-12-31 10:00Z', '294276-12-31 20:00Z');
SELECT state, message FROM caught($$INSERT INTO ages VALUES (1, '2027-06-01 00:00Z', 'infinity')$$);
SELECT detail FROM caught($$INSERT INTO ages VALUES (1, '1900-06-01 00:00Z', '1900-06-02 00:00Z')$$);
SELECT detail FROM caught($$INSERT INTO ages VALUES (2, '294276-12-31 12:00Z', '294276-12-31 16:00Z')$$);

-- Columns that are computed: a generated end, a default, and what an earlier trigger sets.
CREATE TABLE computed (
    room int, s timestamp NOT NULL, minutes int NOT NULL, gone boolean NOT NULL DEFAULT false,
    e timestamp GENERATED ALWAYS AS (s + minutes * interval '1 min') STORED,
    live boolean GENERATED ALWAYS AS (NOT gone) STORED);
SELECT holdfast.prevent_overlap('computed', '{room}', 's', 'e', 'live');
CREATE FUNCTION set_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.room := coalesce(new.room, 1); RETURN new; END $$;
CREATE TRIGGER set_room BEFORE INSERT OR UPDATE ON computed FOR EACH ROW EXECUTE FUNCTION set_room();
INSERT INTO computed VALUES (NULL, '2027-01-04 10:00', 60), (NULL, '2027-01-04 11:00', 60);
SELECT state, message, detail FROM caught($$INSERT INTO computed VALUES (1, '2027-01-04 10:59', 1)$$);
SELECT state, message FROM caught($$INSERT INTO computed VALUES (1, '2027-01-04 12:59', 0)$$);
SELECT state, message FROM caught($$UPDATE computed SET minutes = 61 WHERE s = '2027-01-04 10:00'$$);
UPDATE computed SET minutes = 59 WHERE s = '2027-01-04 10:00';
UPDATE computed SET gone = true WHERE s = '2027-01-04 11:00';
UPDATE computed SET minutes = 90 WHERE s = '2027-01-04 10:00';
SELECT state, message FROM caught($$UPDATE computed SET gone = false WHERE s = '2027-01-04 11:00'$$);
SELECT * FROM computed ORDER BY s;
-- Whatever changes a row after the guard meets the constraint.
DROP TRIGGER set_room ON computed;
CREATE TRIGGER zzz_later BEFORE INSERT ON computed FOR EACH ROW EXECUTE FUNCTION set_room();
SELECT state FROM caught($$INSERT INTO computed VALUES (NULL, '2027-01-04 10:00', 60)$$);

-- A column that was dropped or added later does not confuse the guard.
ALTER TABLE slots DROP COLUMN note;
ALTER TABLE slots ADD COLUMN extra int NOT NULL DEFAULT 5;
SELECT state, message FROM caught($$UPDATE slots SET room = 20, starts = '2027-01-04 12:30Z', ends = '2027-01-04 12:45Z' WHERE id = 61$$);
ALTER TABLE slots ALTER COLUMN room TYPE text USING room::text;
SELECT state, message FROM caught($$INSERT INTO slots VALUES (71, 'after', '20', '2027-01-04 12:30Z', '2027-01-04 12:45Z')$$);
INSERT INTO slots VALUES (71, 'after', '20', '2027-01-05 12:30Z', '2027-01-05 12:45Z');

-- In every isolation level.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT state, message FROM caught($$INSERT INTO slots VALUES (72, 'rr', '20', '2027-01-05 12:30Z', '2027-01-05 12:45Z')$$);
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT state, message FROM caught($$INSERT INTO slots VALUES (72, 'sr', '20', '2027-01-05 12:30Z', '2027-01-05 12:45Z')$$);
COMMIT;

-- A savepoint that goes takes its rows and its locks with it.
BEGIN;
SAVEPOINT s;
INSERT INTO slots VALUES (73, 'sp', '99', '2027-01-05 12:30Z', '2027-01-05 12:45Z');
ROLLBACK TO s;
SELECT locks();
INSERT INTO slots VALUES (74, 'sp', '99', '2027-01-05 12:30Z', '2027-01-05 12:45Z');
COMMIT;

-- A writer needs no right on anything of holdfast, nor to read the table.
GRANT INSERT ON slots TO regress_overlap_rows_writer;
SET ROLE regress_overlap_rows_writer;
INSERT INTO t_overlap_rows.slots VALUES (81, 'p1', '40', '2027-01-05 12:30Z', '2027-01-05 12:45Z');
DO $$
BEGIN
    INSERT INTO t_overlap_rows.slots VALUES (82, 'p2', '40', '2027-01-05 12:30Z', '2027-01-05 12:45Z');
EXCEPTION WHEN OTHERS THEN
    RAISE INFO '% %', SQLSTATE, SQLERRM;
END $$;
RESET ROLE;

-- With the trigger out of the way the constraint remains.
ALTER TABLE slots DISABLE TRIGGER USER;
SELECT state FROM caught($$INSERT INTO slots VALUES (82, 'p2', '40', '2027-01-05 12:30Z', '2027-01-05 12:45Z')$$);
ALTER TABLE slots ENABLE TRIGGER USER;
SET session_replication_role = replica;
SELECT state FROM caught($$INSERT INTO slots VALUES (82, 'p2', '40', '2027-01-05 12:30Z', '2027-01-05 12:45Z')$$);
RESET session_replication_role;
REINDEX TABLE slots;
SELECT state FROM caught($$INSERT INTO slots VALUES (82, 'p2', '40', '2027-01-05 12:30Z', '2027-01-05 12:45Z')$$);

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA t_overlap_rows CASCADE;
DROP OWNED BY regress_overlap_rows_writer;
DROP ROLE regress_overlap_rows_writer;

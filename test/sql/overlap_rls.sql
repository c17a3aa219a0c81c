-- prevent_overlap under row security: rows that the writer may not see count, nobody learns whose they are, and
-- whoever may not write a row does not learn whether its time is taken.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_overlap_rls;
CREATE ROLE regress_overlap_rls_owner;
CREATE ROLE regress_overlap_rls_a;
CREATE ROLE regress_overlap_rls_b;
CREATE ROLE regress_overlap_rls_team;
GRANT regress_overlap_rls_team TO regress_overlap_rls_b;
GRANT ALL ON SCHEMA t_overlap_rls TO regress_overlap_rls_owner, regress_overlap_rls_a, regress_overlap_rls_b;
GRANT USAGE ON SCHEMA holdfast TO regress_overlap_rls_owner;
GRANT EXECUTE ON FUNCTION holdfast.prevent_overlap(regclass, name[], name, name, text, interval), holdfast.overlap_guard()
    TO regress_overlap_rls_owner;
RESET client_min_messages;
SET timezone = 'UTC';
SET search_path = t_overlap_rls, public;

CREATE FUNCTION caught(statement text, OUT state text, OUT message text, OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END $$;

-- Rooms are shared by all; everybody sees and writes their own rows only.
SET ROLE regress_overlap_rls_owner;
CREATE TABLE t_overlap_rls.shared (
    id int PRIMARY KEY, who name NOT NULL DEFAULT current_user, room text, s timestamptz NOT NULL, e timestamptz NOT NULL,
    "odd ""name" text DEFAULT E'it''s "odd" \\ \n', tags text[] DEFAULT '{a,NULL,"b c"}', extra jsonb DEFAULT '{"a": 1}');
GRANT SELECT, INSERT, UPDATE, DELETE ON shared TO regress_overlap_rls_a, regress_overlap_rls_b;
ALTER TABLE shared ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON shared USING (who = current_user);
SELECT holdfast.prevent_overlap('shared', '{room}', 's', 'e');
SET ROLE regress_overlap_rls_a;
INSERT INTO shared (id, room, s, e) VALUES (1, 'r', '2027-01-04 10:00Z', '2027-01-04 11:00Z');
SET ROLE regress_overlap_rls_b;
SELECT count(*) AS b_sees FROM shared;
SELECT * FROM caught($$INSERT INTO shared (id, room, s, e) VALUES (2, 'r', '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
INSERT INTO shared (id, room, s, e) VALUES (2, 'r', '2027-01-04 11:00Z', '2027-01-04 12:00Z');
SELECT state, message FROM caught($$UPDATE shared SET s = '2027-01-04 10:59Z'$$);
SELECT state, message FROM caught($$INSERT INTO shared (id, room, s, e) VALUES (3, 'r', '2027-01-04 11:59Z', '2027-01-04 12:00Z') ON CONFLICT (id) DO NOTHING$$);
-- A key that somebody else has passes the guard; PostgreSQL answers for it as it would without one.
SELECT state, message FROM caught($$INSERT INTO shared (id, room, s, e) VALUES (1, 'r', '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
-- In somebody else's name a free and a taken time get the same answer.
SELECT state, message FROM caught($$INSERT INTO shared (id, who, room, s, e) VALUES (3, 'regress_overlap_rls_a', 'r', '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
SELECT state, message FROM caught($$INSERT INTO shared (id, who, room, s, e) VALUES (3, 'regress_overlap_rls_a', 'r', '2027-02-04 10:30Z', '2027-02-04 11:00Z')$$);
SELECT state, message FROM caught($$UPDATE shared SET who = 'regress_overlap_rls_a', s = '2027-01-04 10:30Z'$$);
SELECT state, message FROM caught($$UPDATE shared SET who = 'regress_overlap_rls_a', s = '2027-01-04 11:30Z'$$);
-- The owner under FORCE, without a policy of their own; and one whom nothing binds.
SET ROLE regress_overlap_rls_owner;
SELECT state, message FROM caught($$INSERT INTO shared (id, room, s, e) VALUES (4, 'r', '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
SELECT state, message FROM caught($$INSERT INTO shared (id, who, room, s, e) VALUES (4, 'x', 'r', '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
RESET ROLE;
SELECT state, message FROM caught($$INSERT INTO shared (id, who, room, s, e) VALUES (4, 'x', 'r', '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
-- With row security refused altogether it is not consulted either.
SET row_security = off;
SELECT state, message FROM caught($$INSERT INTO shared (id, who, room, s, e) VALUES (4, 'x', 'r', '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
RESET row_security;

-- Policies of every shape: for the command, for a role or its members, permissive and restrictive, with a subquery,
-- without any expression, with a function found by the search path. Taken and free times always get one answer,
-- unless the row may be written.
SET ROLE regress_overlap_rls_owner;
CREATE TABLE t_overlap_rls.members (who name, room text);
INSERT INTO members VALUES ('regress_overlap_rls_b', 'm');
GRANT SELECT ON members TO regress_overlap_rls_a, regress_overlap_rls_b;
CREATE FUNCTION t_overlap_rls.mine(room text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT room LIKE 'f%' $$;
CREATE TABLE t_overlap_rls.shaped (room text, s timestamptz, e timestamptz);
GRANT SELECT, INSERT, UPDATE ON shaped TO regress_overlap_rls_a, regress_overlap_rls_b;
SELECT holdfast.prevent_overlap('shaped', '{room}', 's', 'e');
INSERT INTO shaped SELECT r, '2027-01-04 10:00Z', '2027-01-04 11:00Z' FROM unnest('{m,f1,q,t}'::text[]) r;
INSERT INTO shaped SELECT r, '2027-01-04 08:00Z', '2027-01-04 09:00Z' FROM unnest('{m,f1,q,t}'::text[]) r;
ALTER TABLE shaped ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION t_overlap_rls.answers() RETURNS TABLE (room text, insert_taken text, insert_free text, update_taken text, update_free text)
LANGUAGE plpgsql AS $$
DECLARE
    v_statement text;
    v_answers text[];
BEGIN
    FOREACH room IN ARRAY '{m,f1,q,t}'::text[] LOOP
        v_answers := '{}';
        FOREACH v_statement IN ARRAY ARRAY[
            'INSERT INTO shaped VALUES (%L, ''2027-01-04 10:30Z'', ''2027-01-04 11:00Z'')',
            'INSERT INTO shaped VALUES (%L, ''2027-02-04 10:30Z'', ''2027-02-04 11:00Z'')',
            'UPDATE shaped SET s = ''2027-01-04 10:30Z'', e = ''2027-01-04 11:00Z'' WHERE room = %L AND e < ''2027-01-04 10:00Z''',
            'UPDATE shaped SET s = ''2027-02-04 12:30Z'', e = ''2027-02-04 13:00Z'' WHERE room = %L AND e < ''2027-01-04 10:00Z''']
        LOOP
            BEGIN
                EXECUTE format(v_statement, room);
                RAISE SQLSTATE 'ZZZZZ';
            EXCEPTION WHEN OTHERS THEN
                v_answers := v_answers || CASE SQLSTATE WHEN 'ZZZZZ' THEN 'ok' WHEN 'PT409' THEN 'slot_conflict' ELSE SQLSTATE END;
            END;
        END LOOP;
        insert_taken := v_answers[1]; insert_free := v_answers[2]; update_taken := v_answers[3]; update_free := v_answers[4];
        RETURN NEXT;
    END LOOP;
END $$;
RESET ROLE;
CREATE POLICY see ON shaped FOR SELECT USING (true);
SET ROLE regress_overlap_rls_b;
SELECT * FROM answers();
RESET ROLE;
CREATE POLICY by_membership ON shaped FOR INSERT
    WITH CHECK (EXISTS (SELECT FROM members m WHERE m.who = current_user AND m.room = shaped.room));
CREATE POLICY by_function ON shaped FOR ALL TO regress_overlap_rls_team USING (mine(room));
CREATE POLICY for_updates ON shaped FOR UPDATE USING (room IN ('q', 't')) WITH CHECK (room <> 't');
CREATE POLICY for_a ON shaped FOR ALL TO regress_overlap_rls_a USING (true);
SET ROLE regress_overlap_rls_b;
SELECT * FROM answers();
SET ROLE regress_overlap_rls_a;
SELECT * FROM answers();
RESET ROLE;
CREATE POLICY office_hours ON shaped AS RESTRICTIVE FOR INSERT WITH CHECK (s < '2027-01-01');
SET ROLE regress_overlap_rls_a;
SELECT * FROM answers();
RESET ROLE;

-- A policy's names were resolved when it was made: it may call what the writer could not name; look at the whole row;
-- look twice, through row security of its own; and see nothing of what only a stored row has.
CREATE SCHEMA t_overlap_rls_hidden;
CREATE FUNCTION t_overlap_rls_hidden.yes(shaped) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT $1.room = 'q' $$;
DROP POLICY by_function ON shaped;
CREATE POLICY by_hidden ON shaped FOR INSERT TO regress_overlap_rls_team WITH CHECK (t_overlap_rls_hidden.yes(shaped) AND shaped IS NOT NULL);
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON members USING (EXISTS (SELECT FROM shaped i WHERE i.room = members.room AND i.s >= '2027-01-04 10:00Z'));
DROP POLICY office_hours ON shaped;
SET ROLE regress_overlap_rls_b;
SELECT * FROM answers();
RESET ROLE;
DROP POLICY by_hidden ON shaped;
CREATE POLICY stored ON shaped FOR INSERT TO regress_overlap_rls_team WITH CHECK (tableoid = 't_overlap_rls.shaped'::regclass);
SET ROLE regress_overlap_rls_b;
SELECT state FROM caught($$INSERT INTO shaped VALUES ('q', '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
RESET ROLE;
DROP POLICY stored ON shaped;

-- Whose rights count: the definer's in a definer function.
CREATE FUNCTION book(room text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ INSERT INTO t_overlap_rls.shaped VALUES (room, '2027-01-04 10:30Z', '2027-01-04 11:00Z') $$;
ALTER FUNCTION book(text) OWNER TO regress_overlap_rls_owner;
SET ROLE regress_overlap_rls_b;
SELECT state, message FROM caught($$SELECT book('t')$$);
RESET ROLE;

-- A policy that fails, fails as it would have; the conflict is not told.
CREATE POLICY broken ON shaped FOR INSERT TO regress_overlap_rls_b WITH CHECK (1 / (length(room) - 1) > 0);
SET ROLE regress_overlap_rls_b;
SELECT state, message FROM caught($$INSERT INTO shaped VALUES ('q', '2027-01-04 10:30Z', '2027-01-04 11:00Z')$$);
SELECT state, message FROM caught($$INSERT INTO shaped VALUES ('q', '2027-02-04 10:30Z', '2027-02-04 11:00Z')$$);
RESET ROLE;

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA t_overlap_rls, t_overlap_rls_hidden CASCADE;
DROP OWNED BY regress_overlap_rls_owner, regress_overlap_rls_a, regress_overlap_rls_b, regress_overlap_rls_team;
DROP ROLE regress_overlap_rls_owner, regress_overlap_rls_a, regress_overlap_rls_b, regress_overlap_rls_team;

-- A trigger of the user's on a calendar that asks the same calendar for more, and alters it in the middle: the statement that
-- fired it is still running then, and its plan with it.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_hold_reentrance;
RESET client_min_messages;
SET search_path = t_hold_reentrance;
SELECT holdfast.create_calendar('t_hold_reentrance.calendar');
CREATE FUNCTION k(n text) RETURNS uuid LANGUAGE sql IMMUTABLE AS 'SELECT md5(n)::uuid';

-- Whoever takes the room takes the beamer with it.
CREATE FUNCTION with_beamer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('client_min_messages', 'warning', true);
    ALTER TABLE t_hold_reentrance.other SET (fillfactor = 90);
    PERFORM holdfast.hold('t_hold_reentrance.calendar', NEW.organization_id, ARRAY[t_hold_reentrance.k('beamer')], ARRAY[NEW.during], NEW.holder, '10 min');
    RETURN NULL;
END $$;
CREATE TABLE other (id int);
DO $$
BEGIN
    EXECUTE format('CREATE TRIGGER with_beamer AFTER INSERT ON t_hold_reentrance.calendar FOR EACH ROW WHEN (NEW.resource_id = %L) EXECUTE FUNCTION t_hold_reentrance.with_beamer()', t_hold_reentrance.k('room'));
END $$;

SELECT count(*) FROM holdfast.hold('calendar', k('o'), ARRAY[k('room'), k('ana')], ARRAY[tstzrange('2030-01-07 10:00Z', '2030-01-07 11:00Z')], k('h'), '10 min');
SELECT count(*) FROM holdfast.hold('calendar', k('o'), ARRAY[k('room'), k('ana')], ARRAY[tstzrange('2030-01-07 12:00Z', '2030-01-07 13:00Z')], k('h'), '10 min');
SELECT r.name, count(*) FROM calendar JOIN unnest('{room,ana,beamer}'::text[]) AS r (name) ON resource_id = k(r.name) GROUP BY 1 ORDER BY 1;
SELECT count(*) AS overlaps FROM holdfast.verify_calendar('calendar');

SET client_min_messages = warning;
DROP SCHEMA t_hold_reentrance CASCADE;

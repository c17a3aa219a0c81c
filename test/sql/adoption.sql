-- A table of a user's own takes three statements: overlap protection, row security by tenant, and idempotency. Without
-- the platform, and without a superuser: the owner of the table needs EXECUTE on the functions, and nothing else.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_adoption;
CREATE ROLE regress_adoption_owner;
CREATE ROLE regress_adoption_client;
GRANT ALL ON SCHEMA t_adoption TO regress_adoption_owner;
GRANT USAGE ON SCHEMA t_adoption TO regress_adoption_client;
GRANT USAGE ON SCHEMA holdfast TO regress_adoption_owner;
GRANT EXECUTE ON FUNCTION
    holdfast.prevent_overlap(regclass, name[], name, name, text, interval), holdfast.overlap_guard(),
    holdfast.enable_tenant_rls(regclass, name, name, name[]), holdfast.create_idempotency(text),
    holdfast.begin_request(regclass, uuid, uuid, text, text, jsonb), holdfast.finish_request(regclass, uuid, uuid, text, text, jsonb),
    holdfast.raise_error(text, jsonb, text) TO regress_adoption_owner;
GRANT EXECUTE ON FUNCTION holdfast.org_id(), holdfast.uid() TO regress_adoption_owner, regress_adoption_client;
RESET client_min_messages;
SET timezone = 'UTC';
SET search_path = t_adoption;

CREATE FUNCTION be(sub int, org int) RETURNS void LANGUAGE sql AS $$
    SELECT set_config('request.jwt.claims', json_build_object(
        'sub', lpad(sub::text, 32, '0')::uuid, 'app_metadata', json_build_object('organization_id', lpad(org::text, 32, '0')::uuid))::text, false)
$$;
CREATE FUNCTION caught(statement text, OUT state text, OUT message text, OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END $$;

-- What was there before: a table with rows.
SET ROLE regress_adoption_owner;
CREATE TABLE room_bookings (
    organization_id uuid NOT NULL, id uuid NOT NULL DEFAULT gen_random_uuid(), room_id uuid NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, cancelled boolean NOT NULL DEFAULT false,
    PRIMARY KEY (organization_id, id));
GRANT SELECT, INSERT, UPDATE ON room_bookings TO regress_adoption_client;
INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at)
SELECT lpad(o::text, 32, '0')::uuid, lpad(r::text, 32, '0')::uuid, '2027-01-04 10:00Z', '2027-01-04 11:00Z'
FROM generate_series(1, 2) o, generate_series(7, 8) r;

-- The three statements.
SELECT holdfast.prevent_overlap('room_bookings', ARRAY['organization_id', 'room_id'], 'starts_at', 'ends_at',
    live => 'NOT cancelled', buffer => '10 minutes');
SELECT holdfast.enable_tenant_rls('room_bookings', roles => '{regress_adoption_client}');
SELECT holdfast.create_idempotency('booking_requests');

-- And a function that uses the third.
CREATE FUNCTION book_room(room uuid, from_time timestamptz, to_time timestamptz, key text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    request jsonb := jsonb_build_object('room', room, 'from', from_time, 'to', to_time);
    response jsonb := holdfast.begin_request('t_adoption.booking_requests', holdfast.org_id(), holdfast.uid(), 'book_room', key, request);
BEGIN
    IF response IS NOT NULL THEN
        RETURN response;  -- done before: the same answer again
    END IF;
    INSERT INTO t_adoption.room_bookings (organization_id, room_id, starts_at, ends_at)
    VALUES (holdfast.org_id(), room, from_time, to_time)
    RETURNING jsonb_build_object('id', id) INTO response;
    PERFORM holdfast.finish_request('t_adoption.booking_requests', holdfast.org_id(), holdfast.uid(), 'book_room', key, response);
    RETURN response;
END $$;
RESET ROLE;

-- A client of organization 1 sees and writes its rows only, and nobody books twice.
SELECT be(1, 1);
SET ROLE regress_adoption_client;
SELECT count(*) AS own_rows FROM room_bookings;
SELECT * FROM caught($$INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at)
    VALUES (lpad('1', 32, '0')::uuid, lpad('7', 32, '0')::uuid, '2027-01-04 10:30Z', '2027-01-04 11:30Z')$$);
INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at)
    VALUES (lpad('1', 32, '0')::uuid, lpad('7', 32, '0')::uuid, '2027-01-04 11:05Z', '2027-01-04 12:00Z');
INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at)
    VALUES (lpad('1', 32, '0')::uuid, lpad('7', 32, '0')::uuid, '2027-01-04 11:10Z', '2027-01-04 12:00Z');
SELECT state, message, detail::jsonb -> 'conflicts' AS conflicts FROM caught($$UPDATE room_bookings SET room_id = lpad('7', 32, '0')::uuid$$);
UPDATE room_bookings SET cancelled = true WHERE starts_at = '2027-01-04 10:00Z';
INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at)
    VALUES (lpad('1', 32, '0')::uuid, lpad('7', 32, '0')::uuid, '2027-01-04 10:00Z', '2027-01-04 11:00Z');
-- Of organization 2 it learns nothing: a taken and a free time get the same answer.
SELECT state, message FROM caught($$INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at)
    VALUES (lpad('2', 32, '0')::uuid, lpad('7', 32, '0')::uuid, '2027-01-04 10:00Z', '2027-01-04 11:00Z')$$);
SELECT state, message FROM caught($$INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at)
    VALUES (lpad('2', 32, '0')::uuid, lpad('7', 32, '0')::uuid, '2027-01-04 12:00Z', '2027-01-04 13:00Z')$$);
UPDATE room_bookings SET cancelled = true WHERE organization_id = lpad('2', 32, '0')::uuid;

-- The function: a repetition gets the same answer, another request under the key does not, a failure may be repeated.
SELECT book_room(lpad('9', 32, '0')::uuid, '2027-01-05 10:00Z', '2027-01-05 11:00Z', 'k') AS first \gset
SELECT book_room(lpad('9', 32, '0')::uuid, '2027-01-05 10:00Z', '2027-01-05 11:00Z', 'k') = :'first' AS same_answer;
SELECT state, message FROM caught($$SELECT book_room(lpad('9', 32, '0')::uuid, '2027-01-05 10:00Z', '2027-01-05 12:00Z', 'k')$$);
SELECT state, message FROM caught($$SELECT book_room(lpad('9', 32, '0')::uuid, '2027-01-05 10:00Z', '2027-01-05 12:00Z', 'k2')$$);
SELECT book_room(lpad('9', 32, '0')::uuid, '2027-01-05 11:10Z', '2027-01-05 12:00Z', 'k2') IS NOT NULL AS booked;
SELECT state, message FROM caught($$SELECT * FROM booking_requests$$);
RESET ROLE;
-- Another person, and another organization, with the same key.
SELECT be(2, 1);
SET ROLE regress_adoption_client;
SELECT state, message FROM caught($$SELECT book_room(lpad('9', 32, '0')::uuid, '2027-01-05 10:00Z', '2027-01-05 11:00Z', 'k')$$);
RESET ROLE;
SELECT be(1, 2);
SET ROLE regress_adoption_client;
SELECT book_room(lpad('9', 32, '0')::uuid, '2027-01-05 10:00Z', '2027-01-05 11:00Z', 'k') <> :'first' AS another_answer;
SELECT count(*) AS own_rows FROM room_bookings;
RESET ROLE;
-- Nobody: no rows, and none to be written.
SET request.jwt.claims = '';
SET ROLE regress_adoption_client;
SELECT count(*) AS rows_of_nobody FROM room_bookings;
SELECT state FROM caught($$SELECT book_room(lpad('9', 32, '0')::uuid, '2027-01-05 10:00Z', '2027-01-05 11:00Z', 'k')$$);
SELECT state FROM caught($$INSERT INTO room_bookings (organization_id, room_id, starts_at, ends_at)
    VALUES (lpad('1', 32, '0')::uuid, lpad('7', 32, '0')::uuid, '2027-01-04 10:00Z', '2027-01-04 11:00Z')$$);
RESET ROLE;

SELECT organization_id = lpad('1', 32, '0')::uuid AS organization_1, right(room_id::text, 1) AS room, starts_at, ends_at, cancelled
FROM room_bookings ORDER BY 1 DESC, 2, 3, 5;
SELECT operation, key, count(*) FROM booking_requests GROUP BY 1, 2 ORDER BY 2;

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA t_adoption CASCADE;
DROP OWNED BY regress_adoption_owner, regress_adoption_client;
DROP ROLE regress_adoption_owner, regress_adoption_client;

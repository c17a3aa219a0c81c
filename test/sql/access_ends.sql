-- What somebody could see and do ends at the next statement when they lose the role, are archived or become inactive.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
-- What somebody reaches: bookings, their history, assignments, their client row, their breaks; and what they are told
-- of a booking.
INSERT INTO public.client_assignments (organization_id, client_id, specialist_id) VALUES (t.id('clinic'), t.id('ana'), t.id('maria'));
INSERT INTO public.specialist_breaks (organization_id, specialist_id, day_of_week, start_time, end_time, time_zone)
VALUES (t.id('clinic'), t.id('maria'), 1, '13:00', '14:00', 'UTC');
INSERT INTO public.company_employees (organization_id, company_id, user_id, display_name)
VALUES (t.id('clinic'), t.id('acme'), t.id('u_ben'), 'Ben');
CREATE FUNCTION t.reach(who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_reach text;
BEGIN
    PERFORM t.become(who);
    SELECT format('%s bookings, %s changes, %s assignments, %s clients, %s breaks, %s employees', (SELECT count(*) FROM public.bookings),
        (SELECT count(*) FROM public.booking_status_history), (SELECT count(*) FROM public.client_assignments),
        (SELECT count(*) FROM public.clients), (SELECT count(*) FROM public.specialist_breaks), (SELECT count(*) FROM public.company_employees))
    INTO v_reach;
    PERFORM set_config('role', 'none', true);
    RETURN v_reach || ', ' || left(t.rpc(who, 'get_booking', '{"booking_id": "b1"}'), 23);
END
$$;
SELECT t.rpc('ana', 'request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-07 10:00Z", "end_time": "2030-01-07 11:00Z"}', 'b') ~ 'b1' AS held \gset
SELECT t.rpc('ana', 'confirm_booking', '{"hold_key": "b1"}') ~ 'confirmed' AS booked \gset
\set ECHO all
SELECT :'held', :'booked';

-- A specialist, and the role
SELECT t.reach('maria');
SELECT t.rpc('adam', 'revoke_role', '{"user_id": "u_maria", "role": "specialist"}');
SELECT t.reach('maria');
SELECT name, t.rpc('maria', name, arguments) FROM (VALUES
    ('cancel_booking', '{"booking_id": "b1"}'), ('reschedule_booking', '{"booking_id": "b1", "start_time": "2030-01-07 12:00Z"}'),
    ('accept_booking', '{"booking_id": "b1"}'), ('complete_booking', '{"booking_id": "b1"}'), ('mark_no_show', '{"booking_id": "b1", "party": "client"}'),
    ('request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 11:00Z"}'),
    ('update_specialist', '{"specialist_id": "maria", "bio": "New"}')) AS c (name, arguments);
-- the client keeps the booking, and the admin sees to it
SELECT t.reach('ana');
SELECT t.rpc('adam', 'assign_role', '{"user_id": "u_maria", "role": "specialist"}');
SELECT t.reach('maria');
-- a role of another organization is none here
UPDATE public.user_roles SET organization_id = t.id('other') WHERE user_id = t.id('u_maria');
SELECT t.reach('maria');
UPDATE public.user_roles SET organization_id = t.id('clinic') WHERE user_id = t.id('u_maria');
-- whoever is also an admin stays one
INSERT INTO public.user_roles (organization_id, user_id, role) VALUES (t.id('clinic'), t.id('u_maria'), 'admin');
DELETE FROM public.user_roles WHERE user_id = t.id('u_maria') AND role = 'specialist';
SELECT t.reach('maria') ~ '^1 bookings';
DELETE FROM public.user_roles WHERE user_id = t.id('u_maria');

-- HR, and the role
SELECT t.reach('hugo'), t.rpc('hugo', 'company_usage', '{"company_id": "acme"}') ~ 'total';
DELETE FROM public.user_roles WHERE user_id = t.id('u_hugo');
-- their own row as an employee is left
SELECT t.reach('hugo');
SELECT name, t.rpc('hugo', name, arguments) FROM (VALUES ('company_usage', '{"company_id": "acme"}'), ('create_employee', '{"company_id": "acme", "display_name": "New"}')) AS c (name, arguments);

-- A client needs no role: what is theirs is theirs
SELECT count(*) FROM public.user_roles WHERE user_id = t.id('u_ana');
SELECT t.reach('ana');
-- inactive
SELECT t.rpc('adam', 'update_client', '{"client_id": "ana", "status": "inactive"}') ~ 'inactive';
SELECT t.reach('ana');
SELECT name, t.rpc('ana', name, arguments) FROM (VALUES
    ('cancel_booking', '{"booking_id": "b1"}'), ('reschedule_booking', '{"booking_id": "b1", "start_time": "2030-01-07 12:00Z"}'),
    ('request_hold', '{"specialist_id": "maria", "client_id": "ana", "start_time": "2030-01-08 10:00Z", "end_time": "2030-01-08 11:00Z"}'),
    ('update_client', '{"client_id": "ana", "phone": "12345"}')) AS c (name, arguments);
SELECT t.rpc('adam', 'update_client', '{"client_id": "ana", "status": "active"}') ~ '"active"';
SELECT t.reach('ana');
-- archived
SELECT t.rpc('adam', 'archive_client', '{"client_id": "ana"}') ~ 'deleted_at';
SELECT t.reach('ana');
UPDATE public.clients SET status = 'active' WHERE id = t.id('ana');
SELECT t.reach('ana');

\set ECHO none
\i :srcdir/lib/finish_booking.sql

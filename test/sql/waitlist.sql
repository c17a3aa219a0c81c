-- The waitlist: freed time is held for the next in line, declined and lapsed offers go on, and the order can be proved.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
INSERT INTO public.clients (organization_id, id, display_name) VALUES (t.id('clinic'), t.id('nothing'), 'Dora');
CREATE VIEW t.line AS
SELECT t.tidy(e.id::text, 'entry') AS entry, n.label AS client, e.status FROM public.waitlist_entries e JOIN t.names n ON n.id = e.client_id ORDER BY e.id;
CREATE VIEW t.offers AS
SELECT t.tidy(o.id::text, 'offer') AS offer, n.label AS client, to_char(o.start_time AT TIME ZONE 'UTC', 'DD HH24:MI') AS starts, o.expires_at - o.offered_at AS stands, o.outcome
FROM public.waitlist_offers o JOIN t.names n ON n.id = o.client_id ORDER BY o.id;
CREATE VIEW t.freed AS
SELECT f.source, to_char(f.start_time AT TIME ZONE 'UTC', 'DD HH24:MI') AS starts, t.tidy(f.offers::text, 'offer') AS offers, t.tidy(f.skipped::text, 'entry') AS skipped
FROM holdfast_private.waitlist_freed f ORDER BY f.id;
CREATE FUNCTION t.join(who text, client text, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN a LIKE '{%' THEN a::jsonb #>> '{waitlist_entry,status}' ELSE a END
  FROM t.rpc(who, 'join_waitlist', format('{"client_id": "%s", "earliest": "2030-01-08 00:00Z", "latest": "2030-01-12 00:00Z", "session_type_id": "talk"%s}', client, more), 'entry') a
$$;
CREATE FUNCTION t.book(starts text, client text) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE v_key uuid := holdfast_private.request_hold(t.id('clinic'), t.id('maria'), t.id(client), ('2030-01-' || starts || 'Z')::timestamptz, session_type_id => t.id('talk')) ->> 'hold_key';
BEGIN
  PERFORM holdfast_private.confirm_booking(t.id('clinic'), v_key);
  RETURN v_key;
END $$;
\set ECHO all

-- maria's hour on the 9th is booked; ana, ben and dora wait, and ben has priority
SELECT t.book('09 10:20', 'nothing') AS first \gset
SELECT t.join('ana', 'ana', ', "specialist_id": "maria"'), t.join('adam', 'ben', ', "priority": 1'), t.join('adam', 'nothing', ', "days_of_week": "{5}"');
SELECT holdfast_private.run_job('job_offer_waitlist');
-- it is cancelled: ben's company has assigned noah only, so it is ana's, for half an hour, and nobody else can take it
INSERT INTO public.specialist_assignments (organization_id, specialist_id, company_id) VALUES (t.id('clinic'), t.id('noah'), t.id('acme'));
SELECT holdfast_private.cancel_booking(t.id('clinic'), :'first') IS NOT NULL;
SELECT holdfast_private.run_job('job_offer_waitlist'), holdfast_private.run_job('job_offer_waitlist');
SELECT * FROM t.offers;
SELECT * FROM t.freed;
SELECT t.rpc('adam', 'request_hold', '{"specialist_id": "maria", "client_id": "nothing", "start_time": "2030-01-09 10:20Z", "session_type_id": "talk"}') ~ 'slot_conflict';
-- she declines: it goes to ben, now that he may, and not to her again
DELETE FROM public.specialist_assignments;
SELECT who, t.rpc(who, 'decline_offer', '{"waitlist_offer_id": "offer1"}') ~ '"outcome": "declined"' FROM unnest('{ben,ana}'::text[]) who;
SELECT t.rpc('ana', 'decline_offer', '{"waitlist_offer_id": "offer1"}');
SELECT * FROM t.line;
SELECT holdfast_private.run_job('job_offer_waitlist');
SELECT * FROM t.offers;
-- he lets it lapse: who does not answer waits no longer; ana had it before, dora wants Fridays
SET holdfast.now = '2030-01-07 08:31:00+00';
SELECT t.rpc('adam', 'accept_offer', '{"waitlist_offer_id": "offer2"}');
SELECT holdfast_private.run_job('job_offer_waitlist'), holdfast_private.run_job('job_offer_waitlist');
SELECT * FROM t.line;
SELECT * FROM t.freed;
-- a released hold on a Friday: ana has it first, and books it
SELECT holdfast_private.request_hold(t.id('clinic'), t.id('maria'), t.id('ben'), '2030-01-11 10:00Z', session_type_id => t.id('talk')) ->> 'hold_key' AS key \gset
SELECT holdfast_private.cancel_hold(t.id('clinic'), :'key');
INSERT INTO public.waitlist_settings VALUES (t.id('clinic'), 10);
SELECT holdfast_private.run_job('job_offer_waitlist');
SELECT * FROM t.offers;
SELECT who, t.rpc(who, 'accept_offer', '{"waitlist_offer_id": "offer3", "session": {"notes": "at last"}}', 'booking')::jsonb #>> '{booking,status}' FROM unnest('{ana}'::text[]) who;
SELECT t.rpc('ana', 'accept_offer', '{"waitlist_offer_id": "offer3"}'), t.rpc('ben', 'accept_offer', '{"waitlist_offer_id": "offer3"}'), t.rpc('ana', 'decline_offer', '{"waitlist_offer_id": "offer3"}');
SELECT * FROM t.line;
-- leave is taken back: time for more than one
SELECT t.join('ana', 'ana', ', "specialist_id": "maria"');
INSERT INTO public.specialist_vacation (organization_id, specialist_id, starts_at, ends_at, time_zone, status)
VALUES (t.id('clinic'), t.id('maria'), '2030-01-11 12:00Z', '2030-01-11 15:00Z', 'UTC', 'approved');
DELETE FROM public.specialist_vacation;
SELECT holdfast_private.run_job('job_offer_waitlist');
SELECT * FROM t.offers;
-- who leaves the line gives up the offer
SELECT who, t.rpc(who, 'leave_waitlist', '{"waitlist_entry_id": "entry4"}') ~ '"status": "withdrawn"' FROM unnest('{ben,ana,ana}'::text[]) who;
SELECT * FROM t.line;
SELECT source, starts, skipped, offers FROM t.freed;
-- what is over lapses
SET holdfast.now = '2030-01-13 08:00:00+00';
SELECT holdfast_private.run_job('job_offer_waitlist');
SELECT * FROM t.line;
SELECT last_error FROM holdfast_private.job_heartbeats;
SET holdfast.now = '2030-01-07 08:00:00+00';
-- who may join, and for what
SELECT who, t.join(who, 'ana') FROM unnest('{ben,maria,hugo,zoe,""}'::text[]) who;
SELECT t.join('ana', 'ana', m) FROM unnest(ARRAY[', "priority": 5', ', "days_of_week": "{7}"', ', "duration_minutes": 0', ', "specialist_id": "pete"', ', "pillar_id": "nothing"', ', "time_zone": "Mars/Base"']) m;
SELECT t.rpc('ana', 'join_waitlist', '{"client_id": "ana", "earliest": "2030-01-08 00:00Z", "latest": "2030-01-08 00:10Z"}'), t.rpc('ana', 'join_waitlist', '{"client_id": "ana", "earliest": "-infinity", "latest": "2030-01-08 00:10Z"}');
SELECT count(*) AS overlaps FROM holdfast.verify_calendar('holdfast_private.calendar');
\set ECHO none
\i :srcdir/lib/finish_booking.sql

-- Who may not book though time is free, and the waitlist of those whose sessions are used up.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/quotas.sql
\set ECHO all
-- approved one by one: pending, whoever made it and whatever the specialist does, until an admin accepts it
SELECT t.book('a1', 'ana', 'ana', '01-20 09', more => ', "session_type_id": "checked"'), t.book('a2', 'olga', 'ben', '01-20 10', more => ', "session_type_id": "checked"'), t.book('a3', 'adam', 'ana', '01-20 11', more => ', "session_type_id": "checked"'), t.book('a4', 'ana', 'ana', '01-20 12', more => ', "session_type_id": "talk"');
SELECT t.cancel('a1', 'olga', 'accept_booking'), t.of(t.rpc('olga', 'reschedule_booking', '{"booking_id": "a1", "start_time": "2030-01-20 09:30Z", "end_time": "2030-01-20 10:00Z"}'), 'booking', 'status'), t.cancel('a1', 'adam', 'accept_booking');
SELECT t.of(t.rpc('olga', 'reschedule_booking', '{"booking_id": "a1", "start_time": "2030-01-20 08:30Z"}'), 'booking', 'status') AS stays_approved;
-- approved before
SELECT t.book('e1', 'ana', 'ana', '01-20 13', more => ', "session_type_id": "early"');
SELECT who, t.of(t.rpc(who, 'approve_session_type', '{"client_id": "ana", "session_type_id": "early", "valid_until": "2030-01-08 08:00Z"}'), 'approval', 'valid_until', 'approved_by') FROM unnest('{ana,olga,hugo,zoe,adam}'::text[]) who;
SELECT t.rpc('adam', 'approve_session_type', '{"client_id": "ana", "session_type_id": "early", "valid_until": "2029-01-08"}'), t.rpc('adam', 'approve_session_type', '{"client_id": "nothing", "session_type_id": "early"}'), t.rpc('adam', 'approve_session_type', '{"client_id": "ana", "session_type_id": "nothing"}');
SELECT t.book('e1', 'ana', 'ana', '01-20 13', more => ', "session_type_id": "early"'), t.book('e2', 'ben', 'ben', '01-20 14', more => ', "session_type_id": "early"'), t.book('e3', 'adam', 'ben', '01-20 14', more => ', "session_type_id": "early"');
-- the type that counts is the one that is booked, not the one that was held; and one that is moved to
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-20 15:00Z", "end_time": "2030-01-20 15:50Z"}', 'h') LIKE '{"holds"%', t.rpc('ben', 'confirm_booking', '{"hold_key": "h1", "session": {"session_type_id": "early"}}'), t.of(t.rpc('ben', 'confirm_booking', '{"hold_key": "h1", "session": {"session_type_id": "checked"}}'), 'booking', 'status');
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-20 16:00Z", "end_time": "2030-01-20 16:50Z", "session_id": "h1"}', 'h') LIKE '{"holds"%', t.rpc('ben', 'confirm_booking', '{"hold_key": "h2", "session": {"session_type_id": "early"}}');
SELECT t.at('2030-01-08 08:00Z'), t.book('e4', 'ana', 'ana', '01-20 17', more => ', "session_type_id": "early"') AS over;
SELECT t.rpc('ana', 'revoke_session_approval', '{"client_id": "ana", "session_type_id": "early"}'), t.rpc('adam', 'revoke_session_approval', '{"client_id": "ana", "session_type_id": "early"}'), t.rpc('adam', 'revoke_session_approval', '{"client_id": "ana", "session_type_id": "early"}');

-- too many cancellations: the client's own, for so many days; others book for them
INSERT INTO public.quota_settings (organization_id, max_cancellations, cancellation_days) VALUES (t.id('clinic'), 2, 7);
SELECT t.cancel('a4', 'ana'), t.book('c1', 'ana', 'ana', '01-21 09'), t.cancel('c1', 'olga'), t.book('c2', 'ana', 'ana', '01-21 09'), t.at('2030-01-09 08:00Z'), t.cancel('c2', 'ana');
SELECT t.book('c3', 'ana', 'ana', '01-21 09'), t.book('c4', 'olga', 'ana', '01-21 09'), t.book('c5', 'adam', 'ana', '01-21 10');
SELECT t.at('2030-01-15 08:00Z'), t.book('c3', 'ana', 'ana', '01-21 11');
UPDATE public.quota_settings SET max_cancellations = NULL;

-- who does not work there any more, or not yet
UPDATE public.company_employees SET access_date = '2030-01-16' WHERE id = t.id('e_ben');
SELECT t.book('w1', 'ben', 'ben', '01-21 12'), t.at('2030-01-16 00:00Z'), t.book('w1', 'ben', 'ben', '01-21 12');
UPDATE public.company_employees SET status = 'inactive' WHERE id = t.id('e_ben');
SELECT t.book('w2', 'adam', 'ben', '01-21 13');
UPDATE public.company_employees SET status = 'active' WHERE id = t.id('e_ben');
-- until the day on which their access ends, in the company's zone, whether or not a job has run; what was held before it as well
UPDATE public.company_employees SET access_ends = '2030-01-17' WHERE id = t.id('e_ben');
SELECT t.at('2030-01-16 23:58Z'), t.book('w2', 'ben', 'ben', '01-21 13'), t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-21 15:00Z", "end_time": "2030-01-21 15:50Z"}', 'late') LIKE '{"holds"%' AS held;
SELECT t.at('2030-01-17 00:00Z'), t.book('w4', 'ben', 'ben', '01-21 16'), t.rpc('ben', 'confirm_booking', '{"hold_key": "late1"}'), t.rpc('ben', 'session_balance', '{"client_id": "ben"}');
UPDATE public.company_employees SET access_ends = NULL WHERE id = t.id('e_ben');
SELECT t.at('2030-01-16 00:00Z'), t.cancel('w2', 'adam');
-- held before, and then too late
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-21 14:00Z", "end_time": "2030-01-21 14:50Z"}', 'h') LIKE '{"holds"%';
SELECT t.of(t.rpc('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "basic"}'), 'subscription', 'status'), t.of(t.rpc('adam', 'suspend_subscription', '{"company_id": "acme"}'), 'subscription', 'status'), t.rpc('ben', 'confirm_booking', '{"hold_key": "h3"}');
SELECT t.of(t.rpc('adam', 'resume_subscription', '{"company_id": "acme"}'), 'subscription', 'status');
-- a company without a subscription, where the organization asks for one
SELECT t.book('g1', 'eve', 'eve', '01-22 09');
UPDATE public.quota_settings SET require_subscription = true;
SELECT t.book('g2', 'eve', 'eve', '01-22 10'), t.book('g3', 'ana', 'ana', '01-22 10');

-- used up: on the waitlist, where the plan or the organization wants that; asked again, the same entry; the request that
-- was answered so is answered so again
SELECT t.book('x1', 'ben', 'ben', '01-23 09'), t.book('x2', 'ben', 'ben', '01-23 10'), t.book('x3', 'ben', 'ben', '01-23 11'), t.book('x4', 'ben', 'ben', '01-23 12'), t.left();
SELECT t.book('x5', 'ben', 'ben', '01-23 13');
UPDATE public.quota_settings SET waitlist_when_exhausted = true;
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-23 13:00Z", "end_time": "2030-01-23 13:50Z", "idempotency_key": "k"}', 'wait');
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-23 13:00Z", "end_time": "2030-01-23 13:50Z", "idempotency_key": "k"}', 'wait') LIKE '%wait1%', t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-23 14:00Z", "end_time": "2030-01-23 14:50Z"}', 'wait') LIKE '%wait1%';
SELECT t.rpc('dan', 'request_hold_any', format('{"client_id": "dan", "start_time": "2030-01-23 13:00Z", "end_time": "2030-01-23 13:50Z", "specialist_ids": "{%s}", "idempotency_key": "k"}', t.id('olga')), 'wait') FROM generate_series(1, 2);
SELECT t.rpc('ben', 'sessions_hold', '{"therapist_id": "olga", "client_id": "ben", "start_time": "2030-01-23T13:00:00Z", "end_time": "2030-01-23T13:50:00Z"}', 'wait') LIKE '%wait1%';
CREATE VIEW t.waiting AS SELECT n.label, w.status, w.blocked_by, t.tidy(w.specialist_id::text) AS specialist FROM public.waitlist_entries w JOIN t.names n ON n.id = w.client_id ORDER BY w.id;
SELECT * FROM t.waiting;
UPDATE public.company_subscription_plans SET waitlist_when_exhausted = false WHERE id = t.id('basic');
SELECT t.book('x5', 'ben', 'ben', '01-23 13');
-- freed time passes them over; a session that is given back goes to the first of them, as an offer
SELECT t.of(t.rpc('ana', 'join_waitlist', '{"client_id": "ana", "earliest": "2030-01-30 00:00Z", "latest": "2030-01-31 00:00Z"}'), 'waitlist_entry', 'status');
SELECT holdfast_private.run_job('job_release_waiting'), holdfast_private.run_job('job_offer_waitlist');
SELECT t.at('2030-01-16 09:00Z'), t.cancel('x1', 'ben'), t.left();
SELECT holdfast_private.run_job('job_release_waiting'), holdfast_private.run_job('job_release_waiting'), holdfast_private.run_job('job_offer_waitlist');
SELECT * FROM t.waiting;
SELECT t.tidy(id::text, 'offer'), t.tidy(client_id::text), start_time > holdfast.clock() FROM public.waitlist_offers ORDER BY id;
SELECT t.of(t.rpc('ben', 'accept_offer', '{"waitlist_offer_id": "offer1"}'), 'booking', 'status'), t.left();
SELECT holdfast_private.run_job('job_release_waiting');
-- so does one that is granted
SELECT t.rpc('adam', 'adjust_company_quota', '{"company_id": "acme", "sessions": 1, "reason": "for Dan"}');
SELECT holdfast_private.run_job('job_release_waiting'), holdfast_private.run_job('job_offer_waitlist');
SELECT * FROM t.waiting;
-- two are offered time while one session is left: who comes first has it, and the other waits on, until the next month
SELECT t.book('x6', 'ben', 'ben', '01-25 09');
SELECT t.rpc('dan', 'accept_offer', format('{"waitlist_offer_id": "%s"}', id)) FROM public.waitlist_offers WHERE client_id = t.id('dan');
SELECT t.at('2030-01-16 10:00Z'), holdfast_private.run_job('job_offer_waitlist'), holdfast_private.run_job('job_offer_waitlist');
SELECT t.of(t.rpc('dan', 'join_waitlist', '{"client_id": "dan", "specialist_id": "olga", "earliest": "2030-01-25 09:00Z", "latest": "2030-02-20 00:00Z"}'), 'waitlist_entry', 'status'), t.cancel('x6', 'olga'), t.book('x7', 'ben', 'ben', '01-26 09');
SELECT holdfast_private.run_job('job_offer_waitlist');
SELECT * FROM t.waiting;
SELECT t.at('2030-01-31 23:59Z'), holdfast_private.run_job('job_release_waiting'), t.at('2030-02-01 00:00Z'), holdfast_private.run_job('job_release_waiting'), holdfast_private.run_job('job_offer_waitlist');
SELECT * FROM t.waiting;
SELECT * FROM t.faults;
\i :srcdir/lib/finish_booking.sql

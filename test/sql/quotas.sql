-- Sessions of companies and employees: used by booking, given back by rule, asked for, reported; and who may not book.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
\i :srcdir/lib/quotas.sql
\set ECHO all
-- a company that never subscribed is not limited, nor is who has none; once it has a plan, its people are
SELECT t.book('free', 'ben', 'ben', '01-20 09'), t.book('own', 'ana', 'ana', '01-20 10'), t.left();
SELECT t.of(t.rpc('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "basic"}'), 'subscription', 'status'), t.left();
SELECT t.cancel('free', 'ben'), t.left() AS was_never_taken;
SELECT t.book('b1', 'ben', 'ben', '01-21 09'), t.book('b2', 'maria', 'dan', '01-21 10', 'maria'), t.book('b3', 'adam', 'ben', '01-21 11'), t.left();
SELECT t.book('b4', 'dan', 'dan', '01-21 12', 'noah') AS waits_for_noah, t.left();
SELECT t.cancel('b4', 'noah', 'accept_booking'), t.left() AS taken_once;
SELECT t.book('b5', 'ben', 'ben', '01-21 13');
SELECT t.rpc('ben', 'session_balance', '{"client_id": "ben"}'), t.rpc('ana', 'session_balance', '{"client_id": "ana"}'), t.rpc('ana', 'session_balance', '{"client_id": "ben"}');
-- HR was told at 50, 80 and 100 per cent, once, by e-mail and in the application
SELECT a.threshold, a.available, a.balance FROM holdfast_private.company_quota_alerts a ORDER BY 1;
SELECT n.label, x.kind, x.data -> 'threshold', x.data -> 'balance' FROM public.notifications x JOIN t.names n ON n.id = x.user_id WHERE x.kind = 'quota_alert' ORDER BY x.id;
SELECT count(*), count(DISTINCT dedupe_key) FROM holdfast_private.outbox WHERE payload ->> 'kind' = 'quota_alert';
SELECT m -> 'to', m -> 'subject', m -> 'text' FROM jsonb_array_elements(holdfast_private.lease_messages('w', 100)) m WHERE m ->> 'kind' = 'quota_alert' ORDER BY m ->> 'subject';
-- two who hold at once while one session is left: the second is told when confirming, and holds still
SELECT t.cancel('b3', 'adam'), t.left();
SELECT t.rpc('ben', 'request_hold', '{"specialist_id": "olga", "client_id": "ben", "start_time": "2030-01-21 14:00Z", "end_time": "2030-01-21 14:50Z"}', 'h') LIKE '{"holds"%', t.rpc('dan', 'request_hold', '{"specialist_id": "olga", "client_id": "dan", "start_time": "2030-01-21 14:00Z", "end_time": "2030-01-21 14:50Z"}', 'h') LIKE '{"holds"%';
SELECT t.of(t.rpc('ben', 'confirm_booking', '{"hold_key": "h1"}'), 'booking', 'status'), t.rpc('dan', 'confirm_booking', '{"hold_key": "h2"}'), t.left();
SELECT t.cancel('h1', 'olga', 'decline_booking'), t.of(t.rpc('dan', 'confirm_booking', '{"hold_key": "h2"}'), 'booking', 'status'), t.left();
-- moving keeps the session
SELECT t.of(t.rpc('dan', 'reschedule_booking', '{"booking_id": "h2", "start_time": "2030-01-22 14:00Z"}'), 'booking', 'reschedule_count'), t.left();
-- given back: in time, or by anybody else; kept: too late, moved away when it was too late, missed
SELECT t.at('2030-01-21 08:00Z'), t.cancel('b1', 'ben') AS an_hour_before, t.left();
SELECT t.cancel('b2', 'maria') AS by_the_specialist, t.left();
SELECT t.of(t.rpc('dan', 'reschedule_booking', '{"booking_id": "b4", "start_time": "2030-01-28 12:00Z"}'), 'booking', 'status'), t.cancel('b4', 'noah', 'accept_booking');
SELECT t.cancel('b4', 'dan') AS moved_away_when_late, t.left();
SELECT t.cancel('h2', 'dan') AS in_time, t.left();
SELECT t.book('n1', 'ben', 'ben', '01-21 15'), t.book('n2', 'ben', 'ben', '01-21 16'), t.left();
SELECT t.at('2030-01-21 17:00Z'), t.of(t.rpc('olga', 'mark_no_show', '{"booking_id": "n1", "party": "client"}'), 'booking', 'status'), t.left(), t.of(t.rpc('ben', 'mark_no_show', '{"booking_id": "n2", "party": "specialist"}'), 'booking', 'status'), t.left();
SELECT * FROM t.faults;
-- a plan, and an organization, can ask for other notice
UPDATE public.company_subscription_plans SET cancellation_notice_hours = 2 WHERE id = t.id('basic');
SELECT t.book('p1', 'ben', 'ben', '01-21 20'), t.left(), t.cancel('p1', 'ben'), t.left();
UPDATE public.company_subscription_plans SET cancellation_notice_hours = NULL WHERE id = t.id('basic');
SELECT t.id('clinic') AS clinic \gset
BEGIN;
SELECT t.become('adam');
INSERT INTO public.quota_settings (organization_id, cancellation_notice) VALUES (:'clinic', '1 hour');
COMMIT;
SELECT t.book('p2', 'ben', 'ben', '01-21 20'), t.cancel('p2', 'ben'), t.left();

-- an own limit, first of the plan, then of the employee; used sessions count, and nothing is minted by changing it
UPDATE public.company_subscription_plans SET sessions_per_employee = 1 WHERE id = t.id('pro');
SELECT t.of(t.rpc('adam', 'change_plan', '{"company_id": "acme", "plan_id": "pro"}'), 'subscription', 'status'), t.left();
SELECT t.book('q1', 'ben', 'ben', '01-23 09'), t.book('q2', 'ben', 'ben', '01-23 10'), t.book('q3', 'dan', 'dan', '01-23 10'), t.left();
SELECT t.rpc(who, 'set_employee_quota', '{"employee_id": "e_ben", "sessions_per_month": 2}') FROM unnest('{hugo,ben,zoe,adam}'::text[]) who;
SELECT t.rpc('hugo', 'set_employee_quota', '{"employee_id": "e_eve", "sessions_per_month": 2}'), t.rpc('hugo', 'set_employee_quota', '{"employee_id": "e_ben", "sessions_per_month": -1}');
SELECT t.book('q2', 'ben', 'ben', '01-23 10'), t.book('q4', 'ben', 'ben', '01-23 11'), t.left();
SELECT t.rpc('hugo', 'set_employee_quota', '{"employee_id": "e_ben", "sessions_per_month": 0}'), t.rpc('hugo', 'set_employee_quota', '{"employee_id": "e_ben", "sessions_per_month": 2}');
SELECT t.cancel('q2', 'ben'), t.left();
SELECT t.rpc('hugo', 'set_employee_quota', '{"employee_id": "e_ben", "sessions_per_month": null}') AS as_the_plan_says;

-- a series: all of it or none, or as much as there is
SELECT t.rpc('adam', 'set_employee_quota', '{"employee_id": "e_dan", "sessions_per_month": 3}');
SELECT t.rpc('dan', 'book_series', '{"specialist_id": "olga", "client_id": "dan", "rule": "FREQ=WEEKLY;COUNT=4", "starts_local": "2030-02-04 09:00", "duration_minutes": 50}'), t.left();
SELECT jsonb_path_query_array(t.rpc('dan', 'book_series', '{"specialist_id": "olga", "client_id": "dan", "rule": "FREQ=WEEKLY;COUNT=4", "starts_local": "2030-02-04 09:00", "duration_minutes": 50, "mode": "best_effort"}')::jsonb, '$.occurrences[*].refusal'), t.left();
-- leave that cancels many gives all of them back, the session of another person too, to the accounts that had them
SELECT t.rpc('hugo', 'set_employee_quota', '{"employee_id": "e_ben", "sessions_per_month": 2}'), t.book('s1', 'ben', 'ben', '02-05 12'), t.left();
SELECT t.rpc('olga', 'request_leave', '{"specialist_id": "olga", "starts_at": "2030-02-01 00:00Z", "ends_at": "2030-03-01 00:00Z", "decision": "cancel"}', 'leave') LIKE '%approved%' AS approved;
SELECT t.left(), (SELECT count(*) FROM public.bookings WHERE status = 'confirmed' AND start_time >= '2030-02-01');
SELECT * FROM t.faults;

-- plans in mid-month: now is the difference, at the end of the cycle from the next month on; suspended, ended, and again
SELECT t.of(t.rpc('adam', 'change_plan', '{"company_id": "acme", "plan_id": "basic"}'), 'subscription', 'status'), t.left();
SELECT t.of(t.rpc('adam', 'change_plan', '{"company_id": "acme", "plan_id": "pro"}'), 'subscription', 'status'), t.left();
SELECT t.of(t.rpc('adam', 'change_plan', '{"company_id": "acme", "plan_id": "basic", "effective": "period_end"}'), 'subscription', 'next_plan_date'), t.left();
SELECT t.at('2030-02-06 23:59Z'), t.left(), t.at('2030-02-07 00:00Z'), t.book('r1', 'ben', 'ben', '02-20 09'), t.left(), t.at('2030-03-01 00:00Z'), t.left();
SELECT t.of(t.rpc('adam', 'suspend_subscription', '{"company_id": "acme"}'), 'subscription', 'status'), t.book('r2', 'ben', 'ben', '03-20 09'), t.rpc('ben', 'session_balance', '{"client_id": "ben"}');
SELECT t.of(t.rpc('adam', 'resume_subscription', '{"company_id": "acme"}'), 'subscription', 'status'), t.book('r2', 'ben', 'ben', '03-20 09'), t.left();
SELECT t.of(t.rpc('adam', 'cancel_subscription', '{"company_id": "acme", "effective": "now"}'), 'subscription', 'status'), t.book('r3', 'ben', 'ben', '03-20 10'), t.left();
SELECT t.cancel('r2', 'ben'), t.left();
SELECT t.of(t.rpc('adam', 'subscribe_company', '{"company_id": "acme", "plan_id": "basic"}'), 'subscription', 'status'), t.left();
UPDATE public.companies SET status = 'suspended' WHERE id = t.id('acme');
SELECT t.book('r3', 'ben', 'ben', '03-20 10');
UPDATE public.companies SET status = 'active' WHERE id = t.id('acme');
-- no limit, and back to one
SELECT t.of(t.rpc('adam', 'change_plan', '{"company_id": "acme", "plan_id": "endless"}'), 'subscription', 'status'), t.book('r3', 'ben', 'ben', '03-20 10'), t.book('r4', 'dan', 'dan', '03-20 11'), t.left();
SELECT quota_allocated, sessions_used, sessions_remaining FROM public.company_sessions_quota;
SELECT t.of(t.rpc('adam', 'change_plan', '{"company_id": "acme", "plan_id": "basic"}'), 'subscription', 'status'), t.left();

-- more sessions: asked for by HR, granted by an admin; or given by one
SELECT who, t.of(t.rpc(who, 'request_quota_increase', '{"company_id": "acme", "sessions": 5, "reason": "a hard month"}', 'more'), 'request', 'status', 'sessions', 'requested_by') FROM unnest('{ben,hugo,hugo,adam,zoe}'::text[]) who;
SELECT t.rpc('hugo', 'review_quota_increase', '{"request_id": "more1", "decision": "approved"}'), t.rpc('zoe', 'review_quota_increase', '{"request_id": "more1", "decision": "approved"}'), t.rpc('adam', 'review_quota_increase', '{"request_id": "more1", "decision": "maybe"}'), t.rpc('adam', 'review_quota_increase', '{"request_id": "more1", "decision": "rejected", "granted": 3}');
SELECT t.of(t.rpc('adam', 'review_quota_increase', '{"request_id": "more1", "decision": "approved", "granted": 3}'), 'request', 'status', 'granted', 'reviewed_by'), t.left(), t.rpc('adam', 'review_quota_increase', '{"request_id": "more1", "decision": "rejected"}');
SELECT t.of(t.rpc('hugo', 'request_quota_increase', '{"company_id": "acme", "sessions": 50}', 'more'), 'request', 'status'), t.of(t.rpc('adam', 'review_quota_increase', '{"request_id": "more2", "decision": "rejected", "comment": "no"}'), 'request', 'status', 'comment'), t.left();
SELECT t.rpc('hugo', 'request_quota_increase', '{"company_id": "globex", "sessions": 1}'), t.rpc('hugo', 'request_quota_increase', '{"company_id": "acme", "sessions": 0}'), t.rpc('adam', 'request_quota_increase', '{"company_id": "nothing", "sessions": 1}');
SELECT t.rpc('adam', 'adjust_company_quota', '{"company_id": "acme", "sessions": 2, "reason": "a present"}'), t.rpc('adam', 'adjust_company_quota', '{"company_id": "acme", "sessions": -100, "reason": "x"}'), t.rpc('adam', 'adjust_company_quota', '{"company_id": "acme", "sessions": 1, "reason": " "}'), t.rpc('hugo', 'adjust_company_quota', '{"company_id": "acme", "sessions": 1, "reason": "x"}'), t.rpc('adam', 'adjust_company_quota', '{"company_id": "globex", "sessions": 1, "reason": "x"}');
SELECT * FROM t.faults;
\i :srcdir/lib/finish_booking.sql

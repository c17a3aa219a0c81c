-- Messages: who is told what, once; reminders that move with the booking; what is sent is true then; secrets are in the mail only.
\set ECHO none
\getenv srcdir PG_ABS_SRCDIR
\i :srcdir/lib/booking.sql
INSERT INTO public.profiles (organization_id, user_id, display_name, email, locale) VALUES
  (t.id('clinic'), t.id('u_ana'), 'Ana', 'ana@example.org', 'pt-BR'), (t.id('clinic'), t.id('u_maria'), 'Maria', 'maria@example.org', 'en'),
  (t.id('clinic'), t.id('u_noah'), 'Noah', 'noah@example.org', 'en'), (t.id('clinic'), t.id('u_adam'), 'Adam', 'adam@example.org', 'en');
CREATE FUNCTION t.book(starts text, specialist text DEFAULT 'maria', client text DEFAULT 'ana') RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE v_key uuid := holdfast_private.request_hold(t.id('clinic'), t.id(specialist), t.id(client), ('2030-01-' || starts || 'Z')::timestamptz, session_type_id => t.id('talk')) ->> 'hold_key';
BEGIN
  PERFORM holdfast_private.confirm_booking(t.id('clinic'), v_key);
  RETURN v_key;
END $$;
CREATE FUNCTION t.at(moment text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('holdfast.now', '2030-01-' || moment || '+00', false) $$;
CREATE VIEW t.open AS
SELECT t.tidy(m.payload::text) AS about, regexp_replace(t.tidy(m.dedupe_key), '\d{10}\.\d+', 'TIME') AS dedupe_key FROM holdfast_private.outbox m WHERE m.done_at IS NULL ORDER BY m.created_at, m.id;
CREATE VIEW t.reminders AS
SELECT t.tidy(r.booking_id::text) AS booking, r.kind, r.party, to_char(r.scheduled_for AT TIME ZONE 'UTC', 'DD HH24:MI') AS due, r.status FROM public.booking_reminders r ORDER BY r.scheduled_for, r.booking_id, r.kind, r.party;
-- What a worker gets, who it is for and what it is about; mails stay in t.mails.
CREATE TABLE t.mails (n int GENERATED ALWAYS AS IDENTITY, mail jsonb);
CREATE FUNCTION t.lease(worker text, max_count int DEFAULT 10) RETURNS SETOF text LANGUAGE sql AS $$
  WITH m AS (INSERT INTO t.mails (mail) SELECT jsonb_array_elements(holdfast_private.lease_messages(worker, max_count)) RETURNING n, mail)
  SELECT concat_ws(' | ', mail ->> 'to', mail ->> 'kind', mail ->> 'subject', mail ->> 'attempts', mail #>> '{attachments,0,content_type}') FROM m ORDER BY n $$;
CREATE FUNCTION t.ack(worker text) RETURNS bigint LANGUAGE sql AS $$
  SELECT jsonb_array_length(holdfast_private.ack_messages(worker, ARRAY(SELECT DISTINCT (mail ->> 'id')::uuid FROM t.mails)) -> 'acknowledged') $$;
-- As taking over does: a hold for the same booking with somebody else, confirmed.
CREATE FUNCTION holdfast_private.try_takeover(booking uuid, specialist text DEFAULT 'olga') RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE v_key uuid := (SELECT holdfast_private.request_hold(b.organization_id, t.id(specialist), b.client_id, b.start_time, session_id => b.id) ->> 'hold_key' FROM public.bookings b WHERE b.id = booking);
BEGIN RETURN holdfast_private.confirm_booking(t.id('clinic'), v_key); END $$;
CREATE VIEW t.logs AS
SELECT n.label AS person, l.template, l.recipient, l.status, l.error_message, l.content IS NOT NULL AS kept
FROM public.communication_logs l LEFT JOIN t.names n ON n.id = l.user_id ORDER BY l.created_at, l.id;
\set ECHO all

-- confirmed: both are told once, in the application too, and reminded
SELECT t.book('09 10:20') AS first \gset
SELECT * FROM t.open;
SELECT * FROM t.reminders;
SELECT n.label, x.kind, x.data FROM public.notifications x JOIN t.names n ON n.id = x.user_id ORDER BY 1;
-- what changes nothing for them tells nobody
UPDATE public.bookings SET status = status, start_time = start_time, notes = 'x' WHERE id = :'first';
SELECT count(*) FROM holdfast_private.outbox;
-- work that does not commit tells nobody
BEGIN;
SELECT t.book('09 12:00') IS NOT NULL;
ROLLBACK;
SELECT count(*) FROM holdfast_private.outbox;
-- one user on both sides of a booking is told once
BEGIN;
UPDATE public.clients SET user_id = t.id('u_maria') WHERE id = t.id('ana');
SELECT t.book('09 13:00') AS own \gset
SELECT count(*) FROM public.notifications WHERE booking_id = :'own';
ROLLBACK;
-- the mail: own language, own zone, the invitation; nothing personal in the outbox
SELECT t.lease('w1');
SELECT mail ->> 'text' FROM t.mails WHERE n = 1;
SELECT mail ->> 'html', mail -> 'from', mail -> 'headers', mail ->> 'message_id' = format('<%s@example.invalid>', mail ->> 'id') FROM t.mails WHERE n = 2;
SELECT mail #>> '{attachments,0,content}' ~ 'METHOD:REQUEST' FROM t.mails;
SELECT count(*) FROM holdfast_private.outbox o WHERE o::text ~* 'example|ana|maria|session';
-- nobody else gets them until the lease is over, then with the same Message-ID; the first worker is too late
SELECT t.lease('w2');
SELECT t.at('07 08:02');
SELECT t.lease('w2');
SELECT count(DISTINCT mail ->> 'message_id') FROM t.mails;
SELECT t.ack('w1'), t.ack('w2'), t.ack('w2');
SELECT * FROM t.logs;
SELECT recipient, status, sent_at IS NOT NULL AS told, booking_id IS NOT NULL AS of_a_booking FROM public.booking_confirmations ORDER BY created_at, id;
-- failing: again later, then given up; permanent at once
SELECT t.book('10 10:20', 'noah') AS pending \gset
SELECT * FROM t.open;
SELECT * FROM t.reminders WHERE booking <> 'id1';
SELECT t.lease('w1', 1);
SELECT r ->> 'accepted', r ->> 'attempts', r ->> 'dead', (r ->> 'due_at')::timestamptz > holdfast.clock()
FROM holdfast_private.fail_message('w1', (SELECT (mail ->> 'id')::uuid FROM t.mails ORDER BY n DESC LIMIT 1), E'451 later\r\nBcc: x') r;
SELECT error_message, status FROM public.communication_logs WHERE error_message IS NOT NULL;
SELECT t.at('07 08:10');
SELECT t.lease('w1', 1);
SELECT t.lease('w2', 1);
SELECT r ->> 'accepted', r ->> 'dead'
FROM holdfast_private.fail_message('w2', (SELECT (mail ->> 'id')::uuid FROM t.mails ORDER BY n DESC LIMIT 1), '550 no such user', true) r;
SELECT t.ack('w1');
SELECT template, recipient, status, error_message FROM t.logs WHERE template = 'booking_pending' ORDER BY recipient;
SELECT topic, waiting, due, leased, dead FROM holdfast.outbox_status('holdfast_private.outbox');
-- accepted before the mail that it waits was sent: that is not true any more, and left out
SELECT t.book('11 10:20', 'noah') AS accepted \gset
SELECT t.rpc('noah', 'accept_booking', format('{"booking_id": "%s"}', :'accepted')) ~ '"confirmed"';
SELECT t.lease('w1');
SELECT t.ack('w1');
-- moved: told once more, reminders with it
SELECT holdfast_private.reschedule_booking(t.id('clinic'), :'first', '2030-01-14 09:00Z') IS NOT NULL;
SELECT * FROM t.open;
SELECT * FROM t.reminders WHERE booking = 'id1';
SELECT t.lease('w1');
-- that its client was told is written to the booking, which is no change to the audit log, and moves nothing
SELECT confirmation_sent_at IS NULL AS untold FROM public.bookings WHERE id = :'first';
SELECT count(*) AS audited FROM holdfast_private.audit_log \gset
SELECT t.ack('w1');
SELECT count(*) - :audited AS audited FROM holdfast_private.audit_log;
SELECT status, confirmation_sent_at AT TIME ZONE 'UTC' AS confirmation_sent_at, reminder_sent_at, updated_at = holdfast.clock() AS touched FROM public.bookings WHERE id = :'first';
-- taken over by somebody else: who had it hears of the time it had, and no more; a calendar takes it out
SELECT holdfast_private.try_takeover(:'first') IS NOT NULL;
SELECT * FROM t.open WHERE about ~ 'former|specialist';
SELECT n.label, x.kind, x.data FROM public.notifications x JOIN t.names n ON n.id = x.user_id WHERE x.kind = 'booking_reassigned' OR x.created_at = holdfast.clock() ORDER BY 1, 2;
SELECT t.lease('w1');
SELECT mail ->> 'text' FROM t.mails WHERE mail ->> 'kind' = 'booking_reassigned';
SELECT regexp_replace(l, 'UID:.*|DTSTAMP:.*', '') FROM (SELECT unnest(string_to_array(mail #>> '{attachments,0,content}', E'\r\n')) AS l FROM t.mails WHERE mail ->> 'kind' = 'booking_reassigned') x WHERE l ~ '^(METHOD|STATUS|DT|SEQ|ORG|ATT|SUMM|URL)';
SELECT count(DISTINCT substring(mail #>> '{attachments,0,content}' FROM 'UID:(\S+)')) AS uids FROM t.mails WHERE mail #>> '{attachments,0,content}' ~ 'Ana' AND mail ->> 'kind' ~ 'reassigned|rescheduled';
SELECT t.ack('w1');
SELECT holdfast_private.outdated(t.id('clinic'), jsonb_build_object('kind', 'booking_reassigned', 'booking_id', :'first', 'specialist_id', t.id(s))) FROM unnest('{maria,olga}'::text[]) s;
SELECT holdfast_private.try_takeover(:'first', 'maria') IS NOT NULL;
SELECT t.lease('w1');
SELECT t.ack('w1');
-- cancelled before it was sent; reminders go
SELECT holdfast_private.cancel_booking(t.id('clinic'), :'accepted') IS NOT NULL;
SELECT DISTINCT status FROM t.reminders WHERE booking = t.tidy(:'accepted');
SELECT t.lease('w1');
SELECT t.ack('w1');
SELECT mail #>> '{attachments,0,content}' ~ 'METHOD:CANCEL' AND mail #>> '{attachments,0,content}' ~ 'STATUS:CANCELLED' FROM t.mails ORDER BY n DESC LIMIT 1;
-- due: sent once, whoever else runs
SELECT t.at('13 08:59'), holdfast_private.run_job('job_dispatch_reminders');
SELECT t.at('13 09:00'), holdfast_private.run_job('job_dispatch_reminders'), holdfast_private.run_job('job_dispatch_reminders');
SELECT * FROM t.open WHERE about ~ 'reminder';
SELECT t.lease('w1');
SELECT t.ack('w1');
SELECT reminder_sent_at AT TIME ZONE 'UTC' AS reminder_sent_at FROM public.bookings WHERE id = :'first';
-- the jobs were off: what still helps is sent, what is over or comes too near the next is not
SELECT t.at('12 00:00'), t.book('15 09:00') IS NOT NULL, t.book('15 11:30') IS NOT NULL, t.book('15 20:00') IS NOT NULL;
SELECT count(*) FROM t.lease('w1');
SELECT t.ack('w1');
SELECT t.at('15 10:00'), holdfast_private.run_job('job_dispatch_reminders');
SELECT kind, party, due, status FROM t.reminders WHERE due >= '14' ORDER BY due, kind, party;
-- a worker that was off: a reminder of a session that has begun by then, or was moved, is not sent
SELECT t.at('15 20:30');
SELECT t.lease('w1');
SELECT t.at('16 00:00'), t.book('17 09:00') AS moved \gset
SELECT t.at('16 09:00'), holdfast_private.run_job('job_dispatch_reminders'), holdfast_private.reschedule_booking(t.id('clinic'), :'moved', '2030-01-25 09:00Z') IS NOT NULL;
SELECT t.lease('w1');
SELECT t.ack('w1');
-- booked late: no reminder whose time has passed
SELECT t.at('17 09:00'), t.book('17 09:40') AS late \gset
SELECT kind, party, due, status FROM t.reminders WHERE booking = t.tidy(:'late');
SELECT count(*) FROM t.lease('w1');
SELECT t.ack('w1');

-- preferences: reminders are not sent, confirmations are; no notifications in the application
SELECT t.rpc('ana', 'set_notification_preferences', '{"email_notifications": false, "push_notifications": false}')::jsonb - '{created_at,updated_at}'::text[];
SELECT t.rpc('ana', 'set_notification_preferences', '{"marketing_emails": true}')::jsonb - '{created_at,updated_at}'::text[];
SELECT t.rpc('ben', 'set_notification_preferences'), t.rpc('service', 'set_notification_preferences');
SELECT count(*) AS before FROM public.notifications WHERE user_id = t.id('u_ana') \gset
SELECT t.at('17 10:00'), t.book('18 12:00') IS NOT NULL;
SELECT t.lease('w1');
SELECT t.ack('w1');
SELECT count(*) - :before FROM public.notifications WHERE user_id = t.id('u_ana');
SELECT t.at('17 12:00'), holdfast_private.run_job('job_dispatch_reminders');
SELECT t.lease('w1');
SELECT t.ack('w1');
SELECT person, template, status FROM t.logs ORDER BY status = 'suppressed' DESC LIMIT 1;
SELECT c, u, holdfast_private.unwanted(t.id('clinic'), c, jsonb_build_object('user_id', t.id(u), 'email', 'x@example.org'))
FROM unnest('{required,notice,marketing}'::text[]) c, unnest('{u_ana,u_maria}'::text[]) u ORDER BY 1, 2;
-- bounces: the organization writes there no more, another does; soft ones count for nothing
SELECT l.id AS sent FROM public.communication_logs l WHERE l.recipient = 'ana@example.org' AND l.status = 'sent' ORDER BY l.id DESC LIMIT 1 \gset
SELECT holdfast_private.record_bounce(:'sent', 'bounced', false), (SELECT count(*) FROM holdfast_private.email_suppressions);
SELECT holdfast_private.record_bounce(:'sent', 'complained', false), holdfast_private.record_bounce(:'sent', 'bounced');
SELECT reason, encode(email_hash, 'hex') = encode(sha256('ana@example.org'), 'hex') FROM holdfast_private.email_suppressions;
SELECT holdfast_private.unwanted(t.id(o), 'required', '{"email": "Ana@Example.org"}') FROM unnest('{clinic,other}'::text[]) o;
SELECT t.rpc('service', 'record_bounce', '{"message_id": "nothing", "kind": "bounced"}'), t.rpc('service', 'record_bounce', '{"message_id": "nothing", "kind": "lost"}');
DELETE FROM holdfast_private.email_suppressions;

-- given up, and sent again by who answers for the organization; by nobody else, and not for another organization
SELECT id AS dead, template AS dead_template FROM public.communication_logs WHERE status = 'failed' \gset
SELECT t.at('08 09:00');
SELECT w, t.rpc(w, 'requeue_messages', format('{"ids": "{%s}"}', :'dead')) FROM unnest('{ana,maria,"",zoe,adam,adam}'::text[]) w;
SELECT status FROM public.communication_logs WHERE id = :'dead';
SELECT t.rpc('adam', 'requeue_messages', '{"ids": "{}"}');
SELECT t.lease('w1');
SELECT t.ack('w1');
SELECT status, error_message FROM public.communication_logs WHERE id = :'dead';
-- not if the session is over by then: the log says so
UPDATE holdfast_private.outbox SET dead_at = now(), done_at = NULL WHERE id = :'dead';
UPDATE public.communication_logs SET status = 'failed', sent_at = NULL WHERE id = :'dead';
SELECT t.at('17 12:00'), t.rpc('adam', 'requeue_messages', format('{"ids": "{%s}"}', :'dead'));
SELECT t.lease('w1');
SELECT status FROM public.communication_logs WHERE id = :'dead';

-- marketing: only who asked for it, with a link that takes it back without signing in, by POST, as often as one likes, and is good for nothing else
INSERT INTO holdfast_private.message_kinds VALUES ('newsletter', 'marketing', false, '{name,month}', 'news');
SELECT t.rpc('adam', 'save_email_template', '{"key": "newsletter", "locale": "en", "subject": "News of {{month}}", "body_text": "Dear {{name}}, {{unsubscribe_link}}", "body_html": "<a href=\"{{unsubscribe_link}}\">off</a>"}', 'template') ~ 'template',
  t.rpc('adam', 'save_email_template', '{"key": "invitation", "locale": "en", "subject": "x", "body_text": "{{unsubscribe_link}}", "body_html": "x"}');
SELECT u, holdfast_private.enqueue_mail(t.id('clinic'), 'newsletter', jsonb_build_object('user_id', t.id(u), 'variables', '{"month": "May"}'::jsonb), 'news:' || u) IS NOT NULL FROM unnest('{u_ana,u_maria,u_nobody}'::text[]) u;
SELECT t.lease('w1');
SELECT mail - '{id,organization_id,from,to,message_id,attempts}'::text[] #>> '{headers,List-Unsubscribe-Post}' AS post, regexp_replace(mail #>> '{headers,List-Unsubscribe}', 'hfunsub_\w+\.[\w-]+', 'TOKEN') AS header,
  mail #>> '{headers,List-Unsubscribe}' = '<' || substr(mail ->> 'text', 11) || '>' AS same, mail ->> 'html' LIKE '%' || substr(mail ->> 'text', 11) || '"%' AS in_html FROM t.mails ORDER BY n DESC LIMIT 1;
SELECT substring(mail ->> 'text' FROM 'token=(\S+)') AS unsub FROM t.mails ORDER BY n DESC LIMIT 1 \gset
SELECT t.ack('w1');
SELECT recipient, status, content FROM public.communication_logs WHERE template = 'newsletter' ORDER BY recipient;
SELECT count(*) FROM public.communication_logs c WHERE strpos(c::text, :'unsub') > 0;
SELECT f, t.rpc('', f, format('{"token": "%s"}', :'unsub')) FROM unnest('{verify_email,peek_token,accept_invitation}'::text[]) f;
SELECT t.rpc(w, 'unsubscribe', format('{"token": "%s"}', :'unsub')) FROM unnest('{"","",ben}'::text[]) w;
SELECT u, marketing_emails, email_notifications FROM public.notification_preferences, LATERAL (SELECT label AS u FROM t.names WHERE id = user_id) n;
SELECT holdfast_private.enqueue_mail(t.id('clinic'), 'newsletter', jsonb_build_object('user_id', t.id('u_ana'), 'variables', '{"month": "June"}'::jsonb), 'june') IS NOT NULL;
SELECT t.lease('w1');
SELECT recipient, status, subject FROM public.communication_logs WHERE template = 'newsletter' ORDER BY created_at DESC, id DESC LIMIT 1;
-- wrong ones: another kind of token, one changed, none; too old
SELECT t.rpc('', 'unsubscribe', format('{"token": "%s"}', k)) FROM unnest(ARRAY[overlay(:'unsub' PLACING 'hfinvit' FROM 1 FOR 7), overlay(:'unsub' PLACING CASE substr(:'unsub', 20, 1) WHEN 'x' THEN 'y' ELSE 'x' END FROM 20 FOR 1), 'x', '']) k;
BEGIN;
SET LOCAL holdfast.now = '2031-02-01';
SELECT t.rpc('', 'unsubscribe', format('{"token": "%s"}', :'unsub'));
ROLLBACK;
-- who has left is told the same
BEGIN;
DELETE FROM public.notification_preferences WHERE user_id = t.id('u_ana');
DELETE FROM public.profiles WHERE user_id = t.id('u_ana');
SELECT t.rpc('', 'unsubscribe', format('{"token": "%s"}', :'unsub'));
ROLLBACK;
-- every text in every language, with no variable that its kind does not have
SELECT t.key, string_agg(DISTINCT t.locale, ' ' ORDER BY t.locale), count(*) FILTER (WHERE NOT holdfast_private.template_variables(t.subject || t.body_text || t.body_html) <@ (k.variables || '{organization,site_url}'::text[])) AS odd
FROM public.email_templates t JOIN holdfast_private.message_kinds k ON k.kind = t.key WHERE t.created_by IS NULL GROUP BY 1 ORDER BY 1;

-- rendering: values are escaped in HTML and never templates; no line of a header but its own
SELECT holdfast_private.render_template('a {{x}} b {{y}}{{z}}', '{"x": "<b>\"&''", "y": "{{x}}"}', h) FROM unnest('{true,false}'::bool[]) h;
UPDATE public.clients SET display_name = E'Ana <script>{{link}}\r\nBcc: evil@example.org' WHERE id = t.id('ana');
SELECT t.rpc('adam', 'save_email_template', '{"key": "booking_confirmation", "locale": "pt", "subject": "{{client}}: sessão", "body_text": "1 {{client}}", "body_html": "<a title=\"{{client}}\">1</a>"}', 'template');
SELECT t.book('21 09:00') IS NOT NULL;
SELECT t.lease('w1');
SELECT mail ->> 'subject', mail ->> 'text', mail ->> 'html' FROM t.mails WHERE mail ->> 'to' = 'ana@example.org' ORDER BY n DESC LIMIT 1;
SELECT t.ack('w1');
UPDATE public.clients SET display_name = 'Ana' WHERE id = t.id('ana');
-- templates: versions, own before the platform's, pt-BR before pt before en
SELECT t.rpc('adam', 'save_email_template', '{"key": "booking_confirmation", "locale": "pt", "subject": "2", "body_text": "2", "body_html": "2"}', 'template');
SELECT t.rpc('adam', 'save_email_template', '{"key": "booking_confirmation", "locale": "pt-BR", "subject": "BR", "body_text": "BR", "body_html": "BR"}', 'template');
SELECT o, l, (holdfast_private.find_template(t.id(o), 'booking_confirmation', l)).subject FROM unnest('{clinic,other}'::text[]) o, unnest('{pt-BR,pt-br,pt-PT,pt,en-GB,fr}'::text[]) l;
SELECT t.rpc('adam', 'save_email_template', format('{"key": "%s", "locale": "%s", "subject": "%s", "body_text": "%s", "body_html": "x"}', k, l, s, b))
FROM (VALUES ('nothing_such', 'en', 'x', 'x'), ('invitation', 'en_GB', 'x', 'x'), ('invitation', 'en', 'x\r\nBcc: y', 'x'), ('invitation', 'en', '', 'x'),
             ('invitation', 'en', 'x', '{{password}}'), ('invitation', 'en', 'x', '{{ link }}'), ('invitation', 'en', 'x', '{{{link}}}'), ('invitation', 'en', 'x', '{{link'),
             ('invitation', 'en', 'Join', '{{link}}')) AS v (k, l, s, b);
SELECT t.rpc(w, 'save_email_template', '{"key": "invitation", "locale": "en", "subject": "x", "body_text": "x", "body_html": "x"}') FROM unnest('{ana,maria,""}'::text[]) w;

-- tokens: the secret is in the mail, works once, and is nowhere in the database; a lease anew voids it
SELECT t.rpc('adam', 'invite_member', '{"email": "new@example.org", "role": "client"}') ~ 'invitation';
SELECT * FROM t.open;
BEGIN;
SELECT set_config('request.jwt.claims', '{"role": "service_role"}', true) \g /dev/null
SELECT t.lease('w1');
COMMIT;
SELECT substring(mail ->> 'text' FROM 'token=(\S+)') AS lost FROM t.mails ORDER BY n DESC LIMIT 1 \gset
SELECT t.at('17 13:00');
SELECT t.lease('w2');
SELECT mail ->> 'text' ~ '^http://localhost:3000/invitation\?token=hfinvite_\w+\.[\w-]+$' FROM t.mails ORDER BY n DESC LIMIT 1;
SELECT substring(mail ->> 'text' FROM 'token=(\S+)') AS secret FROM t.mails ORDER BY n DESC LIMIT 1 \gset found_
DELETE FROM t.mails WHERE mail ->> 'kind' <> 'invitation';
SELECT t.ack('w2');
SELECT content IS NULL, subject, status FROM public.communication_logs WHERE template = 'invitation';
\set ECHO none
SELECT set_config('t.secret', :'found_secret', false) \g /dev/null
DROP TABLE t.mails CASCADE;
\set ECHO all
SELECT t.rpc('', 'unsubscribe', format('{"token": "%s"}', current_setting('t.secret')));
CREATE FUNCTION t.everywhere() RETURNS TABLE (relation text) LANGUAGE plpgsql AS $$
DECLARE v_found boolean;
BEGIN
  FOR relation IN SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'holdfast_private'::regnamespace) LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s AS x WHERE strpos(x::text, $1) > 0)', relation) INTO v_found USING substr(current_setting('t.secret'), 10, 30);
    IF v_found THEN RETURN NEXT; END IF;
  END LOOP;
END $$;
SELECT * FROM t.everywhere();
-- were it anywhere, that would be found
BEGIN;
UPDATE public.communication_logs SET content = 'x' || current_setting('t.secret') WHERE template = 'invitation';
SELECT * FROM t.everywhere();
ROLLBACK;
SELECT x, t.rpc('', 'peek_token', format('{"token": "%s"}', k)) ~ '"new@example.org"' FROM (VALUES ('lost', :'lost'), ('sent', :'found_secret')) AS v (x, k);

-- one that cannot be made is put off, and holds no other up
SELECT t.at('17 14:00');
SELECT holdfast_private.enqueue_mail(t.id('clinic'), 'booking_confirmation', '{"party": "client", "booking_id": "no uuid"}', 'broken') IS NOT NULL;
SELECT t.book('22 09:00') IS NOT NULL;
SELECT m ->> 'to' FROM jsonb_array_elements(holdfast_private.lease_messages('w1')) m;
SELECT last_error, due_at > holdfast.clock(), leased_until IS NULL FROM holdfast_private.outbox WHERE dedupe_key = 'broken';
-- who works: the service role, within bounds
SELECT w, t.rpc(w, 'lease_messages', '{"worker": "w"}'), t.rpc(w, 'ack_messages', '{"worker": "w", "ids": "{}"}'), t.rpc(w, 'fail_message', '{"worker": "w", "message_id": "nothing", "error": "x"}'), t.rpc(w, 'record_bounce', '{"message_id": "nothing", "kind": "bounced"}')
FROM unnest('{adam,ana,""}'::text[]) w;
SELECT t.rpc('service', 'lease_messages', a) FROM unnest(ARRAY['{"worker": "w", "max_count": 0}', '{"worker": "w", "max_count": 101}', '{"worker": "w", "lease_seconds": 4}', '{"worker": ""}']) a;
-- notifications in the application can wake somebody up, once in a while; nobody unless that was asked for
SELECT last_value AS woken FROM public.notifications_wakeup;
SELECT holdfast.enable_wakeup('public.notifications', 't_notifications', '1 hour');
SELECT t.book('23 09:00') IS NOT NULL;
SELECT last_value > 0 AS woken, last_value AS before FROM public.notifications_wakeup \gset
SELECT :'woken', t.book('23 11:00') IS NOT NULL;
SELECT last_value = :before AS not_again FROM public.notifications_wakeup;
SELECT holdfast.disable_wakeup('public.notifications');
-- everybody reads what is theirs and marks it
SELECT t.rpc(w, 'mark_notifications_read') FROM unnest('{maria,maria,ben,""}'::text[]) w;
CREATE FUNCTION t.sees(who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_seen text;
BEGIN
  PERFORM t.become(who);
  SELECT concat_ws(' ', (SELECT count(DISTINCT user_id) FROM public.notifications), (SELECT count(DISTINCT user_id) FROM public.communication_logs),
    (SELECT count(DISTINCT client_id) || '/' || count(DISTINCT specialist_id) FROM public.booking_reminders), (SELECT count(*) FROM public.notification_preferences)) INTO v_seen;
  PERFORM set_config('role', 'none', true);
  RETURN v_seen;
END $$;
SELECT w, t.sees(w) FROM unnest('{ana,ben,maria,noah,adam,hugo,zoe}'::text[]) w;
\i :srcdir/lib/finish_booking.sql

-- Messages: preferences and notifications are one's own, a reminder is seen by both parties and who may manage bookings, what
-- was written to somebody by them and who answers for the organization. Texts and looks are for who manages the organization.
INSERT INTO public.notification_preferences (organization_id, user_id)
SELECT proof.id(clinic), proof.id('user ' || person)
FROM (VALUES ('clinic', 'client'), ('clinic', 'other client'), ('other clinic', 'foreign client')) AS t (clinic, person);
INSERT INTO public.message_settings (organization_id) VALUES (proof.id('clinic')), (proof.id('other clinic'));
INSERT INTO public.email_templates (organization_id, key, subject, body_text, body_html)
VALUES (proof.id('clinic'), 'invitation', 'Join', 'Join', 'Join'), (proof.id('other clinic'), 'invitation', 'Join', 'Join', 'Join');
INSERT INTO proof.keys (name, id)
SELECT side || ' message', proof.id(side || ' message') FROM unnest('{own,other,foreign}'::text[]) AS side;
INSERT INTO public.communication_logs (organization_id, id, user_id, booking_id, template, recipient, subject, status, sent_at)
SELECT b.organization_id, proof.id(side || ' message'), c.user_id, b.id, 'booking_confirmation', side || '@example.org', 'Confirmed', 'sent', holdfast.clock()
FROM unnest('{own,other,foreign}'::text[]) AS side
JOIN proof.keys AS k ON k.name = side || ' booking'
JOIN public.bookings AS b ON b.id = k.id
JOIN public.clients AS c ON c.id = b.client_id;

SELECT proof.show('public.notification_preferences', side, format('user_id = %L', proof.id('user ' || person))),
       proof.show('public.communication_logs', side, format('id = %L', proof.id(side || ' message'))),
       proof.show('public.booking_reminders', side, format('booking_id = %L AND kind = ''1h'' AND party = ''client''', k.id)),
       proof.show('public.notifications', side, format('booking_id = %L AND kind = ''booking_rescheduled'' AND user_id = %L', k.id, proof.id('user ' || person)))
FROM (VALUES ('own', 'client'), ('other', 'other client'), ('foreign', 'foreign client')) AS t (side, person)
JOIN proof.keys AS k ON k.name = side || ' booking';
SELECT proof.show('public.' || t, side, format('organization_id = %L AND %s', o, c))
FROM (VALUES ('own', proof.id('clinic')), ('foreign', proof.id('other clinic')), ('everywhere', '00000000-0000-0000-0000-000000000000')) AS s (side, o),
     (VALUES ('email_templates', 'key = ''invitation'' AND locale = ''en'''), ('message_settings', 'true')) AS t (t, c);

SELECT proof.expect('public.' || t, $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        0          0      0  0     0     0       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  0     0     0       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     0      0        0            0
$$)
FROM unnest('{notification_preferences,notifications}'::text[]) AS t;

INSERT INTO proof.rows SELECT 'public.booking_confirmations', r.label, r.key, r.content - '{template,subject,content,message_type,error_message}'::text[]
FROM proof.rows AS r WHERE r.relation = 'public.communication_logs';
SELECT proof.expect('public.' || t, $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$) FROM unnest('{communication_logs,booking_confirmations}'::text[]) AS t;

SELECT proof.expect('public.booking_reminders', $$
                                         anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own               select               -    0        1      0       0        1          0      0  1     0     1       1       1     0      0        0            0
  own,other,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  other             select               -    0        0      1       0        0          0      0  1     0     1       1       1     0      0        0            0
  foreign           select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

SELECT proof.expect('public.email_templates', $$
                                              anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                    select               -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own,everywhere,foreign insert,update,delete -    -        -      -       -        -          -      -  -     -     -       -       -     -      -        -            -
  everywhere             select               -    0        0      0       0        0          0      0  1     1     1       1       1     1      0        0            0
  foreign                select               -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
$$);

SELECT proof.expect('public.message_settings', $$
                    anon stranger client client2 archived specialist former hr admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own        select -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own        insert -    x        x      x       x        x          x      x  1     x     1       1       1     x      x        x            x
  own        update -    0        0      0       0        0          0      0  1     0     1       1       1     0      0        0            0
  own        delete -    -        -      -       -        -          -      -  -     -     -       1       1     -      -        -            -
  everywhere select -    0        0      0       0        0          0      0  0     0     0       1       0     0      0        0            0
  everywhere insert -    x        x      x       x        x          x      x  x     x     x       1       x     x      x        x            x
  everywhere update -    0        0      0       0        0          0      0  0     0     0       1       0     0      0        0            0
  everywhere delete -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
  foreign    select -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign    insert -    x        x      x       x        x          x      x  x     x     x       1       x     1      x        x            x
  foreign    update -    0        0      0       0        0          0      0  0     0     0       1       0     1      0        0            0
  foreign    delete -    -        -      -       -        -          -      -  -     -     -       1       0     -      -        -            -
$$);

SELECT proof.expect_no_access('holdfast_private.message_kinds', 'what kinds of e-mail there are'),
       proof.expect_no_access('holdfast_private.email_suppressions', 'hashes of addresses; lease_messages() asks it'),
       proof.expect_no_access('holdfast_private.outbox', 'workers take messages by RPCs');

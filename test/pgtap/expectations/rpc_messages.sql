-- RPCs of messages: workers are the service role and serve every organization; people change what is theirs.

INSERT INTO proof.calls (operation, label, statement) VALUES
  ('lease_messages', 'all', 'SELECT public.lease_messages(''proof'')'),
  ('ack_messages', 'unknown', format('SELECT public.ack_messages(''proof'', ARRAY[%L]::uuid[])', proof.id('no message'))),
  ('fail_message', 'unknown', format('SELECT public.fail_message(''proof'', %L, ''x'')', proof.id('no message'))),
  ('record_bounce', 'unknown', format('SELECT public.record_bounce(%L, ''bounced'')', proof.id('no message'))),
  ('save_email_template', 'own', 'SELECT public.save_email_template(''invitation'', ''en'', ''Join'', ''{{link}}'', ''{{link}}'')'),
  ('set_notification_preferences', 'own', 'SELECT public.set_notification_preferences(marketing_emails => true)'),
  ('unsubscribe', 'unknown', 'SELECT public.unsubscribe(''hfunsub_0'')'),
  ('requeue_messages', 'unknown', format('SELECT public.requeue_messages(ARRAY[%L]::uuid[])', proof.id('no message'))),
  ('mark_notifications_read', 'own', 'SELECT public.mark_notifications_read()');
INSERT INTO proof.calls (operation, label, statement)
SELECT 'record_bounce', side, format('SELECT public.record_bounce(%L, ''complained'')', proof.id(side || ' message'))
FROM unnest('{own,other,foreign}'::text[]) AS side;

SELECT proof.expect_calls($$
                                       anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  all     lease_messages               -    403      403    403     403      403        403    403 403   403   403     1       1     403    403      403          403
  unknown ack_messages                 -    403      403    403     403      403        403    403 403   403   403     1       1     403    403      403          403
  unknown fail_message                 -    403      403    403     403      403        403    403 403   403   403     1       1     403    403      403          403
  unknown record_bounce                -    403      403    403     403      403        403    403 403   403   403     404     404   403    403      403          403
  own     record_bounce                -    403      403    403     403      403        403    403 403   403   403     1       1     403    403      403          403
  other   record_bounce                -    403      403    403     403      403        403    403 403   403   403     1       1     403    403      403          403
  foreign record_bounce                -    403      403    403     403      403        403    403 403   403   403     1       1     403    403      403          403
  own     save_email_template          -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  unknown requeue_messages             -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  unknown unsubscribe                  1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  own     set_notification_preferences -    404      1      1       404      1          404    1   1     403   404     403     403   1      404      404          404
  own     mark_notifications_read      -    1        1      1       1        1          1      1   1     403   1       1       1     1      1        1            1
$$);

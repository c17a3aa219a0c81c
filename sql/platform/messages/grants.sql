SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy(t::regclass, split_part(t, '.', 2) || '_service', 'service_role')
FROM unnest(ARRAY['@api@.email_templates', '@api@.notification_preferences', '@api@.notifications',
                  '@api@.communication_logs', '@api@.booking_reminders']) AS t;
SELECT holdfast_private.grant_table('@api@.booking_confirmations', 'SELECT', 'authenticated', 'service_role');
SELECT holdfast_private.grant_table('@api@.message_settings', p, 'authenticated')
FROM unnest(ARRAY['SELECT', 'INSERT (organization_id, site_url, from_name, from_address, reply_to)',
                  'UPDATE (site_url, from_name, from_address, reply_to)']) AS p;
SELECT holdfast_private.grant_service('@api@.message_settings');

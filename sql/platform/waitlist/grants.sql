SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy(t::regclass, split_part(t, '.', 2) || '_service', 'service_role')
FROM unnest(ARRAY['@api@.waitlist_entries', '@api@.waitlist_offers']) AS t;
SELECT holdfast_private.grant_table('@api@.waitlist_settings', p, 'authenticated')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE (offer_minutes)']) AS p;
SELECT holdfast_private.grant_service('@api@.waitlist_settings');

-- Read by both parties, written by the RPCs only.
SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy(t::regclass, split_part(t, '.', 2) || '_service', 'service_role')
FROM unnest(ARRAY['@api@.recurring_bookings', '@api@.recurring_booking_occurrences']) AS t;

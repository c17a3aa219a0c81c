-- Clients read; whatever they change goes through an RPC. Services may also note what they did about a booking, but not when it
-- is, whose, or what state it is in.
SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy(t::regclass, split_part(t, '.', 2) || '_service', 'service_role')
FROM unnest(ARRAY['@api@.bookings', '@api@.booking_status_history', '@api@.booking_cancellations',
                  '@api@.rescheduling_history']) AS t;
SELECT holdfast_private.grant_table('@api@.bookings',
    'UPDATE (source, external_id, meeting_link, notes, cpt, metadata, attended, dispute_status, confirmation_sent_at,
        reminder_sent_at)', 'service_role');

-- Read by those whom the policies name, written by the RPCs only.
SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated', 'service_role'),
       holdfast_private.record_policy(t::regclass, split_part(t, '.', 2) || '_service', 'service_role')
FROM unnest(ARRAY['@api@.booking_packages', '@api@.client_packages', '@api@.package_uses']) AS t;

-- Everybody reads what their policies show; writing goes through RPCs, which check one row against another.
SELECT holdfast_private.grant_table(t::regclass, 'SELECT', 'authenticated'), holdfast_private.grant_service(t::regclass)
FROM unnest(ARRAY['@api@.specialist_working_hours', '@api@.specialist_breaks', '@api@.specialist_availability_exceptions',
                  '@api@.specialist_vacation', '@api@.external_busy_times', '@api@.booking_rules']) AS t;

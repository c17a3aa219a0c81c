-- A clinic whose clients book for themselves, with a quota of the user's own that counts bookings.
SET client_min_messages = warning;
CREATE EXTENSION amcheck;
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-0000-0000-0000000000a1', 'Clinic');
INSERT INTO public.specialists (organization_id, id, display_name, time_zone)
SELECT '00000000-0000-0000-0000-0000000000a1', format('00000000-0000-0000-0000-0000000b%s', lpad(n::text, 4, '0'))::uuid, 'Specialist ' || n, 'UTC'
FROM generate_series(0, 9) AS n;
INSERT INTO public.clients (organization_id, id, user_id, display_name)
SELECT '00000000-0000-0000-0000-0000000000a1', format('00000000-0000-0000-0000-0000000c%s', lpad(n::text, 4, '0'))::uuid,
       format('00000000-0000-0000-0000-0000000d%s', lpad(n::text, 4, '0'))::uuid, 'Client ' || n
FROM generate_series(0, 19) AS n;
INSERT INTO public.user_roles (organization_id, user_id, role)
SELECT organization_id, user_id, 'client' FROM public.clients;

CREATE SCHEMA faults;
SELECT holdfast.create_quota('faults.credits');
SELECT holdfast.set_quota('faults.credits', organization_id, id, 1000000, 'none') FROM public.clients;
CREATE FUNCTION faults.count_booking() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM holdfast.consume('faults.credits', NEW.organization_id, NEW.client_id, 1, NEW.id);
  ELSIF NEW.status = 'cancelled' AND OLD.status <> 'cancelled' THEN
    PERFORM holdfast.refund('faults.credits', NEW.organization_id, NEW.client_id, NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER zzz_count_booking AFTER INSERT OR UPDATE ON public.bookings FOR EACH ROW EXECUTE FUNCTION faults.count_booking();

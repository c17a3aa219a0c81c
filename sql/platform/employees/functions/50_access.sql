CREATE FUNCTION holdfast_private.end_access()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.access_ends <= holdfast_private.company_today(NEW.organization_id, NEW.company_id) THEN
        NEW.status := 'inactive';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION holdfast_private.end_access() IS
'Trigger: whose last day is over is inactive, whatever else is written. The day is that of the company''s zone.';
REVOKE ALL ON FUNCTION holdfast_private.end_access() FROM PUBLIC;

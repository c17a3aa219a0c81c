CREATE FUNCTION holdfast_private.reseal_encrypted_columns(batch int DEFAULT 1000)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF holdfast.uid() IS NULL AND NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error('not_authenticated');
    ELSIF NOT holdfast_private.can('manage_platform') THEN
        PERFORM holdfast.raise_error('forbidden');
    ELSIF batch IS NULL OR batch NOT BETWEEN 1 AND 10000 THEN
        PERFORM holdfast_private.raise_invalid('batch', 'must be from 1 to 10000');
    END IF;
    RETURN jsonb_build_object('resealed', holdfast_private.reseal_columns(batch));
END
$$;
COMMENT ON FUNCTION holdfast_private.reseal_encrypted_columns(int) IS
'Seals a batch of values with the newest keys that are still sealed with older ones: {"resealed"}. 0: none is left but what others are changing at the moment. A job does the same by itself. For who may manage the platform. Errors: not_authenticated, forbidden, invalid_input, keys_unavailable.';
REVOKE ALL ON FUNCTION holdfast_private.reseal_encrypted_columns(int) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.reseal_encrypted_columns(int)'::regprocedure, '@api@', '{authenticated,service_role}');

CREATE FUNCTION holdfast_private.rotate_encryption_keys()
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF holdfast.uid() IS NULL AND NOT holdfast_private.is_trusted() THEN
        PERFORM holdfast.raise_error('not_authenticated');
    ELSIF NOT holdfast_private.can('manage_platform') THEN
        PERFORM holdfast.raise_error('forbidden');
    END IF;
    RETURN jsonb_build_object('key_version', holdfast.rotate_keys('holdfast_private.keyring'));
END
$$;
COMMENT ON FUNCTION holdfast_private.rotate_encryption_keys() IS
'Makes the next version of the encryption keys: {"key_version"}. Everything new is sealed with it at once; what is sealed already follows in batches (job_reseal_columns). For who may manage the platform: the keys serve all organizations. Errors: not_authenticated, forbidden, keys_unavailable.';
REVOKE ALL ON FUNCTION holdfast_private.rotate_encryption_keys() FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.rotate_encryption_keys()'::regprocedure, '@api@', '{authenticated,service_role}');

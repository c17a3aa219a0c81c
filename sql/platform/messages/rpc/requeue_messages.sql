CREATE FUNCTION holdfast_private.requeue_messages(organization_id uuid, ids uuid[])
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_rows int;
BEGIN
    PERFORM holdfast_private.require_permission(organization_id, 'manage_organization');
    IF ids IS NULL OR cardinality(ids) NOT BETWEEN 1 AND 1000 THEN
        PERFORM holdfast_private.raise_invalid('ids', 'must be 1 to 1000 ids');
    END IF;
    UPDATE @api@.communication_logs AS c SET status = 'queued'
    FROM holdfast_private.outbox AS o
    WHERE c.organization_id = requeue_messages.organization_id AND c.id = ANY (ids) AND c.status = 'failed'
        AND o.organization_id = c.organization_id AND o.id = c.id AND o.dead_at IS NOT NULL;
    v_rows := holdfast.requeue('holdfast_private.outbox', organization_id, ids);
    RETURN jsonb_build_object('requeued', v_rows);
END
$$;
COMMENT ON FUNCTION holdfast_private.requeue_messages(uuid, uuid[]) IS
'Has e-mails sent again that were given up: {"requeued": how many of the ids were}. An id is that of the row in communication_logs, whose status was failed. What is not true any more by then is left out all the same. For who may manage the organization. Errors: forbidden, invalid_input, not_authenticated, request_in_progress.';
REVOKE ALL ON FUNCTION holdfast_private.requeue_messages(uuid, uuid[]) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.requeue_messages(uuid, uuid[])'::regprocedure, '@api@', '{authenticated,service_role}');

CREATE FUNCTION holdfast_private.remove_company_contact(
    organization_id uuid, contact_id uuid)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_company uuid;
BEGIN
    PERFORM holdfast_private.require_actor(organization_id);
    SELECT c.company_id INTO v_company FROM @api@.company_contacts AS c
    WHERE c.organization_id = remove_company_contact.organization_id AND c.id = remove_company_contact.contact_id;
    IF NOT FOUND OR NOT (holdfast_private.can('manage_companies')
                         OR holdfast_private.can('manage_employees') AND v_company = holdfast_private.own_company_id()) IS TRUE
    THEN
        PERFORM holdfast.raise_error('contact_not_found');
    END IF;
    DELETE FROM @api@.company_contacts AS c
    WHERE c.organization_id = remove_company_contact.organization_id AND c.id = remove_company_contact.contact_id;
    RETURN jsonb_build_object('removed', remove_company_contact.contact_id);
END
$$;
COMMENT ON FUNCTION holdfast_private.remove_company_contact(uuid, uuid) IS
'Removes a contact of a company: {"removed"}. For admins, and the company''s own HR. Errors: contact_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.remove_company_contact(uuid, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.remove_company_contact(uuid, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');

CREATE FUNCTION holdfast_private.save_company_contact(
    organization_id uuid, company_id uuid, name text, email text, kind text DEFAULT 'general', phone text DEFAULT NULL, 
    role text DEFAULT NULL, address text DEFAULT NULL, is_primary boolean DEFAULT false, contact_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_contact @api@.company_contacts;
    v_email text;
    v_constraint text;
    v_column text;
BEGIN
    PERFORM holdfast_private.require_company(organization_id, company_id);
    PERFORM FROM @api@.companies AS c
    WHERE c.organization_id = save_company_contact.organization_id AND c.id = save_company_contact.company_id
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM holdfast.raise_error('company_not_found');
    END IF;
    IF is_primary THEN
        UPDATE @api@.company_contacts AS c SET is_primary = false
        WHERE c.organization_id = save_company_contact.organization_id AND c.company_id = save_company_contact.company_id
          AND c.kind = save_company_contact.kind AND c.is_primary AND c.id IS DISTINCT FROM save_company_contact.contact_id;
    END IF;
    v_email := holdfast_private.normal_email('email', email);
    IF contact_id IS NULL THEN
        INSERT INTO @api@.company_contacts AS c (
            organization_id, company_id, kind, name, email, phone, role, address, is_primary)
        VALUES (
            save_company_contact.organization_id, save_company_contact.company_id, save_company_contact.kind,
            holdfast_private.required_text('name', save_company_contact.name), v_email,
            holdfast_private.normal_text('phone', save_company_contact.phone),
            holdfast_private.normal_text('role', save_company_contact.role),
            holdfast_private.normal_text('address', save_company_contact.address, 1000),
            coalesce(save_company_contact.is_primary, false))
        RETURNING c.* INTO v_contact;
    ELSE
        UPDATE @api@.company_contacts AS c
        SET kind = save_company_contact.kind, name = holdfast_private.required_text('name', save_company_contact.name),
            email = v_email, verified = c.verified AND c.email = v_email,
            phone = holdfast_private.normal_text('phone', save_company_contact.phone),
            role = holdfast_private.normal_text('role', save_company_contact.role),
            address = holdfast_private.normal_text('address', save_company_contact.address, 1000),
            is_primary = coalesce(save_company_contact.is_primary, false)
        WHERE c.organization_id = save_company_contact.organization_id AND c.company_id = save_company_contact.company_id
          AND c.id = save_company_contact.contact_id
        RETURNING c.* INTO v_contact;
        IF NOT FOUND THEN
            PERFORM holdfast.raise_error('contact_not_found');
        END IF;
    END IF;
    RETURN jsonb_build_object('contact', to_jsonb(v_contact));
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME, v_column = COLUMN_NAME;
    RETURN holdfast_private.raise_violation(v_constraint, v_column);
END
$$;
COMMENT ON FUNCTION holdfast_private.save_company_contact(uuid, uuid, text, text, text, text, text, text, boolean, uuid) IS
'Adds a contact of a company, or replaces one (contact_id) with all its fields: {"contact"}. kind: general or billing. The primary one takes the place of the former of its kind. A changed address is no longer verified. For admins, and the company''s own HR. Errors: company_not_found, contact_not_found, forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.save_company_contact(uuid, uuid, text, text, text, text, text, text, boolean, uuid) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.save_company_contact(uuid, uuid, text, text, text, text, text, text, boolean, uuid)'::regprocedure, '@api@', '{authenticated,service_role}');

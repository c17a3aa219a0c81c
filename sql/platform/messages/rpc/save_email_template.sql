CREATE FUNCTION holdfast_private.save_email_template(
    organization_id uuid, key text, locale text, subject text, body_text text, body_html text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user uuid := holdfast_private.require_permission(organization_id, 'manage_organization');
    v_kind holdfast_private.message_kinds;
    v_template @api@.email_templates;
    v_allowed text[];
    v_used text[];
    v_field text;
    v_text text;
BEGIN
    SELECT k.* INTO v_kind FROM holdfast_private.message_kinds AS k WHERE k.kind = key;
    IF NOT FOUND THEN
        PERFORM holdfast_private.raise_invalid('key', 'is not a kind of message');
    ELSIF locale IS NULL OR locale !~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' THEN
        PERFORM holdfast_private.raise_invalid('locale', 'must be a language tag, like en or pt-BR');
    END IF;
    v_allowed := v_kind.variables || CASE v_kind.class WHEN 'marketing' THEN '{organization,site_url,unsubscribe_link}'
        ELSE '{organization,site_url}' END::text[];
    FOR v_field, v_text IN SELECT * FROM (VALUES ('subject', subject), ('body_text', body_text), ('body_html', body_html)) AS f LOOP
        IF v_text IS NULL OR btrim(v_text) = '' THEN
            PERFORM holdfast_private.raise_invalid(v_field, 'is required');
        ELSIF length(v_text) > (CASE v_field WHEN 'subject' THEN 200 ELSE 100000 END) THEN
            PERFORM holdfast_private.raise_invalid(v_field, 'is too long');
        ELSIF v_field = 'subject' AND v_text ~ '[[:cntrl:]]' THEN
            PERFORM holdfast_private.raise_invalid(v_field, 'must be one line');
        END IF;
        v_used := holdfast_private.template_variables(v_text);
        IF NOT v_used <@ v_allowed THEN
            PERFORM holdfast_private.raise_invalid(v_field, format('may use the variables %s', array_to_string(v_allowed, ', ')));
        ELSIF v_text LIKE '%{{{%' OR regexp_replace(v_text, '\{\{[a-z_]+\}\}', '', 'g') ~ '\{\{|\}\}' THEN
            PERFORM holdfast_private.raise_invalid(v_field, 'has braces that do not belong to a variable');
        END IF;
    END LOOP;
    -- One writer of a template at a time, so that versions count up.
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(':', 'email_templates', organization_id, key, locale), 0));
    INSERT INTO @api@.email_templates AS t (
        organization_id, key, locale, version, subject, body_text, body_html, variables, created_by)
    SELECT save_email_template.organization_id, v_kind.kind, save_email_template.locale, coalesce(max(o.version), 0) + 1,
        save_email_template.subject, save_email_template.body_text, save_email_template.body_html,
        to_jsonb(holdfast_private.template_variables(concat(
            save_email_template.subject, save_email_template.body_text, save_email_template.body_html))), v_user
    FROM @api@.email_templates AS o
    WHERE o.organization_id = save_email_template.organization_id AND o.key = v_kind.kind
        AND o.locale = save_email_template.locale
    RETURNING t.* INTO v_template;
    RETURN jsonb_build_object('template_id', v_template.id, 'version', v_template.version);
END
$$;
COMMENT ON FUNCTION holdfast_private.save_email_template(uuid, text, text, text, text, text) IS
'Gives the organization a template of its own, or a new version of it: {"template_id","version"}. key is a kind of message, locale a language tag; {{variables}} are those of the kind, with organization and site_url, and unsubscribe_link in marketing; in body_html their values are escaped. Earlier versions stay. For who may manage the organization. Errors: forbidden, invalid_input.';
REVOKE ALL ON FUNCTION holdfast_private.save_email_template(uuid, text, text, text, text, text) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.save_email_template(uuid, text, text, text, text, text)'::regprocedure, '@api@', '{authenticated,service_role}');

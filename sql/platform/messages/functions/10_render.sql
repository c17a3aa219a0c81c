-- Templates: a text with {{variables}} and no logic. In HTML every value is escaped; a subject stays on one line.

CREATE FUNCTION holdfast_private.template_variables(template text)
RETURNS text[]
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT m.part[1] FROM regexp_matches(template, '\{\{([^{}]*)\}\}', 'g') AS m (part) ORDER BY 1);
END
$$;
COMMENT ON FUNCTION holdfast_private.template_variables(text) IS 'The names between {{ and }} of a template, each once, as they are written.';
REVOKE ALL ON FUNCTION holdfast_private.template_variables(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.escape_html(value text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN replace(replace(replace(replace(replace(value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
END
$$;
COMMENT ON FUNCTION holdfast_private.escape_html(text) IS 'A text as it is written in HTML, in an element or in a quoted attribute.';
REVOKE ALL ON FUNCTION holdfast_private.escape_html(text) FROM PUBLIC;

CREATE FUNCTION holdfast_private.render_template(template text, variables jsonb, html boolean)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- What stands between two variables, then the variable; a value is never looked into again.
    RETURN (
        SELECT string_agg(
            p.before || CASE
                WHEN p.name IS NULL THEN ''
                WHEN html THEN holdfast_private.escape_html(coalesce(variables ->> p.name, ''))
                ELSE coalesce(variables ->> p.name, '')
            END, '' ORDER BY p.place)
        FROM (
            SELECT s.place, split_part(s.part, '{{', 1) AS before,
                CASE WHEN s.part LIKE '%{{%' THEN split_part(s.part, '{{', 2) END AS name
            FROM string_to_table(template, '}}') WITH ORDINALITY AS s (part, place)) AS p);
END
$$;
COMMENT ON FUNCTION holdfast_private.render_template(text, jsonb, boolean) IS
'A template with its {{variables}} replaced by the values of a JSON object, escaped where html; nothing for a variable that has none. Values are never taken for templates.';
REVOKE ALL ON FUNCTION holdfast_private.render_template(text, jsonb, boolean) FROM PUBLIC;

CREATE FUNCTION holdfast_private.find_template(organization_id uuid, key text, locale text)
RETURNS @api@.email_templates
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_template @api@.email_templates;
BEGIN
    SELECT t.* INTO v_template
    FROM @api@.email_templates AS t
    WHERE t.organization_id IN (find_template.organization_id, '00000000-0000-0000-0000-000000000000')
        AND t.key = find_template.key AND t.is_active
        AND (lower(find_template.locale) = lower(t.locale) OR lower(find_template.locale) LIKE lower(t.locale) || '-%'
             OR t.locale = 'en')
    ORDER BY
        t.organization_id = find_template.organization_id DESC,
        (t.locale = 'en' AND lower(find_template.locale) NOT LIKE 'en%'),
        length(t.locale) DESC,
        t.version DESC
    LIMIT 1;
    RETURN v_template;
END
$$;
COMMENT ON FUNCTION holdfast_private.find_template(uuid, text, text) IS
'The template for a key and a language: the organization''s own before the platform''s, pt-BR before pt before en, the newest active version; null when there is none.';
REVOKE ALL ON FUNCTION holdfast_private.find_template(uuid, text, text) FROM PUBLIC;

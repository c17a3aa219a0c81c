CREATE TABLE @api@.email_templates (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    key text NOT NULL,
    locale text NOT NULL DEFAULT 'en',
    version int NOT NULL DEFAULT 1,
    subject text NOT NULL,
    body_text text NOT NULL,
    body_html text NOT NULL,
    variables jsonb NOT NULL DEFAULT '[]',
    is_active boolean NOT NULL DEFAULT true,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT holdfast.clock()
);
COMMENT ON TABLE @api@.email_templates IS 'What e-mails say. A change is a new version; the newest active one is used, the organization''s own before the platform''s.';
COMMENT ON COLUMN @api@.email_templates.organization_id IS 'The tenant; the nil UUID for the platform''s own templates, which serve where an organization has none.';
COMMENT ON COLUMN @api@.email_templates.id IS 'The version of the template.';
COMMENT ON COLUMN @api@.email_templates.key IS 'What the e-mail is about, like booking_confirmation.';
COMMENT ON COLUMN @api@.email_templates.locale IS 'Language of the text, as BCP 47: en, pt, pt-BR.';
COMMENT ON COLUMN @api@.email_templates.version IS 'Counts up with each change.';
COMMENT ON COLUMN @api@.email_templates.subject IS 'Subject, with {{variables}}.';
COMMENT ON COLUMN @api@.email_templates.body_text IS 'Plain text, with {{variables}}.';
COMMENT ON COLUMN @api@.email_templates.body_html IS 'HTML, with {{variables}}, whose values are escaped.';
COMMENT ON COLUMN @api@.email_templates.variables IS 'JSON array of the names of the variables that it may use.';
COMMENT ON COLUMN @api@.email_templates.is_active IS 'Whether it is used; the newest active version is.';
COMMENT ON COLUMN @api@.email_templates.created_by IS 'User who wrote this version; null for what came with the platform.';
COMMENT ON COLUMN @api@.email_templates.created_at IS 'When it was written.';
ALTER TABLE @api@.email_templates ENABLE ROW LEVEL SECURITY;

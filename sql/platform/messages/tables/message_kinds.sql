-- What kinds of e-mail there are; other modules add theirs.
CREATE TABLE holdfast_private.message_kinds (
    kind text NOT NULL,
    class text NOT NULL,
    is_secret boolean NOT NULL DEFAULT false,
    variables text[] NOT NULL,
    description text NOT NULL
);
COMMENT ON TABLE holdfast_private.message_kinds IS 'Kinds of e-mail, each with templates of the same key; modules add theirs.';
COMMENT ON COLUMN holdfast_private.message_kinds.kind IS 'Name of the kind, and key of its templates.';
COMMENT ON COLUMN holdfast_private.message_kinds.class IS 'required (sent whatever the user prefers), notice (unless they want no e-mail) or marketing (only if they asked for it).';
COMMENT ON COLUMN holdfast_private.message_kinds.is_secret IS 'Whether it has a secret in it, so that its text is not kept.';
COMMENT ON COLUMN holdfast_private.message_kinds.variables IS 'Variables that its templates may use.';
COMMENT ON COLUMN holdfast_private.message_kinds.description IS 'What it is for.';
ALTER TABLE holdfast_private.message_kinds ENABLE ROW LEVEL SECURITY;

CREATE TABLE @api@.message_settings (
    organization_id uuid NOT NULL,
    site_url text NOT NULL DEFAULT 'http://localhost:3000',
    from_name text,
    from_address text NOT NULL DEFAULT 'no-reply@example.invalid',
    reply_to text,
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @api@.message_settings IS 'How an organization''s e-mails look from outside. The nil UUID''s row serves where an organization has none.';
COMMENT ON COLUMN @api@.message_settings.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.message_settings.site_url IS 'Address of the application, which links in e-mails begin with, without a slash at its end.';
COMMENT ON COLUMN @api@.message_settings.from_name IS 'Name of the sender; the organization''s where null.';
COMMENT ON COLUMN @api@.message_settings.from_address IS 'Address of the sender.';
COMMENT ON COLUMN @api@.message_settings.reply_to IS 'Where answers go; null for the sender.';
COMMENT ON COLUMN @api@.message_settings.updated_at IS 'When this was last changed.';
ALTER TABLE @api@.message_settings ENABLE ROW LEVEL SECURITY;

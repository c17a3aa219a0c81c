CREATE TABLE @api@.company_import_history (
    organization_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT holdfast.uuid_v7(),
    company_id uuid NOT NULL,
    source text,
    mode text NOT NULL,
    invite boolean NOT NULL,
    status text NOT NULL,
    total_rows int NOT NULL,
    imported_rows int NOT NULL,
    refused_rows int NOT NULL,
    imported_by uuid,
    imported_at timestamptz NOT NULL DEFAULT holdfast.clock(),
    undone_rows int NOT NULL DEFAULT 0,
    undone_by uuid,
    undone_at timestamptz
);
COMMENT ON TABLE @api@.company_import_history IS 'Imports of employees: who, when, how many, and what became of them.';
COMMENT ON COLUMN @api@.company_import_history.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_import_history.id IS 'The import.';
COMMENT ON COLUMN @api@.company_import_history.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_import_history.source IS 'Where the rows came from, as whoever imported them said: the name of a file.';
COMMENT ON COLUMN @api@.company_import_history.mode IS 'all_or_nothing or skip_bad.';
COMMENT ON COLUMN @api@.company_import_history.invite IS 'Whether those who were imported were invited at once.';
COMMENT ON COLUMN @api@.company_import_history.status IS 'imported (every row), partial (some), refused (none), undone, or partly_undone where some had accepted already.';
COMMENT ON COLUMN @api@.company_import_history.total_rows IS 'How many rows there were.';
COMMENT ON COLUMN @api@.company_import_history.imported_rows IS 'How many of them became employees.';
COMMENT ON COLUMN @api@.company_import_history.refused_rows IS 'How many had something wrong with them.';
COMMENT ON COLUMN @api@.company_import_history.imported_by IS 'User who imported them.';
COMMENT ON COLUMN @api@.company_import_history.imported_at IS 'When.';
COMMENT ON COLUMN @api@.company_import_history.undone_rows IS 'How many employees were taken back.';
COMMENT ON COLUMN @api@.company_import_history.undone_by IS 'User who took them back.';
COMMENT ON COLUMN @api@.company_import_history.undone_at IS 'When.';
ALTER TABLE @api@.company_import_history ENABLE ROW LEVEL SECURITY;

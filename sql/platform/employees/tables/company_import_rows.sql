CREATE TABLE @api@.company_import_rows (
    organization_id uuid NOT NULL,
    import_id uuid NOT NULL,
    row_index int NOT NULL,
    company_id uuid NOT NULL,
    status text NOT NULL,
    employee_id uuid,
    error text,
    field text,
    reason text
);
COMMENT ON TABLE @api@.company_import_rows IS 'What became of each row of an import. What the row said is not kept: it is the employee.';
COMMENT ON COLUMN @api@.company_import_rows.organization_id IS 'The tenant.';
COMMENT ON COLUMN @api@.company_import_rows.import_id IS 'The import.';
COMMENT ON COLUMN @api@.company_import_rows.row_index IS 'Which row; the first is 0.';
COMMENT ON COLUMN @api@.company_import_rows.company_id IS 'The company.';
COMMENT ON COLUMN @api@.company_import_rows.status IS 'imported, refused, left_out (nothing is wrong with it, but all or nothing was to be imported) or undone.';
COMMENT ON COLUMN @api@.company_import_rows.employee_id IS 'The employee that it became; null when it became none, and when that was undone.';
COMMENT ON COLUMN @api@.company_import_rows.error IS 'Why it was refused: a word.';
COMMENT ON COLUMN @api@.company_import_rows.field IS 'Which field that is about.';
COMMENT ON COLUMN @api@.company_import_rows.reason IS 'What is wrong with it.';
ALTER TABLE @api@.company_import_rows ENABLE ROW LEVEL SECURITY;

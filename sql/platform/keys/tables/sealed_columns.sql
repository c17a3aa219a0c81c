CREATE TABLE holdfast_private.sealed_columns (
    rel regclass NOT NULL,
    column_name name NOT NULL,
    context text NOT NULL,
    resealed_version int NOT NULL DEFAULT 1
);
COMMENT ON TABLE holdfast_private.sealed_columns IS 'The columns that are sealed with the keyring, so that job_reseal_columns() finds them; written by register_sealed_column().';
COMMENT ON COLUMN holdfast_private.sealed_columns.rel IS 'The table; it has organization_id and id.';
COMMENT ON COLUMN holdfast_private.sealed_columns.column_name IS 'The column, a bytea made by seal_value().';
COMMENT ON COLUMN holdfast_private.sealed_columns.context IS 'What seal_value() is told: the table''s and the column''s name as they were at first. Renaming either changes nothing here.';
COMMENT ON COLUMN holdfast_private.sealed_columns.resealed_version IS 'Up to which version of the keys all values are known to have been sealed again.';
ALTER TABLE holdfast_private.sealed_columns ENABLE ROW LEVEL SECURITY;

CREATE TYPE holdfast_private.import_row AS (
    row_index int, email text, display_name text, role text, department text, cost_center text, access_date date, access_ends date, monthly_limit int,
    error text, field text, reason text);
COMMENT ON TYPE holdfast_private.import_row IS
'A row of an import as it was understood, or what is wrong with it.';

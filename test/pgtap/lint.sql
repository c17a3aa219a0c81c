-- The rules of test/pgtap/setup/5_rules.sql.
BEGIN;
SELECT no_plan();

SELECT is_empty(query, title) FROM proof.rules ORDER BY position;

SELECT * FROM finish();
ROLLBACK;

-- Prints the table of docs/errors.md.
SELECT '';
SELECT '| word | status | SQLSTATE | keys of DETAIL | default hint |';
SELECT '|---|---|---|---|---|';
SELECT format('| `%s` | %s | `%s` | %s | %s |', word, status, sqlstate,
         (SELECT string_agg(format('`%s`', key), ', ') FROM regexp_split_to_table(nullif(details, ''), ', *') AS key), hint)
FROM holdfast.error_contract();
SELECT '';

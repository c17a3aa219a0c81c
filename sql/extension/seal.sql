-- Sealing: batches of an audit log's rows as Merkle trees in a chain, so that history cannot be changed unseen.

CREATE FUNCTION keep_seals()
RETURNS trigger
AS 'MODULE_PATHNAME', 'hf_keep_seals'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION keep_seals() IS
'Trigger of the seals beside an audit log: refuses every change of a row and TRUNCATE.';
REVOKE ALL ON FUNCTION keep_seals() FROM PUBLIC;

CREATE FUNCTION seal_audit(log regclass, max_rows int DEFAULT 100000)
RETURNS bigint
AS 'MODULE_PATHNAME', 'hf_seal_audit'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION seal_audit(regclass, int) IS
'Seals the rows of an audit log that no running transaction can add to any more: a batch in NAME_seals with the root of their Merkle tree (RFC 6962, SHA-256), chained to the batch before. Returns how many rows; fewer than max_rows means that nothing is left to seal now. Rows written by another cluster, which a dump brought, are sealed in batches of their own. A transaction is never divided, so a large one makes a batch larger than max_rows. Two at once: the second waits, and seals what is left. To be called each minute; needs every row of the log to be visible (its owner, or BYPASSRLS). Errors: invalid_input.';
REVOKE ALL ON FUNCTION seal_audit(regclass, int) FROM PUBLIC;

CREATE FUNCTION verify_audit(
    log regclass, max_problems int DEFAULT 100,
    OUT problem text, OUT batch bigint, OUT organization_id uuid, OUT id uuid, OUT details jsonb)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'hf_verify_audit'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION verify_audit(regclass, int) IS
'Computes every hash of an audit log and its seals again, in their order, and returns where they do not fit: no row when the log is sound. problem is one of: content_changed (old_values, new_values or details are not what the digest of the row commits to), row_changed (another column), row_missing (before the row that is named), row_added, rows_changed (somewhere in the batch), seal_changed, chain_broken (a batch is missing, out of order, or does not follow the one before), foreign_seal (of another log), erasure_unrecorded (values are gone that no erase_audit took out), impossible_transaction (of a transaction that is yet to come). Stops after max_problems. It reads the whole log, in a stream, on one snapshot. Who can change everything can also compute every hash anew: verify_audit_head finds that out. Errors: invalid_input.';
REVOKE ALL ON FUNCTION verify_audit(regclass, int) FROM PUBLIC;

CREATE FUNCTION audit_head(log regclass)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'hf_get_audit_head'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION audit_head(regclass) IS
'The head of an audit log''s chain: {"format", "log", "batch", "head", "sealed_at"}; NULL when nothing was sealed yet. It stands for every row that was sealed so far. Keep it where the database''s administrators cannot change it. Errors: invalid_input.';
REVOKE ALL ON FUNCTION audit_head(regclass) FROM PUBLIC;

CREATE FUNCTION verify_audit_head(
    log regclass, head jsonb, max_problems int DEFAULT 100,
    OUT problem text, OUT batch bigint, OUT organization_id uuid, OUT id uuid, OUT details jsonb)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'hf_verify_audit_head'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION verify_audit_head(regclass, jsonb, int) IS
'verify_audit, and before it: that the chain still leads to a head that audit_head returned earlier. More problems: head_missing (there is no such batch any more), head_differs (it is another now: somebody has computed the seals anew). Errors: invalid_input.';
REVOKE ALL ON FUNCTION verify_audit_head(regclass, jsonb, int) FROM PUBLIC;

CREATE FUNCTION audit_proof(log regclass, id uuid, head_batch bigint DEFAULT NULL, organization_id uuid DEFAULT org_id())
RETURNS jsonb
AS 'MODULE_PATHNAME', 'hf_make_audit_proof'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION audit_proof(regclass, uuid, bigint, uuid) IS
'What proves to somebody without access to the database that a row is in the log: {"format", "row", "leaf", "in_batch": {"index", "count", "path"}, "batch"} and, where the head to be proved against is not that of the row''s own batch, "in_history" and "later". head_batch is the batch whose head that somebody holds; default: the last one. organization_id: default, that of the request. examples/verify-audit checks it; docs/audit_format.md has it byte by byte. Errors: invalid_input, audit_row_not_found, not_sealed_yet.';
REVOKE ALL ON FUNCTION audit_proof(regclass, uuid, bigint, uuid) FROM PUBLIC;

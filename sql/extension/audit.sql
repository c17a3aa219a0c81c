-- Audit: what was done to which row, and what else happened, by whom.

CREATE FUNCTION keep_audit_log()
RETURNS trigger
AS 'MODULE_PATHNAME', 'hf_keep_audit_log'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION keep_audit_log() IS
'The triggers of an audit log, made by create_audit_log: refuse every UPDATE, DELETE and TRUNCATE (55000), also under session_replication_role = replica, except for what erase_audit does. A superuser can disable triggers; seal_audit makes that show.';
REVOKE ALL ON FUNCTION keep_audit_log() FROM PUBLIC;

CREATE FUNCTION create_audit_log(name text)
RETURNS regclass
AS 'MODULE_PATHNAME', 'hf_create_audit_log'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION create_audit_log(text) IS
'Makes an audit log under the given name (with or without a schema) and returns it, and beside it NAME_redaction, which holds the key of the digests that stand for redacted values, and NAME_seals, which seal_audit writes. Row security is on, all three belong to the caller and nobody else may read or write them: rows come from tables that enable_audit() was called on and from record_event(). Rows are never changed or deleted.';
REVOKE ALL ON FUNCTION create_audit_log(text) FROM PUBLIC;

CREATE FUNCTION audit()
RETURNS trigger
AS 'MODULE_PATHNAME', 'hf_audit'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION audit() IS
'The triggers of enable_audit, which makes them; not to be attached by hand. Writes a row of the log for each row that a statement inserts, updates or deletes, as the log''s owner, in the same transaction; of an update only the columns whose value changed, and nothing when none did. The owner of the table must have INSERT on the log.';
REVOKE ALL ON FUNCTION audit() FROM PUBLIC;

CREATE FUNCTION disable_audit(rel regclass)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_trigger record;
    v_found boolean := false;
BEGIN
    FOR v_trigger IN
        SELECT t.tgname, t.tgrelid::regclass AS rel
        FROM pg_trigger AS t
        WHERE (t.tgrelid = disable_audit.rel OR t.tgrelid IN (SELECT p.relid FROM pg_partition_tree(disable_audit.rel) AS p))
          AND t.tgparentid = 0 AND t.tgfoid = 'holdfast.audit()'::regprocedure
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', v_trigger.tgname, v_trigger.rel);
        v_found := true;
    END LOOP;
    IF NOT v_found THEN
        RAISE EXCEPTION 'table % is not audited', rel USING ERRCODE = 'undefined_object';
    END IF;
END
$$;
COMMENT ON FUNCTION disable_audit(regclass) IS
'Undoes enable_audit: drops the triggers. What is in the log stays. Only the owner of the table may call this; 42704 when it is not audited.';
REVOKE ALL ON FUNCTION disable_audit(regclass) FROM PUBLIC;

CREATE FUNCTION enable_audit(
    rel regclass, log regclass, redact name[] DEFAULT '{}', subject name DEFAULT NULL, tenant name DEFAULT NULL,
    per_row boolean DEFAULT NULL, ignore name[] DEFAULT '{}')
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_kind "char";
    v_in_a_tree boolean;
    v_column name;
    v_key name[];
    v_subject name := subject;
    v_tenant name := tenant;
    v_arguments text;
    v_command record;
BEGIN
    SELECT c.relkind, c.relkind = 'p' OR EXISTS (SELECT FROM pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent))
    INTO v_kind, v_in_a_tree
    FROM pg_class AS c WHERE c.oid = rel;
    IF v_kind IS NULL OR v_kind NOT IN ('r', 'p') THEN
        PERFORM holdfast.raise_error('invalid_input', '{"field": "rel", "reason": "is not a table"}');
    ELSIF log IS NULL OR rel = log OR NOT holdfast.is_audit_log(log) THEN
        PERFORM holdfast.raise_error('invalid_input',
            '{"field": "log", "reason": "is not another table, made by create_audit_log()"}');
    ELSIF v_in_a_tree AND per_row IS FALSE THEN
        PERFORM holdfast.raise_error('invalid_input',
            '{"field": "per_row", "reason": "must not be false: rows of a table with partitions or children are also written through those"}');
    END IF;

    FOR v_command IN SELECT * FROM (VALUES ('redact', redact), ('ignore', ignore)) AS c (field, columns) LOOP
        IF v_command.columns IS NULL OR array_position(v_command.columns, NULL) IS NOT NULL THEN
            PERFORM holdfast.raise_error('invalid_input', jsonb_build_object('field', v_command.field, 'reason', 'must not hold null'));
        END IF;
        FOREACH v_column IN ARRAY v_command.columns LOOP
            IF NOT EXISTS (SELECT FROM pg_attribute AS a
                           WHERE a.attrelid = rel AND a.attname = v_column AND a.attnum > 0 AND NOT a.attisdropped) THEN
                PERFORM holdfast.raise_error('invalid_input', jsonb_build_object('field', v_command.field,
                    'reason', format('names a column "%s" that does not exist', v_column)));
            END IF;
        END LOOP;
    END LOOP;
    SELECT coalesce(max(a.attname) FILTER (WHERE a.attname = 'organization_id'), '') INTO v_column
    FROM pg_attribute AS a
    WHERE a.attrelid = rel AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'uuid'::regtype;
    v_tenant := coalesce(v_tenant, v_column);
    SELECT coalesce(max(a.attname) FILTER (WHERE a.attname = 'user_id'),
                    max(a.attname) FILTER (WHERE a.attname = 'client_id'), '') INTO v_column
    FROM pg_attribute AS a
    WHERE a.attrelid = rel AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'uuid'::regtype;
    v_subject := coalesce(v_subject, v_column);
    FOR v_command IN SELECT * FROM (VALUES ('subject', v_subject), ('tenant', v_tenant)) AS c (field, name) LOOP
        IF v_command.name <> '' AND NOT EXISTS (
            SELECT FROM pg_attribute AS a
            WHERE a.attrelid = rel AND a.attname = v_command.name AND a.attnum > 0 AND NOT a.attisdropped
              AND a.atttypid = 'uuid'::regtype) THEN
            PERFORM holdfast.raise_error('invalid_input', jsonb_build_object('field', v_command.field,
                'reason', format('names "%s", which is not a column of type uuid', v_command.name)));
        END IF;
    END LOOP;
    SELECT array_agg(a.attname) INTO v_key
    FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
    WHERE i.indrelid = rel AND i.indisprimary;
    v_key := coalesce(v_key, '{}') || v_subject || v_tenant;
    IF redact && v_key THEN
        PERFORM holdfast.raise_error('invalid_input',
            '{"field": "redact", "reason": "names a column of the primary key, the subject or the tenant, which the log shows beside the values"}');
    ELSIF ignore && v_key THEN
        PERFORM holdfast.raise_error('invalid_input',
            '{"field": "ignore", "reason": "names a column of the primary key, the subject or the tenant, by which the log finds the row"}');
    END IF;

    IF EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = rel AND t.tgfoid = 'holdfast.audit()'::regprocedure) THEN
        PERFORM holdfast.disable_audit(rel);
    END IF;
    SELECT string_agg(quote_literal(a.argument), ', ' ORDER BY a.n) INTO v_arguments
    FROM unnest(ARRAY[(SELECT format('%I.%I', n.nspname, c.relname)
                       FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = log),
                      v_subject::text, v_tenant::text] || redact::text[]
                || CASE WHEN ignore <> '{}' THEN ''::text || ignore::text[] ELSE '{}' END) WITH ORDINALITY AS a (argument, n);
    IF coalesce(per_row, v_in_a_tree) THEN
        EXECUTE format('CREATE TRIGGER zz_audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION holdfast.audit(%s)',
            rel, v_arguments);
    ELSE
        FOR v_command IN
            SELECT * FROM (VALUES ('insert', 'NEW TABLE AS new_rows'), ('delete', 'OLD TABLE AS old_rows'),
                                  ('update', 'OLD TABLE AS old_rows NEW TABLE AS new_rows')) AS c (name, tables)
        LOOP
            EXECUTE format('CREATE TRIGGER zz_audit_%s AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION holdfast.audit(%s)',
                v_command.name, v_command.name, rel, v_command.tables, v_arguments);
        END LOOP;
    END IF;
    -- Triggers of statements are not passed on to partitions, which can be truncated by themselves.
    FOR v_command IN
        SELECT rel AS target UNION ALL SELECT p.relid FROM pg_partition_tree(rel) AS p WHERE p.level > 0
    LOOP
        EXECUTE format('CREATE TRIGGER zz_audit_truncate AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION holdfast.audit(%s)',
            v_command.target, v_arguments);
    END LOOP;
END
$$;
COMMENT ON FUNCTION enable_audit(regclass, regclass, name[], name, name, boolean, name[]) IS
'Audits a table from now on: every row that is inserted, updated or deleted, and TRUNCATE, is written to the log. redact names columns whose values must not be there: {"redacted": DIGEST} stands for them, which shows whether the value of the same row changed and nothing more; so it does for generated columns made of them. ignore names columns that change without meaning (last_used_at, a counter): an update that changes nothing else writes no row; beside other changes they are written as any column. subject names the uuid column that says whose data a row is (default user_id, else client_id, where there is one; '''' for none), tenant the one that says which organization''s (default organization_id; '''' for none). per_row takes row triggers instead of statement triggers, which are cheaper in bulk; it is the default, and the only way, for tables with partitions or children. Partitions made later are audited as well, but for a TRUNCATE of such a partition alone, until it is called again. Calling it again replaces what was said before. Only the owner of the table, who needs INSERT on the log. Errors: invalid_input (rel, log, redact, subject, tenant, per_row, ignore).';
REVOKE ALL ON FUNCTION enable_audit(regclass, regclass, name[], name, name, boolean, name[]) FROM PUBLIC;

CREATE FUNCTION is_audit_log(rel regclass)
RETURNS boolean
AS 'MODULE_PATHNAME', 'hf_is_audit_log_sql'
LANGUAGE C STABLE STRICT;
COMMENT ON FUNCTION is_audit_log(regclass) IS
'Whether a table has the columns of an audit log, as create_audit_log makes it.';
REVOKE ALL ON FUNCTION is_audit_log(regclass) FROM PUBLIC;

CREATE FUNCTION record_event(
    log regclass, action text, entity_type text DEFAULT NULL, entity_id text DEFAULT NULL, details jsonb DEFAULT NULL,
    outcome text DEFAULT 'success')
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_record_event'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION record_event(regclass, text, text, text, jsonb, text) IS
'Writes an event to an audit log and returns its id. action is a word, or a category, a dot and a word (security.sign_in); outcome is success, failure, or the word of a failure, which becomes error_message. Who, where from and for which organization are the current request''s. The caller needs INSERT on the log, and nothing more: the row is written as its owner. Not in a read-only transaction (25006). Errors: invalid_input.';
REVOKE ALL ON FUNCTION record_event(regclass, text, text, text, jsonb, text) FROM PUBLIC;

CREATE FUNCTION record_entry(log regclass, entry jsonb)
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_record_entry'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION record_entry(regclass, jsonb) IS
'The same, for an event of somebody else or of another time: {"action", "outcome", "entity_type", "entity_id", "details", "organization_id", "subject_id", "user_id", "actor_id", "role", "occurred_at", "ip_address", "user_agent", "request_id"}, of which only action is required. What is not said is the current request''s. Errors: invalid_input.';
REVOKE ALL ON FUNCTION record_entry(regclass, jsonb) FROM PUBLIC;

CREATE FUNCTION erase_audit(log regclass, organization_id uuid, subject uuid)
RETURNS bigint
AS 'MODULE_PATHNAME', 'hf_erase_audit'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION erase_audit(regclass, uuid, uuid) IS
'Takes what a log says about a person out of it: old_values, new_values, details and salt of every row with this subject become null, and the digest that stays says nothing without the salt; so seals stay valid. Returns how many rows, and records the event audit.erase. Ids, times and addresses stay. Only the owner of the log. VACUUM the log, and mind its backups. Errors: invalid_input.';
REVOKE ALL ON FUNCTION erase_audit(regclass, uuid, uuid) FROM PUBLIC;

CREATE FUNCTION audit_content_digest(salt bytea, old_values jsonb, new_values jsonb, details jsonb)
RETURNS bytea
AS 'MODULE_PATHNAME', 'hf_audit_content_digest'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION audit_content_digest(bytea, jsonb, jsonb, jsonb) IS
'What the digest of an audit row must be: the first 32 bytes of the BLAKE2b-512 (RFC 7693) of the salt, a byte 1 and the encoding of the three values: - absent, z null, t true, f false, n a number and s a string as length (4 bytes, the least significant first) and text, [ elements ], { k and a key as length and text, and its value, for each member, shorter keys first, then by their bytes }. Null without a salt. Errors: invalid_input (a salt that is not of 32 bytes).';
REVOKE ALL ON FUNCTION audit_content_digest(bytea, jsonb, jsonb, jsonb) FROM PUBLIC;

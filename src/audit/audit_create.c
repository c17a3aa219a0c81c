/*
 * audit_create.c
 *		create_audit_log(), and the trigger that keeps a log as it was written.
 *
 * Beside a log NAME stand NAME_redaction, which holds the key of the digests that stand for redacted values, and
 * NAME_seals (seal_table.c). Only the owner can read any of them.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include <sodium.h>

#include "audit/audit_log.h"
#include "audit/audit_table.h"
#include "audit/seal.h"
#include "base/create.h"
#include "errors.h"
#include "spi.h"

PG_FUNCTION_INFO_V1(hf_create_audit_log);
PG_FUNCTION_INFO_V1(hf_keep_audit_log);

/* %1$s is the log. */
static const char *const create_commands[] = {
	"CREATE TABLE %1$s ("
	" organization_id uuid NOT NULL,"
	" id uuid NOT NULL,"
	" occurred_at timestamptz NOT NULL,"
	" user_id uuid,"
	" actor_id uuid,"
	" role text,"
	" category text NOT NULL,"
	" action text NOT NULL,"
	" entity_type text,"
	" entity_id text,"
	" subject_id uuid,"
	" old_values jsonb,"
	" new_values jsonb,"
	" details jsonb,"
	" status text NOT NULL,"
	" error_message text,"
	" ip_address inet,"
	" user_agent text,"
	" request_id text,"
	" transaction_id xid8 NOT NULL,"
	" cluster bigint NOT NULL,"
	" salt bytea,"
	" digest bytea NOT NULL,"
	" PRIMARY KEY (organization_id, id))",
	"CREATE INDEX ON %1$s (cluster, transaction_id, id)",
	"ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY",
	"CREATE POLICY owner_only ON %1$s USING (false) WITH CHECK (false)",
	"COMMENT ON POLICY owner_only ON %1$s IS 'Rows are written by holdfast''s functions and read by the owner; who"
	" else may read them is said by policies of the owner''s own.'",
	"COMMENT ON TABLE %1$s IS 'Audit log: what was done to which row, and what else happened, by whom. Written by"
	" holdfast.audit(), record_event() and record_entry(); never changed, but for what erase_audit() takes out.'",
	"COMMENT ON COLUMN %1$s.organization_id IS 'The tenant: the row''s own, else the request''s; the nil UUID when there is"
	" none.'",
	"COMMENT ON COLUMN %1$s.id IS 'UUID version 7: sorts by when it was made.'",
	"COMMENT ON COLUMN %1$s.occurred_at IS 'When it was done.'",
	"COMMENT ON COLUMN %1$s.user_id IS 'In whose name: uid().'",
	"COMMENT ON COLUMN %1$s.actor_id IS 'The real person: actor_id().'",
	"COMMENT ON COLUMN %1$s.role IS 'The role of the token; without one the database user of the session.'",
	"COMMENT ON COLUMN %1$s.category IS 'data for changes of rows; of an event what stands before the first dot of its"
	" action, else event.'",
	"COMMENT ON COLUMN %1$s.action IS 'insert, update, delete, truncate, read, erase, or an event''s word.'",
	"COMMENT ON COLUMN %1$s.entity_type IS 'The table, with its schema; of an event what it was about.'",
	"COMMENT ON COLUMN %1$s.entity_id IS 'Primary key of the row (before an update) without the tenant, several columns"
	" with / between them, %% and / within them as %%25 and %%2F. Null when the table has no primary key.'",
	"COMMENT ON COLUMN %1$s.subject_id IS 'Whose data it is: what erase_audit() goes by.'",
	"COMMENT ON COLUMN %1$s.old_values IS 'What was there before: all columns of a deleted row, of an updated one those that"
	" changed. Of a redacted column a digest.'",
	"COMMENT ON COLUMN %1$s.new_values IS 'What is there since, likewise.'",
	"COMMENT ON COLUMN %1$s.details IS 'What else there is to say.'",
	"COMMENT ON COLUMN %1$s.status IS 'success or failure.'",
	"COMMENT ON COLUMN %1$s.error_message IS 'Of a failure the word.'",
	"COMMENT ON COLUMN %1$s.ip_address IS 'Where the request came from.'",
	"COMMENT ON COLUMN %1$s.user_agent IS 'What it was made with.'",
	"COMMENT ON COLUMN %1$s.request_id IS 'Its header X-Request-Id.'",
	"COMMENT ON COLUMN %1$s.transaction_id IS 'The transaction that wrote this, of the cluster in the next column.'",
	"COMMENT ON COLUMN %1$s.cluster IS 'System identifier of the cluster that wrote this.'",
	"COMMENT ON COLUMN %1$s.salt IS 'Random; null once the row''s content was erased.'",
	"COMMENT ON COLUMN %1$s.digest IS 'audit_content_digest(salt, old_values, new_values, details): commits to them, and says"
	" nothing once the salt is gone.'",
};

/* %1$s is the table with the log's secret. */
static const char *const secret_commands[] = {
	"CREATE TABLE %1$s ("
	" single boolean PRIMARY KEY DEFAULT true CHECK (single),"
	" secret bytea NOT NULL CHECK (length(secret) = 32))",
	"ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY",
	"CREATE POLICY owner_only ON %1$s USING (false) WITH CHECK (false)",
	"COMMENT ON POLICY owner_only ON %1$s IS 'Nobody but the owner has business here.'",
	"COMMENT ON TABLE %1$s IS 'The key of the digests that stand for redacted values in the audit log beside it. Who"
	" has it can tell whether a guess at such a value is right.'",
	"COMMENT ON COLUMN %1$s.single IS 'There is one row.'",
	"COMMENT ON COLUMN %1$s.secret IS 'Random; 32 bytes.'",
};

/* %1$s is the log, %2$s the trigger function. */
static const char *const guard_commands[] = {
	"CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON %1$s FOR EACH ROW EXECUTE FUNCTION %2$s()",
	"CREATE TRIGGER keep_table BEFORE TRUNCATE ON %1$s FOR EACH STATEMENT EXECUTE FUNCTION %2$s()",
	"ALTER TABLE %1$s ENABLE ALWAYS TRIGGER keep_rows",
	"ALTER TABLE %1$s ENABLE ALWAYS TRIGGER keep_table",
};

static const HfQuery store_secret = {"INSERT INTO %s (secret) VALUES ($1)", 1, {BYTEAOID}, false};

Oid hf_audit_erasing = InvalidOid;

/* StoreSecret gives a new log its secret. */
static void
StoreSecret(Oid table)
{
	bytea *secret = palloc(VARHDRSZ + HF_AUDIT_SECRET_SIZE);
	Datum value = PointerGetDatum(secret);

	SET_VARSIZE(secret, VARHDRSZ + HF_AUDIT_SECRET_SIZE);
	randombytes_buf(VARDATA(secret), HF_AUDIT_SECRET_SIZE);
	(void) hf_spi_run(&store_secret, table, &value, NULL, 0);
	sodium_memzero(VARDATA(secret), HF_AUDIT_SECRET_SIZE);
}

/* create_audit_log(name) */
Datum
hf_create_audit_log(PG_FUNCTION_ARGS)
{
	HfCreation creation;
	const char *log;
	const char *secret;
	const char *guard = quote_qualified_identifier(
		get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid)), "keep_audit_log");

	hf_create_begin(&creation, PG_GETARG_DATUM(0), PG_ARGISNULL(0));
	if (strlen(hf_audit_secret_name(creation.relname)) >= NAMEDATALEN)
		hf_raise_invalid("name", "is too long");
	log = hf_create_name(&creation, creation.relname);
	secret = hf_create_name(&creation, hf_audit_secret_name(creation.relname));
	hf_create_run(create_commands, lengthof(create_commands), log, NULL);
	hf_create_run(secret_commands, lengthof(secret_commands), secret, NULL);
	hf_create_run(guard_commands, lengthof(guard_commands), log, guard);
	StoreSecret(get_relname_relid(hf_audit_secret_name(creation.relname), creation.schema));
	hf_create_close_off(log);
	hf_create_close_off(secret);
	hf_seal_create(&creation);
	PG_RETURN_OID(hf_create_end(&creation));
}

/*
 * keep_audit_log(): the trigger. A subscriber's apply worker repeats what the publisher's erase_audit() did; nothing
 * else changes a row there either.
 */
Datum
hf_keep_audit_log(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("keep_audit_log() is a trigger function for audit logs")));
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) &&
		(hf_audit_erasing == RelationGetRelid(trigger->tg_relation) || IsLogicalWorker()))
		return PointerGetDatum(trigger->tg_newtuple);
	ereport(
		ERROR,
		(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		 errmsg("audit log \"%s\" cannot be changed",
				RelationGetRelationName(trigger->tg_relation)),
		 errhint(
			 "erase_audit() takes out what it says of a person and leaves the rest provable.")));
}

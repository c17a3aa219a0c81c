/*
 * audit_write.c
 *		Writing rows of an audit log, one or many.
 *
 * Rows are gathered and written in batches. Directly: one table_multi_insert() per batch and then the indexes, which is
 * what makes bulk statements cheap (bench/rows/90_audit.sh). It does what the executor would do for a plain table
 * without triggers, checks, rules or expressions, as which create_audit_log() makes it (audit_table.c); a log to which
 * somebody has added such things is written by INSERTs.
 *
 * Either way a batch is written as the log's owner, who alone has rights on it; nothing that a user can define runs
 * in between, except by the owner's own doing. Everything else here runs as the caller.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "audit/audit_log.h"
#include "audit/audit_table.h"
#include "base/clock.h"
#include "base/standby.h"
#include "base/uuid.h"
#include "errors.h"
#include "identity/claims.h"
#include "identity/request.h"
#include "spi.h"

#define BATCH_ROWS	   64
#define BATCH_BYTES	   (256 * 1024) /* of content */
#define HEADER_MAX	   512			/* bytes of a header that are kept */
#define REQUEST_ID_MAX 128

extern Datum hf_get_request_ip(PG_FUNCTION_ARGS);

struct HfAuditWriter
{
	HfAuditLog *log;
	Relation rel;
	MemoryContext context; /* lives as long as the writer */
	MemoryContext batch;   /* reset after each batch */
	Datum defaults[HF_AUDIT_COLUMNS];
	bool default_nulls[HF_AUDIT_COLUMNS];
	Datum values[BATCH_ROWS][HF_AUDIT_COLUMNS];
	bool nulls[BATCH_ROWS][HF_AUDIT_COLUMNS];
	int rows;
	Size bytes;
	pg_uuid_t last; /* the id of the row added last */
	StringInfoData content;
	StringInfoData scratch;
	/* the direct way */
	EState *estate;
	ResultRelInfo *result;
	TupleTableSlot *slots[BATCH_ROWS];
};

static const HfQuery insert_row = {
	"INSERT INTO %s (organization_id, id, occurred_at, user_id, actor_id, role, category, action, entity_type, "
	"entity_id, subject_id, old_values, new_values, details, status, error_message, ip_address, user_agent, "
	"request_id, transaction_id, cluster, salt, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
	"$13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
	HF_AUDIT_COLUMNS,
	{UUIDOID, UUIDOID, TIMESTAMPTZOID, UUIDOID,	 UUIDOID,  TEXTOID,	 TEXTOID, TEXTOID,
	 TEXTOID, TEXTOID, UUIDOID,		   JSONBOID, JSONBOID, JSONBOID, TEXTOID, TEXTOID,
	 INETOID, TEXTOID, TEXTOID,		   XID8OID,	 INT8OID,  BYTEAOID, BYTEAOID},
	false};

static const HfQuery read_secret = {"SELECT secret FROM %s", 0, {0}, false};

/* hf_audit_set sets a column; see audit_log.h. */
void
hf_audit_set(HfAuditEntry *entry, int column, Datum value)
{
	entry->values[column] = value;
	entry->nulls[column] = false;
	entry->set[column] = true;
}

/* hf_audit_set_text sets a column to a text, or to null. */
void
hf_audit_set_text(HfAuditEntry *entry, int column, const char *value)
{
	hf_audit_set(entry, column, value != NULL ? CStringGetTextDatum(value) : (Datum) 0);
	entry->nulls[column] = value == NULL;
}

/* Default gives a column's value to the rows that do not say otherwise. */
static void
Default(HfAuditWriter *writer, int column, Datum value)
{
	writer->defaults[column] = value;
	writer->default_nulls[column] = false;
}

/* DefaultUuid does so with a copy. */
static void
DefaultUuid(HfAuditWriter *writer, int column, bool given, const pg_uuid_t *value)
{
	pg_uuid_t *copy;

	if (!given)
		return;
	copy = palloc(sizeof(pg_uuid_t));
	*copy = *value;
	Default(writer, column, UUIDPGetDatum(copy));
}

/* DefaultHeader does so with a header, cut where it is longer than anybody needs. */
static void
DefaultHeader(HfAuditWriter *writer, int column, const char *name, int limit)
{
	char *value = hf_request_header(name);

	if (value != NULL)
		Default(writer, column,
				PointerGetDatum(
					cstring_to_text_with_len(value, pg_mbcliplen(value, strlen(value), limit))));
}

/* DescribeRequest fills in who is acting, and from where. */
static void
DescribeRequest(HfAuditWriter *writer)
{
	LOCAL_FCINFO(call, 0);
	const char *role = hf_claims_role();
	pg_uuid_t id = {0};
	Datum address;

	memset(writer->default_nulls, true, sizeof(writer->default_nulls));
	(void) hf_claims_organization(&id);
	DefaultUuid(writer, HF_AUDIT_ORGANIZATION, true, &id);
	DefaultUuid(writer, HF_AUDIT_USER, hf_claims_user(&id), &id);
	DefaultUuid(writer, HF_AUDIT_ACTOR, hf_claims_actor(&id), &id);
	Default(
		writer, HF_AUDIT_ROLE,
		CStringGetTextDatum(role != NULL ? role : GetUserNameFromId(GetSessionUserId(), false)));
	Default(writer, HF_AUDIT_STATUS, CStringGetTextDatum("success"));

	InitFunctionCallInfoData(*call, NULL, 0, InvalidOid, NULL, NULL);
	address = hf_get_request_ip(call);
	if (!call->isnull)
		Default(writer, HF_AUDIT_ADDRESS, address);
	DefaultHeader(writer, HF_AUDIT_USER_AGENT, "user-agent", HEADER_MAX);
	DefaultHeader(writer, HF_AUDIT_REQUEST_ID, "x-request-id", REQUEST_ID_MAX);
	Default(writer, HF_AUDIT_OCCURRED_AT, TimestampTzGetDatum(hf_clock_now()));
	Default(writer, HF_AUDIT_TRANSACTION, FullTransactionIdGetDatum(GetTopFullTransactionId()));
	Default(writer, HF_AUDIT_CLUSTER, Int64GetDatum((int64) GetSystemIdentifier()));
}

/* OpenDirect prepares the indexes. */
static void
OpenDirect(HfAuditWriter *writer)
{
	MemoryContext old = MemoryContextSwitchTo(writer->context); /* it outlives the batch */

	writer->estate = CreateExecutorState();
	MemoryContextSwitchTo(writer->estate->es_query_cxt);
	writer->result = makeNode(ResultRelInfo);
	InitResultRelInfo(writer->result, writer->rel, 0, NULL, 0);
	ExecOpenIndices(writer->result, false);
	MemoryContextSwitchTo(old);
}

/* hf_audit_begin opens a log; see audit_log.h. */
HfAuditWriter *
hf_audit_begin(Oid log)
{
	MemoryContext context;
	MemoryContext old;
	HfAuditWriter *writer;
	Relation rel;

	hf_forbid_read_only("writing an audit log");
	rel = try_table_open(log, RowExclusiveLock);
	if (rel == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE), errmsg("audit log %u does not exist", log)));
	if (!hf_audit_find(rel)->is_log)
		hf_raise_invalid("log", "is not a table made by create_audit_log()");

	context = AllocSetContextCreate(CurrentMemoryContext, "holdfast audit", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	writer = palloc(sizeof(HfAuditWriter));
	writer->rel = rel;
	writer->log = hf_audit_find(rel);
	writer->context = context;
	writer->batch = AllocSetContextCreate(context, "holdfast audit batch", ALLOCSET_DEFAULT_SIZES);
	writer->rows = 0;
	writer->bytes = 0;
	writer->estate = NULL;
	memset(writer->slots, 0, sizeof(writer->slots));
	initStringInfo(&writer->content);
	initStringInfo(&writer->scratch);
	DescribeRequest(writer);
	MemoryContextSwitchTo(old);
	return writer;
}

/* hf_audit_content starts the content of an entry that its maker encodes; see audit_log.h. */
StringInfo
hf_audit_content(HfAuditWriter *writer)
{
	resetStringInfo(&writer->content);
	appendStringInfoCharMacro(&writer->content, HF_AUDIT_ENCODING);
	return &writer->content;
}

/* hf_audit_scratch is where something may be made that is not to stay; see audit_log.h. */
StringInfo
hf_audit_scratch(HfAuditWriter *writer)
{
	return &writer->scratch;
}

/* hf_audit_memory is where the values of entries belong; see audit_log.h. */
MemoryContext
hf_audit_memory(HfAuditWriter *writer)
{
	return writer->batch;
}

/* ReadSecret runs as the log's owner. */
static void
ReadSecret(void *arg)
{
	HfAuditWriter *writer = arg;
	char *name = hf_audit_secret_name(RelationGetRelationName(writer->rel));
	Oid relid = get_relname_relid(name, RelationGetNamespace(writer->rel));
	bytea *secret = NULL;
	bool isnull;

	if (!OidIsValid(relid))
		ereport(
			ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE), errmsg("the audit log has no table \"%s\"", name),
			 errdetail("The key of the digests in the place of redacted values is kept there.")));
	hf_spi_open();
	if (hf_spi_run(&read_secret, relid, NULL, NULL, 2) == 1)
		secret = DatumGetByteaPP(hf_spi_value(0, 1, &isnull));
	if (secret == NULL || VARSIZE_ANY_EXHDR(secret) != HF_AUDIT_SECRET_SIZE)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("table \"%s\" does not hold one secret of %d bytes", name,
							   HF_AUDIT_SECRET_SIZE)));
	memcpy(writer->log->secret, VARDATA_ANY(secret), HF_AUDIT_SECRET_SIZE);
	hf_spi_close();
	writer->log->has_secret = true;
}

/* hf_audit_secret is the key of the log's redaction digests; see audit_log.h. */
const uint8 *
hf_audit_secret(HfAuditWriter *writer)
{
	writer->log = hf_audit_find(writer->rel);
	if (!writer->log->has_secret)
		hf_spi_as_owner(RelationGetRelid(writer->rel), ReadSecret, writer);
	return writer->log->secret;
}

/* FillSlots puts the rows into slots. */
static void
FillSlots(HfAuditWriter *writer)
{
	for (int i = 0; i < writer->rows; i++)
	{
		TupleTableSlot *slot;

		if (writer->slots[i] == NULL)
		{
			MemoryContext old = MemoryContextSwitchTo(writer->context);

			writer->slots[i] = table_slot_create(writer->rel, NULL);
			MemoryContextSwitchTo(old);
		}
		slot = ExecClearTuple(writer->slots[i]);
		memcpy(slot->tts_values, writer->values[i], sizeof(writer->values[i]));
		memcpy(slot->tts_isnull, writer->nulls[i], sizeof(writer->nulls[i]));
		ExecStoreVirtualTuple(slot);
	}
}

/* IsIndexed tells whether a row belongs into an index. */
static bool
IsIndexed(HfAuditWriter *writer, IndexInfo *info, TupleTableSlot *slot)
{
	ExprContext *context;
	bool indexed;

	if (info->ii_Predicate == NIL)
		return true;
	if (info->ii_PredicateState == NULL)
		info->ii_PredicateState = ExecPrepareQual(info->ii_Predicate, writer->estate);
	context = GetPerTupleExprContext(writer->estate);
	context->ecxt_scantuple = slot;
	indexed = ExecQual(info->ii_PredicateState, context);
	ResetPerTupleExprContext(writer->estate);
	return indexed;
}

/*
 * FillIndex adds the batch to an index, as ExecInsertIndexTuples() would, but from the values at hand and not from the
 * rows, which would have to be taken apart again.
 */
static void
FillIndex(HfAuditWriter *writer, int number)
{
	Relation index = writer->result->ri_IndexRelationDescs[number];
	IndexInfo *info = writer->result->ri_IndexRelationInfo[number];
	Datum values[INDEX_MAX_KEYS];
	bool nulls[INDEX_MAX_KEYS];

	if (!info->ii_ReadyForInserts)
		return;
	for (int i = 0; i < writer->rows; i++)
	{
		if (!IsIndexed(writer, info, writer->slots[i]))
			continue;
		for (int j = 0; j < info->ii_NumIndexAttrs; j++)
		{
			values[j] = writer->values[i][info->ii_IndexAttrNumbers[j] - 1];
			nulls[j] = writer->nulls[i][info->ii_IndexAttrNumbers[j] - 1];
		}
		(void) index_insert(index, values, nulls, &writer->slots[i]->tts_tid, writer->rel,
							info->ii_Unique ? UNIQUE_CHECK_YES : UNIQUE_CHECK_NO, false, info);
	}
}

/* WriteDirectly writes the batch without the executor. */
static void
WriteDirectly(HfAuditWriter *writer)
{
	CommandId command = GetCurrentCommandId(true);

	if (writer->estate == NULL)
		OpenDirect(writer);
	FillSlots(writer);
	if (writer->rows == 1)
		table_tuple_insert(writer->rel, writer->slots[0], command, 0, NULL);
	else
		table_multi_insert(writer->rel, writer->slots, writer->rows, command, 0, NULL);
	for (int i = 0; i < writer->result->ri_NumIndices; i++)
		FillIndex(writer, i);
	for (int i = 0; i < writer->rows; i++)
		ExecClearTuple(writer->slots[i]);
}

/* WriteBySpi writes the batch by INSERTs. */
static void
WriteBySpi(HfAuditWriter *writer)
{
	char nulls[HF_AUDIT_COLUMNS];

	hf_spi_open();
	for (int i = 0; i < writer->rows; i++)
	{
		for (int j = 0; j < HF_AUDIT_COLUMNS; j++)
			nulls[j] = writer->nulls[i][j] ? 'n' : ' ';
		(void) hf_spi_run(&insert_row, RelationGetRelid(writer->rel), writer->values[i], nulls, 0);
	}
	hf_spi_close();
}

/* WriteBatch runs as the log's owner. */
static void
WriteBatch(void *arg)
{
	HfAuditWriter *writer = arg;

	if (hf_audit_find(writer->rel)->direct)
		WriteDirectly(writer);
	else
		WriteBySpi(writer);
}

/* Flush writes what has been gathered. */
static void
Flush(HfAuditWriter *writer)
{
	MemoryContext old;

	if (writer->rows == 0)
		return;
	old = MemoryContextSwitchTo(writer->batch);
	hf_spi_as_owner(RelationGetRelid(writer->rel), WriteBatch, writer);
	MemoryContextSwitchTo(old);
	MemoryContextReset(writer->batch);
	writer->rows = 0;
	writer->bytes = 0;
}

/* JsonbOf is a column as jsonb, or NULL. */
static Jsonb *
JsonbOf(const Datum *values, const bool *nulls, int column)
{
	return nulls[column] ? NULL : DatumGetJsonbP(values[column]);
}

/* Commit makes salt and digest. */
static void
Commit(HfAuditWriter *writer, const HfAuditEntry *entry, Datum *values, bool *nulls)
{
	bytea *salt = palloc(VARHDRSZ + HF_AUDIT_SALT_SIZE);
	bytea *digest = palloc(VARHDRSZ + HF_AUDIT_DIGEST_SIZE);
	StringInfo content = &writer->content;

	if (!entry->content_made)
	{
		resetStringInfo(content);
		appendStringInfoCharMacro(content, HF_AUDIT_ENCODING);
		hf_audit_encode(content, JsonbOf(values, nulls, HF_AUDIT_OLD_VALUES));
		hf_audit_encode(content, JsonbOf(values, nulls, HF_AUDIT_NEW_VALUES));
	}
	hf_audit_encode(content, JsonbOf(values, nulls, HF_AUDIT_DETAILS));

	SET_VARSIZE(salt, VARHDRSZ + HF_AUDIT_SALT_SIZE);
	SET_VARSIZE(digest, VARHDRSZ + HF_AUDIT_DIGEST_SIZE);
	hf_audit_random((uint8 *) VARDATA(salt), HF_AUDIT_SALT_SIZE);
	hf_audit_digest((const uint8 *) VARDATA(salt), (const uint8 *) content->data, content->len,
					(uint8 *) VARDATA(digest));
	writer->bytes += content->len;
	values[HF_AUDIT_SALT] = PointerGetDatum(salt);
	values[HF_AUDIT_DIGEST] = PointerGetDatum(digest);
	nulls[HF_AUDIT_SALT] = nulls[HF_AUDIT_DIGEST] = false;
}

/* hf_audit_add adds a row; see audit_log.h. */
void
hf_audit_add(HfAuditWriter *writer, const HfAuditEntry *entry)
{
	MemoryContext old = MemoryContextSwitchTo(writer->batch);
	Datum *values = writer->values[writer->rows];
	bool *nulls = writer->nulls[writer->rows];
	pg_uuid_t *id = palloc(sizeof(pg_uuid_t));
	uint8 random[8];

	for (int i = 0; i < HF_AUDIT_COLUMNS; i++)
	{
		values[i] = entry->set[i] ? entry->values[i] : writer->defaults[i];
		nulls[i] = entry->set[i] ? entry->nulls[i] : writer->default_nulls[i];
	}
	if (nulls[HF_AUDIT_ORGANIZATION])
	{
		values[HF_AUDIT_ORGANIZATION] = UUIDPGetDatum(palloc0(sizeof(pg_uuid_t)));
		nulls[HF_AUDIT_ORGANIZATION] = false;
	}
	hf_audit_random(random, sizeof(random));
	hf_uuid_v7_from(id, random);
	writer->last = *id;
	values[HF_AUDIT_ID] = UUIDPGetDatum(id);
	nulls[HF_AUDIT_ID] = false;
	Commit(writer, entry, values, nulls);
	writer->rows++;
	MemoryContextSwitchTo(old);
	if (writer->rows == BATCH_ROWS || writer->bytes >= BATCH_BYTES)
		Flush(writer);
}

/* hf_audit_end writes the rest; see audit_log.h. */
void
hf_audit_end(HfAuditWriter *writer)
{
	Flush(writer);
	for (int i = 0; i < BATCH_ROWS && writer->slots[i] != NULL; i++)
		ExecDropSingleTupleTableSlot(writer->slots[i]);
	if (writer->estate != NULL)
	{
		ExecCloseIndices(writer->result);
		FreeExecutorState(writer->estate);
	}
	table_close(writer->rel, NoLock);
	MemoryContextDelete(writer->context);
}

/* hf_audit_write writes one row; see audit_log.h. */
pg_uuid_t *
hf_audit_write(Oid log, const HfAuditEntry *entry)
{
	HfAuditWriter *writer = hf_audit_begin(log);
	pg_uuid_t *id = palloc(sizeof(pg_uuid_t));

	hf_audit_add(writer, entry);
	*id = writer->last;
	hf_audit_end(writer);
	return id;
}

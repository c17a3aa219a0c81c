/*
 * seal_rows.c
 *		Rows of an audit log as leaves: in what order they come, what of a row its leaf covers, and whether its values
 *		are those that its digest commits to.
 *
 * The order is (transaction, id, organization); create_audit_log() makes an index on (cluster, transaction_id, id), so
 * rows stream through. The leaf covers every column but old_values, new_values, details and salt, for which the digest
 * stands. Text is hashed in UTF-8, whatever the database's encoding.
 */
#include "compat.h"

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/inet.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "audit/audit_log.h"
#include "audit/seal.h"

#define UNIX_EPOCH ((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)
#define PORTION	   500

/* The columns of every statement here: those of the leaf in its order, then what the digest is of. */
enum
{
	ORGANIZATION,
	ID,
	OCCURRED_AT,
	USER,
	ACTOR,
	ROLE,
	CATEGORY,
	ACTION,
	ENTITY_TYPE,
	ENTITY_ID,
	SUBJECT,
	STATUS,
	ERROR_MESSAGE,
	ADDRESS,
	USER_AGENT,
	REQUEST_ID,
	TRANSACTION,
	CLUSTER,
	DIGEST,
	SALT,
	OLD_VALUES,
	NEW_VALUES,
	DETAILS,
	DESCRIPTION /* of describe_row only */
};

#define LEAF_COLUMNS                                                                             \
	"organization_id, id, occurred_at, user_id, actor_id, role, category, action, entity_type, " \
	"entity_id, subject_id, status, error_message, ip_address, user_agent, request_id, "         \
	"transaction_id, cluster, digest"
#define ALL_COLUMNS LEAF_COLUMNS ", salt, old_values, new_values, details"
#define IN_RANGE                                                                               \
	" FROM %s WHERE cluster" HF_EQ "$1 AND transaction_id" HF_GE "$2 AND transaction_id" HF_LT \
	"$3 ORDER BY transaction_id, id, organization_id"

static const HfQuery leaves_in_range = {
	"SELECT " LEAF_COLUMNS IN_RANGE, 3, {INT8OID, XID8OID, XID8OID}, true};

static const HfQuery rows_in_range = {
	"SELECT " ALL_COLUMNS IN_RANGE, 3, {INT8OID, XID8OID, XID8OID}, true};

static const HfQuery next_cluster = {
	"SELECT cluster FROM %s WHERE cluster" HF_GE "$1 ORDER BY cluster LIMIT 1", 1, {INT8OID}, true};

static const HfQuery horizon = {
	"SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())", 0, {0}, true};

/* As a proof shows it. Values are JSON texts in strings, so that no JSON library on the way rewrites a number. */
static const HfQuery describe_row = {
	"SELECT " ALL_COLUMNS ", pg_catalog.jsonb_build_object("
	"'organization_id', organization_id, 'id', id,"
	" 'occurred_at', pg_catalog.to_char(pg_catalog.timezone('UTC', occurred_at),"
	" 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"'),"
	" 'user_id', user_id, 'actor_id', actor_id, 'role', role, 'category', category, 'action', action,"
	" 'entity_type', entity_type, 'entity_id', entity_id, 'subject_id', subject_id, 'status', status,"
	" 'error_message', error_message, 'ip_address', ip_address, 'user_agent', user_agent,"
	" 'request_id', request_id, 'transaction_id', transaction_id::pg_catalog.text,"
	" 'cluster', cluster::pg_catalog.text, 'digest', pg_catalog.encode(digest, 'hex'),"
	" 'salt', pg_catalog.encode(salt, 'hex'), 'old_values', old_values::pg_catalog.text,"
	" 'new_values', new_values::pg_catalog.text, 'details', details::pg_catalog.text)"
	" FROM %s WHERE organization_id" HF_EQ "$1 AND id" HF_EQ "$2",
	2,
	{UUIDOID, UUIDOID},
	true};

struct HfRows
{
	HfCursor cursor;
	bool with_content;
	uint64 count; /* of the portion */
	uint64 next;
	MemoryContext context; /* what a row takes; emptied for each */
};

/* hf_rows_open starts to read rows; see seal.h. */
HfRows *
hf_rows_open(const HfSealLog *log, uint64 cluster, uint64 from, uint64 to, bool with_content)
{
	Datum values[] = {UInt64GetDatum(cluster), UInt64GetDatum(from), UInt64GetDatum(to)};
	HfRows *rows = palloc0(sizeof(HfRows));

	rows->with_content = with_content;
	rows->context =
		AllocSetContextCreate(CurrentMemoryContext, "holdfast sealed rows", ALLOCSET_DEFAULT_SIZES);
	rows->cursor =
		hf_spi_cursor_open(with_content ? &rows_in_range : &leaves_in_range, log->log, values);
	return rows;
}

/* One row, taken apart. */
typedef struct Columns
{
	Datum values[DESCRIPTION + 1];
	bool nulls[DESCRIPTION + 1];
} Columns;

/* IsUuid tells the columns that are UUIDs. */
static bool
IsUuid(int column)
{
	return column == ORGANIZATION || column == ID || column == USER || column == ACTOR ||
		   column == SUBJECT;
}

/* AddUuid adds a UUID, or its absence, to a leaf. */
static void
AddUuid(HfSealLeaf *leaf, const Columns *columns, int column)
{
	hf_seal_leaf_bytes(leaf, columns->nulls[column] ? NULL : DatumGetUUIDP(columns->values[column]),
					   UUID_LEN);
}

/* AddText adds a text in UTF-8. */
static void
AddText(HfSealLeaf *leaf, const char *text, int length)
{
	char *utf8 = pg_server_to_any(text, length, PG_UTF8);

	hf_seal_leaf_bytes(leaf, utf8, utf8 == text ? length : strlen(utf8));
}

/* AddValue adds a column of another type. */
static void
AddValue(HfSealLeaf *leaf, const Columns *columns, int column)
{
	Datum value = columns->values[column];
	struct varlena *packed;
	char *address;

	if (columns->nulls[column])
	{
		hf_seal_leaf_bytes(leaf, NULL, 0);
		return;
	}
	switch (column)
	{
		case OCCURRED_AT:
			hf_seal_leaf_number(leaf, (uint64) (DatumGetTimestampTz(value) + UNIX_EPOCH));
			break;
		case TRANSACTION:
		case CLUSTER:
			hf_seal_leaf_number(leaf, DatumGetUInt64(value));
			break;
		case ADDRESS:
			address = DatumGetCString(DirectFunctionCall1(inet_out, value));
			hf_seal_leaf_bytes(leaf, address, strlen(address));
			break;
		case DIGEST:
			packed = PG_DETOAST_DATUM_PACKED(value);
			hf_seal_leaf_bytes(leaf, VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed));
			break;
		default:
			packed = PG_DETOAST_DATUM_PACKED(value);
			AddText(leaf, VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed));
			break;
	}
}

/* CheckContent compares a row's values with its digest. */
static HfRowContent
CheckContent(const Columns *columns)
{
	StringInfoData content;
	bool any = false;
	bytea *salt;
	bytea *digest;
	uint8 made[HF_AUDIT_DIGEST_SIZE];

	initStringInfo(&content);
	appendStringInfoChar(&content, HF_AUDIT_ENCODING);
	for (int column = OLD_VALUES; column <= DETAILS; column++)
	{
		bool isnull = columns->nulls[column];

		any |= !isnull;
		hf_audit_encode(&content, isnull ? NULL : DatumGetJsonbP(columns->values[column]));
	}
	if (columns->nulls[SALT])
		return any ? HF_ROW_CHANGED : HF_ROW_ERASED;
	salt = DatumGetByteaPP(columns->values[SALT]);
	digest = DatumGetByteaPP(columns->values[DIGEST]);
	if (VARSIZE_ANY_EXHDR(salt) != HF_AUDIT_SALT_SIZE ||
		VARSIZE_ANY_EXHDR(digest) != HF_AUDIT_DIGEST_SIZE)
		return HF_ROW_CHANGED;
	hf_audit_digest((const uint8 *) VARDATA_ANY(salt), (const uint8 *) content.data, content.len,
					made);
	return memcmp(made, VARDATA_ANY(digest), sizeof(made)) == 0 ? HF_ROW_SOUND : HF_ROW_CHANGED;
}

/* ReadRow makes the leaf of a row of the last result. */
static void
ReadRow(uint64 row, bool with_content, HfRow *out)
{
	HfSealLeaf leaf;
	Columns columns;

	hf_spi_row(row, columns.values, columns.nulls);
	hf_seal_leaf_start(&leaf);
	for (int column = ORGANIZATION; column <= DIGEST; column++)
	{
		if (IsUuid(column))
			AddUuid(&leaf, &columns, column);
		else
			AddValue(&leaf, &columns, column);
	}
	hf_seal_leaf_finish(&leaf, &out->leaf);
	out->organization = *DatumGetUUIDP(columns.values[ORGANIZATION]);
	out->id = *DatumGetUUIDP(columns.values[ID]);
	out->has_subject = !columns.nulls[SUBJECT];
	if (out->has_subject)
		out->subject = *DatumGetUUIDP(columns.values[SUBJECT]);
	out->transaction = DatumGetUInt64(columns.values[TRANSACTION]);
	out->content = with_content ? CheckContent(&columns) : HF_ROW_SOUND;
}

/* hf_rows_next reads the next row; see seal.h. */
bool
hf_rows_next(HfRows *rows, HfRow *row)
{
	MemoryContext old;

	if (rows->next == rows->count)
	{
		CHECK_FOR_INTERRUPTS();
		rows->count = hf_spi_cursor_fetch(rows->cursor, PORTION);
		rows->next = 0;
		if (rows->count == 0)
			return false;
	}
	MemoryContextReset(rows->context);
	old = MemoryContextSwitchTo(rows->context);
	ReadRow(rows->next++, rows->with_content, row);
	MemoryContextSwitchTo(old);
	return true;
}

/* hf_rows_close ends it. */
void
hf_rows_close(HfRows *rows)
{
	hf_spi_cursor_close(rows->cursor);
	MemoryContextDelete(rows->context);
	pfree(rows);
}

/* hf_rows_next_cluster finds the next cluster; see seal.h. */
bool
hf_rows_next_cluster(const HfSealLog *log, int64 from, int64 *cluster)
{
	Datum value = Int64GetDatum(from);
	bool isnull;

	if (hf_spi_run(&next_cluster, log->log, &value, NULL, 1) == 0)
		return false;
	*cluster = DatumGetInt64(hf_spi_value(0, 1, &isnull));
	return true;
}

/* hf_rows_horizon asks the snapshot that everything is read on. */
uint64
hf_rows_horizon(void)
{
	bool isnull;

	(void) hf_spi_run(&horizon, InvalidOid, NULL, NULL, 1);
	return DatumGetUInt64(hf_spi_value(0, 1, &isnull));
}

/* hf_rows_describe reads one row as JSON; see seal.h. */
char *
hf_rows_describe(const HfSealLog *log, Datum organization, Datum id, HfRow *row, uint64 *cluster)
{
	Datum values[] = {organization, id};
	bool isnull;
	Jsonb *json;

	if (hf_spi_run(&describe_row, log->log, values, NULL, 1) == 0)
		return NULL;
	ReadRow(0, true, row);
	*cluster = DatumGetUInt64(hf_spi_value(0, CLUSTER + 1, &isnull));
	json = DatumGetJsonbP(hf_spi_value(0, DESCRIPTION + 1, &isnull));
	return JsonbToCString(NULL, &json->root, VARSIZE(json));
}

/*
 * seal_table.c
 *		NAME_seals, the table beside an audit log that holds its batches: making it, reading it, adding to it.
 *
 * Rows are only ever added, under HF_LOCK_SEAL, whose key is the log; the primary key stands behind it. Everything is read
 * on one snapshot, taken after the lock, so that whoever waited sees what the one before has sealed, whatever the
 * isolation level.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/pg_lsn.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "audit/seal.h"
#include "errors.h"
#include "locks.h"

PG_FUNCTION_INFO_V1(hf_keep_seals);

#define UNIX_EPOCH ((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

/* The columns, in the order of every statement here. */
enum
{
	BATCH = 1,
	LOG_ID,
	CLUSTER,
	SEALED_BY,
	FROM_TRANSACTION,
	TO_TRANSACTION,
	ROW_COUNT,
	SEALED_AT,
	ROOT,
	HISTORY,
	PREVIOUS,
	HEAD,
	PEAKS,
	MARKS
};

#define COLUMNS                                                                                   \
	"batch, log_id, cluster, sealed_by, from_transaction, to_transaction, row_count, sealed_at, " \
	"root, history, previous, head, peaks, marks"

static const HfQuery last_seal = {
	"SELECT " COLUMNS " FROM %s ORDER BY batch DESC LIMIT 1", 0, {0}, true};

static const HfQuery one_seal = {
	"SELECT " COLUMNS " FROM %s WHERE batch" HF_EQ "$1", 1, {INT8OID}, true};

static const HfQuery covering_seal = {"SELECT " COLUMNS " FROM %s WHERE cluster" HF_EQ
									  "$1 AND to_transaction" HF_GT "$2 AND from_transaction" HF_LE
									  "$2 ORDER BY to_transaction LIMIT 1",
									  2,
									  {INT8OID, XID8OID},
									  true};

static const HfQuery all_seals = {"SELECT " COLUMNS " FROM %s WHERE batch" HF_GE
								  "$1 AND batch" HF_LE "$2 ORDER BY batch",
								  2,
								  {INT8OID, INT8OID},
								  true};

static const HfQuery heads = {
	"SELECT head FROM %s WHERE batch" HF_LT "$1 ORDER BY batch", 1, {INT8OID}, true};

static const HfQuery last_transaction = {"SELECT to_transaction FROM %s WHERE cluster" HF_EQ
										 "$1 ORDER BY to_transaction DESC LIMIT 1",
										 1,
										 {INT8OID},
										 true};

static const HfQuery store_seal = {
	"INSERT INTO %s (" COLUMNS
	") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
	14,
	{INT8OID, UUIDOID, INT8OID, INT8OID, XID8OID, XID8OID, INT8OID, TIMESTAMPTZOID, BYTEAOID,
	 BYTEAOID, BYTEAOID, BYTEAOID, BYTEAOID, BYTEAOID},
	false};

/* %s is the table. */
static const char *const create_commands[] = {
	"CREATE TABLE %s ("
	" batch bigint PRIMARY KEY CHECK (batch > 0),"
	" log_id uuid NOT NULL,"
	" cluster bigint NOT NULL,"
	" sealed_by bigint NOT NULL,"
	" from_transaction xid8 NOT NULL,"
	" to_transaction xid8 NOT NULL CHECK (to_transaction > from_transaction),"
	" row_count bigint NOT NULL CHECK (row_count > 0),"
	" sealed_at timestamptz NOT NULL,"
	" root bytea NOT NULL CHECK (length(root) = 32),"
	" history bytea NOT NULL CHECK (length(history) = 32),"
	" previous bytea NOT NULL CHECK (length(previous) = 32),"
	" head bytea NOT NULL CHECK (length(head) = 32),"
	" peaks bytea NOT NULL,"
	" marks bytea)",
	"ALTER TABLE %s ALTER COLUMN marks SET STORAGE EXTERNAL",
	"CREATE UNIQUE INDEX ON %s (cluster, to_transaction)",
	"ALTER TABLE %s ENABLE ROW LEVEL SECURITY",
	"CREATE POLICY owner_only ON %s USING (false) WITH CHECK (false)",
	"COMMENT ON POLICY owner_only ON %s IS 'Seals are written and read by functions of the table''s owner; nobody else"
	" has business here.'",
	"CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION holdfast.keep_seals()",
	"CREATE TRIGGER keep_table BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION holdfast.keep_seals()",
	"ALTER TABLE %s ENABLE ALWAYS TRIGGER keep_rows",
	"ALTER TABLE %s ENABLE ALWAYS TRIGGER keep_table",
	"COMMENT ON TABLE %s IS 'Seals of the audit log beside it, one row for each batch of its rows. Written by"
	" holdfast.seal_audit(), never changed; docs/audit_format.md has the hashes byte by byte.'",
	"COMMENT ON COLUMN %s.batch IS '1, 2, 3 and so on.'",
	"COMMENT ON COLUMN %s.log_id IS 'Random; the log''s own id, the same in all its batches.'",
	"COMMENT ON COLUMN %s.cluster IS 'System identifier of the cluster that wrote the rows.'",
	"COMMENT ON COLUMN %s.sealed_by IS 'System identifier of the cluster that sealed them.'",
	"COMMENT ON COLUMN %s.from_transaction IS 'The rows of this cluster with transaction ids from this one'",
	"COMMENT ON COLUMN %s.to_transaction IS 'up to but not including this one.'",
	"COMMENT ON COLUMN %s.row_count IS 'How many there were.'",
	"COMMENT ON COLUMN %s.sealed_at IS 'When they were sealed.'",
	"COMMENT ON COLUMN %s.root IS 'Root of the Merkle tree (RFC 6962, SHA-256) of the rows, ordered by transaction, id"
	" and organization.'",
	"COMMENT ON COLUMN %s.history IS 'Root of the Merkle tree of the heads of all batches before.'",
	"COMMENT ON COLUMN %s.previous IS 'Head of the batch before; zeros in the first.'",
	"COMMENT ON COLUMN %s.head IS 'SHA-256 of all of the above: the head of the chain. Kept off the server, it proves"
	" everything up to here.'",
	"COMMENT ON COLUMN %s.peaks IS 'The subtrees that history is the root of, to go on from.'",
	"COMMENT ON COLUMN %s.marks IS 'The first eight bytes of each leaf, so that a change can be located within the batch;"
	" null when it is too large. They prove nothing.'",
};

/* hf_seal_create makes the table; see seal.h. */
void
hf_seal_create(const HfCreation *creation)
{
	const char *table;

	table = hf_create_name(creation, psprintf("%s_seals", creation->relname));
	hf_create_run(create_commands, lengthof(create_commands), table, NULL);
	hf_create_close_off(table);
}

/* keep_seals(): the trigger that refuses every change of a seal. */
Datum
hf_keep_seals(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("keep_seals() is a trigger function for the seals of audit logs")));
	ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					errmsg("seals of an audit log cannot be changed")));
}

/* FindSeals finds the table beside a log. */
static Oid
FindSeals(Oid log)
{
	char *name = get_rel_name(log);
	Oid seals = InvalidOid;

	if (name != NULL && strlen(name) + strlen("_seals") < NAMEDATALEN)
		seals = get_relname_relid(psprintf("%s_seals", name), get_rel_namespace(log));
	if (!OidIsValid(seals))
		hf_raise_invalid("log", "is not a table made by create_audit_log()");
	return seals;
}

/* Set sets a setting until hf_seal_close. */
static void
Set(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
							 false);
}

/*
 * hf_seal_open opens a log; see seal.h. Rows are to come in the order of the index, whatever statistics say of a table
 * that may have been empty when they were made: sorting a log to read its end is what takes long.
 */
void
hf_seal_open(HfSealLog *log, FunctionCallInfo fcinfo, bool lock)
{
	static const char *const ways[] = {"enable_seqscan", "enable_bitmapscan", "enable_sort"};

	if (PG_ARGISNULL(0))
		hf_raise_invalid("log", "must not be null");
	log->log = PG_GETARG_OID(0);
	log->seals = FindSeals(log->log);
	if (lock)
		hf_lock_take(HF_LOCK_SEAL, log->log);
	log->nesting = hf_spi_close_ways(ways, lengthof(ways));
	Set("row_security", "off");
	PushActiveSnapshot(GetLatestSnapshot());
	hf_spi_open();
}

/* hf_seal_close ends it. */
void
hf_seal_close(HfSealLog *log)
{
	hf_spi_close();
	PopActiveSnapshot();
	AtEOXact_GUC(true, log->nesting);
}

/* Number reads a column that is a number of 64 bits. */
static uint64
Number(uint64 row, int column)
{
	bool isnull;

	return DatumGetUInt64(hf_spi_value(row, column, &isnull));
}

/* Bytes reads a column of bytes; NULL when it is. */
static bytea *
Bytes(uint64 row, int column)
{
	bool isnull;
	Datum value = hf_spi_value(row, column, &isnull);

	return isnull ? NULL : DatumGetByteaPP(value);
}

/* ReadHash reads a column that is a hash; one of another size, which the table's constraints refuse, becomes zeros. */
static void
ReadHash(uint64 row, int column, HfMerkleHash *out)
{
	bytea *bytes = Bytes(row, column);

	memset(out, 0, sizeof(HfMerkleHash));
	if (bytes != NULL && VARSIZE_ANY_EXHDR(bytes) == sizeof(HfMerkleHash))
		memcpy(out, VARDATA_ANY(bytes), sizeof(HfMerkleHash));
}

/* ReadSeal copies the first row of the result. */
static void
ReadSeal(HfSeal *seal)
{
	HfSealHeader *header = &seal->header;
	bool isnull;
	bytea *bytes;

	memset(seal, 0, sizeof(HfSeal));
	header->batch = Number(0, BATCH);
	memcpy(header->log, DatumGetUUIDP(hf_spi_value(0, LOG_ID, &isnull)), HF_SEAL_ID_SIZE);
	header->cluster = Number(0, CLUSTER);
	header->sealed_by = Number(0, SEALED_BY);
	header->from = Number(0, FROM_TRANSACTION);
	header->to = Number(0, TO_TRANSACTION);
	header->rows = Number(0, ROW_COUNT);
	header->sealed_at = (int64) Number(0, SEALED_AT) + UNIX_EPOCH;
	ReadHash(0, ROOT, &header->root);
	ReadHash(0, HISTORY, &header->history);
	ReadHash(0, PREVIOUS, &header->previous);
	ReadHash(0, HEAD, &seal->head);
	bytes = Bytes(0, PEAKS);
	seal->past_fits =
		bytes != NULL && hf_merkle_resume(&seal->past, header->batch - 1, VARDATA_ANY(bytes),
										  VARSIZE_ANY_EXHDR(bytes));
	bytes = Bytes(0, MARKS);
	if (bytes != NULL)
	{
		seal->mark_count = VARSIZE_ANY_EXHDR(bytes) / HF_SEAL_MARK_SIZE;
		seal->marks = (uint8 *) VARDATA_ANY(bytes);
	}
}

/* ReadOne reads the only row of a result, if there is one. */
static bool
ReadOne(uint64 rows, HfSeal *seal)
{
	if (rows > 0)
		ReadSeal(seal);
	return rows > 0;
}

/* hf_seal_last reads the last batch. */
bool
hf_seal_last(const HfSealLog *log, HfSeal *seal)
{
	return ReadOne(hf_spi_run(&last_seal, log->seals, NULL, NULL, 1), seal);
}

/* hf_seal_get reads a batch. */
bool
hf_seal_get(const HfSealLog *log, uint64 batch, HfSeal *seal)
{
	Datum value = Int64GetDatum((int64) batch);

	return ReadOne(hf_spi_run(&one_seal, log->seals, &value, NULL, 1), seal);
}

/* hf_seal_covering reads the batch that holds the rows of a transaction. */
bool
hf_seal_covering(const HfSealLog *log, uint64 cluster, uint64 transaction, HfSeal *seal)
{
	Datum values[] = {UInt64GetDatum(cluster), UInt64GetDatum(transaction)};

	return ReadOne(hf_spi_run(&covering_seal, log->seals, values, NULL, 1), seal);
}

/* hf_seal_read_all reads batches one by one. */
HfCursor
hf_seal_read_all(const HfSealLog *log, uint64 from, uint64 to)
{
	Datum values[] = {UInt64GetDatum(from), UInt64GetDatum(to)};

	return hf_spi_cursor_open(&all_seals, log->seals, values);
}

/* hf_seal_next reads the next one. Its marks live until anything else is read. */
bool
hf_seal_next(HfCursor cursor, HfSeal *seal)
{
	return ReadOne(hf_spi_cursor_fetch(cursor, 1), seal);
}

/* hf_seal_read_heads reads heads one by one. */
HfCursor
hf_seal_read_heads(const HfSealLog *log, uint64 before)
{
	Datum value = UInt64GetDatum(before);

	return hf_spi_cursor_open(&heads, log->seals, &value);
}

/* hf_seal_next_head reads the next one. */
bool
hf_seal_next_head(HfCursor cursor, HfMerkleHash *leaf)
{
	HfMerkleHash head;

	CHECK_FOR_INTERRUPTS();
	if (hf_spi_cursor_fetch(cursor, 1) == 0)
		return false;
	ReadHash(0, 1, &head);
	hf_merkle_leaf(&head, sizeof(head), leaf);
	return true;
}

/* hf_seal_position is where the next batch of a cluster begins. */
uint64
hf_seal_position(const HfSealLog *log, uint64 cluster)
{
	Datum value = UInt64GetDatum(cluster);

	return hf_spi_run(&last_transaction, log->seals, &value, NULL, 1) > 0 ? Number(0, 1) : 0;
}

/* BytesDatum makes a bytea. */
static Datum
BytesDatum(const void *data, Size size)
{
	bytea *bytes = palloc(VARHDRSZ + size);

	SET_VARSIZE(bytes, VARHDRSZ + size);
	memcpy(VARDATA(bytes), data, size);
	return PointerGetDatum(bytes);
}

/* hf_seal_store adds a batch. */
void
hf_seal_store(const HfSealLog *log, const HfSeal *seal)
{
	const HfSealHeader *header = &seal->header;
	char nulls[MARKS];
	Datum values[MARKS] = {
		UInt64GetDatum(header->batch),
		UUIDPGetDatum((const pg_uuid_t *) header->log),
		UInt64GetDatum(header->cluster),
		UInt64GetDatum(header->sealed_by),
		UInt64GetDatum(header->from),
		UInt64GetDatum(header->to),
		UInt64GetDatum(header->rows),
		TimestampTzGetDatum(header->sealed_at - UNIX_EPOCH),
		BytesDatum(&header->root, HF_MERKLE_HASH_SIZE),
		BytesDatum(&header->history, HF_MERKLE_HASH_SIZE),
		BytesDatum(&header->previous, HF_MERKLE_HASH_SIZE),
		BytesDatum(&seal->head, HF_MERKLE_HASH_SIZE),
		BytesDatum(seal->past.peaks, (Size) seal->past.peak_count * HF_MERKLE_HASH_SIZE),
	};

	memset(nulls, ' ', sizeof(nulls));
	if (seal->marks == NULL)
		nulls[MARKS - 1] = 'n';
	else
		values[MARKS - 1] = BytesDatum(seal->marks, seal->mark_count * HF_SEAL_MARK_SIZE);
	(void) hf_spi_run(&store_seal, log->seals, values, nulls, 0);
}

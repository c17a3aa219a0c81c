/*
 * seal_verify.c
 *		verify_audit(): whether an audit log is what was sealed, and if not, where the first thing is that is not.
 *
 * Everything is computed again and nothing that is stored is believed: leaves from the rows, roots from the leaves, heads
 * from what the batches say, the chain from the heads. What remains is somebody who computes all of it anew; that takes
 * a head that was kept elsewhere (verify_audit_head).
 *
 * Each batch is read in a stream. Of the rows themselves two more things are asked: that the values are those that the
 * digest commits to, and that values which are gone were erased on record.
 */
#include "compat.h"

#include "access/transam.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/hsearch.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "audit/seal.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(hf_verify_audit);
PG_FUNCTION_INFO_V1(hf_verify_audit_head);

#define COLUMNS 5

/* Up to where the batches of a cluster have come. */
typedef struct Position
{
	uint64 cluster;
	uint64 to;
} Position;

/* What the log says of erasing a person, and what is erased. */
typedef struct Person
{
	pg_uuid_t organization;
	pg_uuid_t subject;
} Person;

typedef struct Erasure
{
	Person key;
	int64 recorded;
	int64 found;
} Erasure;

typedef struct Verification
{
	HfSealLog log;
	ReturnSetInfo *result;
	int limit;
	int found;
	HTAB *erasures;
	HTAB *positions;
	HfMerkleTree past; /* of the heads of the batches so far */
	HfSeal before;	   /* the batch before */
	HfSeal seal;	   /* the batch at hand */
	MemoryContext batch_memory;
	const HfRow *row; /* the row at hand */
} Verification;

static const HfQuery recorded_erasures = {
	"SELECT organization_id, subject_id, pg_catalog.sum("
	"CASE WHEN pg_catalog.jsonb_typeof(details OPERATOR(pg_catalog.->) 'rows')" HF_EQ "'number'"
	" THEN (details OPERATOR(pg_catalog.->>) 'rows')::pg_catalog.numeric END)::pg_catalog.int8"
	" FROM %s WHERE category" HF_EQ "'audit' AND action" HF_EQ "'erase' AND subject_id IS NOT NULL"
	" GROUP BY organization_id, subject_id",
	0,
	{0},
	true};

/* Full tells whether enough was found. */
static bool
Full(const Verification *v)
{
	return v->found >= v->limit;
}

/* Report adds a row to the result. batch 0 and row NULL: none. details is the text of a JSON object, or NULL. */
static void
Report(Verification *v, const char *problem, uint64 batch, const HfRow *row, const char *details)
{
	Datum values[COLUMNS] = {CStringGetTextDatum(problem), UInt64GetDatum(batch)};
	bool nulls[COLUMNS] = {false, batch == 0, row == NULL, row == NULL, details == NULL};

	if (Full(v))
		return;
	v->found++;
	if (row != NULL)
	{
		values[2] = UUIDPGetDatum(&row->organization);
		values[3] = UUIDPGetDatum(&row->id);
	}
	if (details != NULL)
		values[4] = DirectFunctionCall1(jsonb_in, CStringGetDatum(details));
	tuplestore_putvalues(v->result->setResult, v->result->setDesc, values, nulls);
}

/* SameHash compares two hashes. */
static bool
SameHash(const HfMerkleHash *a, const HfMerkleHash *b)
{
	return memcmp(a, b, sizeof(HfMerkleHash)) == 0;
}

/* MakeTable makes a hash table whose entries begin with their key. */
static HTAB *
MakeTable(const char *name, Size key, Size entry)
{
	HASHCTL control = {.keysize = key, .entrysize = entry, .hcxt = CurrentMemoryContext};

	return hash_create(name, 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* ReadErasures reads what was erased on record. */
static void
ReadErasures(Verification *v)
{
	uint64 count = hf_spi_run(&recorded_erasures, v->log.log, NULL, NULL, 0);

	for (uint64 i = 0; i < count; i++)
	{
		Person key;
		Erasure *erasure;
		bool isnull;

		key.organization = *DatumGetUUIDP(hf_spi_value(i, 1, &isnull));
		key.subject = *DatumGetUUIDP(hf_spi_value(i, 2, &isnull));
		erasure = hash_search(v->erasures, &key, HASH_ENTER, NULL);
		erasure->recorded = DatumGetInt64(hf_spi_value(i, 3, &isnull));
		erasure->found = 0;
	}
}

/*
 * CheckErased checks that a row whose values are gone was erased on record: that there is a record of its subject, and that
 * no more rows are erased than the records say. Not when: clocks go back, and transactions end in another order than they
 * begin in.
 */
static void
CheckErased(Verification *v, uint64 batch, const HfRow *row)
{
	Person key = {row->organization, row->subject};
	Erasure *erasure = NULL;

	if (row->has_subject)
		erasure = hash_search(v->erasures, &key, HASH_FIND, NULL);
	if (erasure == NULL)
		Report(v, "erasure_unrecorded", batch, row, NULL);
	else if (++erasure->found > erasure->recorded)
		Report(v, "erasure_unrecorded", batch, row,
			   psprintf("{\"recorded\": " INT64_FORMAT "}", erasure->recorded));
}

/* CheckContent checks the values of a row. */
static void
CheckContent(Verification *v, uint64 batch, const HfRow *row)
{
	if (row->content == HF_ROW_CHANGED)
		Report(v, "content_changed", batch, row, NULL);
	else if (row->content == HF_ROW_ERASED)
		CheckErased(v, batch, row);
}

/* ReportRow is told where rows and marks part. */
static void
ReportRow(void *arg, HfSealFinding finding, int64_t index, uint64_t count)
{
	Verification *v = arg;
	uint64 batch = v->seal.header.batch;
	HfRow *rows = (HfRow *) v->row;

	/* rows[1] is the row that waited for the one at hand, rows[0] */
	if (finding == HF_SEAL_CHANGED)
		Report(v, "row_changed", batch, &rows[1], NULL);
	else if (finding == HF_SEAL_ADDED)
		Report(v, "row_added", batch, &rows[1], NULL);
	else
		Report(v, "row_missing", batch, index < 0 ? NULL : &rows[0],
			   psprintf("{\"rows\": " UINT64_FORMAT ", \"place\": \"%s\"}", (uint64) count,
						index < 0 ? "at the end of the batch" : "before this row"));
}

/* LocateChange says where the rows of a batch differ from those that were sealed. */
static void
LocateChange(Verification *v, const uint8 *marks, uint64 rows_found)
{
	const HfSealHeader *header = &v->seal.header;
	int before = v->found;
	HfRow around[2];
	HfSealMatch match;
	HfRows *rows;

	if (marks != NULL)
	{
		v->row = around;
		hf_seal_match_start(&match, marks, header->rows, ReportRow, v);
		rows = hf_rows_open(&v->log, header->cluster, header->from, header->to, false);
		for (int64 i = 0; !Full(v) && hf_rows_next(rows, &around[0]); i++)
		{
			hf_seal_match_row(&match, i, &around[0].leaf);
			if (match.pending == i)
				around[1] = around[0];
		}
		hf_rows_close(rows);
		hf_seal_match_finish(&match);
	}
	if (v->found == before)
		Report(v, "rows_changed", header->batch, NULL,
			   psprintf("{\"sealed\": " UINT64_FORMAT ", \"found\": " UINT64_FORMAT "}",
						header->rows, rows_found));
}

/* CheckRows reads the rows of a batch. */
static void
CheckRows(Verification *v)
{
	const HfSealHeader *header = &v->seal.header;
	const uint8 *marks = v->seal.mark_count == header->rows ? v->seal.marks : NULL;
	bool marks_fit = true;
	HfMerkleTree tree;
	HfMerkleHash root;
	HfRows *rows;
	HfRow row;

	hf_merkle_start(&tree);
	rows = hf_rows_open(&v->log, header->cluster, header->from, header->to, true);
	while (!Full(v) && hf_rows_next(rows, &row))
	{
		if (marks != NULL && tree.count < header->rows)
			marks_fit &= memcmp(marks + tree.count * HF_SEAL_MARK_SIZE, row.leaf.bytes,
								HF_SEAL_MARK_SIZE) == 0;
		hf_merkle_add(&tree, &row.leaf);
		CheckContent(v, header->batch, &row);
	}
	hf_rows_close(rows);
	if (Full(v))
		return;
	hf_merkle_root(&tree, &root);
	if (tree.count != header->rows || !SameHash(&root, &header->root))
		LocateChange(v, marks, tree.count);
	else if (!marks_fit || (v->seal.marks != NULL && marks == NULL))
		Report(v, "seal_changed", header->batch, NULL, "{\"part\": \"marks\"}");
}

/* CheckPlace checks that a batch follows the one before, and continues its cluster's rows; it returns what does not fit. */
static const char *
CheckPlace(Verification *v)
{
	const HfSealHeader *header = &v->seal.header;
	bool known;
	Position *position = hash_search(v->positions, &header->cluster, HASH_ENTER, &known);
	uint64 from = known ? position->to : 0;

	position->to = Max(header->to, from);
	if (header->batch != v->before.header.batch + 1)
		return "batch";
	if (!SameHash(&header->previous, &v->before.head))
		return "previous";
	if (header->from != from || header->to <= from)
		return "from_transaction";
	return NULL;
}

/* CheckSeal checks a batch by itself and its place in the chain. False: what it says of its rows cannot be believed. */
static bool
CheckSeal(Verification *v)
{
	const HfSealHeader *header = &v->seal.header;
	const char *misfit = CheckPlace(v);
	HfMerkleHash hash;
	HfMerkleHash past;
	HfMerkleHash stored_past;

	if (v->before.header.batch > 0 &&
		memcmp(header->log, v->before.header.log, HF_SEAL_ID_SIZE) != 0)
	{
		Report(v, "foreign_seal", header->batch, NULL, NULL);
		return false;
	}
	hf_seal_head(header, &hash);
	if (!SameHash(&hash, &v->seal.head))
	{
		Report(v, "seal_changed", header->batch, NULL, "{\"part\": \"head\"}");
		return false;
	}
	if (misfit != NULL)
	{
		Report(v, "chain_broken", header->batch, NULL, psprintf("{\"part\": \"%s\"}", misfit));
		return true;
	}
	hf_merkle_root(&v->past, &past);
	hf_merkle_root(&v->seal.past, &stored_past);
	if (!SameHash(&past, &header->history))
		Report(v, "chain_broken", header->batch, NULL, "{\"part\": \"history\"}");
	else if (!v->seal.past_fits || !SameHash(&past, &stored_past))
		Report(v, "seal_changed", header->batch, NULL, "{\"part\": \"peaks\"}");
	return true;
}

/* CheckBatch checks the batch at hand. */
static void
CheckBatch(Verification *v)
{
	HfMerkleHash leaf;

	if (CheckSeal(v))
		CheckRows(v);
	hf_merkle_leaf(&v->seal.head, sizeof(HfMerkleHash), &leaf);
	hf_merkle_add(&v->past, &leaf);
	v->before = v->seal;
	v->before.marks = NULL;
}

/* KeepMarks copies the marks of a batch, which live only until anything else is read. */
static void
KeepMarks(HfSeal *seal)
{
	Size size = seal->mark_count * HF_SEAL_MARK_SIZE;

	if (seal->marks != NULL)
		seal->marks = memcpy(palloc(size), seal->marks, size);
}

/* CheckBatches goes through the chain. What a batch takes is freed with it. */
static void
CheckBatches(Verification *v)
{
	HfCursor cursor = hf_seal_read_all(&v->log, 0, PG_INT64_MAX);

	hf_merkle_start(&v->past);
	memset(&v->before, 0, sizeof(v->before));
	for (;;)
	{
		MemoryContext old = MemoryContextSwitchTo(v->batch_memory);
		bool more = !Full(v) && hf_seal_next(cursor, &v->seal);

		if (more)
		{
			KeepMarks(&v->seal);
			CheckBatch(v);
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(v->batch_memory);
		if (!more)
			break;
	}
	hf_spi_cursor_close(cursor);
}

/* CheckUnsealed checks the rows of a cluster that no batch holds yet. */
static void
CheckUnsealed(Verification *v, int64 cluster)
{
	uint64 key = (uint64) cluster;
	Position *position = hash_search(v->positions, &key, HASH_FIND, NULL);
	bool own = key == GetSystemIdentifier();
	uint64 next = U64FromFullTransactionId(ReadNextFullTransactionId());
	HfRows *rows =
		hf_rows_open(&v->log, key, position != NULL ? position->to : 0, PG_UINT64_MAX, true);
	HfRow row;

	while (!Full(v) && hf_rows_next(rows, &row))
	{
		CheckContent(v, 0, &row);
		if (own && row.transaction >= next)
			Report(v, "impossible_transaction", 0, &row, NULL);
	}
	hf_rows_close(rows);
}

/* CheckRest checks what is beyond the batches. */
static void
CheckRest(Verification *v)
{
	int64 cluster = PG_INT64_MIN;

	while (!Full(v) && hf_rows_next_cluster(&v->log, cluster, &cluster))
	{
		CheckUnsealed(v, cluster);
		if (cluster++ == PG_INT64_MAX)
			break;
	}
}

/* Verify checks everything. */
static void
Verify(Verification *v)
{
	v->erasures = MakeTable("holdfast erasures", sizeof(Person), sizeof(Erasure));
	v->positions = MakeTable("holdfast positions", sizeof(uint64), sizeof(Position));
	v->batch_memory = AllocSetContextCreate(CurrentMemoryContext, "holdfast sealed batch",
											ALLOCSET_DEFAULT_SIZES);
	ReadErasures(v);
	CheckBatches(v);
	if (!Full(v))
		CheckRest(v);
}

/* Open starts a verification. */
static void
Open(FunctionCallInfo fcinfo, int limit_argument, Verification *v)
{
	memset(v, 0, sizeof(Verification));
	if (PG_ARGISNULL(limit_argument) || PG_GETARG_INT32(limit_argument) < 1)
		hf_raise_invalid("max_problems", "must be at least 1");
	v->limit = PG_GETARG_INT32(limit_argument);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	v->result = (ReturnSetInfo *) fcinfo->resultinfo;
	hf_seal_open(&v->log, fcinfo, false);
}

/* verify_audit(log, max_problems) */
Datum
hf_verify_audit(PG_FUNCTION_ARGS)
{
	Verification v;

	Open(fcinfo, 1, &v);
	Verify(&v);
	hf_seal_close(&v.log);
	PG_RETURN_VOID();
}

/* Member reads a member of an exported head that is text; anything else is not an exported head. */
static char *
Member(Jsonb *head, const char *name)
{
	JsonbValue value;

	if (!JB_ROOT_IS_OBJECT(head) ||
		getKeyJsonValueFromContainer(&head->root, name, strlen(name), &value) == NULL)
		hf_raise_invalid("head", "is not what audit_head() returned");
	if (value.type == jbvNumeric)
		return DatumGetCString(
			DirectFunctionCall1(numeric_out, NumericGetDatum(value.val.numeric)));
	if (value.type != jbvString)
		hf_raise_invalid("head", "is not what audit_head() returned");
	return pnstrdup(value.val.string.val, value.val.string.len);
}

/* CheckHead compares an exported head with the batch that it was the head of. */
static void
CheckHead(Verification *v, Jsonb *head)
{
	char *format = Member(head, "format");
	char *log = Member(head, "log");
	char *batch = Member(head, "batch");
	char *hash = Member(head, "head");
	StringInfoData text;
	HfSeal seal;
	char *end;
	uint64 number = strtou64(batch, &end, 10);

	if (strcmp(format, "holdfast-audit-head-1") != 0 || *end != '\0' || number == 0 ||
		number > PG_INT64_MAX)
		hf_raise_invalid("head", "is not what audit_head() returned");
	if (!hf_seal_get(&v->log, number, &seal))
	{
		Report(v, "head_missing", number, NULL, NULL);
		return;
	}
	initStringInfo(&text);
	hf_seal_json_uuid(&text, seal.header.log);
	if (strncmp(text.data + 1, log, text.len - 2) != 0 || strlen(log) != text.len - 2)
	{
		Report(v, "foreign_seal", number, NULL, NULL);
		return;
	}
	resetStringInfo(&text);
	hf_seal_json_hash(&text, &seal.head);
	if (strncmp(text.data + 1, hash, text.len - 2) != 0 || strlen(hash) != text.len - 2)
		Report(v, "head_differs", number, NULL, NULL);
}

/* verify_audit_head(log, head, max_problems) */
Datum
hf_verify_audit_head(PG_FUNCTION_ARGS)
{
	Verification v;

	if (PG_ARGISNULL(1))
		hf_raise_invalid("head", "must not be null");
	Open(fcinfo, 2, &v);
	CheckHead(&v, PG_GETARG_JSONB_P(1));
	if (!Full(&v))
		Verify(&v);
	hf_seal_close(&v.log);
	PG_RETURN_VOID();
}

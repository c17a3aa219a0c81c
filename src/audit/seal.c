/*
 * seal.c
 *		seal_audit(): batches of an audit log's rows, each with the root of their Merkle tree, in a chain of heads.
 *
 * A row of this cluster is sealed when its transaction is older than every transaction that runs: then no row can come
 * any more that belongs before it. That is asked of the snapshot that the rows are read on. transaction_id is the id of
 * the top-level transaction, and prepared transactions count as running, so neither subtransactions nor a PREPARE can
 * slip a row in. Rows of another cluster, told by its system identifier, came with a dump: they are all committed.
 *
 * So for each cluster the batches hold [0, a), [a, b), [b, c) …, without a gap, and every row belongs to exactly one. A
 * transaction is never divided. Sealing happens in the caller's transaction: what is killed was not sealed, and the next
 * call goes on where the last committed one ended.
 */
#include "compat.h"

#include "access/xlog.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "audit/seal.h"
#include "base/clock.h"
#include "base/standby.h"
#include "base/uuid.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(hf_seal_audit);
PG_FUNCTION_INFO_V1(hf_get_audit_head);

#define UNIX_EPOCH ((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

/* A batch with more rows than this keeps no marks. */
#define MAX_MARKS 1000000

/* The marks of a batch under way. */
typedef struct Marks
{
	uint8 *bytes;
	uint64 count;
	uint64 room;
} Marks;

/* AddMark adds a row's mark, as long as there are not too many. */
static void
AddMark(Marks *marks, const HfMerkleHash *leaf)
{
	if (marks->count >= MAX_MARKS)
	{
		marks->count = MAX_MARKS + 1;
		return;
	}
	if (marks->count == marks->room)
	{
		marks->room = marks->room == 0 ? 1024 : marks->room * 2;
		marks->bytes = marks->bytes == NULL
						   ? palloc(marks->room * HF_SEAL_MARK_SIZE)
						   : repalloc(marks->bytes, marks->room * HF_SEAL_MARK_SIZE);
	}
	memcpy(marks->bytes + marks->count * HF_SEAL_MARK_SIZE, leaf->bytes, HF_SEAL_MARK_SIZE);
	marks->count++;
}

/* RebuildPast makes the tree of the heads before a batch from the heads themselves. */
static void
RebuildPast(const HfSealLog *log, uint64 batch, HfMerkleTree *past)
{
	HfCursor cursor = hf_seal_read_heads(log, batch);
	HfMerkleHash leaf;

	hf_merkle_start(past);
	while (hf_seal_next_head(cursor, &leaf))
		hf_merkle_add(past, &leaf);
	hf_spi_cursor_close(cursor);
}

/* The chain, to which a call may add more than its snapshot shows. */
typedef struct Chain
{
	const HfSealLog *log;
	bool begun;
	HfSeal last;
} Chain;

/*
 * Follow begins a batch behind the last one. Should somebody have changed the last one, the chain goes on from what is
 * there now: sealing must not stop, and verify_audit() tells.
 */
static void
Follow(const Chain *chain, HfSeal *seal)
{
	const HfSeal *last = &chain->last;
	HfSealHeader *header = &seal->header;
	HfMerkleHash leaf;

	memset(seal, 0, sizeof(HfSeal));
	if (!chain->begun)
	{
		hf_uuid_v7_next((pg_uuid_t *) header->log);
		header->batch = 1;
		hf_merkle_start(&seal->past);
	}
	else
	{
		memcpy(header->log, last->header.log, HF_SEAL_ID_SIZE);
		header->batch = last->header.batch + 1;
		header->previous = last->head;
		seal->past = last->past;
		hf_merkle_root(&seal->past, &header->history);
		hf_merkle_leaf(&last->head, sizeof(last->head), &leaf);
		if (last->past_fits &&
			memcmp(&header->history, &last->header.history, sizeof(HfMerkleHash)) == 0)
			hf_merkle_add(&seal->past, &leaf);
		else
			RebuildPast(chain->log, header->batch, &seal->past);
	}
	seal->past_fits = true;
	hf_merkle_root(&seal->past, &header->history);
}

/*
 * SealBatch seals the next rows of a cluster: not many more than max_rows, up to the end of a transaction. It returns how
 * many.
 */
static uint64
SealBatch(Chain *chain, int64 cluster, uint64 horizon, uint64 max_rows)
{
	HfSeal seal;
	HfSealHeader *header = &seal.header;
	uint64 from = hf_seal_position(chain->log, (uint64) cluster);
	uint64 last = 0;
	Marks marks = {0};
	HfMerkleTree tree;
	HfRows *rows;
	HfRow row;

	hf_merkle_start(&tree);
	rows = hf_rows_open(chain->log, (uint64) cluster, from, horizon, false);
	while (hf_rows_next(rows, &row) && (tree.count < max_rows || row.transaction == last))
	{
		last = row.transaction;
		hf_merkle_add(&tree, &row.leaf);
		AddMark(&marks, &row.leaf);
	}
	hf_rows_close(rows);
	if (tree.count == 0)
		return 0;

	Follow(chain, &seal);
	header->cluster = (uint64) cluster;
	header->sealed_by = GetSystemIdentifier();
	header->from = from;
	header->to = last + 1;
	header->rows = tree.count;
	header->sealed_at = hf_clock_now() + UNIX_EPOCH;
	hf_merkle_root(&tree, &header->root);
	hf_seal_head(header, &seal.head);
	if (marks.count == tree.count)
	{
		seal.marks = marks.bytes;
		seal.mark_count = marks.count;
	}
	hf_seal_store(chain->log, &seal);
	chain->begun = true;
	chain->last = seal;
	return tree.count;
}

/* SealClusters seals at most about max_rows rows, cluster by cluster. */
static uint64
SealClusters(const HfSealLog *log, uint64 max_rows)
{
	int64 own = (int64) GetSystemIdentifier();
	uint64 own_horizon = hf_rows_horizon();
	uint64 sealed = 0;
	int64 cluster = PG_INT64_MIN;
	Chain chain = {.log = log};

	chain.begun = hf_seal_last(log, &chain.last);
	while (sealed < max_rows && hf_rows_next_cluster(log, cluster, &cluster))
	{
		sealed += SealBatch(&chain, cluster, cluster == own ? own_horizon : PG_UINT64_MAX,
							max_rows - sealed);
		if (cluster++ == PG_INT64_MAX)
			break;
	}
	return sealed;
}

/* seal_audit(log, max_rows) */
Datum
hf_seal_audit(PG_FUNCTION_ARGS)
{
	HfSealLog log;
	uint64 sealed;

	if (PG_ARGISNULL(1) || PG_GETARG_INT32(1) < 1)
		hf_raise_invalid("max_rows", "must be at least 1");
	hf_forbid_read_only("holdfast.seal_audit()");
	hf_seal_open(&log, fcinfo, true);
	sealed = SealClusters(&log, PG_GETARG_INT32(1));
	hf_seal_close(&log);
	PG_RETURN_INT64((int64) sealed);
}

/* audit_head(log) */
Datum
hf_get_audit_head(PG_FUNCTION_ARGS)
{
	HfSealLog log;
	HfSeal seal;
	StringInfoData out;
	bool any;

	hf_seal_open(&log, fcinfo, false);
	any = hf_seal_last(&log, &seal);
	hf_seal_close(&log);
	if (!any)
		PG_RETURN_NULL();
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"format\": \"holdfast-audit-head-1\", \"log\": ");
	hf_seal_json_uuid(&out, seal.header.log);
	appendStringInfo(&out, ", \"batch\": " UINT64_FORMAT ", \"head\": ", seal.header.batch);
	hf_seal_json_hash(&out, &seal.head);
	appendStringInfoString(&out, ", \"sealed_at\": ");
	hf_json_timestamp(&out, seal.header.sealed_at - UNIX_EPOCH);
	appendStringInfoChar(&out, '}');
	return hf_seal_json_finish(&out);
}

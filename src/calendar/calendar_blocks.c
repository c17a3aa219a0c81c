/*
 * calendar_blocks.c
 *		The blocks of many resources, one resource after another.
 *
 * Two ways behind one contract. Direct: an index-only scan of the exclusion constraint's index, opened once and begun anew
 * for each resource; an executor for each costs more than reading what it finds. Executor: a kept query, wherever row
 * security, column privileges or the table itself ask for it; see hf_calendar_read_direct().
 *
 * Both look at expires_at only where a block may be a hold: below the key up to which the calendar is swept there is none.
 * The blocks of a resource are in the order in which they were made, so each is on a page of its own, and in a large calendar
 * none of those pages is in the processor's cache.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/visibilitymap.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "storage/bufmgr.h"
#include "storage/predicate.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "spi.h"

/* The columns of the exclusion constraint's index; see Covers() in calendar_table.c. */
enum
{
	INDEX_ORGANIZATION = 1,
	INDEX_RESOURCE,
	INDEX_LANE,
	INDEX_DURING,
	INDEX_HOLD_KEY
};

#define SCAN_KEYS 3

struct HfBlocks
{
	Oid relid;
	pg_uuid_t organization;
	TimestampTz now;
	bool is_swept;
	pg_uuid_t swept; /* no hold has a key below it */

	/* the direct way; heap is NULL on the other */
	Relation heap;
	Relation index;
	AttrNumber expires_attnum;
	TupleTableSlot *slot;
	Buffer map; /* a page of the visibility map */
	IndexScanDesc scan;
	MemoryContext context; /* what the scan lives in */
	ScanKeyData keys[SCAN_KEYS];
};

/* The bounds are compared as timestamps: the index takes organization, resource and range together. */
#define READ_BLOCKS                                                    \
	"SELECT b.lane, b.during FROM %s AS b "                            \
	"WHERE b.organization_id" HF_EQ "$1 AND b.resource_id" HF_EQ "$2 " \
	"AND b.during OPERATOR(pg_catalog.&&) $3 AND "

/* Where it is not known how far the calendar is swept, every block is looked at in the table. */
static const HfQuery all_blocks = {
	READ_BLOCKS "(b.expires_at IS NULL OR b.expires_at" HF_GT "$4)",
	4,
	{UUIDOID, UUIDOID, TSTZRANGEOID, TIMESTAMPTZOID},
	true,
};

/* (A scalar subquery, because EXISTS might be planned as one scan of the whole calendar.) */
static const HfQuery swept_blocks = {
	READ_BLOCKS "(b.hold_key" HF_LT "$5 OR ("
				"SELECT h.expires_at FROM %s AS h "
				"WHERE h.organization_id" HF_EQ "b.organization_id AND h.hold_key" HF_EQ
				"b.hold_key AND h.resource_id" HF_EQ "b.resource_id AND h.lane" HF_EQ
				"b.lane AND h.expires_at" HF_LE "$4) IS NULL)",
	5,
	{UUIDOID, UUIDOID, TSTZRANGEOID, TIMESTAMPTZOID, UUIDOID},
	true,
};

/* Span reads a range that has both bounds, as all in a calendar do: after its type's OID, the bounds and a byte of flags. */
static HfSpan
Span(Datum range)
{
	const char *data = VARDATA_ANY(DatumGetPointer(range));
	TimestampTz bounds[2];

	if (VARSIZE_ANY_EXHDR(DatumGetPointer(range)) != sizeof(Oid) + sizeof(bounds) + 1)
		elog(ERROR, "a block of a calendar has no end");
	memcpy(bounds, data + sizeof(Oid), sizeof(bounds));
	return (HfSpan){bounds[0], bounds[1]};
}

/* Add puts a block at the end of an array. */
static void
Add(HfReadBlock **found, int *count, int *room, int lane, HfSpan span)
{
	if (*count == *room)
	{
		*room *= 2;
		*found = repalloc_huge(*found, sizeof(HfReadBlock) * *room);
	}
	(*found)[(*count)++] = (HfReadBlock){lane, span};
}

/* OpenScan prepares the direct way, where it may be gone. */
static void
OpenScan(HfBlocks *blocks)
{
	/* what tells most entries apart first: each is weighed against the keys in their order */
	static const AttrNumber columns[SCAN_KEYS] = {INDEX_RESOURCE, INDEX_DURING, INDEX_ORGANIZATION};
	Relation heap = table_open(blocks->relid, AccessShareLock);
	const HfCalendar *calendar = hf_calendar_read_direct(heap);
	Relation index = calendar == NULL ? NULL : index_open(calendar->exclusion, AccessShareLock);
	Oid *operators;
	Oid *procedures;
	uint16 *strategies;

	/* as the planner: an index may be too young for a snapshot */
	if (index == NULL || !index->rd_index->indisvalid || index->rd_index->indcheckxmin)
	{
		if (index != NULL)
			index_close(index, AccessShareLock);
		table_close(heap, AccessShareLock);
		return;
	}
	RelationGetExclusionInfo(index, &operators, &procedures, &strategies);
	for (int i = 0; i < SCAN_KEYS; i++)
		ScanKeyEntryInitialize(&blocks->keys[i], 0, columns[i], strategies[columns[i] - 1],
							   InvalidOid, InvalidOid, procedures[columns[i] - 1], (Datum) 0);
	blocks->heap = heap;
	blocks->index = index;
	blocks->expires_attnum = calendar->expires_attnum;
	blocks->slot = table_slot_create(heap, NULL);
	blocks->map = InvalidBuffer;
	blocks->context = CurrentMemoryContext;
	blocks->scan = hf_compat_index_beginscan(heap, index, GetActiveSnapshot(), SCAN_KEYS);
	blocks->scan->xs_want_itup = true;
}

/* hf_blocks_open prepares reading the blocks of an organization's resources; see calendar.h. */
HfBlocks *
hf_blocks_open(Oid relid, const pg_uuid_t *organization, TimestampTz now)
{
	HfBlocks *blocks = palloc0(sizeof(HfBlocks));

	blocks->relid = relid;
	blocks->organization = *organization;
	blocks->now = now;
	blocks->is_swept = hf_calendar_swept(relid, &blocks->swept);
	OpenScan(blocks);
	return blocks;
}

/* IsPassed tells whether a block, which the table has where the scan is, is a hold that has lapsed. */
static bool
IsPassed(const HfBlocks *blocks)
{
	bool isnull;
	Datum expires_at = slot_getattr(blocks->slot, blocks->expires_attnum, &isnull);

	return !isnull && DatumGetTimestampTz(expires_at) <= blocks->now;
}

/* IsVisible tells whether the entry at hand is a block that counts; *fetched: the slot has it. */
static bool
IsVisible(HfBlocks *blocks, ItemPointer tid, bool *fetched)
{
	*fetched = !VM_ALL_VISIBLE(blocks->heap, ItemPointerGetBlockNumber(tid), &blocks->map);
	if (*fetched)
		return index_fetch_heap(blocks->scan, blocks->slot);
	/* what is not fetched must be locked for serializable transactions here */
	PredicateLockPage(blocks->heap, ItemPointerGetBlockNumber(tid), blocks->scan->xs_snapshot);
	return true;
}

/* MayBeHold tells whether a key is younger than the last sweep. */
static bool
MayBeHold(const HfBlocks *blocks, Datum hold_key)
{
	return !blocks->is_swept || memcmp(DatumGetUUIDP(hold_key), &blocks->swept, UUID_LEN) >= 0;
}

/* ScanBlocks reads the blocks of a resource from the index. */
static int
ScanBlocks(HfBlocks *blocks, const pg_uuid_t *resource, Datum within, HfReadBlock **found)
{
	IndexScanDesc scan = blocks->scan;
	MemoryContext old;
	ItemPointer tid;
	int count = 0;
	int room = 64;

	*found = palloc(sizeof(HfReadBlock) * room);
	blocks->keys[0].sk_argument = UUIDPGetDatum(resource);
	blocks->keys[1].sk_argument = within;
	blocks->keys[2].sk_argument = UUIDPGetDatum(&blocks->organization);
	/* the first time it makes the descriptor of what it returns */
	old = MemoryContextSwitchTo(blocks->context);
	index_rescan(scan, blocks->keys, SCAN_KEYS, NULL, 0);
	MemoryContextSwitchTo(old);
	while ((tid = index_getnext_tid(scan, ForwardScanDirection)) != NULL)
	{
		Datum values[INDEX_HOLD_KEY];
		bool nulls[INDEX_HOLD_KEY];
		bool fetched;

		if (scan->xs_recheck)
			elog(ERROR, "the index of a calendar does not know what it finds");
		if (!IsVisible(blocks, tid, &fetched))
			continue;
		heap_deform_tuple(scan->xs_hitup, scan->xs_hitupdesc, values, nulls);
		if (MayBeHold(blocks, values[INDEX_HOLD_KEY - 1]) &&
			(fetched || index_fetch_heap(scan, blocks->slot)) && IsPassed(blocks))
			continue;
		Add(found, &count, &room, DatumGetInt16(values[INDEX_LANE - 1]),
			Span(values[INDEX_DURING - 1]));
	}
	return count;
}

/* QueryBlocks asks the executor for them. */
static int
QueryBlocks(HfBlocks *blocks, const pg_uuid_t *resource, Datum within, HfReadBlock **found)
{
	Datum values[] = {UUIDPGetDatum(&blocks->organization), UUIDPGetDatum(resource), within,
					  TimestampTzGetDatum(blocks->now), UUIDPGetDatum(&blocks->swept)};
	MemoryContext context = CurrentMemoryContext;
	uint64 rows;

	hf_spi_open();
	rows =
		hf_spi_run(blocks->is_swept ? &swept_blocks : &all_blocks, blocks->relid, values, NULL, 0);
	*found = MemoryContextAllocHuge(context, sizeof(HfReadBlock) * Max(rows, 1));
	for (uint64 row = 0; row < rows; row++)
	{
		bool isnull;

		(*found)[row].lane = DatumGetInt16(hf_spi_value(row, 1, &isnull));
		(*found)[row].span = Span(hf_spi_value(row, 2, &isnull));
	}
	hf_spi_close();
	return (int) rows;
}

/* hf_blocks_read reads the blocks of a resource; see calendar.h. */
int
hf_blocks_read(HfBlocks *blocks, const pg_uuid_t *resource, HfSpan within, HfReadBlock **found)
{
	Datum range = hf_span_datum(within);

	return blocks->heap != NULL ? ScanBlocks(blocks, resource, range, found)
								: QueryBlocks(blocks, resource, range, found);
}

/* hf_blocks_close lets go of the calendar; it stays locked for the transaction as the executor leaves it. */
void
hf_blocks_close(HfBlocks *blocks)
{
	if (blocks->heap == NULL)
		return;
	index_endscan(blocks->scan);
	if (BufferIsValid(blocks->map))
		ReleaseBuffer(blocks->map);
	ExecDropSingleTupleTableSlot(blocks->slot);
	index_close(blocks->index, NoLock);
	table_close(blocks->heap, NoLock);
	blocks->heap = NULL;
}

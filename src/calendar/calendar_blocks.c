/*
 * calendar_blocks.c
 *		The blocks of many resources.
 *
 * Two ways behind one contract. Direct: an index-only scan of the exclusion constraint's index, opened once and begun anew
 * for all that is asked for together; an executor for each resource costs more than reading what it finds. Executor: a kept
 * query, wherever row security, column privileges or the table itself ask for it; see hf_calendar_read_direct().
 *
 * Both look at expires_at only where a block may be a hold: below the key up to which the calendar is swept there is none.
 * The blocks of a resource are in the order in which they were made, so each is on a page of its own, and in a large calendar
 * none of those pages is in the processor's cache.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/visibilitymap.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "storage/bufmgr.h"
#include "storage/predicate.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "calendar/calendar_keys.h"
#include "spi.h"

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

	/* what was asked for together, and its blocks: those of a resource begin at first[place] and end before first[place + 1] */
	HfWanted wanted;
	MemoryContext reading;
	HfReadBlock *found;
	int *first;
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

/* OpenScan prepares the direct way, where it may be gone. */
static void
OpenScan(HfBlocks *blocks)
{
	Relation heap = table_open(blocks->relid, AccessShareLock);
	const HfCalendar *calendar = hf_calendar_read_direct(heap);
	Relation index = calendar == NULL ? NULL : index_open(calendar->exclusion, AccessShareLock);

	/* as the planner: an index may be too young for a snapshot */
	if (index == NULL || !index->rd_index->indisvalid || index->rd_index->indcheckxmin)
	{
		if (index != NULL)
			index_close(index, AccessShareLock);
		table_close(heap, AccessShareLock);
		return;
	}
	blocks->heap = heap;
	blocks->index = index;
	blocks->expires_attnum = calendar->expires_attnum;
	blocks->slot = table_slot_create(heap, NULL);
	blocks->map = InvalidBuffer;
	blocks->context = CurrentMemoryContext;
	blocks->reading =
		AllocSetContextCreate(CurrentMemoryContext, "calendar blocks", ALLOCSET_DEFAULT_SIZES);
	blocks->wanted.organization = (HfIds){&blocks->organization, 1};
	blocks->scan = hf_compat_index_beginscan(heap, index, GetActiveSnapshot(), HF_INDEX_KEYS);
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

/* IsVisible tells whether the entry at hand is of a row that the snapshot sees; *fetched: the slot has it. */
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

/* Entry is a block that a scan has found. */
typedef struct Entry
{
	int place; /* of its resource */
	HfReadBlock block;
} Entry;

/* Entries grow. */
typedef struct Entries
{
	Entry *entries;
	int count;
	int room;
} Entries;

/* TakeEntry takes the entry at hand, if it is a block that counts. */
static void
TakeEntry(HfBlocks *blocks, ItemPointer tid, Entries *entries)
{
	IndexScanDesc scan = blocks->scan;
	Datum values[HF_INDEX_HOLD_KEY];
	bool nulls[HF_INDEX_HOLD_KEY];
	bool fetched;

	if (!IsVisible(blocks, tid, &fetched))
		return;
	heap_deform_tuple(scan->xs_hitup, scan->xs_hitupdesc, values, nulls);
	if (MayBeHold(blocks, values[HF_INDEX_HOLD_KEY - 1]) &&
		(fetched || index_fetch_heap(scan, blocks->slot)) && IsPassed(blocks))
		return;
	if (entries->count == entries->room)
	{
		entries->room *= 2;
		entries->entries = repalloc_huge(entries->entries, sizeof(Entry) * entries->room);
	}
	entries->entries[entries->count++] = (Entry){
		hf_ids_find(&blocks->wanted.resources, DatumGetUUIDP(values[HF_INDEX_RESOURCE - 1])),
		{DatumGetInt16(values[HF_INDEX_LANE - 1]), hf_range_span(values[HF_INDEX_DURING - 1])}};
}

/* Distribute puts blocks where their resources are. */
static void
Distribute(HfBlocks *blocks, const Entries *entries)
{
	int count = blocks->wanted.resources.count;
	int *next = palloc0(sizeof(int) * (count + 2));

	blocks->found =
		MemoryContextAllocHuge(CurrentMemoryContext, sizeof(HfReadBlock) * Max(entries->count, 1));
	for (int i = 0; i < entries->count; i++)
		next[entries->entries[i].place + 2]++;
	for (int place = 0; place < count; place++)
		next[place + 2] += next[place + 1];
	/* next[place + 1] moves from where a resource begins to where the one after it does, and so becomes its first[place + 1] */
	for (int i = 0; i < entries->count; i++)
		blocks->found[next[entries->entries[i].place + 1]++] = entries->entries[i].block;
	blocks->first = next;
}

/* ScanBlocks reads the blocks of the resources that are wanted. */
static void
ScanBlocks(HfBlocks *blocks)
{
	Entries entries = {.room = 128};
	MemoryContext old = MemoryContextSwitchTo(blocks->context);
	ItemPointer tid;

	/* the first time it makes the descriptor of what it returns */
	hf_index_begin(blocks->scan, &blocks->wanted);
	MemoryContextSwitchTo(blocks->reading);
	entries.entries = palloc(sizeof(Entry) * entries.room);
	while ((tid = index_getnext_tid(blocks->scan, ForwardScanDirection)) != NULL)
		TakeEntry(blocks, tid, &entries);
	Distribute(blocks, &entries);
	MemoryContextSwitchTo(old);
}

/* CompareIds orders UUIDs. */
static int
CompareIds(const void *a, const void *b)
{
	return memcmp(a, b, UUID_LEN);
}

/* WantResources says which resources the next scan is about. */
static void
WantResources(HfBlocks *blocks, const HfAsked *asked, int count)
{
	pg_uuid_t *ids;

	MemoryContextReset(blocks->reading);
	ids = MemoryContextAlloc(blocks->reading, sizeof(pg_uuid_t) * count);
	for (int i = 0; i < count; i++)
		ids[i] = *asked[i].resource;
	qsort(ids, count, sizeof(pg_uuid_t), CompareIds);
	blocks->wanted.resources = (HfIds){ids, count};
}

/* hf_blocks_ask reads together what will be read; see calendar.h. */
void
hf_blocks_ask(HfBlocks *blocks, const HfAsked *asked, int count)
{
	HfSpan around;
	double length = 0;

	if (blocks->heap == NULL || count == 0)
		return;
	around = asked[0].within;
	for (int i = 0; i < count; i++)
	{
		around.from = Min(around.from, asked[i].within.from);
		around.to = Max(around.to, asked[i].within.to);
		length += (double) asked[i].within.to - asked[i].within.from;
	}
	blocks->wanted.resources.count = 0;
	/* times that are far from each other are better read apart */
	if (around.from >= around.to || ((double) around.to - around.from) * count > length * 2)
		return;
	WantResources(blocks, asked, count);
	blocks->wanted.within = around;
	ScanBlocks(blocks);
}

/* QueryBlocks asks the executor for the blocks of a resource. */
static int
QueryBlocks(HfBlocks *blocks, HfAsked asked, const HfReadBlock **found)
{
	Datum values[] = {UUIDPGetDatum(&blocks->organization), UUIDPGetDatum(asked.resource),
					  hf_span_datum(asked.within), TimestampTzGetDatum(blocks->now),
					  UUIDPGetDatum(&blocks->swept)};
	MemoryContext context = CurrentMemoryContext;
	HfReadBlock *read;
	uint64 rows;

	hf_spi_open();
	rows =
		hf_spi_run(blocks->is_swept ? &swept_blocks : &all_blocks, blocks->relid, values, NULL, 0);
	read = MemoryContextAllocHuge(context, sizeof(HfReadBlock) * Max(rows, 1));
	for (uint64 row = 0; row < rows; row++)
	{
		bool isnull;

		read[row].lane = DatumGetInt16(hf_spi_value(row, 1, &isnull));
		read[row].span = hf_range_span(hf_spi_value(row, 2, &isnull));
	}
	hf_spi_close();
	*found = read;
	return (int) rows;
}

/* Place is where the blocks of a resource are, if they were asked for; -1 otherwise. */
static int
Place(const HfBlocks *blocks, HfAsked asked)
{
	const HfIds *resources = &blocks->wanted.resources;
	int place = hf_ids_find(resources, asked.resource);

	if (place == resources->count || CompareIds(&resources->ids[place], asked.resource) != 0 ||
		asked.within.from < blocks->wanted.within.from ||
		asked.within.to > blocks->wanted.within.to)
		return -1;
	return place;
}

/* hf_blocks_read reads the blocks of a resource; see calendar.h. */
int
hf_blocks_read(HfBlocks *blocks, HfAsked asked, const HfReadBlock **found)
{
	int place;

	if (asked.within.from >= asked.within.to)
		return 0;
	if (blocks->heap == NULL)
		return QueryBlocks(blocks, asked, found);
	place = Place(blocks, asked);
	if (place < 0)
	{
		hf_blocks_ask(blocks, &asked, 1);
		place = 0;
	}
	*found = &blocks->found[blocks->first[place]];
	return blocks->first[place + 1] - blocks->first[place];
}

/* hf_blocks_close lets go of the calendar; it stays locked for the transaction as the executor leaves it. */
void
hf_blocks_close(HfBlocks *blocks)
{
	if (blocks->heap == NULL)
		return;
	index_endscan(blocks->scan);
	MemoryContextDelete(blocks->reading);
	if (BufferIsValid(blocks->map))
		ReleaseBuffer(blocks->map);
	ExecDropSingleTupleTableSlot(blocks->slot);
	index_close(blocks->index, NoLock);
	table_close(blocks->heap, NoLock);
	blocks->heap = NULL;
}

/*
 * slots.c
 *		free_slots(): what a calendar leaves free of the windows in which its resources work.
 *
 * It reads one resource at a time on the caller's snapshot, so memory is bounded by the busiest resource and
 * the cost is linear in the blocks read, however many the calendar has. It promises nothing: a hold still decides
 * under its lock.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

#include "calendar.h"
#include "clock.h"
#include "errors.h"
#include "slots_core.h"
#include "spi.h"

#define MAX_LENGTH (INT64CONST(31) * USECS_PER_DAY) /* of a slot, a step or a buffer */

PG_FUNCTION_INFO_V1(hf_free_slots);

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

/*
 * Otherwise the index of the exclusion constraint has all that is asked for, and only what was made since may be a hold
 * and is looked at in the table: its blocks are in the order in which they were made, so each is on a page of its own, and
 * in a large calendar none of those pages is in the processor's cache. (A scalar subquery, because EXISTS might be planned
 * as one scan of the whole calendar.)
 */
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

/* Search is one call of free_slots. */
typedef struct Search
{
	Oid calendar;
	Datum organization;
	TimestampTz now;
	bool is_swept;
	pg_uuid_t swept; /* no hold has a key below it */
	HfSlotQuery query;
	ReturnSetInfo *rsinfo;
	Datum resource; /* the one at hand */
	uint64 found;
} Search;

/* Microseconds reads an interval without months: its length does not depend on when it is applied. */
static int64
Microseconds(FunctionCallInfo fcinfo, int arg, const char *name, int64 minimum)
{
	Interval *interval;
	int64 length;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid(name, "must not be null");
	interval = PG_GETARG_INTERVAL_P(arg);
	if (interval->month != 0 || interval->day > 31 || interval->day < -31 ||
		interval->time > MAX_LENGTH || interval->time < -MAX_LENGTH)
		hf_raise_invalid(name, "must be at most 31 days, without months");
	length = interval->time + interval->day * USECS_PER_DAY;
	if (length < minimum || length > MAX_LENGTH)
		hf_raise_invalid(name, minimum > 0 ? "must be positive and at most 31 days"
										   : "must not be negative and at most 31 days");
	return length;
}

/* ReadArray takes a one-dimensional array without nulls apart. */
static int
ReadArray(FunctionCallInfo fcinfo, int arg, const char *name, Oid type, Datum **values)
{
	ArrayType *array;
	int16 typlen;
	bool typbyval;
	char typalign;
	bool *nulls;
	int n;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid(name, "must not be null");
	array = PG_GETARG_ARRAYTYPE_P(arg);
	if (ARR_NDIM(array) > 1)
		hf_raise_invalid(name, "must be a list");
	get_typlenbyvalalign(type, &typlen, &typbyval, &typalign);
	deconstruct_array(array, type, typlen, typbyval, typalign, values, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			hf_raise_invalid(name, "must not hold a null");
	}
	return n;
}

/* ReadSpans takes a multirange apart. */
static int
ReadSpans(Datum value, const char *name, HfSlotSpan **spans)
{
	MultirangeType *multirange = DatumGetMultirangeTypeP(value);
	TypeCacheEntry *typcache = lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO);
	RangeType **ranges;
	int32 n;

	multirange_deserialize(typcache, multirange, &n, &ranges);
	*spans = palloc(sizeof(HfSlotSpan) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		RangeBound lower;
		RangeBound upper;
		bool empty;

		range_deserialize(typcache, ranges[i], &lower, &upper, &empty);
		if (lower.infinite || upper.infinite ||
			TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(lower.val)) ||
			TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(upper.val)))
			hf_raise_invalid(name, "must have bounds");
		(*spans)[i].start = DatumGetTimestampTz(lower.val);
		(*spans)[i].end = DatumGetTimestampTz(upper.val);
	}
	return n;
}

/* TakeSlot writes one free slot. */
static bool
TakeSlot(void *arg, int64_t start, int64_t end)
{
	Search *search = arg;
	Datum values[3] = {search->resource, TimestampTzGetDatum(start), TimestampTzGetDatum(end)};
	bool nulls[3] = {false};

	if (++search->found % 1024 == 0)
		CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(search->rsinfo->setResult, search->rsinfo->setDesc, values, nulls);
	return true;
}

/* BusyRange is the stretch of time in which blocks can matter to the windows. */
static Datum
BusyRange(const Search *search, const HfSlotSpan *windows, int nwindows)
{
	TypeCacheEntry *typcache = lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO);
	int64 start = Max(windows[0].start, search->query.not_before) - search->query.before;
	int64 end = Min(windows[nwindows - 1].end, search->query.not_after) + search->query.after;
	RangeBound lower = {.val = TimestampTzGetDatum(start), .inclusive = true, .lower = true};
	RangeBound upper = {.val = TimestampTzGetDatum(Max(start, end)), .lower = false};

	return RangeTypePGetDatum(hf_compat_make_range(typcache, &lower, &upper));
}

/* ReadBlock is a row that was read. */
typedef struct ReadBlock
{
	int lane;
	HfSlotSpan span;
} ReadBlock;

/* CompareBlocks orders by lane, then start. */
static int
CompareBlocks(const void *a, const void *b)
{
	const ReadBlock *left = a;
	const ReadBlock *right = b;

	if (left->lane != right->lane)
		return left->lane < right->lane ? -1 : 1;
	return left->span.start < right->span.start ? -1 : left->span.start > right->span.start;
}

/* ReadBlocks takes the rows of the last query over, sorted, which is cheaper here than in a plan for each resource. */
static ReadBlock *
ReadBlocks(uint64 nrows)
{
	TypeCacheEntry *typcache = lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO);
	ReadBlock *blocks = palloc(sizeof(ReadBlock) * Max(nrows, 1));

	for (uint64 row = 0; row < nrows; row++)
	{
		RangeBound lower;
		RangeBound upper;
		bool isnull;

		blocks[row].lane = DatumGetInt16(hf_spi_value(row, 1, &isnull));
		range_deserialize(typcache, DatumGetRangeTypeP(hf_spi_value(row, 2, &isnull)), &lower,
						  &upper, &isnull);
		blocks[row].span.start = DatumGetTimestampTz(lower.val);
		blocks[row].span.end = DatumGetTimestampTz(upper.val);
	}
	qsort(blocks, nrows, sizeof(ReadBlock), CompareBlocks);
	return blocks;
}

/*
 * SplitLanes makes lanes of sorted blocks. Those in lanes past the capacity do not count, nor do holds in the shadow of
 * the booking they will replace (lanes below 0): booking and guards cover their time.
 */
static void
SplitLanes(uint64 nrows, HfSlotSpan *busy, HfLane *lanes, int nlanes)
{
	const ReadBlock *blocks = ReadBlocks(nrows);

	for (uint64 row = 0; row < nrows; row++)
	{
		int lane = blocks[row].lane;

		busy[row] = blocks[row].span;
		if (lane < 0 || lane >= nlanes)
			continue;
		if (lanes[lane].nbusy++ == 0)
			lanes[lane].busy = &busy[row];
	}
}

/* SearchResource finds the free slots of one resource. */
static void
SearchResource(Search *search, Datum windows, const Datum *grid, int capacity)
{
	HfSlotSpan *spans;
	HfSlotSpan *beginnings = NULL;
	HfSlotSpan *busy;
	HfLane *lanes = palloc0(sizeof(HfLane) * capacity);
	int nspans = ReadSpans(windows, "windows", &spans);
	int nbeginnings = grid == NULL ? 0 : ReadSpans(*grid, "grid", &beginnings);
	uint64 nrows;
	Datum values[5];

	if (nspans == 0)
		return;
	values[0] = search->organization;
	values[1] = search->resource;
	values[2] = BusyRange(search, spans, nspans);
	values[3] = TimestampTzGetDatum(search->now);
	values[4] = UUIDPGetDatum(&search->swept);
	hf_spi_open();
	nrows = hf_spi_run(search->is_swept ? &swept_blocks : &all_blocks, search->calendar, values,
					   NULL, 0);
	busy = palloc(sizeof(HfSlotSpan) * Max(nrows, 1));
	SplitLanes(nrows, busy, lanes, capacity);
	hf_slots_find(&search->query, spans, nspans, beginnings, nbeginnings, lanes, capacity, TakeSlot,
				  search);
	hf_spi_close();
}

/* ReadQuery unpacks what all resources share. */
static void
ReadQuery(FunctionCallInfo fcinfo, Search *search)
{
	if (PG_ARGISNULL(0))
		hf_raise_invalid("calendar", "must not be null");
	if (PG_ARGISNULL(1))
		hf_raise_invalid("organization_id", "must not be null");
	search->calendar = PG_GETARG_OID(0);
	search->organization = PG_GETARG_DATUM(1);
	search->now = hf_clock_now();
	search->query.duration = Microseconds(fcinfo, 4, "duration", 1);
	search->query.step =
		PG_ARGISNULL(5) ? search->query.duration : Microseconds(fcinfo, 5, "step", USECS_PER_SEC);
	search->query.before = Microseconds(fcinfo, 6, "buffer_before", 0);
	search->query.after = Microseconds(fcinfo, 7, "buffer_after", 0);
	search->query.not_before = PG_ARGISNULL(8) ? PG_INT64_MIN / 2 : PG_GETARG_TIMESTAMPTZ(8);
	search->query.not_after = PG_ARGISNULL(9) ? PG_INT64_MAX / 2 : PG_GETARG_TIMESTAMPTZ(9);
	if ((!PG_ARGISNULL(8) && TIMESTAMP_NOT_FINITE(search->query.not_before)) ||
		(!PG_ARGISNULL(9) && TIMESTAMP_NOT_FINITE(search->query.not_after)))
		hf_raise_invalid("not_before", "must be finite, like not_after");
}

/* free_slots(calendar, organization_id, resource_ids, windows, duration, step, ...) */
Datum
hf_free_slots(PG_FUNCTION_ARGS)
{
	Search search = {0};
	MemoryContext context;
	MemoryContext old;
	Datum *resources;
	Datum *windows;
	Datum *capacities = NULL;
	Datum *grids = NULL;
	int n = ReadArray(fcinfo, 2, "resource_ids", UUIDOID, &resources);

	if (ReadArray(fcinfo, 3, "windows", TSTZMULTIRANGEOID, &windows) != n)
		hf_raise_invalid("windows", "must be as many as resource_ids");
	if (!PG_ARGISNULL(10) && ReadArray(fcinfo, 10, "capacities", INT4OID, &capacities) != n)
		hf_raise_invalid("capacities", "must be as many as resource_ids");
	if (!PG_ARGISNULL(11) && ReadArray(fcinfo, 11, "grid", TSTZMULTIRANGEOID, &grids) != n)
		hf_raise_invalid("grid", "must be as many as resource_ids");
	ReadQuery(fcinfo, &search);
	search.is_swept = hf_calendar_swept(search.calendar, &search.swept);
	InitMaterializedSRF(fcinfo, 0);
	search.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	context = AllocSetContextCreate(CurrentMemoryContext, "free_slots", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	for (int i = 0; i < n; i++)
	{
		int capacity = capacities == NULL ? 1 : DatumGetInt32(capacities[i]);

		if (capacity < 1 || capacity > 1000)
			hf_raise_invalid("capacities", "must be from 1 to 1000");
		CHECK_FOR_INTERRUPTS();
		search.resource = resources[i];
		SearchResource(&search, windows[i], grids == NULL ? NULL : &grids[i], capacity);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return (Datum) 0;
}

/*
 * slots.c
 *		free_slots(): what a calendar leaves free of the windows in which its resources work.
 *
 * It reads a few resources at a time on the caller's snapshot, so memory is bounded by the busiest ones and
 * the cost is linear in the blocks read, however many the calendar has. It promises nothing: a hold still decides
 * under its lock.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

#include "base/clock.h"
#include "calendar/calendar.h"
#include "errors.h"
#include "time/slots.h"

#define MAX_LENGTH (INT64CONST(31) * USECS_PER_DAY) /* of a slot, a step or a buffer */

PG_FUNCTION_INFO_V1(hf_free_slots);

/* Search is one call of free_slots. */
typedef struct Search
{
	HfBlocks *blocks;
	HfSlotQuery query;
	HfSlotResult result;
	const pg_uuid_t *resource; /* the one at hand */
	uint64 found;
} Search;

/* Lists are the arguments that are of one resource each. */
typedef struct Lists
{
	Datum *resources;
	Datum *windows;
	Datum *capacities; /* or NULL */
	Datum *grids;	   /* or NULL */
} Lists;

/* hf_interval_length reads an interval without months; see slots.h. */
int64
hf_interval_length(const Interval *interval, const char *name, int64 minimum)
{
	int64 length;

	if (interval->month != 0 || interval->day > 31 || interval->day < -31 ||
		interval->time > MAX_LENGTH || interval->time < -MAX_LENGTH)
		hf_raise_invalid(name, "must be at most 31 days, without months");
	length = interval->time + interval->day * USECS_PER_DAY;
	if (length < minimum || length > MAX_LENGTH)
		hf_raise_invalid(name, minimum > 0 ? "must be positive and at most 31 days"
										   : "must not be negative and at most 31 days");
	return length;
}

/* Length reads an interval from the arguments. */
static int64
Length(FunctionCallInfo fcinfo, int arg, const char *name, int64 minimum)
{
	if (PG_ARGISNULL(arg))
		hf_raise_invalid(name, "must not be null");
	return hf_interval_length(PG_GETARG_INTERVAL_P(arg), name, minimum);
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

/* hf_slot_result_begin makes the one row that is written again and again: forming each anew costs more than the search. */
void
hf_slot_result_begin(HfSlotResult *result, FunctionCallInfo fcinfo)
{
	static const pg_uuid_t none = {0};
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum values[3] = {UUIDPGetDatum(&none), TimestampTzGetDatum(0), TimestampTzGetDatum(0)};
	bool nulls[3] = {false};
	MinimalTuple tuple;

	InitMaterializedSRF(fcinfo, 0);
	tuple = hf_compat_form_minimal_tuple(rsinfo->setDesc, values, nulls);
	result->store = rsinfo->setResult;
	result->row = (HfSlotRow *) ((char *) tuple + tuple->t_hoff - MINIMAL_TUPLE_OFFSET);
	result->slot = MakeSingleTupleTableSlot(rsinfo->setDesc, &TTSOpsMinimalTuple);
	ExecStoreMinimalTuple(tuple, result->slot, true);
}

/* hf_slot_result_put writes one row. */
void
hf_slot_result_put(HfSlotResult *result, const pg_uuid_t *resource, int64 start, int64 end)
{
	*result->row = (HfSlotRow){*resource, start, end};
	tuplestore_puttupleslot(result->store, result->slot);
}

/* hf_slot_result_end lets go of the row. */
void
hf_slot_result_end(HfSlotResult *result)
{
	ExecDropSingleTupleTableSlot(result->slot);
}

/* TakeSlot writes one free slot. */
static bool
TakeSlot(void *arg, int64_t start, int64_t end)
{
	Search *search = arg;

	if (++search->found % 1024 == 0)
		CHECK_FOR_INTERRUPTS();
	hf_slot_result_put(&search->result, search->resource, start, end);
	return true;
}

/* hf_busy_time is the stretch of time in which blocks can matter to windows; see slots.h. */
HfSpan
hf_busy_time(const HfSlotQuery *query, const HfSlotSpan *windows, int window_count)
{
	int64 start = Max(windows[0].start, query->not_before) - query->before;
	int64 end = Min(windows[window_count - 1].end, query->not_after) + query->after;

	return (HfSpan){start, Max(start, end)};
}

/* Spans are sorted by start. */
#define ST_SORT			 SortSpans
#define ST_ELEMENT_TYPE	 HfSlotSpan
#define ST_COMPARE(a, b) ((a)->start < (b)->start ? -1 : (a)->start > (b)->start)
#define ST_SCOPE		 static
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * hf_lanes_read reads what is taken of a resource. Blocks in lanes past the capacity do not count, nor do holds in the shadow
 * of the booking they will replace (lanes below 0): booking and guards cover their time.
 */
HfLane *
hf_lanes_read(HfBlocks *blocks, HfAsked asked, int nlanes)
{
	HfLane *lanes = palloc0(sizeof(HfLane) * nlanes);
	const HfReadBlock *found;
	int count = hf_blocks_read(blocks, asked, &found);
	HfSlotSpan *busy = palloc(sizeof(HfSlotSpan) * Max(count, 1));
	int *filled = palloc0(sizeof(int) * nlanes);
	int first = 0;

	for (int i = 0; i < count; i++)
	{
		if (found[i].lane >= 0 && found[i].lane < nlanes)
			lanes[found[i].lane].nbusy++;
	}
	for (int lane = 0; lane < nlanes; lane++)
	{
		lanes[lane].busy = &busy[first];
		filled[lane] = first;
		first += lanes[lane].nbusy;
	}
	for (int i = 0; i < count; i++)
	{
		if (found[i].lane >= 0 && found[i].lane < nlanes)
			busy[filled[found[i].lane]++] = (HfSlotSpan){found[i].span.from, found[i].span.to};
	}
	for (int lane = 0; lane < nlanes; lane++)
		SortSpans(&busy[filled[lane] - lanes[lane].nbusy], lanes[lane].nbusy);
	return lanes;
}

/* Place is a resource and when it works. */
typedef struct Place
{
	HfAsked asked;
	int capacity;
	HfSlotSpan *windows; /* at least one */
	HfSlotSpan *beginnings;
	int window_count;
	int beginning_count;
} Place;

/* ReadPlace reads what is asked about a resource; false when there are no windows. */
static bool
ReadPlace(const HfSlotQuery *query, const Lists *lists, int i, Place *place)
{
	place->capacity = lists->capacities == NULL ? 1 : DatumGetInt32(lists->capacities[i]);
	if (place->capacity < 1 || place->capacity > HF_MAX_CAPACITY)
		hf_raise_invalid("capacities", "must be from 1 to 1000");
	place->window_count = ReadSpans(lists->windows[i], "windows", &place->windows);
	place->beginning_count =
		lists->grids == NULL ? 0 : ReadSpans(lists->grids[i], "grid", &place->beginnings);
	if (place->window_count == 0)
		return false;
	place->asked = (HfAsked){DatumGetUUIDP(lists->resources[i]),
							 hf_busy_time(query, place->windows, place->window_count)};
	return true;
}

/* SearchTogether finds the free slots of some resources, one after another. */
static void
SearchTogether(Search *search, const Lists *lists, int first, int last)
{
	Place places[HF_ASKED_AT_ONCE];
	HfAsked asked[HF_ASKED_AT_ONCE] = {0};
	int count = 0;

	for (int i = first; i < last; i++)
	{
		if (!ReadPlace(&search->query, lists, i, &places[count]))
			continue;
		asked[count] = places[count].asked;
		count++;
	}
	hf_blocks_ask(search->blocks, asked, count);
	for (int i = 0; i < count; i++)
	{
		const Place *place = &places[i];

		search->resource = place->asked.resource;
		hf_slots_find(&search->query, place->windows, place->window_count, place->beginnings,
					  place->beginning_count,
					  hf_lanes_read(search->blocks, place->asked, place->capacity), place->capacity,
					  TakeSlot, search);
	}
}

/* ReadQuery unpacks what all resources share. */
static void
ReadQuery(FunctionCallInfo fcinfo, Search *search)
{
	if (PG_ARGISNULL(0))
		hf_raise_invalid("calendar", "must not be null");
	if (PG_ARGISNULL(1))
		hf_raise_invalid("organization_id", "must not be null");
	search->query.duration = Length(fcinfo, 4, "duration", 1);
	search->query.step =
		PG_ARGISNULL(5) ? search->query.duration : Length(fcinfo, 5, "step", USECS_PER_SEC);
	search->query.before = Length(fcinfo, 6, "buffer_before", 0);
	search->query.after = Length(fcinfo, 7, "buffer_after", 0);
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
	Lists lists = {0};
	int n = ReadArray(fcinfo, 2, "resource_ids", UUIDOID, &lists.resources);

	if (ReadArray(fcinfo, 3, "windows", TSTZMULTIRANGEOID, &lists.windows) != n)
		hf_raise_invalid("windows", "must be as many as resource_ids");
	if (!PG_ARGISNULL(10) && ReadArray(fcinfo, 10, "capacities", INT4OID, &lists.capacities) != n)
		hf_raise_invalid("capacities", "must be as many as resource_ids");
	if (!PG_ARGISNULL(11) && ReadArray(fcinfo, 11, "grid", TSTZMULTIRANGEOID, &lists.grids) != n)
		hf_raise_invalid("grid", "must be as many as resource_ids");
	ReadQuery(fcinfo, &search);
	hf_slot_result_begin(&search.result, fcinfo);
	search.blocks = hf_blocks_open(PG_GETARG_OID(0), PG_GETARG_UUID_P(1), hf_clock_now());

	context = AllocSetContextCreate(CurrentMemoryContext, "free_slots", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	for (int i = 0; i < n; i += HF_ASKED_AT_ONCE)
	{
		CHECK_FOR_INTERRUPTS();
		SearchTogether(&search, &lists, i, Min(i + HF_ASKED_AT_ONCE, n));
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	hf_blocks_close(search.blocks);
	hf_slot_result_end(&search.result);
	return (Datum) 0;
}

/*
 * calendar_args.c
 *		Arguments of the calendar's functions, unpacked and checked: whatever is wrong gets its word and the name of
 *		the argument, never a value.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "calendar/calendar.h"
#include "errors.h"
#include "guc.h"

const char *const hf_kind_names[HF_KINDS] = {"busy", "busy-tentative", "busy-unavailable"};

/* hf_arg_calendar reads the table. */
Oid
hf_arg_calendar(FunctionCallInfo fcinfo, int arg)
{
	if (PG_ARGISNULL(arg))
		hf_raise_invalid("calendar", "is null");
	return PG_GETARG_OID(arg);
}

/* hf_arg_kind reads the kind of a block, which cannot be that of a hold. */
HfKind
hf_arg_kind(FunctionCallInfo fcinfo, int arg)
{
	char *name;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid("kind", "is null");
	name = text_to_cstring(PG_GETARG_TEXT_PP(arg));
	for (HfKind kind = 0; kind < HF_KINDS; kind++)
	{
		if (kind != HF_TENTATIVE && strcmp(name, hf_kind_names[kind]) == 0)
			return kind;
	}
	hf_raise_invalid("kind", "is not busy or busy-unavailable");
}

/* hf_arg_ttl reads how long a hold is to live; longer than a hold may is an error, or as long as it may. */
int64
hf_arg_ttl(FunctionCallInfo fcinfo, int arg, bool cap)
{
	const int64 longest = (int64) hf_max_hold_life * USECS_PER_SEC;
	const Interval *interval;
	int64 ttl;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid("ttl", "is null");
	interval = PG_GETARG_INTERVAL_P(arg);
	if (interval->month != 0)
		hf_raise_invalid("ttl", "has months or years");
	if (pg_mul_s64_overflow(interval->day, USECS_PER_DAY, &ttl) ||
		pg_add_s64_overflow(ttl, interval->time, &ttl))
		hf_raise_invalid("ttl", "is out of range");
	if (cap)
		ttl = Min(ttl, longest);
	if (ttl > longest)
		hf_raise_invalid("ttl", "is longer than holdfast.max_hold_life");
	if (ttl <= 0)
		hf_raise_invalid("ttl", "is not positive");
	return ttl;
}

/* CheckSpan turns a range into a span. */
static HfSpan
CheckSpan(Datum value, TypeCacheEntry *type)
{
	RangeBound lower;
	RangeBound upper;
	bool empty;
	HfSpan span;

	range_deserialize(type, DatumGetRangeTypeP(value), &lower, &upper, &empty);
	if (empty)
		hf_raise_invalid("during", "is empty");
	if (lower.infinite || upper.infinite)
		hf_raise_invalid("during", "has no start or no end");
	span.from = DatumGetTimestampTz(lower.val);
	span.to = DatumGetTimestampTz(upper.val);
	if (TIMESTAMP_NOT_FINITE(span.from) || TIMESTAMP_NOT_FINITE(span.to))
		hf_raise_invalid("during", "is infinite");
	if (!lower.inclusive || upper.inclusive)
		hf_raise_invalid("during", "does not have the bounds [)");
	/* subtracting could overflow */
	if (span.from < span.to - HF_MAX_LENGTH)
		hf_raise_invalid("during", "is longer than 366 days");
	if (!IS_VALID_TIMESTAMP(span.from - HF_MAX_LENGTH) ||
		!IS_VALID_TIMESTAMP(span.to + HF_MAX_LENGTH))
		hf_raise_invalid("during", "is out of range");
	return span;
}

/* SpanType is the type cache entry of tstzrange. */
static TypeCacheEntry *
SpanType(void)
{
	return lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO);
}

/* hf_arg_span reads one range. */
HfSpan
hf_arg_span(FunctionCallInfo fcinfo, int arg)
{
	if (PG_ARGISNULL(arg))
		hf_raise_invalid("during", "is null");
	return CheckSpan(PG_GETARG_DATUM(arg), SpanType());
}

/* Elements unpacks an array of one dimension without nulls; count is the number it must have, or 0 for any. */
static Datum *
Elements(Datum value, Oid type, const char *field, int max, int *count)
{
	ArrayType *array = DatumGetArrayTypeP(value);
	Datum *elements;
	int16 length;
	bool by_value;
	char align;

	if (ARR_NDIM(array) == 0)
		hf_raise_invalid(field, "is empty");
	if (ARR_NDIM(array) != 1)
		hf_raise_invalid(field, "has more than one dimension");
	if (array_contains_nulls(array))
		hf_raise_invalid(field, "contains a null");
	if (ARR_DIMS(array)[0] > max)
		hf_raise_invalid(field, psprintf("has more than %d elements", max));
	get_typlenbyvalalign(type, &length, &by_value, &align);
	deconstruct_array(array, type, length, by_value, align, &elements, NULL, count);
	return elements;
}

/* CompareUuids orders keys for qsort. */
static int
CompareUuids(const void *a, const void *b)
{
	return memcmp(a, b, UUID_LEN);
}

/* HasTwins tells whether a key occurs twice. */
static bool
HasTwins(const pg_uuid_t *ids, int count)
{
	pg_uuid_t *sorted;

	if (count == 1)
		return false;
	sorted = palloc(sizeof(pg_uuid_t) * count);
	memcpy(sorted, ids, sizeof(pg_uuid_t) * count);
	qsort(sorted, count, sizeof(pg_uuid_t), CompareUuids);
	for (int i = 1; i < count; i++)
	{
		if (CompareUuids(&sorted[i - 1], &sorted[i]) == 0)
			return true;
	}
	return false;
}

/* Uuids unpacks an array of keys. */
static pg_uuid_t *
Uuids(Datum value, const char *field, int max, int *count)
{
	Datum *elements = Elements(value, UUIDOID, field, max, count);
	pg_uuid_t *ids = palloc(sizeof(pg_uuid_t) * *count);

	for (int i = 0; i < *count; i++)
		ids[i] = *DatumGetUUIDP(elements[i]);
	return ids;
}

/* hf_arg_resources reads who or what is wanted. */
void
hf_arg_resources(FunctionCallInfo fcinfo, int arg, HfRequest *request)
{
	if (PG_ARGISNULL(arg))
		hf_raise_invalid("resource_ids", "is null");
	request->resources =
		Uuids(PG_GETARG_DATUM(arg), "resource_ids", HF_MAX_RESOURCES, &request->resource_count);
	if (HasTwins(request->resources, request->resource_count))
		hf_raise_invalid("resource_ids", "names a resource twice");
}

/* hf_arg_references reads what a confirmed batch is to be known by, or NULL for its own keys. */
pg_uuid_t *
hf_arg_references(FunctionCallInfo fcinfo, int arg, int *count)
{
	*count = 0;
	if (PG_ARGISNULL(arg))
		return NULL;
	return Uuids(PG_GETARG_DATUM(arg), "references", HF_MAX_OCCURRENCES, count);
}

/* hf_arg_occurrences reads when they are wanted. */
void
hf_arg_occurrences(FunctionCallInfo fcinfo, int arg, HfRequest *request)
{
	TypeCacheEntry *type = SpanType();
	Datum *elements;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid("during", "is null");
	elements = Elements(PG_GETARG_DATUM(arg), TSTZRANGEOID, "during", HF_MAX_OCCURRENCES,
						&request->occurrence_count);
	request->occurrences = palloc(sizeof(HfSpan) * request->occurrence_count);
	for (int i = 0; i < request->occurrence_count; i++)
		request->occurrences[i] = CheckSpan(elements[i], type);
	if ((int64) request->occurrence_count * request->resource_count > HF_MAX_BLOCKS)
		hf_raise_invalid("during", psprintf("makes more than %d blocks", HF_MAX_BLOCKS));
}

/* Capacities reads how many lanes each resource has; 1 when not given. */
static int *
Capacities(FunctionCallInfo fcinfo, int arg, int expected)
{
	int *capacities = palloc(sizeof(int) * expected);
	Datum *elements;
	int count;

	for (int i = 0; i < expected; i++)
		capacities[i] = 1;
	if (PG_ARGISNULL(arg))
		return capacities;
	elements = Elements(PG_GETARG_DATUM(arg), INT4OID, "capacities", HF_MAX_RESOURCES, &count);
	if (count != expected)
		hf_raise_invalid("capacities", "does not run parallel to resource_ids");
	for (int i = 0; i < count; i++)
	{
		capacities[i] = DatumGetInt32(elements[i]);
		if (capacities[i] < 1 || capacities[i] > HF_MAX_CAPACITY)
			hf_raise_invalid("capacities", psprintf("contains one that is not between 1 and %d",
													HF_MAX_CAPACITY));
	}
	return capacities;
}

/* Buffers reads how long each resource needs before or after; nothing when not given. */
static int64 *
Buffers(FunctionCallInfo fcinfo, int arg, const char *field, int expected)
{
	int64 *buffers = palloc0(sizeof(int64) * expected);
	Datum *elements;
	int count;

	if (PG_ARGISNULL(arg))
		return buffers;
	elements = Elements(PG_GETARG_DATUM(arg), INTERVALOID, field, HF_MAX_RESOURCES, &count);
	if (count != expected)
		hf_raise_invalid(field, "does not run parallel to resource_ids");
	for (int i = 0; i < count; i++)
	{
		const Interval *interval = DatumGetIntervalP(elements[i]);

		if (interval->month != 0 || interval->day != 0)
			hf_raise_invalid(field, "contains days, months or years");
		if (interval->time < 0)
			hf_raise_invalid(field, "contains a negative interval");
		if (interval->time > HF_MAX_BUFFER)
			hf_raise_invalid(field, "contains more than 24 hours");
		buffers[i] = interval->time;
	}
	return buffers;
}

/* hf_padded is a span with the buffers of a resource. */
HfSpan
hf_padded(const HfRequest *request, int resource, HfSpan span)
{
	return (HfSpan){span.from - request->before[resource], span.to + request->after[resource]};
}

/* hf_arg_capacities reads what runs parallel to the resources, and checks that the batch fits into an empty calendar. */
void
hf_arg_capacities(FunctionCallInfo fcinfo, int capacities, int before, int after,
				  HfRequest *request)
{
	int count = request->occurrence_count;
	HfSpan *padded;
	int64 *scratch;

	request->capacities = Capacities(fcinfo, capacities, request->resource_count);
	request->before = Buffers(fcinfo, before, "before", request->resource_count);
	request->after = Buffers(fcinfo, after, "after", request->resource_count);
	if (count == 1)
		return;
	padded = palloc(sizeof(HfSpan) * count);
	scratch = palloc(sizeof(int64) * 2 * count);
	for (int r = 0; r < request->resource_count; r++)
	{
		for (int i = 0; i < count; i++)
			padded[i] = hf_padded(request, r, request->occurrences[i]);
		if (hf_spans_depth(padded, count, scratch) > request->capacities[r])
			hf_raise_invalid("during", "contains occurrences that overlap each other");
	}
}

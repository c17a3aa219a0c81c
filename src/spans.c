/*
 * spans.c
 *		local_span(), local_spans() and starts_of(): shifts and breaks of the wall clock as ranges of instants.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "errors.h"
#include "zone.h"

#define MAX_DAYS 10000
#define MAX_DAY	 106650000 /* in the year 294000; beyond it is no timestamp */

PG_FUNCTION_INFO_V1(hf_local_span);
PG_FUNCTION_INFO_V1(hf_local_spans);
PG_FUNCTION_INFO_V1(hf_starts_of);

/* Stretch is a part of every local day, from midnight to midnight where no times are given. */
typedef struct Stretch
{
	pg_tz *zone;
	TimeADT start;
	TimeADT end; /* after start, so a day later where it was not */
} Stretch;

/* ReadStretch reads start_time, end_time and time_zone, which follow each other in the arguments. */
static void
ReadStretch(FunctionCallInfo fcinfo, int first, Stretch *stretch)
{
	if (PG_ARGISNULL(first) != PG_ARGISNULL(first + 1))
		hf_raise_invalid("end_time", "goes with start_time");
	stretch->start = PG_ARGISNULL(first) ? 0 : PG_GETARG_TIMEADT(first);
	stretch->end = PG_ARGISNULL(first) ? 0 : PG_GETARG_TIMEADT(first + 1);
	if (stretch->end <= stretch->start)
		stretch->end += USECS_PER_DAY;
	stretch->zone = hf_zone_argument(PG_GETARG_TEXT_PP(first + 2));
}

/* Day reads a date that can be a timestamp. */
static DateADT
Day(FunctionCallInfo fcinfo, int arg, const char *name)
{
	DateADT day = PG_GETARG_DATEADT(arg);

	if (DATE_NOT_FINITE(day) || day > MAX_DAY)
		hf_raise_invalid(name, "must be a day of at most the year 294000");
	return day;
}

/* SpanOn is a stretch on one local day; empty where the clock jumps so that its start is moved past its end. */
static RangeType *
SpanOn(TypeCacheEntry *type, const Stretch *stretch, DateADT day)
{
	RangeBound lower = {.inclusive = true, .lower = true};
	RangeBound upper = {.lower = false};
	Timestamp midnight = (int64) day * USECS_PER_DAY;
	TimestampTz start = hf_zone_instant(stretch->zone, midnight + stretch->start);
	TimestampTz end = hf_zone_instant(stretch->zone, midnight + stretch->end);

	lower.val = TimestampTzGetDatum(start);
	upper.val = TimestampTzGetDatum(Max(start, end));
	return hf_compat_make_range(type, &lower, &upper);
}

/* local_span(day date, start_time time, end_time time, time_zone text) */
Datum
hf_local_span(PG_FUNCTION_ARGS)
{
	Stretch stretch;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	ReadStretch(fcinfo, 1, &stretch);
	PG_RETURN_RANGE_P(SpanOn(lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO), &stretch,
							 Day(fcinfo, 0, "day")));
}

/* ReadExceptions reads an array of days; a null among them is none. */
static int
ReadExceptions(ArrayType *array, Datum **days)
{
	bool *nulls;
	int count;
	int kept = 0;

	deconstruct_array(array, DATEOID, sizeof(DateADT), true, TYPALIGN_INT, days, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i])
			(*days)[kept++] = (*days)[i];
	}
	return kept;
}

/* IsAmong tells whether a day is one of an array's. */
static bool
IsAmong(DateADT day, const Datum *days, int ndays)
{
	for (int i = 0; i < ndays; i++)
	{
		if (DatumGetDateADT(days[i]) == day)
			return true;
	}
	return false;
}

/* SpansOf makes the spans of a stretch on the days from first to last, every step days. */
static Datum
SpansOf(const Stretch *stretch, DateADT first, DateADT last, int step, const Datum *except,
		int nexcept)
{
	TypeCacheEntry *type = lookup_type_cache(TSTZMULTIRANGEOID, TYPECACHE_MULTIRANGE_INFO);
	RangeType **ranges =
		palloc(sizeof(RangeType *) * (first <= last ? (last - first) / step + 1 : 1));
	int count = 0;

	for (DateADT day = first; day <= last; day += step)
	{
		if (!IsAmong(day, except, nexcept))
			ranges[count++] = SpanOn(type->rngtype, stretch, day);
	}
	return MultirangeTypePGetDatum(
		make_multirange(TSTZMULTIRANGEOID, type->rngtype, count, ranges));
}

/*
 * local_spans(from_day date, to_day date, day_of_week int, start_time time, end_time time, time_zone text,
 *			   effective_from date, effective_to date, exception_dates date[])
 */
Datum
hf_local_spans(PG_FUNCTION_ARGS)
{
	Stretch stretch;
	DateADT first;
	DateADT last;
	Datum *except = NULL;
	int nexcept = 0;
	int step = 1;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(5))
		PG_RETURN_NULL();
	ReadStretch(fcinfo, 3, &stretch);
	first = Day(fcinfo, 0, "from_day");
	last = Day(fcinfo, 1, "to_day");
	if (last - first >= MAX_DAYS)
		hf_raise_invalid("to_day", "must be less than 10000 days after from_day");
	/* What an effective date may be, infinity included, is ordered as dates are. */
	if (!PG_ARGISNULL(6))
		first = Max(first, PG_GETARG_DATEADT(6));
	if (!PG_ARGISNULL(7))
		last = Min(last, PG_GETARG_DATEADT(7));
	if (!PG_ARGISNULL(2))
	{
		int wanted = PG_GETARG_INT32(2);

		if (wanted < 0 || wanted > 6)
			hf_raise_invalid("day_of_week", "must be from 0, Sunday, to 6, Saturday");
		step = 7;
		if (first <= last)
			first += (wanted + 7 - j2day(first + POSTGRES_EPOCH_JDATE)) % 7;
	}
	if (!PG_ARGISNULL(8))
		nexcept = ReadExceptions(PG_GETARG_ARRAYTYPE_P(8), &except);
	return SpansOf(&stretch, first, last, step, except, nexcept);
}

/* starts_of(spans tstzmultirange) */
Datum
hf_starts_of(PG_FUNCTION_ARGS)
{
	MultirangeType *spans = PG_GETARG_MULTIRANGE_P(0);
	TypeCacheEntry *type = lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO);
	RangeType **ranges;
	int count;

	multirange_deserialize(type, spans, &count, &ranges);
	for (int i = 0; i < count; i++)
	{
		RangeBound lower;
		RangeBound upper;
		bool empty;

		range_deserialize(type, ranges[i], &lower, &upper, &empty);
		if (lower.infinite)
			hf_raise_invalid("spans", "must have bounds");
		upper.val = lower.val;
		upper.infinite = false;
		lower.inclusive = upper.inclusive = true;
		ranges[i] = hf_compat_make_range(type, &lower, &upper);
	}
	PG_RETURN_MULTIRANGE_P(make_multirange(TSTZMULTIRANGEOID, type, count, ranges));
}

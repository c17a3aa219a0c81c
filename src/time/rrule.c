/*
 * rrule.c
 *		expand_rrule(): a recurrence rule and a zone become ranges of instants.
 *
 * The rule is expanded on the wall clock and each occurrence is converted for itself, so a series keeps its
 * local time across changes of the clock. The duration's days are days of the wall clock, its hours are exact.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "errors.h"
#include "time/rrule_core.h"
#include "time/zone.h"

#define MAX_DURATION (INT64CONST(366) * USECS_PER_DAY)

PG_FUNCTION_INFO_V1(hf_expand_rrule);

/* Expansion is one call of expand_rrule, unpacked and checked. */
typedef struct Expansion
{
	HfRrule rule;
	HfCivil start;
	pg_tz *zone;
	Interval *duration;
	int max_count;
	TimestampTz until;	/* DT_NOEND when there is none */
	Timestamp *exdates; /* ascending */
	int nexdates;
} Expansion;

/* ToCivil takes a finite timestamp apart. */
static HfCivil
ToCivil(Timestamp timestamp)
{
	struct pg_tm tm;
	fsec_t fsec;

	if (TIMESTAMP_NOT_FINITE(timestamp) ||
		timestamp2tm(timestamp, NULL, &tm, &fsec, NULL, NULL) != 0 || tm.tm_year < 1 ||
		tm.tm_year > HF_RRULE_MAX_YEAR)
		hf_raise_invalid("starts", "must be a finite time between the years 1 and 9999");
	if (fsec != 0)
		hf_raise_invalid("starts", "must be on a whole second");
	return (HfCivil){tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec};
}

/* ToTimestamp puts a wall-clock time together; a leap second is the second before it. */
static Timestamp
ToTimestamp(const HfCivil *civil)
{
	int64 day = hf_days_from_civil(civil->year, civil->month, civil->day) -
				(POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE);
	int second = Min(civil->second, 59);

	return (day * SECS_PER_DAY + civil->hour * SECS_PER_HOUR + civil->minute * SECS_PER_MINUTE +
			second) *
		   USECS_PER_SEC;
}

static int
CompareTimestamps(const void *a, const void *b)
{
	Timestamp left = *(const Timestamp *) a;
	Timestamp right = *(const Timestamp *) b;

	return left < right ? -1 : left > right;
}

/* ReadExdates sorts the excluded wall-clock times. */
static void
ReadExdates(Expansion *expansion, ArrayType *array)
{
	Datum *values;
	bool *nulls;
	int n;

	if (ARR_NDIM(array) > 1)
		hf_raise_invalid("exdates", "must be a list");
	deconstruct_array(array, TIMESTAMPOID, sizeof(Timestamp), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &values, &nulls, &n);
	expansion->exdates = palloc(sizeof(Timestamp) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			hf_raise_invalid("exdates", "must not hold a null");
		expansion->exdates[i] = DatumGetTimestamp(values[i]);
	}
	qsort(expansion->exdates, n, sizeof(Timestamp), CompareTimestamps);
	expansion->nexdates = n;
}

/* ReadDuration accepts what a calendar entry may last. */
static Interval *
ReadDuration(Interval *duration)
{
	int64 length = duration->time + (int64) duration->day * USECS_PER_DAY;

	if (duration->month != 0)
		hf_raise_invalid("duration", "must not hold months");
	if (duration->time < 0 || duration->day < 0 || duration->day > 366 || length <= 0 ||
		length > MAX_DURATION)
		hf_raise_invalid("duration", "must be positive and at most 366 days");
	return duration;
}

/* ReadArguments unpacks and checks the call. */
static void
ReadArguments(FunctionCallInfo fcinfo, Expansion *expansion)
{
	static const char *const names[] = {"rule",		 "starts", "time_zone", "duration",
										"max_count", NULL,	   "exdates"};
	text *rule;
	const char *wrong;

	for (int i = 0; i < 7; i++)
	{
		if (names[i] != NULL && PG_ARGISNULL(i))
			hf_raise_invalid(names[i], "must not be null");
	}
	rule = PG_GETARG_TEXT_PP(0);
	wrong = hf_rrule_parse(VARDATA_ANY(rule), VARSIZE_ANY_EXHDR(rule), &expansion->rule);
	if (wrong != NULL)
		hf_raise_invalid("rule", wrong);
	expansion->start = ToCivil(PG_GETARG_TIMESTAMP(1));
	expansion->zone = hf_zone_find(text_to_cstring(PG_GETARG_TEXT_PP(2)));
	if (expansion->zone == NULL)
		hf_raise_invalid("time_zone", "must be the name of an IANA time zone");
	expansion->duration = ReadDuration(PG_GETARG_INTERVAL_P(3));
	expansion->max_count = PG_GETARG_INT32(4);
	if (expansion->max_count < 1 || expansion->max_count > HF_RRULE_MAX_COUNT)
		hf_raise_invalid("max_count", "must be from 1 to 10000");
	expansion->until = PG_ARGISNULL(5) ? DT_NOEND : PG_GETARG_TIMESTAMPTZ(5);
	ReadExdates(expansion, PG_GETARG_ARRAYTYPE_P(6));
}

/* UntilInstant is the earlier of the argument and a UTC UNTIL in the rule. */
static TimestampTz
UntilInstant(const Expansion *expansion)
{
	TimestampTz rule_until = DT_NOEND;

	if (expansion->rule.until_kind == HF_UNTIL_UTC)
		rule_until = ToTimestamp(&expansion->rule.until);
	return Min(expansion->until, rule_until);
}

/* MakeOccurrence converts one wall-clock start into a range of instants. */
static Datum
MakeOccurrence(TypeCacheEntry *typcache, const Expansion *expansion, Timestamp local,
			   TimestampTz instant)
{
	RangeBound lower = {.val = TimestampTzGetDatum(instant), .inclusive = true, .lower = true};
	RangeBound upper = {.inclusive = false, .lower = false};
	TimestampTz end = instant;

	if (expansion->duration->day != 0)
	{
		end = hf_zone_instant(expansion->zone, local + expansion->duration->day * USECS_PER_DAY);
		/* a day that the zone left out is moved onto the day where it would end: then it begins there */
		if (end <= instant)
			end =
				hf_zone_instant(expansion->zone,
								instant + hf_zone_offset(expansion->zone, instant) * USECS_PER_SEC +
									expansion->duration->day * USECS_PER_DAY);
	}
	upper.val = TimestampTzGetDatum(end + expansion->duration->time);
	return RangeTypePGetDatum(hf_compat_make_range(typcache, &lower, &upper));
}

/*
 * Recent remembers the last instants. Times that the clock skips are moved onto times that it has, so an instant
 * may come twice, but no further apart than the times of one day.
 */
typedef struct Recent
{
	TimestampTz instants[HF_RRULE_MAX_TIMES];
	int n;
	TimestampTz latest;
} Recent;

/* IsNew remembers an instant; false when it has been before. */
static bool
IsNew(Recent *recent, TimestampTz instant)
{
	if (instant <= recent->latest)
	{
		for (int i = 0; i < Min(recent->n, HF_RRULE_MAX_TIMES); i++)
		{
			if (recent->instants[i] == instant)
				return false;
		}
	}
	recent->instants[recent->n++ % HF_RRULE_MAX_TIMES] = instant;
	recent->latest = Max(recent->latest, instant);
	return true;
}

/* IsExcluded says whether a wall-clock time is one of the exdates. */
static bool
IsExcluded(const Expansion *expansion, Timestamp local)
{
	return bsearch(&local, expansion->exdates, expansion->nexdates, sizeof(Timestamp),
				   CompareTimestamps) != NULL;
}

/* Expand writes the occurrences; it returns whether the rule had any, excluded ones and those past until too. */
static bool
Expand(const Expansion *expansion, ReturnSetInfo *rsinfo)
{
	TypeCacheEntry *typcache = lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO);
	TimestampTz until = UntilInstant(expansion);
	HfRruleIterator iterator;
	HfCivil civil;
	Recent recent = {.latest = DT_NOBEGIN};
	bool any = false;
	int count = 0;

	hf_rrule_begin(&iterator, &expansion->rule, expansion->start);
	while (count < expansion->max_count)
	{
		HfRruleStep step = hf_rrule_next(&iterator, &civil);
		Timestamp local;
		TimestampTz instant;
		Datum value;
		bool isnull = false;

		CHECK_FOR_INTERRUPTS();
		if (step == HF_RRULE_END)
			break;
		if (step == HF_RRULE_YIELD)
			continue;
		any = true;
		local = ToTimestamp(&civil);
		instant = hf_zone_instant(expansion->zone, local);
		/* of two wall-clock times the later may be the earlier instant, by as much as the clock skips */
		if (instant > until && instant - until > USECS_PER_DAY)
			break;
		if (instant > until || IsExcluded(expansion, local) || !IsNew(&recent, instant))
			continue;
		value = MakeOccurrence(typcache, expansion, local, instant);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, &value, &isnull);
		count++;
	}
	return any;
}

/* expand_rrule(rule, starts, time_zone, duration, max_count, until, exdates) */
Datum
hf_expand_rrule(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Expansion expansion = {0};

	ReadArguments(fcinfo, &expansion);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!Expand(&expansion, rsinfo) && expansion.rule.until_kind != HF_UNTIL_LOCAL)
		hf_raise_invalid("rule", "never matches");
	return (Datum) 0;
}

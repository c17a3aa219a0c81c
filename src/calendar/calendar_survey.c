/*
 * calendar_survey.c
 *		What stands in the calendar, and the answer when something does.
 *
 * The caller holds the locks of the resources. Everything here reads on the latest snapshot, whatever the isolation
 * level, and as the table's owner: row security must not hide what the constraint would still refuse, and a hold that
 * has expired is nobody's any more. What leaves here is times only, never whose they are.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "calendar/calendar.h"
#include "errors.h"
#include "spi.h"

/* How far ahead alternatives are looked for: first near, where they mostly are, then further. */
static const int64 horizons[] = {USECS_PER_DAY, 7 * USECS_PER_DAY, 31 * USECS_PER_DAY};

#define ALTERNATIVES 3

#define IN_SPANS                                                     \
	"FROM %s WHERE organization_id" HF_EQ "$1 AND resource_id" HF_EQ \
	"$2 AND during OPERATOR(pg_catalog.&&) $3 "

static const HfQuery standing_blocks = {
	"SELECT lane, pg_catalog.lower(during), pg_catalog.upper(during), expires_at, reference " IN_SPANS
	"AND batch_key" HF_NE "$4",
	4,
	{UUIDOID, UUIDOID, TSTZMULTIRANGEOID, UUIDOID},
	true,
};

static const HfQuery remove_lapsed = {
	"DELETE " IN_SPANS "AND kind" HF_EQ "'busy-tentative' AND expires_at" HF_LE "$4",
	4,
	{UUIDOID, UUIDOID, TSTZMULTIRANGEOID, TIMESTAMPTZOID},
	false,
};

/* One survey of one resource, as it passes through hf_spi_as_owner. */
typedef struct Survey
{
	const HfTake *take;
	int resource;
	Datum spans; /* tstzmultirange */
	bool tidy;	 /* remove what has lapsed */
	MemoryContext context;
	HfStanding *standing;
	int count;
} Survey;

/* SpansDatum makes a tstzmultirange. */
static Datum
SpansDatum(const HfSpan *spans, int count)
{
	TypeCacheEntry *type = lookup_type_cache(TSTZMULTIRANGEOID, TYPECACHE_MULTIRANGE_INFO);
	RangeType **ranges = palloc(sizeof(RangeType *) * count);

	for (int i = 0; i < count; i++)
		ranges[i] = DatumGetRangeTypeP(hf_span_datum(spans[i]));
	return MultirangeTypePGetDatum(
		make_multirange(TSTZMULTIRANGEOID, type->rngtype, count, ranges));
}

/* ReadRow reads one row of standing_blocks. */
static HfStanding
ReadRow(const HfTake *take, uint64 row)
{
	HfStanding standing = {0};
	bool isnull;
	pg_uuid_t *reference;

	standing.lane = DatumGetInt16(hf_spi_value(row, 1, &isnull));
	if (standing.lane < 0)
		standing.lane = HF_SHADOW(standing.lane);
	standing.span.from = DatumGetTimestampTz(hf_spi_value(row, 2, &isnull));
	standing.span.to = DatumGetTimestampTz(hf_spi_value(row, 3, &isnull));
	standing.expires_at = DatumGetTimestampTz(hf_spi_value(row, 4, &isnull));
	if (isnull)
		standing.expires_at = HF_NEVER;
	reference = DatumGetUUIDP(hf_spi_value(row, 5, &isnull));
	standing.own = take->request->replaces.given && standing.expires_at == HF_NEVER &&
				   memcmp(reference, &take->request->replaces.id, UUID_LEN) == 0;
	return standing;
}

/* RunSurvey reads the blocks and leaves out, or removes, those that have lapsed. */
static void
RunSurvey(void *arg)
{
	Survey *survey = arg;
	const HfTake *take = survey->take;
	const HfRequest *request = take->request;
	Datum values[] = {UUIDPGetDatum(&request->organization),
					  UUIDPGetDatum(&request->resources[survey->resource]), survey->spans,
					  UUIDPGetDatum(&take->batch_key)};
	Oid relid = request->calendar->relid;
	bool lapsed = false;
	uint64 rows;

	hf_spi_open();
	rows = hf_spi_run_latest(&standing_blocks, relid, values);
	survey->standing = MemoryContextAllocHuge(survey->context, sizeof(HfStanding) * Max(rows, 1));
	for (uint64 row = 0; row < rows; row++)
	{
		HfStanding standing = ReadRow(take, row);

		if (standing.expires_at <= take->now)
			lapsed = true;
		else
			survey->standing[survey->count++] = standing;
	}
	if (lapsed && survey->tidy)
	{
		values[3] = TimestampTzGetDatum(take->now);
		(void) hf_spi_run_latest(&remove_lapsed, relid, values);
	}
	hf_spi_close();
}

/*
 * hf_survey lists what stands in some spans of a resource, except what this attempt has written and holds that have
 * lapsed; tidy removes those.
 */
int
hf_survey(const HfTake *take, int resource, const HfSpan *spans, int span_count, bool tidy,
		  HfStanding **standing)
{
	Survey survey = {0};

	survey.take = take;
	survey.resource = resource;
	survey.spans = SpansDatum(spans, span_count);
	survey.tidy = tidy;
	survey.context = CurrentMemoryContext;
	hf_spi_as_owner(take->request->calendar->relid, RunSurvey, &survey);
	*standing = survey.standing;
	return survey.count;
}

/*
 * FillDiary makes the diary of a resource for a span; what the request replaces does not count. A hold needs one lane. A
 * block takes them all, which then are as one.
 */
static void
FillDiary(const HfTake *take, int resource, HfSpan span, HfDiary *diary)
{
	HfStanding *standing;
	int count = hf_survey(take, resource, &span, 1, false, &standing);
	int capacity = take->request->capacities[resource];
	bool as_one = take->request->kind != HF_TENTATIVE;

	diary->capacity = as_one ? 1 : capacity;
	diary->before = take->request->before[resource];
	diary->after = take->request->after[resource];
	diary->busy = palloc(sizeof(HfBusy) * Max(count, 1));
	diary->count = 0;
	for (int i = 0; i < count; i++)
	{
		if (!standing[i].own && standing[i].lane < capacity)
			diary->busy[diary->count++] = (HfBusy){as_one ? 0 : standing[i].lane, standing[i].span};
	}
}

/* FreeUntil finds the first free times that end by a horizon. */
static int
FreeUntil(const HfTake *take, HfSpan wanted, int64 horizon, HfSpan *found, int max)
{
	const HfRequest *request = take->request;
	HfFreeSearch search = {0};
	int lanes = 0;

	search.count = request->resource_count;
	search.diaries = palloc(sizeof(HfDiary) * search.count);
	for (int r = 0; r < search.count; r++)
	{
		FillDiary(take, r, hf_padded(request, r, (HfSpan){wanted.from, horizon}),
				  &search.diaries[r]);
		lanes += request->capacities[r];
	}
	search.earliest = palloc(sizeof(int64) * lanes);
	search.position = palloc(sizeof(int) * lanes);
	return hf_next_free(&search, wanted.from, wanted.to - wanted.from, horizon, found, max);
}

/* hf_find_free finds the first free times from the wanted one on and of its length. */
int
hf_find_free(const HfTake *take, HfSpan wanted, HfSpan *found, int max)
{
	int count = 0;

	for (int i = 0; i < lengthof(horizons) && count < max; i++)
		count = FreeUntil(take, wanted, wanted.to + horizons[i], found, max);
	return count;
}

/* JsonSpan appends the start and the end of a span. */
static void
JsonSpan(StringInfo json, HfSpan span)
{
	appendStringInfoString(json, "\"start_time\": ");
	hf_json_timestamp(json, span.from);
	appendStringInfoString(json, ", \"end_time\": ");
	hf_json_timestamp(json, span.to);
}

/* JsonClashes appends the occurrences that cannot be had. */
static void
JsonClashes(StringInfo json, const HfTake *take)
{
	const char *separator = "";

	for (int i = 0; i < take->request->occurrence_count; i++)
	{
		if (!take->clash[i])
			continue;
		appendStringInfo(json, "%s{\"index\": %d, ", separator, i);
		JsonSpan(json, take->request->occurrences[i]);
		appendStringInfoChar(json, '}');
		separator = ", ";
	}
}

/* JsonAlternatives appends the next free times for a hold of one occurrence, or a block; a batch has none. */
static void
JsonAlternatives(StringInfo json, const HfTake *take)
{
	const HfRequest *request = take->request;
	HfSpan found[ALTERNATIVES];
	int count = 0;

	if (request->occurrence_count == 1)
		count = hf_find_free(take, request->occurrences[0], found, ALTERNATIVES);
	for (int i = 0; i < count; i++)
	{
		appendStringInfoString(json, i == 0 ? "{" : ", {");
		JsonSpan(json, found[i]);
		appendStringInfoChar(json, '}');
	}
}

/* hf_retry_after is in how many seconds the last hold in the way expires, or -1 when something else is in it. */
int
hf_retry_after(const HfTake *take)
{
	int64 seconds;

	if (take->free_at == HF_NEVER)
		return -1;
	if (take->free_at <= take->now)
		return 1;
	seconds = (take->free_at - take->now + USECS_PER_SEC - 1) / USECS_PER_SEC;
	return (int) Min(seconds, PG_INT32_MAX);
}

/* hf_conflict_details is the JSON object of a slot_conflict. */
char *
hf_conflict_details(const HfTake *take)
{
	StringInfoData json;
	int retry_after = hf_retry_after(take);

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"conflicts\": [");
	JsonClashes(&json, take);
	appendStringInfoString(&json, "], \"retry_after_seconds\": ");
	if (retry_after < 0)
		appendStringInfoString(&json, "null");
	else
		appendStringInfo(&json, "%d", retry_after);
	appendStringInfoString(&json, ", \"alternatives\": [");
	JsonAlternatives(&json, take);
	appendStringInfoString(&json, "]}");
	return json.data;
}

/* hf_contention_details is that object when somebody was in the way of we do not know which occurrence. */
char *
hf_contention_details(const HfRequest *request)
{
	StringInfoData json;
	HfTake take = {0};

	take.request = request;
	take.clash = palloc(sizeof(bool) * request->occurrence_count);
	memset(take.clash, true, sizeof(bool) * request->occurrence_count);
	initStringInfo(&json);
	appendStringInfoString(&json, "{\"conflicts\": [");
	JsonClashes(&json, &take);
	appendStringInfoString(&json, "], \"retry_after_seconds\": 1, \"alternatives\": []}");
	return json.data;
}

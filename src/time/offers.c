/*
 * offers.c
 *		working_windows(), offered_slots() and offered_page(): when resources work, and the slots that can be held of them.
 *
 * Where only the first slots are asked for, time is searched in portions, each long enough for as many if two thirds of it are
 * free, and the next twice as long. Within a portion resources are searched one after another, by id, each only before the
 * last slot that is still wanted, and what is taken of some is read together. So a first page reads what is taken of the next
 * hours, and not of the whole time.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "base/clock.h"
#include "errors.h"
#include "time/schedule.h"
#include "time/slots.h"

#define MAX_OFFERS 1000000

PG_FUNCTION_INFO_V1(hf_working_windows);
PG_FUNCTION_INFO_V1(hf_offered_slots);
PG_FUNCTION_INFO_V1(hf_offered_page);

/* Search is one call of offered_slots. */
typedef struct Search
{
	HfSchedule schedule;
	HfBlocks *blocks;
	int64 duration;
	HfOffers offers;
	int room;
	HfOffer after;			/* no offer is before the one after this */
	HfSpans attendee;		/* what is taken of who comes */
	int active;				/* resources that may have slots */
	int64 step;				/* the shortest of theirs */
	MemoryContext context;	/* of one resource */
	HfResource *resource;	/* the one at hand */
	int place;				/* of it */
	const HfSlotSpan *away; /* what is not behind the search yet */
	const HfSlotSpan *busy;
} Search;

/* Required is an argument that must not be null. */
static Datum
Required(FunctionCallInfo fcinfo, int arg, const char *name)
{
	if (PG_ARGISNULL(arg))
		hf_raise_invalid(name, "must not be null");
	return PG_GETARG_DATUM(arg);
}

/* Overlaps tells whether a slot touches any of ascending spans, of which *next are those not behind it. */
static bool
Overlaps(const HfSpans *spans, const HfSlotSpan **next, int64 start, int64 end)
{
	const HfSlotSpan *last = spans->spans + spans->count;

	while (*next < last && (*next)->end <= start)
		(*next)++;
	return *next < last && (*next)->start < end;
}

/* TakeOffer takes a slot of the resource at hand, if it is wanted; false when those after it cannot be. */
static bool
TakeOffer(void *arg, int64_t start, int64_t end)
{
	Search *search = arg;
	HfOffer offer = {start, search->place};

	if (!hf_offers_want(&search->offers, offer))
		return false;
	if ((offer.start == search->after.start && offer.resource <= search->after.resource) ||
		Overlaps(&search->resource->away, &search->away, start, end) ||
		Overlaps(&search->attendee, &search->busy, start, end))
		return true;
	if (search->offers.count == search->room && search->room < search->offers.most)
	{
		if (search->room >= MAX_OFFERS)
			hf_raise_invalid("to_time", "is too far ahead: there are more than a million slots");
		search->room = Min(search->offers.most, search->room * 2);
		search->offers.offers =
			repalloc_huge(search->offers.offers, sizeof(HfOffer) * search->room);
		CHECK_FOR_INTERRUPTS();
	}
	hf_offers_take(&search->offers, offer);
	return true;
}

/*
 * Prepare makes the windows of a resource and turns its query into what is asked of it; not_after is that of starts until
 * SearchResource().
 */
static void
Prepare(Search *search, HfResource *resource)
{
	HfSlotQuery *query = &resource->query;

	query->duration = search->duration;
	if (query->step == 0)
		query->step = query->duration;
	query->not_before = Max(query->not_before, Max(search->schedule.from, search->after.start));
	query->not_after = Min(query->not_after, search->schedule.to - 1);
	if (!resource->is_offered || query->not_before > query->not_after)
		return;
	hf_resource_windows(&search->schedule, resource);
	if (resource->window_count == 0)
		return;
	resource->away.count = hf_spans_join(resource->away.spans, resource->away.count);
	search->step = search->active++ == 0 ? query->step : Min(search->step, query->step);
}

/* Pass leaves behind the windows that end before a time; false when there are no starts from then on. */
static bool
Pass(HfResource *resource, int64 time)
{
	while (resource->passed < resource->window_count &&
		   resource->windows[resource->passed].end <= time)
		resource->passed++;
	return resource->passed < resource->window_count &&
		   resource->windows[resource->passed].start <= resource->query.not_after;
}

/* NextStart is the first time from a time on at which anybody may have a slot; PG_INT64_MAX when there is none. */
static int64
NextStart(const Search *search, int64 time)
{
	int64 next = PG_INT64_MAX;

	for (int i = 0; i < search->schedule.count; i++)
	{
		HfResource *resource = &search->schedule.found[i];
		int64 from = Max(time, resource->query.not_before);

		if (from <= resource->query.not_after && Pass(resource, from))
			next = Min(next, Max(from, resource->windows[resource->passed].start));
	}
	return next;
}

/* Share is what is asked of a resource in a portion of time. */
typedef struct Share
{
	HfSlotQuery query;
	const HfSlotSpan *windows;
	int window_count;
	HfAsked asked;
} Share;

/* TakeShare finds it; false when no slot of the resource is wanted. first and last bound starts. */
static bool
TakeShare(const Search *search, HfResource *resource, int64 first, int64 last, Share *share)
{
	HfSlotQuery *query = &share->query;

	*query = resource->query;
	query->not_before = Max(query->not_before, first);
	last = Min(last, query->not_after);
	/* those found so late are of resources before this one */
	if (search->offers.count == search->offers.most)
		last = Min(last, search->offers.offers[0].start - 1);
	query->not_after = last + query->duration;
	if (query->not_before > last || !Pass(resource, query->not_before) ||
		resource->windows[resource->passed].start > last)
		return false;
	share->windows = &resource->windows[resource->passed];
	share->window_count = resource->window_count - resource->passed;
	share->asked =
		(HfAsked){&resource->id, hf_busy_time(query, share->windows, share->window_count)};
	return true;
}

/* SearchResource looks for the slots of the resource at hand that start within a portion of time. */
static void
SearchResource(Search *search, int64 first, int64 last)
{
	HfResource *resource = search->resource;
	Share share;

	if (!TakeShare(search, resource, first, last, &share))
		return;
	search->away = resource->away.spans;
	search->busy = search->attendee.spans;
	hf_slots_find(&share.query, share.windows, share.window_count, resource->starts.spans,
				  resource->starts.count,
				  hf_lanes_read(search->blocks, share.asked, resource->capacity),
				  resource->capacity, TakeOffer, search);
}

/* AskTogether says whose blocks are going to be read next, as far as is known beforehand; returns up to which resource. */
static int
AskTogether(Search *search, int64 first, int64 last)
{
	HfAsked asked[HF_ASKED_AT_ONCE];
	int place = search->place;
	int count = 0;

	for (; place < search->schedule.count && count < HF_ASKED_AT_ONCE; place++)
	{
		Share share;

		if (TakeShare(search, &search->schedule.found[place], first, last, &share))
			asked[count++] = share.asked;
	}
	hf_blocks_ask(search->blocks, asked, count);
	return place;
}

/* SearchPortion looks for the slots of all resources that start within a portion of time. */
static void
SearchPortion(Search *search, int64 first, int64 last)
{
	MemoryContext old = MemoryContextSwitchTo(search->context);
	int together = 0;

	for (search->place = 0; search->place < search->schedule.count; search->place++)
	{
		CHECK_FOR_INTERRUPTS();
		if (search->place == together)
			together = AskTogether(search, first, last);
		search->resource = &search->schedule.found[search->place];
		SearchResource(search, first, last);
		MemoryContextReset(search->context);
	}
	MemoryContextSwitchTo(old);
}

/* FindOffers looks for the slots that are asked for, and puts them in order. */
static void
FindOffers(Search *search)
{
	int64 end = search->schedule.to - 1;
	int64 first;
	int64 last = search->schedule.from - 1;
	int64 longer = 1;

	for (int i = 0; i < search->schedule.count; i++)
		Prepare(search, &search->schedule.found[i]);
	while (last < end && search->offers.count < search->offers.most &&
		   (first = NextStart(search, last + 1)) <= end)
	{
		int64 wanted = (int64) (search->offers.most - search->offers.count) * 3 / 2;
		int64 steps = (wanted + search->active - 1) / search->active * longer - 1;

		last = steps > (end - first) / search->step ? end : first + steps * search->step;
		SearchPortion(search, first, last);
		longer *= 2;
	}
	hf_offers_sort(&search->offers);
}

/* ReadAttendee reads what is taken of who comes; in whichever lane. */
static void
ReadAttendee(Search *search, const pg_uuid_t *attendee)
{
	HfSpan within = {search->schedule.from,
					 Max(search->schedule.from, search->schedule.to) + search->duration};
	const HfReadBlock *found;
	int count = hf_blocks_read(search->blocks, (HfAsked){attendee, within}, &found);

	search->attendee.spans = palloc(sizeof(HfSlotSpan) * Max(count, 1));
	for (int i = 0; i < count; i++)
		search->attendee.spans[i] = (HfSlotSpan){found[i].span.from, found[i].span.to};
	search->attendee.count = hf_spans_join(search->attendee.spans, count);
}

/* ReadAfter reads where the last page ended. */
static void
ReadAfter(FunctionCallInfo fcinfo, Search *search)
{
	const HfSchedule *schedule = &search->schedule;
	const pg_uuid_t *id;

	search->after = (HfOffer){PG_INT64_MIN / 2, -1};
	if (PG_ARGISNULL(10) || PG_ARGISNULL(11))
		return;
	search->after.start = PG_GETARG_TIMESTAMPTZ(10);
	if (TIMESTAMP_NOT_FINITE(search->after.start))
		hf_raise_invalid("after_start", "must be finite");
	id = PG_GETARG_UUID_P(11);
	while (search->after.resource + 1 < schedule->count &&
		   memcmp(&schedule->found[search->after.resource + 1].id, id, UUID_LEN) <= 0)
		search->after.resource++;
}

/* ReadSearch unpacks the arguments that searches share, and reads resources and schedules. */
static void
ReadSearch(FunctionCallInfo fcinfo, Search *search, int most)
{
	HfSchedule *schedule = &search->schedule;

	schedule->resources = DatumGetObjectId(Required(fcinfo, 1, "resources"));
	schedule->schedule = DatumGetObjectId(Required(fcinfo, 2, "schedule"));
	schedule->organization = Required(fcinfo, 3, "organization_id");
	schedule->ids = Required(fcinfo, 4, "resource_ids");
	search->duration =
		hf_interval_length(DatumGetIntervalP(Required(fcinfo, 5, "duration")), "duration", 1);
	schedule->from = DatumGetTimestampTz(Required(fcinfo, 6, "from_time"));
	schedule->to = DatumGetTimestampTz(Required(fcinfo, 7, "to_time"));
	schedule->now = hf_clock_now();
	hf_schedule_read(schedule);
	ReadAfter(fcinfo, search);
	search->room = Min(most, 128);
	search->offers = (HfOffers){palloc(sizeof(HfOffer) * search->room), 0, most};
}

/*
 * RunSearch finds the first offers. The arguments are: calendar, resources, schedule, organization_id, resource_ids, duration,
 * from_time, to_time, attendee, (how many), after_start, after_id.
 */
static void
RunSearch(FunctionCallInfo fcinfo, Search *search, int most)
{
	ReadSearch(fcinfo, search, most);
	search->context =
		AllocSetContextCreate(CurrentMemoryContext, "offered_slots", ALLOCSET_DEFAULT_SIZES);
	search->blocks =
		hf_blocks_open(DatumGetObjectId(Required(fcinfo, 0, "calendar")),
					   DatumGetUUIDP(search->schedule.organization), search->schedule.now);
	if (!PG_ARGISNULL(8))
		ReadAttendee(search, PG_GETARG_UUID_P(8));
	FindOffers(search);
	hf_blocks_close(search->blocks);
	MemoryContextDelete(search->context);
}

/* offered_slots(calendar, ..., max_count, after_start, after_id) */
Datum
hf_offered_slots(PG_FUNCTION_ARGS)
{
	Search search = {0};
	HfSlotResult result;
	int most = PG_ARGISNULL(9) ? PG_INT32_MAX : PG_GETARG_INT32(9);

	if (most < 1)
		hf_raise_invalid("max_count", "must be positive");
	hf_slot_result_begin(&result, fcinfo);
	RunSearch(fcinfo, &search, most);
	for (int i = 0; i < search.offers.count; i++)
	{
		const HfOffer *offer = &search.offers.offers[i];

		hf_slot_result_put(&result, &search.schedule.found[offer->resource].id, offer->start,
						   offer->start + search.duration);
	}
	hf_slot_result_end(&result);
	return (Datum) 0;
}

/* offered_page(calendar, ..., page_size, after_start, after_id, time_zone, id_key) */
Datum
hf_offered_page(PG_FUNCTION_ARGS)
{
	Search search = {0};
	HfPageSlot *slots;
	int page_size = DatumGetInt32(Required(fcinfo, 9, "page_size"));
	const text *zone = DatumGetTextPP(Required(fcinfo, 12, "time_zone"));
	const text *id_key = DatumGetTextPP(Required(fcinfo, 13, "id_key"));

	if (page_size < 1 || page_size >= MAX_OFFERS)
		hf_raise_invalid("page_size", "must be from 1 to 999999");
	RunSearch(fcinfo, &search, page_size + 1);
	slots = palloc(sizeof(HfPageSlot) * Max(search.offers.count, 1));
	for (int i = 0; i < search.offers.count; i++)
		slots[i] = (HfPageSlot){&search.schedule.found[search.offers.offers[i].resource].id,
								search.offers.offers[i].start};
	return hf_slot_page_make(slots, search.offers.count, search.duration, zone, page_size, id_key);
}

/* SpansDatum makes a tstzmultirange of spans, or of instants. */
static Datum
SpansDatum(const HfSlotSpan *spans, int count, bool instants)
{
	TypeCacheEntry *type = lookup_type_cache(TSTZMULTIRANGEOID, TYPECACHE_MULTIRANGE_INFO);
	RangeType **ranges = palloc(sizeof(RangeType *) * Max(count, 1));

	for (int i = 0; i < count; i++)
	{
		RangeBound lower = {
			.val = TimestampTzGetDatum(spans[i].start), .inclusive = true, .lower = true};
		RangeBound upper = {.val = TimestampTzGetDatum(spans[i].end), .inclusive = instants};

		ranges[i] = hf_compat_make_range(type->rngtype, &lower, &upper);
	}
	return MultirangeTypePGetDatum(
		make_multirange(TSTZMULTIRANGEOID, type->rngtype, count, ranges));
}

/* PutWindows writes the row of a resource. */
static void
PutWindows(const HfSchedule *schedule, HfResource *resource, ReturnSetInfo *rsinfo)
{
	Datum values[3];
	bool nulls[3] = {false};

	if (resource->windows == NULL)
		hf_resource_windows(schedule, resource);
	values[0] = UUIDPGetDatum(&resource->id);
	values[1] = SpansDatum(resource->windows, resource->window_count, false);
	values[2] = SpansDatum(resource->starts.spans, resource->starts.count, true);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* working_windows(resources, schedule, organization_id, resource_ids, from_time, to_time) */
Datum
hf_working_windows(PG_FUNCTION_ARGS)
{
	HfSchedule schedule = {0};
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum *ids;
	bool *nulls;
	int count;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(4) || PG_ARGISNULL(5))
		return (Datum) 0;
	schedule.resources = DatumGetObjectId(Required(fcinfo, 0, "resources"));
	schedule.schedule = DatumGetObjectId(Required(fcinfo, 1, "schedule"));
	schedule.organization = Required(fcinfo, 2, "organization_id");
	schedule.ids = Required(fcinfo, 3, "resource_ids");
	schedule.from = PG_GETARG_TIMESTAMPTZ(4);
	schedule.to = PG_GETARG_TIMESTAMPTZ(5);
	schedule.now = hf_clock_now();
	hf_schedule_read(&schedule);
	deconstruct_array(DatumGetArrayTypeP(schedule.ids), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR,
					  &ids, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		HfResource *resource = nulls[i] ? NULL : hf_schedule_find(&schedule, DatumGetUUIDP(ids[i]));

		if (resource != NULL)
			PutWindows(&schedule, resource, rsinfo);
	}
	return (Datum) 0;
}

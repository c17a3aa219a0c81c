/*
 * schedule.h
 *		Resources and when they work, read from tables or views of the caller's; see sql/extension/schedule.sql.
 */
#ifndef HOLDFAST_SCHEDULE_H
#define HOLDFAST_SCHEDULE_H

#include "datatype/timestamp.h"
#include "pgtime.h"
#include "utils/uuid.h"

#include "time/schedule_core.h"

/* Spans that are being collected. */
typedef struct HfSpans
{
	HfSlotSpan *spans;
	int count;
	int room;
} HfSpans;

typedef struct HfResource
{
	pg_uuid_t id;
	pg_tz *zone;
	bool is_offered;
	bool is_always; /* works at all times, where the schedule has no shifts of theirs */
	bool has_shifts;
	int capacity;
	HfSlotQuery query; /* duration is 0, step is 0 where it is that of the slot */
	HfSpans open;
	HfSpans starts; /* instants, from which offered starts are counted anew */
	HfSpans closed;
	HfSpans away;
	HfSlotSpan *windows; /* hf_resource_windows() */
	int window_count;
	int passed; /* how many of them are behind a search */
} HfResource;

/* What is asked about. */
typedef struct HfSchedule
{
	Oid resources;
	Oid schedule;
	Datum organization;
	Datum ids; /* uuid[] */
	TimestampTz from;
	TimestampTz to;
	TimestampTz now;
	HfResource *found; /* by id */
	int count;
} HfSchedule;

/* Reads the resources that are named and what their schedules say around the time asked about. */
extern void hf_schedule_read(HfSchedule *schedule);

/* The resource of an id, or NULL. */
extern HfResource *hf_schedule_find(const HfSchedule *schedule, const pg_uuid_t *id);

/* Makes the windows of a resource, and puts its starts in order. */
extern void hf_resource_windows(const HfSchedule *schedule, HfResource *resource);

#endif

/*
 * calendar.h
 *		What the parts of the calendar share.
 *
 * calendar.c		SQL boundary
 * calendar_create.c	create_calendar
 * calendar_args.c	unpacks and checks arguments
 * calendar_table.c	what is known of a calendar's table
 * calendar_take.c	holds and blocks: lock, choose lanes, write
 * calendar_write.c	the two ways to write
 * calendar_survey.c	what stands in the calendar, and the answer when something does
 * calendar_batch.c	reads the batch that a hold belongs to
 * calendar_family.c	confirm, release, extend
 * calendar_remove.c	unblock, and what a booking leaves behind
 * calendar_sweep.c	expire
 * calendar_read.c		conflicts
 * calendar_blocks.c	the blocks of many resources, for free_slots
 * calendar_core.c	spans, lanes, free times, keys
 */
#ifndef HOLDFAST_CALENDAR_H
#define HOLDFAST_CALENDAR_H

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "nodes/execnodes.h"
#include "nodes/parsenodes.h"
#include "storage/itemptr.h"
#include "storage/lockdefs.h"
#include "utils/relcache.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "base/args.h"
#include "base/row_checks.h"
#include "calendar/calendar_core.h"

#define HF_MAX_RESOURCES   100
#define HF_MAX_OCCURRENCES 1000
#define HF_MAX_BLOCKS	   10000
#define HF_MAX_CAPACITY	   1000
#define HF_MAX_BUFFER	   USECS_PER_DAY
#define HF_MAX_LENGTH	   (366 * USECS_PER_DAY)

/* The time at which something that is no hold ends of itself. */
#define HF_NEVER PG_INT64_MAX

/* The columns of a calendar, in the order in which create_calendar() makes them. */
enum
{
	HF_COL_ORGANIZATION,
	HF_COL_RESOURCE,
	HF_COL_LANE,
	HF_COL_DURING,
	HF_COL_STARTS,
	HF_COL_ENDS,
	HF_COL_KIND,
	HF_COL_HOLD_KEY,
	HF_COL_BATCH_KEY,
	HF_COL_REFERENCE,
	HF_COL_HOLDER,
	HF_COL_REPLACES,
	HF_COL_EXPIRES,
	HF_COL_CREATED,
	HF_COL_BATCH_SIZE,
	HF_COLUMNS
};

typedef enum HfKind
{
	HF_BUSY,
	HF_TENTATIVE,
	HF_UNAVAILABLE,
	HF_KINDS
} HfKind;

extern const char *const hf_kind_names[HF_KINDS];

/* What is kept of a calendar's table until the table changes. */
typedef struct HfCalendar
{
	Oid relid;
	bool known;			/* the rest is filled in and up to date */
	Oid primary;		/* the index of the primary key, or InvalidOid when it is another */
	Oid exclusion;		/* the index of the exclusion constraint, or InvalidOid when it is gone */
	HfChecks *checks;	/* its CHECK constraints; NULL when it asks for the executor */
	bool notes_deletes; /* a DELETE fires something */
	bool notes_updates; /* an UPDATE does */
	AttrNumber hold_key_attnum;
	AttrNumber expires_attnum;
	bool
		covers; /* the exclusion constraint's index has the hold keys, and a read of it leaves nothing out */
} HfCalendar;

/* Who wants what: the arguments of hold() and block(), checked. */
typedef struct HfRequest
{
	const HfCalendar *calendar;
	pg_uuid_t organization;
	pg_uuid_t *resources;
	int *capacities;
	int64 *before;
	int64 *after;
	int resource_count;
	HfSpan *occurrences;
	int occurrence_count;
	HfKind kind;
	int64 ttl;				  /* of a hold, in microseconds */
	HfOptionalUuid holder;	  /* of a hold */
	HfOptionalUuid replaces;  /* of a hold */
	HfOptionalUuid reference; /* of a block */
} HfRequest;

/* One row to be written. */
typedef struct HfBlock
{
	int resource;	/* which of the request's */
	int occurrence; /* which of the request's */
	int lane;
	bool lane_is_fixed; /* a block() takes every lane; a hold, the first that is free */
	bool guard;
	HfSpan occupied; /* buffers included */
	HfSpan booked;
	pg_uuid_t hold_key;
} HfBlock;

/* One attempt to fulfil a request. */
typedef struct HfTake
{
	const HfRequest *request;
	TimestampTz now;	 /* read after the locks, and before every look */
	TimestampTz made_at; /* that of the first row, and so of them all */
	pg_uuid_t batch_key;
	HfBlock *blocks; /* by resource, then by start; guards at the end */
	int count;
	int main_count; /* without the guards */
	int room;
	int written;   /* how many of them are in the table */
	bool *clash;   /* which occurrences cannot be had */
	int64 free_at; /* when the last hold in the way expires, or HF_NEVER */
} HfTake;

/* One block that stands in the calendar. */
typedef struct HfStanding
{
	int lane; /* a shadow stands for the lane it will move to */
	HfSpan span;
	int64 expires_at; /* HF_NEVER when it is no hold */
	bool own;		  /* belongs to the reference that the request replaces */
} HfStanding;

/* calendar_table.c */
extern void hf_calendar_init(void);
extern const HfCalendar *hf_calendar_open(Oid relid, AclMode mode, LOCKMODE lockmode);
extern bool hf_calendar_is_direct(const HfCalendar *calendar);
extern const HfCalendar *hf_calendar_read_direct(Relation rel);

/* calendar_args.c */
extern HfSpan hf_padded(const HfRequest *request, int resource, HfSpan span);
extern Oid hf_arg_calendar(FunctionCallInfo fcinfo, int arg);
extern int64 hf_arg_ttl(FunctionCallInfo fcinfo, int arg, bool cap);
extern HfSpan hf_arg_span(FunctionCallInfo fcinfo, int arg);
extern void hf_arg_resources(FunctionCallInfo fcinfo, int arg, HfRequest *request);
extern void hf_arg_occurrences(FunctionCallInfo fcinfo, int arg, HfRequest *request);
extern void hf_arg_capacities(FunctionCallInfo fcinfo, int capacities, int before, int after,
							  HfRequest *request);
extern pg_uuid_t *hf_arg_references(FunctionCallInfo fcinfo, int arg, int *count);
extern HfKind hf_arg_kind(FunctionCallInfo fcinfo, int arg);

/* calendar_take.c */
extern bool hf_take(HfTake *take);
extern void hf_take_begin(HfTake *take, const HfRequest *request);

/* calendar_write.c: writes the blocks from take->written on; false when something else is in the way of the next. */
extern bool hf_write(HfTake *take);
extern Datum hf_span_datum(HfSpan span);

/* calendar_survey.c */
extern int hf_survey(const HfTake *take, int resource, const HfSpan *spans, int span_count,
					 bool tidy, HfStanding **standing);
extern int hf_find_free(const HfTake *take, HfSpan wanted, HfSpan *found, int max);
extern char *hf_conflict_details(const HfTake *take);
extern char *hf_contention_details(const HfRequest *request);
extern int hf_retry_after(const HfTake *take);

/* One row of a batch. */
typedef struct HfFamilyRow
{
	ItemPointerData tid; /* where it was read, when that was without the executor */
	pg_uuid_t hold_key;
	pg_uuid_t batch_key;
	pg_uuid_t resource;
	pg_uuid_t reference;
	HfSpan booked;
	HfKind kind;
	TimestampTz expires_at;
	TimestampTz created_at;
	HfOptionalUuid replaces;
	int batch_size; /* how many rows the batch was made of */
} HfFamilyRow;

/* The batch that a hold belongs to, and what is to become of it. */
typedef struct HfFamily
{
	const HfCalendar *calendar;
	pg_uuid_t organization;
	pg_uuid_t hold_key; /* any of the batch */
	pg_uuid_t low;		/* the range of its keys */
	pg_uuid_t high;
	pg_uuid_t batch_key;
	MemoryContext context; /* in which the rows outlive the call */
	HfFamilyRow *rows;
	int count;
	int room;
	TimestampTz now;	   /* read after the locks */
	pg_uuid_t *references; /* confirm: NULL for the hold keys */
	int reference_count;
	int64 ttl;				/* extend */
	TimestampTz expires_at; /* extend: the result */
	int released;			/* release: the result */
} HfFamily;

/* The end of everything that goes by a reference. */
typedef struct HfRemoval
{
	const HfCalendar *calendar;
	pg_uuid_t organization;
	pg_uuid_t reference;
	pg_uuid_t successor; /* the batch that takes its place, if any */
	TimestampTz now;
	int removed; /* the result */
} HfRemoval;

/* calendar_batch.c */
extern void hf_read_family(HfFamily *family);
extern int hf_delete_family(const HfFamily *family);
extern int hf_confirm_family(const HfFamily *family);
extern bool hf_is_guard(const HfFamilyRow *row);

/* calendar_family.c */
extern bool hf_confirm(void *family);
extern bool hf_release(void *family);
extern bool hf_extend(void *family);

/* calendar_remove.c */
extern bool hf_remove(void *removal);
extern int hf_reference_resources(const HfRemoval *removal, pg_uuid_t **resources);
extern void hf_remove_reference(HfRemoval *removal);

/* calendar_read.c: puts what stands in the way of a request, as the caller may see it. */
extern void hf_put_conflicts(const HfRequest *request, Datum resources, Datum spans,
							 Tuplestorestate *result, TupleDesc desc);

/* One block that was read. */
typedef struct HfReadBlock
{
	int lane;
	HfSpan span;
} HfReadBlock;

/* The blocks of a resource that overlap a time. */
typedef struct HfAsked
{
	const pg_uuid_t *resource;
	HfSpan within;
} HfAsked;

#define HF_ASKED_AT_ONCE 64

typedef struct HfBlocks HfBlocks;

/*
 * calendar_blocks.c: reads the blocks of resources, as the caller may see them and on the caller's snapshot; without holds that
 * have lapsed. They come in no order, perhaps with some that do not overlap the time, and last until the next are read. What is
 * asked for together, at most HF_ASKED_AT_ONCE, and then read one after another costs less.
 */
extern HfBlocks *hf_blocks_open(Oid relid, const pg_uuid_t *organization, TimestampTz now);
extern void hf_blocks_ask(HfBlocks *blocks, const HfAsked *asked, int count);
extern int hf_blocks_read(HfBlocks *blocks, HfAsked asked, const HfReadBlock **found);
extern void hf_blocks_close(HfBlocks *blocks);

/* One sweep of expire(). */
typedef struct HfSweep
{
	const HfCalendar *calendar;
	int batch;
	int removed; /* the result */
} HfSweep;

/* calendar_sweep.c: runs as the calendar's owner. */
extern void hf_sweep(void *sweep);

/* The key below which no block of a calendar is a hold, as expire() has left it; false when that is not known. */
extern bool hf_calendar_swept(Oid relid, pg_uuid_t *key);

#endif

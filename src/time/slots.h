/*
 * slots.h
 *		What the boundaries of free_slots() and offered_slots() share.
 */
#ifndef HOLDFAST_SLOTS_H
#define HOLDFAST_SLOTS_H

#include "datatype/timestamp.h"
#include "executor/tuptable.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "calendar/calendar.h"
#include "time/slots_core.h"

/* The length of an interval without months, which does not depend on when it is applied; invalid_input otherwise. */
extern int64 hf_interval_length(const Interval *interval, const char *name, int64 minimum);

/* A row of a result: none of its columns is null, of varying length, or padded. */
typedef struct HfSlotRow
{
	pg_uuid_t resource;
	TimestampTz starts_at;
	TimestampTz ends_at;
} HfSlotRow;

/* A result of slots. */
typedef struct HfSlotResult
{
	Tuplestorestate *store;
	TupleTableSlot *slot;
	HfSlotRow *row; /* what the slot holds */
} HfSlotResult;

extern void hf_slot_result_begin(HfSlotResult *result, FunctionCallInfo fcinfo);
extern void
hf_slot_result_put(HfSlotResult *result, const pg_uuid_t *resource, int64 start, int64 end);
extern void hf_slot_result_end(HfSlotResult *result);

/* A slot of a page. */
typedef struct HfPageSlot
{
	const pg_uuid_t *id;
	TimestampTz start;
} HfPageSlot;

/* The JSON of a page: see slot_page(). */
extern Datum hf_slot_page_make(const HfPageSlot *slots, int count, int64 duration, const text *zone,
							   int page_size, const text *id_key);

/* Reads what is taken of a resource in a time, lane by lane; lanes past the capacity do not count. */
extern HfLane *hf_lanes_read(HfBlocks *blocks, HfAsked asked, int capacity);

/* The time in which blocks can matter to windows that are searched. */
extern HfSpan hf_busy_time(const HfSlotQuery *query, const HfSlotSpan *windows, int window_count);

#endif

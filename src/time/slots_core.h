/*
 * slots_core.h
 *		Free slots of one resource: windows minus busy spans, on a grid. Pure C; times are microseconds.
 */
#ifndef HOLDFAST_SLOTS_CORE_H
#define HOLDFAST_SLOTS_CORE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct HfSlotSpan
{
	int64_t start;
	int64_t end;
} HfSlotSpan;

typedef struct HfSlotQuery
{
	int64_t duration; /* of a slot, > 0 */
	int64_t step;	  /* from one slot's start to the next, counted from each beginning, > 0 */
	int64_t before;	  /* what must be free before a slot, besides it; may reach out of the window */
	int64_t after;	  /* the same after it */
	int64_t not_before; /* no slot starts earlier */
	int64_t not_after;	/* no slot ends later */
} HfSlotQuery;

/* One lane of a resource: its busy spans, ascending and disjoint, and how many are behind the slot at hand. */
typedef struct HfLane
{
	const HfSlotSpan *busy;
	int nbusy;
	int passed;
} HfLane;

/* Takes a slot; returns false to end the search. */
typedef bool (*HfSlotSink)(void *arg, int64_t start, int64_t end);

/*
 * Finds every slot that lies in a window and leaves at least one lane free, ascending. windows are ascending and
 * disjoint. Starts are counted from the start of the window, and anew from each beginning within it; beginnings ascend
 * too. The work is linear in windows, beginnings, busy spans and slots found.
 */
extern void hf_slots_find(const HfSlotQuery *query, const HfSlotSpan *windows, int nwindows,
						  const HfSlotSpan *beginnings, int nbeginnings, HfLane *lanes, int nlanes,
						  HfSlotSink sink, void *arg);

#endif

/*
 * calendar_core.h
 *		The arithmetic of a calendar: spans, lanes, free times and the keys of a batch, without a database.
 */
#ifndef HOLDFAST_CALENDAR_CORE_H
#define HOLDFAST_CALENDAR_CORE_H

#include <stdbool.h>
#include <stdint.h>

/* A span of time in microseconds, [from, to). */
typedef struct HfSpan
{
	int64_t from;
	int64_t to;
} HfSpan;

/* One block in one lane of a resource. */
typedef struct HfBusy
{
	int lane;
	HfSpan span;
} HfBusy;

/*
 * A resource of capacity n has the lanes 0 to n - 1. A hold that replaces a booking which still stands waits in the
 * shadow of the lane it will move to, because the booking is in that lane.
 */
#define HF_SHADOW(lane) (-1 - (lane))

/*
 * What one resource asks of a time: a lane that is free from before until after it.
 */
typedef struct HfDiary
{
	int capacity;
	int64_t before;
	int64_t after;
	HfBusy *busy; /* any order; hf_next_free sorts it */
	int count;
} HfDiary;

/* Do two spans share time? */
static inline bool
hf_span_overlaps(HfSpan a, HfSpan b)
{
	return a.from < b.to && b.from < a.to;
}

/* How many of the spans hold at the same moment, at most. Sorts nothing of the caller's; scratch has room for 2n. */
extern int hf_spans_depth(const HfSpan *spans, int count, int64_t *scratch);

/* The lowest lane below capacity in which nothing overlaps want, or -1. used has room for capacity flags. */
extern int hf_first_free_lane(const HfBusy *busy, int count, HfSpan want, int capacity, bool *used);

/* The parts of want that no hole covers, ascending; out has room for count + 1. Sorts holes. */
extern int hf_span_subtract(HfSpan want, HfSpan *holes, int count, HfSpan *out);

/*
 * The first times of a length, from the given one on and ending by the horizon, that every diary can take; each
 * starts at or after the end of the one before. earliest has room for the sum of the capacities, and so has
 * position.
 */
typedef struct HfFreeSearch
{
	HfDiary *diaries;
	int count;
	int64_t *earliest;
	int *position;
} HfFreeSearch;

extern int hf_next_free(HfFreeSearch *search, int64_t from, int64_t length, int64_t horizon,
						HfSpan *out, int max);

/*
 * The keys of a batch differ in their last 16 bits only: the ordinal of the occurrence, or, from HF_GUARD_ORDINAL on,
 * of a guard (see calendar_take.c). So a batch is one range of keys.
 */
#define HF_KEY_SIZE		 16
#define HF_GUARD_ORDINAL 0x8000

extern void hf_key_set_ordinal(uint8_t key[HF_KEY_SIZE], int ordinal);
extern int hf_key_ordinal(const uint8_t key[HF_KEY_SIZE]);

#endif

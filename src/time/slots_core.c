/*
 * slots_core.c
 *		The search for free slots.
 *
 * Candidates ascend, so each lane's position only moves forward; after a conflict the search jumps past the
 * busy span that ends first, instead of trying every step below it.
 */
#include "time/slots_core.h"

/*
 * EarliestStart returns start itself when some lane is free around it, else the first time at which a lane that
 * blocks it may be free.
 */
static int64_t
EarliestStart(const HfSlotQuery *query, HfLane *lanes, int nlanes, int64_t start)
{
	int64_t earliest = INT64_MAX;

	for (int i = 0; i < nlanes; i++)
	{
		HfLane *lane = &lanes[i];
		const HfSlotSpan *blocking;
		int64_t next;

		while (lane->passed < lane->nbusy && lane->busy[lane->passed].end <= start - query->before)
			lane->passed++;
		blocking = &lane->busy[lane->passed];
		if (lane->passed == lane->nbusy ||
			blocking->start >= start + query->duration + query->after)
			return start;
		next = blocking->end + query->before;
		if (next < earliest)
			earliest = next;
	}
	return earliest;
}

/* OnGrid is the first point at or after a time of the grid that begins somewhere. */
static int64_t
OnGrid(const HfSlotQuery *query, int64_t begin, int64_t time)
{
	int64_t behind;

	if (time <= begin)
		return begin;
	behind = (time - begin) % query->step;
	return behind == 0 ? time : time + query->step - behind;
}

/* Stretch is a part of a window with one grid: slots start from begin on and before next, and end by end. */
typedef struct Stretch
{
	int64_t begin;
	int64_t next;
	int64_t end;
} Stretch;

/* SearchStretch finds the slots of a stretch; false when the sink has enough. */
static bool
SearchStretch(const HfSlotQuery *query, const Stretch *stretch, HfLane *lanes, int nlanes,
			  HfSlotSink sink, void *arg)
{
	int64_t start = OnGrid(query, stretch->begin, query->not_before);

	while (start < stretch->next && start <= stretch->end - query->duration)
	{
		int64_t free = EarliestStart(query, lanes, nlanes, start);

		if (free == start)
		{
			if (!sink(arg, start, start + query->duration))
				return false;
			start += query->step;
		}
		else if (free > stretch->end)
			break;
		else
			start = OnGrid(query, stretch->begin, free);
	}
	return true;
}

/* hf_slots_find finds the slots; see slots_core.h. */
void
hf_slots_find(const HfSlotQuery *query, const HfSlotSpan *windows, int nwindows,
			  const HfSlotSpan *beginnings, int nbeginnings, HfLane *lanes, int nlanes,
			  HfSlotSink sink, void *arg)
{
	int passed = 0;

	for (int i = 0; i < nwindows; i++)
	{
		const HfSlotSpan *window = &windows[i];
		Stretch stretch = {.next = window->start};

		stretch.end = window->end < query->not_after ? window->end : query->not_after;
		while (stretch.next < stretch.end)
		{
			stretch.begin = stretch.next;
			while (passed < nbeginnings && beginnings[passed].start <= stretch.begin)
				passed++;
			stretch.next = stretch.end;
			if (passed < nbeginnings && beginnings[passed].start < stretch.end)
				stretch.next = beginnings[passed].start;
			if (!SearchStretch(query, &stretch, lanes, nlanes, sink, arg))
				return;
		}
	}
}

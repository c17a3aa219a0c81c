/*
 * slots_core.c
 *		The search for free slots.
 *
 * Candidates ascend, so each lane's position only moves forward; after a conflict the search jumps past the
 * busy span that ends first, instead of trying every step below it.
 */
#include "slots_core.h"

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
		const HfSpan *blocking;
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

/* OnGrid is the first point of a window's grid at or after a time. */
static int64_t
OnGrid(const HfSlotQuery *query, const HfSpan *window, int64_t time)
{
	int64_t behind;

	if (time <= window->start)
		return window->start;
	behind = (time - window->start) % query->step;
	return behind == 0 ? time : time + query->step - behind;
}

/* hf_slots_find finds the slots; see slots_core.h. */
void
hf_slots_find(const HfSlotQuery *query, const HfSpan *windows, int nwindows, HfLane *lanes,
			  int nlanes, HfSlotSink sink, void *arg)
{
	for (int i = 0; i < nwindows; i++)
	{
		const HfSpan *window = &windows[i];
		int64_t end = window->end < query->not_after ? window->end : query->not_after;
		int64_t start = OnGrid(query, window, query->not_before);

		while (start <= end - query->duration)
		{
			int64_t free = EarliestStart(query, lanes, nlanes, start);

			if (free == start)
			{
				if (!sink(arg, start, start + query->duration))
					return;
				start += query->step;
			}
			else if (free > end)
				break;
			else
				start = OnGrid(query, window, free);
		}
	}
}

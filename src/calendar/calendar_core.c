/*
 * calendar_core.c
 *		The arithmetic of a calendar.
 *
 * Nothing here knows a database or allocates: callers bring the room. Spans are half open, so two that touch do not
 * overlap. Sums stay far inside 64 bits: callers keep times within what PostgreSQL can store and lengths under some
 * years.
 */
#include <stdlib.h>
#include <string.h>

#include "calendar/calendar_core.h"

/* CompareTimes orders times for qsort. */
static int
CompareTimes(const void *a, const void *b)
{
	int64_t left = *(const int64_t *) a;
	int64_t right = *(const int64_t *) b;

	return left < right ? -1 : left > right;
}

/* CompareSpans orders spans by their start for qsort. */
static int
CompareSpans(const void *a, const void *b)
{
	return CompareTimes(&((const HfSpan *) a)->from, &((const HfSpan *) b)->from);
}

/* CompareBusy orders blocks by lane, then start, for qsort. */
static int
CompareBusy(const void *a, const void *b)
{
	const HfBusy *left = a;
	const HfBusy *right = b;

	if (left->lane != right->lane)
		return left->lane < right->lane ? -1 : 1;
	return CompareTimes(&left->span.from, &right->span.from);
}

/* hf_spans_depth counts how many spans hold at the same moment, at most. */
int
hf_spans_depth(const HfSpan *spans, int count, int64_t *scratch)
{
	int64_t *starts = scratch;
	int64_t *ends = scratch + count;
	int ended = 0;
	int depth = 0;

	for (int i = 0; i < count; i++)
	{
		starts[i] = spans[i].from;
		ends[i] = spans[i].to;
	}
	qsort(starts, count, sizeof(int64_t), CompareTimes);
	qsort(ends, count, sizeof(int64_t), CompareTimes);
	for (int begun = 0; begun < count; begun++)
	{
		while (ends[ended] <= starts[begun])
			ended++;
		if (begun + 1 - ended > depth)
			depth = begun + 1 - ended;
	}
	return depth;
}

/* hf_first_free_lane finds the lowest lane in which nothing overlaps want. */
int
hf_first_free_lane(const HfBusy *busy, int count, HfSpan want, int capacity, bool *used)
{
	memset(used, 0, sizeof(bool) * capacity);
	for (int i = 0; i < count; i++)
	{
		if (busy[i].lane >= 0 && busy[i].lane < capacity && hf_span_overlaps(busy[i].span, want))
			used[busy[i].lane] = true;
	}
	for (int lane = 0; lane < capacity; lane++)
	{
		if (!used[lane])
			return lane;
	}
	return -1;
}

/* hf_span_subtract lists the parts of want that no hole covers. */
int
hf_span_subtract(HfSpan want, HfSpan *holes, int count, HfSpan *out)
{
	int parts = 0;
	int64_t from = want.from;

	qsort(holes, count, sizeof(HfSpan), CompareSpans);
	for (int i = 0; i < count && from < want.to; i++)
	{
		if (holes[i].to <= from)
			continue;
		if (holes[i].from >= want.to)
			break;
		if (holes[i].from > from)
			out[parts++] = (HfSpan){from, holes[i].from};
		from = holes[i].to;
	}
	if (from < want.to)
		out[parts++] = (HfSpan){from, want.to};
	return parts;
}

/*
 * EarliestInLane is the first start, from the given one on, that one lane can take. *position is the lane's first
 * block that may still matter, and only moves forward.
 */
static int64_t
EarliestInLane(const HfDiary *diary, int lane, int *position, int64_t from, int64_t length)
{
	for (; *position < diary->count && diary->busy[*position].lane == lane; (*position)++)
	{
		HfSpan block = diary->busy[*position].span;

		if (block.from >= from + length + diary->after)
			break;
		if (block.to > from - diary->before)
			from = block.to + diary->before;
	}
	return from;
}

/*
 * EarliestInDiary is the first start, from the given one on, at which some lane is free. A lane's answer stays right
 * until the search has passed it, so it is kept in earliest and asked for again only then.
 */
static int64_t
EarliestInDiary(const HfDiary *diary, int64_t *earliest, int *position, int64_t from,
				int64_t length)
{
	int64_t best = INT64_MAX;

	for (int lane = 0; lane < diary->capacity && best > from; lane++)
	{
		if (earliest[lane] < from)
			earliest[lane] = EarliestInLane(diary, lane, &position[lane], from, length);
		if (earliest[lane] < best)
			best = earliest[lane];
	}
	return best;
}

/* BeginDiary sorts a diary and notes where each lane begins. */
static void
BeginDiary(HfDiary *diary, int64_t *earliest, int *position)
{
	int block = 0;

	qsort(diary->busy, diary->count, sizeof(HfBusy), CompareBusy);
	for (int lane = 0; lane < diary->capacity; lane++)
	{
		while (block < diary->count && diary->busy[block].lane < lane)
			block++;
		position[lane] = block;
		earliest[lane] = INT64_MIN;
	}
}

/* EarliestForAll is the first start, from the given one on, that every diary can take. */
static int64_t
EarliestForAll(HfFreeSearch *search, int64_t from, int64_t length, int64_t horizon)
{
	bool moved = true;

	while (moved && from + length <= horizon)
	{
		int lanes = 0;

		moved = false;
		for (int i = 0; i < search->count; i++)
		{
			HfDiary *diary = &search->diaries[i];
			int64_t start = EarliestInDiary(diary, search->earliest + lanes,
											search->position + lanes, from, length);

			lanes += diary->capacity;
			if (start > from)
			{
				from = start;
				moved = true;
			}
		}
	}
	return from;
}

/* hf_next_free finds the first times that every diary can take. */
int
hf_next_free(HfFreeSearch *search, int64_t from, int64_t length, int64_t horizon, HfSpan *out,
			 int max)
{
	int found = 0;
	int lanes = 0;

	for (int i = 0; i < search->count; i++)
	{
		BeginDiary(&search->diaries[i], search->earliest + lanes, search->position + lanes);
		lanes += search->diaries[i].capacity;
	}
	while (found < max)
	{
		from = EarliestForAll(search, from, length, horizon);
		if (from + length > horizon)
			break;
		out[found++] = (HfSpan){from, from + length};
		from += length;
	}
	return found;
}

/* hf_key_set_ordinal writes the ordinal into a key. */
void
hf_key_set_ordinal(uint8_t key[HF_KEY_SIZE], int ordinal)
{
	key[14] = (uint8_t) (ordinal >> 8);
	key[15] = (uint8_t) ordinal;
}

/* hf_key_ordinal reads it back. */
int
hf_key_ordinal(const uint8_t key[HF_KEY_SIZE])
{
	return key[14] << 8 | key[15];
}

/*
 * calendar.c
 *		The arithmetic of a calendar, on a day of 256 moments: every answer is compared with that of trying each moment.
 */
#include "calendar/calendar_core.h"
#include "fuzz.h"

#define DIARIES	 3
#define LANES	 4
#define BLOCKS	 24
#define FREE	 5
#define MOMENTS	 256
#define CAPACITY (DIARIES * LANES)

/* the input, byte by byte; zero when it is used up */
typedef struct Input
{
	const uint8_t *data;
	size_t size;
} Input;

static int
Next(Input *input, int limit)
{
	if (input->size == 0)
		return 0;
	input->size--;
	return *input->data++ % limit;
}

static HfSpan
NextSpan(Input *input)
{
	int from = Next(input, MOMENTS);

	return (HfSpan){from, from + 1 + Next(input, 40)};
}

/* the most spans that hold at one moment */
static void
CheckDepth(const HfSpan *spans, int count)
{
	int64_t scratch[2 * BLOCKS];
	int most = 0;

	for (int moment = 0; moment < MOMENTS + 41; moment++)
	{
		int depth = 0;

		for (int i = 0; i < count; i++)
			depth += spans[i].from <= moment && moment < spans[i].to;
		most = depth > most ? depth : most;
	}
	PROMISE(hf_spans_depth(spans, count, scratch) == most);
}

/* what is left of a span is what no hole covers, in order */
static void
CheckSubtract(HfSpan want, const HfSpan *spans, int count)
{
	HfSpan holes[BLOCKS];
	HfSpan parts[BLOCKS + 1];
	int part_count;

	memcpy(holes, spans, sizeof(HfSpan) * count);
	part_count = hf_span_subtract(want, holes, count, parts);
	PROMISE(part_count <= count + 1);
	for (int i = 0; i < part_count; i++)
	{
		PROMISE(parts[i].from < parts[i].to);
		PROMISE(i == 0 || parts[i - 1].to < parts[i].from);
	}
	for (int moment = 0; moment < MOMENTS + 41; moment++)
	{
		HfSpan now = {moment, moment + 1};
		bool wanted = hf_span_overlaps(want, now);
		bool left = false;

		for (int i = 0; i < count; i++)
			wanted = wanted && !hf_span_overlaps(spans[i], now);
		for (int i = 0; i < part_count; i++)
			left = left || hf_span_overlaps(parts[i], now);
		PROMISE(wanted == left);
	}
}

/* does a lane of a diary have room? */
static bool
LaneHasRoom(const HfDiary *diary, int lane, HfSpan want)
{
	for (int i = 0; i < diary->count; i++)
	{
		if (diary->busy[i].lane == lane && hf_span_overlaps(diary->busy[i].span, want))
			return false;
	}
	return true;
}

/* the first lane of a diary with room, or -1 */
static int
FirstLane(const HfDiary *diary, HfSpan want)
{
	for (int lane = 0; lane < diary->capacity; lane++)
	{
		if (LaneHasRoom(diary, lane, want))
			return lane;
	}
	return -1;
}

/* the same by the core */
static int
CoreLane(const HfDiary *diary, HfSpan want)
{
	bool used[LANES];

	return hf_first_free_lane(diary->busy, diary->count, want, diary->capacity, used);
}

/* the first start from a moment on that all diaries can take, or one past the horizon */
static int64_t
FirstStart(const HfDiary *diaries, int count, int64_t from, int64_t length, int64_t horizon)
{
	for (; from + length <= horizon; from++)
	{
		bool room = true;

		for (int i = 0; i < count && room; i++)
		{
			HfSpan want = {from - diaries[i].before, from + length + diaries[i].after};

			PROMISE(CoreLane(&diaries[i], want) == FirstLane(&diaries[i], want));
			room = FirstLane(&diaries[i], want) >= 0;
		}
		if (room)
			return from;
	}
	return horizon;
}

static void
CheckNextFree(HfDiary *diaries, int count, int64_t from, int64_t length, int64_t horizon)
{
	int64_t earliest[CAPACITY];
	int position[CAPACITY];
	HfFreeSearch search = {diaries, count, earliest, position};
	HfSpan found[FREE];
	int found_count = hf_next_free(&search, from, length, horizon, found, FREE);

	for (int i = 0; i < FREE; i++)
	{
		int64_t start = FirstStart(diaries, count, from, length, horizon);

		PROMISE((i < found_count) == (start + length <= horizon));
		if (i >= found_count)
			break;
		PROMISE(found[i].from == start && found[i].to == start + length);
		from = start + length;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input input = {data, size};
	HfBusy busy[DIARIES][BLOCKS];
	HfDiary diaries[DIARIES];
	HfSpan spans[BLOCKS];
	uint8_t key[HF_KEY_SIZE] = {0};
	int count = 1 + Next(&input, DIARIES);
	int span_count = 0;
	int ordinal = Next(&input, 256) << 8 | Next(&input, 256);

	hf_key_set_ordinal(key, ordinal);
	PROMISE(hf_key_ordinal(key) == ordinal && key[HF_KEY_SIZE - 3] == 0);
	PROMISE(HF_SHADOW(HF_SHADOW(ordinal)) == ordinal && HF_SHADOW(ordinal) < 0);
	for (int i = 0; i < count; i++)
	{
		diaries[i].capacity = 1 + Next(&input, LANES);
		diaries[i].before = Next(&input, 8);
		diaries[i].after = Next(&input, 8);
		diaries[i].busy = busy[i];
		diaries[i].count = Next(&input, BLOCKS);
		for (int b = 0; b < diaries[i].count; b++)
		{
			/* lanes that do not belong to the resource, too */
			int lane = Next(&input, LANES + 2) - 1;

			busy[i][b] = (HfBusy){lane, NextSpan(&input)};
			if (i == 0)
				spans[span_count++] = busy[i][b].span;
		}
	}
	CheckDepth(spans, span_count);
	CheckSubtract(NextSpan(&input), spans, span_count);
	CheckNextFree(diaries, count, Next(&input, 64), 1 + Next(&input, 24), MOMENTS);
	return 0;
}

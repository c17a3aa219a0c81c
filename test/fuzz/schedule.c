/*
 * schedule.c
 *		Sets of spans, and the first of many offers: against one flag for each time, and against sorting them all.
 */
#include "fuzz.h"
#include "time/schedule_core.h"

#define TIMES 256
#define MOST  64

/* Read takes spans from the bytes and notes which times they cover. */
static int
Read(const uint8_t **data, const uint8_t *end, HfSlotSpan *spans, bool *covered)
{
	int count = 0;

	memset(covered, 0, TIMES);
	if (*data == end)
		return 0;
	for (int wanted = *(*data)++ % MOST; count < wanted && end - *data >= 2; *data += 2)
	{
		spans[count] = (HfSlotSpan){(*data)[0], (*data)[0] + (*data)[1] % 16};
		if (spans[count].end > TIMES)
			spans[count].end = TIMES;
		for (int64_t time = spans[count].start; time < spans[count].end; time++)
			covered[time] = true;
		count++;
	}
	return count;
}

/* CheckSet compares a set of spans with the times that it covers; apart: they must not touch. */
static void
CheckSet(const HfSlotSpan *spans, int count, const bool *covered, bool apart)
{
	int64_t time = 0;

	for (int i = 0; i < count; i++)
	{
		PROMISE(spans[i].start < spans[i].end);
		PROMISE(i == 0 || spans[i].start > spans[i - 1].end ||
				(!apart && spans[i].start == spans[i - 1].end));
		for (; time < spans[i].start; time++)
			PROMISE(!covered[time]);
		for (; time < spans[i].end; time++)
			PROMISE(covered[time]);
	}
	for (; time < TIMES; time++)
		PROMISE(!covered[time]);
}

/* IsBefore orders offers as the header says. */
static bool
IsBefore(HfOffer a, HfOffer b)
{
	return a.start != b.start ? a.start < b.start : a.resource < b.resource;
}

/* CheckOffers takes offers as a search does, each resource and start once, and counts those before each that was kept. */
static void
CheckOffers(const uint8_t *data, size_t size)
{
	HfOffer all[MOST];
	HfOffer kept[MOST];
	HfOffers offers = {kept, 0, 1};
	int count = 0;

	if (size > 0)
		offers.most = 1 + data[0] % MOST;
	for (size_t i = 1; i < size && count < MOST; i++)
	{
		all[count] = (HfOffer){data[i], (int) i};
		if (hf_offers_want(&offers, all[count]))
			hf_offers_take(&offers, all[count]);
		count++;
	}
	hf_offers_sort(&offers);
	PROMISE(offers.count == (count < offers.most ? count : offers.most));
	for (int i = 0; i < offers.count; i++)
	{
		int before = 0;

		for (int j = 0; j < count; j++)
			before += IsBefore(all[j], kept[i]);
		PROMISE(before == i);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *at = data;
	HfSlotSpan open[MOST];
	HfSlotSpan closed[MOST];
	HfSlotSpan left[2 * MOST];
	bool is_open[TIMES];
	bool is_closed[TIMES];
	int open_count = Read(&at, data + size, open, is_open);
	int closed_count = Read(&at, data + size, closed, is_closed);

	open_count = hf_spans_join(open, open_count);
	CheckSet(open, open_count, is_open, true);
	closed_count = hf_spans_join(closed, closed_count);
	CheckSet(closed, closed_count, is_closed, true);
	for (int time = 0; time < TIMES; time++)
		is_open[time] = is_open[time] && !is_closed[time];
	CheckSet(left, hf_spans_subtract(open, open_count, closed, closed_count, left), is_open, true);
	CheckOffers(at, (size_t) (data + size - at));
	return 0;
}

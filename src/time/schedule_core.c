/*
 * schedule_core.c
 *		Sets of spans, and the first few of many slots.
 *
 * Offers are a heap whose top is the last of them as soon as there are enough, so that each later one is weighed against
 * it alone.
 */
#include "time/schedule_core.h"

#include <stdlib.h>

/* CompareSpans orders by start. */
static int
CompareSpans(const void *a, const void *b)
{
	int64_t left = ((const HfSlotSpan *) a)->start;
	int64_t right = ((const HfSlotSpan *) b)->start;

	return left < right ? -1 : left > right;
}

/* hf_spans_join makes a set of spans; see schedule_core.h. */
int
hf_spans_join(HfSlotSpan *spans, int count)
{
	int kept = 0;

	for (int i = 0; i < count; i++)
	{
		if (spans[i].start < spans[i].end)
			spans[kept++] = spans[i];
	}
	if (kept == 0)
		return 0;
	qsort(spans, (size_t) kept, sizeof(HfSlotSpan), CompareSpans);
	count = kept;
	kept = 0;
	for (int i = 1; i < count; i++)
	{
		if (spans[i].start > spans[kept].end)
			spans[++kept] = spans[i];
		else if (spans[i].end > spans[kept].end)
			spans[kept].end = spans[i].end;
	}
	return kept + 1;
}

/* hf_spans_subtract takes holes out of a set of spans; see schedule_core.h. */
int
hf_spans_subtract(const HfSlotSpan *spans, int count, const HfSlotSpan *holes, int hole_count,
				  HfSlotSpan *result)
{
	int found = 0;
	int hole = 0;

	for (int i = 0; i < count; i++)
	{
		int64_t start = spans[i].start;

		while (hole < hole_count && holes[hole].end <= start)
			hole++;
		for (int h = hole; h < hole_count && holes[h].start < spans[i].end; h++)
		{
			if (holes[h].start > start)
				result[found++] = (HfSlotSpan){start, holes[h].start};
			start = holes[h].end;
		}
		if (start < spans[i].end)
			result[found++] = (HfSlotSpan){start, spans[i].end};
	}
	return found;
}

/* CompareOffers orders by start, then resource. */
static int
CompareOffers(const void *a, const void *b)
{
	const HfOffer *left = a;
	const HfOffer *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return left->resource < right->resource ? -1 : left->resource > right->resource;
}

/* Sink moves an offer of the heap down to where it belongs. */
static void
Sink(HfOffers *offers, int place)
{
	HfOffer *heap = offers->offers;
	HfOffer offer = heap[place];

	for (;;)
	{
		int child = 2 * place + 1;

		if (child >= offers->count)
			break;
		if (child + 1 < offers->count && CompareOffers(&heap[child], &heap[child + 1]) < 0)
			child++;
		if (CompareOffers(&offer, &heap[child]) >= 0)
			break;
		heap[place] = heap[child];
		place = child;
	}
	heap[place] = offer;
}

/* hf_offers_want tells whether an offer is before the last; see schedule_core.h. */
bool
hf_offers_want(const HfOffers *offers, HfOffer offer)
{
	return offers->count < offers->most || CompareOffers(&offer, &offers->offers[0]) < 0;
}

/* hf_offers_take adds an offer; see schedule_core.h. */
void
hf_offers_take(HfOffers *offers, HfOffer offer)
{
	if (offers->count == offers->most)
	{
		offers->offers[0] = offer;
		Sink(offers, 0);
		return;
	}
	offers->offers[offers->count++] = offer;
	if (offers->count == offers->most)
	{
		for (int place = offers->count / 2 - 1; place >= 0; place--)
			Sink(offers, place);
	}
}

/* hf_offers_sort puts the offers in order. */
void
hf_offers_sort(HfOffers *offers)
{
	if (offers->count > 1)
		qsort(offers->offers, (size_t) offers->count, sizeof(HfOffer), CompareOffers);
}

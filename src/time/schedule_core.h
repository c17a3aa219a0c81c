/*
 * schedule_core.h
 *		When a resource works: sets of spans; and the first few of many slots. Pure C; times are microseconds.
 */
#ifndef HOLDFAST_SCHEDULE_CORE_H
#define HOLDFAST_SCHEDULE_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "time/slots_core.h"

/* Sorts spans and joins those that overlap or touch; empty ones go. Returns how many are left. */
extern int hf_spans_join(HfSlotSpan *spans, int count);

/*
 * What is in spans and not in holes, both as hf_spans_join() leaves them. result has room for as many as both together;
 * returns how many there are.
 */
extern int hf_spans_subtract(const HfSlotSpan *spans, int count, const HfSlotSpan *holes,
							 int hole_count, HfSlotSpan *result);

/* A slot of a resource, which goes by its place. */
typedef struct HfOffer
{
	int64_t start;
	int resource;
} HfOffer;

/* The first of many offers, by start, then resource. */
typedef struct HfOffers
{
	HfOffer *offers; /* room for most */
	int count;
	int most; /* > 0 */
} HfOffers;

/* Whether an offer would be among the first. */
extern bool hf_offers_want(const HfOffers *offers, HfOffer offer);

/* Takes an offer that is wanted, in place of the last when there are enough. */
extern void hf_offers_take(HfOffers *offers, HfOffer offer);

/* Puts them in order, at the end. */
extern void hf_offers_sort(HfOffers *offers);

#endif

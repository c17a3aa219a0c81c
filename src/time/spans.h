/*
 * spans.h
 *		A part of local days, and the instants it is on each.
 */
#ifndef HOLDFAST_SPANS_H
#define HOLDFAST_SPANS_H

#include "datatype/timestamp.h"
#include "utils/array.h"
#include "utils/date.h"

#include "time/zone.h"

/* A part of every local day, or of one a week, from midnight to midnight where no times are given. */
typedef struct HfStretch
{
	pg_tz *zone;
	TimeADT start;
	TimeADT end;			/* after start, so a day later where it was not */
	int day_of_week;		/* from 0, Sunday; -1 for each */
	DateADT effective_from; /* the first day it is on */
	DateADT effective_to;	/* the last */
	Datum *except;			/* days it is not on */
	int except_count;
	HfZoneMemo *memo; /* of conversions before; never NULL */
} HfStretch;

/* Takes the span of a day; the start may be the end, where the clock jumps over it. */
typedef void (*HfSpanSink)(void *arg, TimestampTz start, TimestampTz end);

/* Begins a stretch of each day; times of day are NULL for the whole of it. invalid_input where only one is. */
extern void hf_stretch_set(HfStretch *stretch, pg_tz *zone, HfZoneMemo *memo, const Datum *start,
						   const Datum *end);

/* Makes it one of a day of the week; invalid_input where there is no such. */
extern void hf_stretch_weekly(HfStretch *stretch, int day_of_week);

/* Takes it away from some days; a null among them is none. */
extern void hf_stretch_except(HfStretch *stretch, ArrayType *days);

/* Finds the spans on the days from first to last. */
extern void
hf_stretch_spans(const HfStretch *stretch, DateADT first, DateADT last, HfSpanSink sink, void *arg);

#endif

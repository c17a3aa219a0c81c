/*
 * calendar_keys.h
 *		What a scan of a calendar's exclusion constraint's index asks for: the blocks of many resources at once.
 */
#ifndef HOLDFAST_CALENDAR_KEYS_H
#define HOLDFAST_CALENDAR_KEYS_H

#include "access/genam.h"
#include "utils/uuid.h"

#include "calendar/calendar.h"

/* The columns of the index; see Covers() in calendar_table.c. */
enum
{
	HF_INDEX_ORGANIZATION = 1,
	HF_INDEX_RESOURCE,
	HF_INDEX_LANE,
	HF_INDEX_DURING,
	HF_INDEX_HOLD_KEY
};

#define HF_INDEX_KEYS 3 /* of a scan */

/* Ids, ascending; what is of one that comes twice is at the first. */
typedef struct HfIds
{
	const pg_uuid_t *ids;
	int count;
} HfIds;

/* What is asked for; it stays where it is as long as the scan. */
typedef struct HfWanted
{
	HfIds organization;
	HfIds resources;
	HfSpan within; /* not empty */
} HfWanted;

/* The place of the first id that is not below another; their count when there is none. */
extern int hf_ids_find(const HfIds *ids, const pg_uuid_t *id);

/* Whether an index is stored as its scan reads it. */
extern bool hf_index_is_readable(Relation index);

/* Begins a scan, one of HF_INDEX_KEYS keys, anew. */
extern void hf_index_begin(IndexScanDesc scan, const HfWanted *wanted);

/* The span of a range that has both bounds, as all in a calendar do. */
extern HfSpan hf_range_span(Datum range);

#endif

/*
 * overlap_probe.h
 *		Looking through the exclusion constraint of a protected table before a row is written.
 */
#ifndef HOLDFAST_OVERLAP_PROBE_H
#define HOLDFAST_OVERLAP_PROBE_H

#include "access/attnum.h"
#include "nodes/execnodes.h"
#include "utils/relcache.h"

/* One constraint of prevent_overlap, made ready for many rows of one statement. */
typedef struct HfProbe
{
	Oid index;			/* of the constraint */
	uint32 constraint;	/* hash of its name */
	IndexInfo *info;	/* its key: the resource's columns, then the range */
	AttrNumber starts;	/* column of the table */
	AttrNumber ends;	/* column of the table */
	Oid type;			/* of both: timestamptz, timestamp or date */
	EState *estate;		/* evaluates the key and the predicate */
	ExprState *live;	/* the predicate, or NULL */
	ResultRelInfo *rel; /* for generated columns */
	TupleTableSlot *row;
	TupleTableSlot *old;
	TupleTableSlot *found; /* the row in the way, after hf_probe_conflict */
} HfProbe;

/* Opens the constraint of a name; what the probe needs lives in context. */
extern HfProbe *hf_probe_open(Relation rel, const char *constraint, MemoryContext context);

/* Puts a tuple into one of the probe's slots, with its generated columns computed. */
extern void hf_probe_load(HfProbe *probe, Relation rel, HeapTuple tuple, TupleTableSlot *slot);

/* Whether a row takes time at all: live, with a resource and a start. */
extern bool hf_probe_occupies(HfProbe *probe, TupleTableSlot *slot);

/* Whether two rows take the same time of the same resource. */
extern bool hf_probe_same(HfProbe *probe, TupleTableSlot *a, TupleTableSlot *b);

/* The key of the lock that a row's resource needs. */
extern uint64 hf_probe_lock(HfProbe *probe, Relation rel, TupleTableSlot *slot);

/* Whether another row takes time that slot needs, on a snapshot of this moment; self (may be NULL) is ignored. */
extern bool hf_probe_conflict(HfProbe *probe, Relation rel, TupleTableSlot *slot, ItemPointer self);

/* Whether a row with one of slot's unique keys is there, so that slot will not go in as a new row. */
extern bool hf_probe_key_taken(HfProbe *probe, Relation rel, TupleTableSlot *slot);

/* Where the time that a row takes ends, buffer included, as a start for the next row; false when it does not. */
extern bool hf_probe_free_from(HfProbe *probe, TupleTableSlot *slot, int64 *start);

/* A time of a row as a number: microseconds, or days for a date. */
extern int64 hf_probe_time(HfProbe *probe, Datum value);
extern Datum hf_probe_datum(HfProbe *probe, int64 value);

#endif

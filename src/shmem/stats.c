/*
 * stats.c
 *		What has been counted since the server started or reset_stats(): the view holdfast.stats.
 *
 * The guards and the ring of failures count under locks that they take anyway; what has none is counted here.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "port/atomics.h"
#include "storage/spin.h"
#include "utils/timestamp.h"

#include "shmem/failures.h"
#include "shmem/guards.h"
#include "shmem/shmem.h"
#include "shmem/stats.h"

#define MAX_COLUMNS 32

typedef struct HfStats
{
	pg_atomic_uint64 counts[HF_STATS];
	pg_atomic_uint64 reset; /* a TimestampTz */
} HfStats;

PG_FUNCTION_INFO_V1(hf_read_stats);
PG_FUNCTION_INFO_V1(hf_reset_stats);

/* hf_stats_shmem_size is the size of our shared memory. */
Size
hf_stats_shmem_size(void)
{
	return sizeof(HfStats);
}

/* hf_stats_shmem_make sets everything to zero. */
void
hf_stats_shmem_make(void *place)
{
	HfStats *stats = place;

	for (int i = 0; i < HF_STATS; i++)
		pg_atomic_init_u64(&stats->counts[i], 0);
	pg_atomic_init_u64(&stats->reset, GetCurrentTimestamp());
}

/* hf_stats_count counts; see stats.h. */
void
hf_stats_count(HfStat stat)
{
	HfStats *stats = hf_shmem_peek(HF_SHMEM_STATS);

	if (stats != NULL)
		pg_atomic_fetch_add_u64(&stats->counts[stat], 1);
}

/* A row in the making. */
typedef struct Row
{
	int count;
	Datum values[MAX_COLUMNS];
} Row;

/* Add appends a number to the row. */
static void
Add(Row *row, uint64 value)
{
	Assert(row->count < MAX_COLUMNS);
	row->values[row->count++] = Int64GetDatum((int64) value);
}

/* read_stats() */
Datum
hf_read_stats(PG_FUNCTION_ARGS)
{
	HfStats *stats = hf_shmem_require(HF_SHMEM_STATS);
	HfGuardPart guards;
	HfRing ring;
	Row row = {0};
	bool nulls[MAX_COLUMNS] = {false};
	TupleDesc shape;

	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	hf_guards_sum(hf_shmem_require(HF_SHMEM_GUARDS), &guards);
	hf_failures_look(&ring);
	Add(&row, pg_atomic_read_u64(&stats->counts[HF_STAT_HOLDS]));
	Add(&row, pg_atomic_read_u64(&stats->counts[HF_STAT_CONFLICTS]));
	Add(&row, guards.counts.rate_calls);
	Add(&row, guards.counts.rate_refusals);
	Add(&row, guards.counts.failures);
	Add(&row, guards.counts.locks);
	Add(&row, guards.counts.clears);
	Add(&row, guards.counts.evicted_counters);
	Add(&row, guards.counts.evicted_locks);
	Add(&row, guards.slot_count);
	Add(&row, (uint64) guards.counters + guards.locks);
	Add(&row, guards.locks);
	Add(&row, pg_atomic_read_u64(&stats->counts[HF_STAT_STORE_WRITES]));
	Add(&row, pg_atomic_read_u64(&stats->counts[HF_STAT_STORE_ERRORS]));
	Add(&row, ring.pushed);
	Add(&row, ring.dropped);
	Add(&row, ring.taken);
	Add(&row, ring.size);
	Add(&row, ring.count);
	row.values[row.count++] = TimestampTzGetDatum((TimestampTz) pg_atomic_read_u64(&stats->reset));
	if (shape->natts != row.count)
		elog(ERROR, "read_stats() is of another version");
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(shape), row.values, nulls)));
}

/* reset_stats() */
Datum
hf_reset_stats(PG_FUNCTION_ARGS)
{
	HfStats *stats = hf_shmem_require(HF_SHMEM_STATS);

	for (int i = 0; i < HF_STATS; i++)
		pg_atomic_write_u64(&stats->counts[i], 0);
	hf_guards_reset_counts(hf_shmem_require(HF_SHMEM_GUARDS));
	hf_failures_reset_counts();
	pg_atomic_write_u64(&stats->reset, GetCurrentTimestamp());
	PG_RETURN_VOID();
}

/*
 * guards_core.h
 *		One partition of the guards' table: counters that limit rates and count failures, and the locks that failures
 *		lead to, in memory of fixed size. It holds no pointers, so it may be mapped anywhere.
 *
 * Times and spans are nanoseconds, times since the epoch of timestamptz. The caller sees to it that nobody else is in
 * the partition, that now is from 0 to HF_GUARD_LAST_TIME, and that no span is longer than HF_GUARD_LONGEST.
 */
#ifndef HOLDFAST_GUARDS_CORE_H
#define HOLDFAST_GUARDS_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HF_GUARD_MIN_SLOTS 16
#define HF_GUARD_LAST_TIME (INT64_MAX / 2) /* in the year 2146 */
#define HF_GUARD_LONGEST   (INT64_MAX / 8) /* 36 years */

/* What a counter or lock is about: a keyed hash, which stands for the whole name. */
typedef struct HfGuardKey
{
	uint64_t high;
	uint64_t low;
} HfGuardKey;

/* What happened in a partition since the numbers were last set to zero. */
typedef struct HfGuardCounts
{
	uint64_t rate_calls;
	uint64_t rate_refusals;
	uint64_t failures;
	uint64_t locks;
	uint64_t clears;
	uint64_t evicted_counters; /* that still meant something */
	uint64_t evicted_locks;	   /* that still held */
} HfGuardCounts;

/* The head of a partition; buckets, orders and slots follow it. */
typedef struct HfGuardPart
{
	uint32_t slot_count;
	uint32_t bucket_mask;
	uint32_t free;	   /* first free slot, from 1; 0: none */
	uint32_t counters; /* how many slots are counters */
	uint32_t locks;	   /* how many slots are locks */
	uint32_t max_locks;
	HfGuardCounts counts;
} HfGuardPart;

/* A rate: step between calls, and how far ahead of the clock calls may run. */
typedef struct HfRate
{
	int64_t step;
	int64_t limit;
} HfRate;

typedef struct HfRateAnswer
{
	bool allowed;
	int32_t remaining;	 /* how many more calls would be allowed now */
	int64_t retry_after; /* when not allowed: how long until one is */
} HfRateAnswer;

typedef struct HfFailAnswer
{
	uint32_t failures;
	int64_t locked_until; /* HF_GUARD_UNLOCKED when not locked */
	bool locked_now;	  /* this failure made the lock */
} HfFailAnswer;

/* What is in a slot. */
typedef struct HfGuardEntry
{
	HfGuardKey key;
	int64_t until;
	uint32_t failures;
	bool lock;
} HfGuardEntry;

#define HF_GUARD_UNLOCKED INT64_MIN

/* The bytes that a partition of some slots takes, and making it empty. */
extern size_t hf_guard_part_size(uint32_t slots);
extern void hf_guard_part_init(HfGuardPart *part, uint32_t slots);

/* max_calls in a span. False when that is no rate: none at all, or more than one call a nanosecond. */
extern bool hf_rate_make(int32_t max_calls, int64_t per, HfRate *rate);

/* Counts a call, if it is allowed. */
extern HfRateAnswer
hf_guard_rate(HfGuardPart *part, HfGuardKey key, int64_t now, const HfRate *rate);

/* Counts a failure; the max_failures-th locks for a while. While the lock holds, failures do not prolong it. */
extern HfFailAnswer hf_guard_fail(HfGuardPart *part, HfGuardKey key, int64_t now,
								  uint32_t max_failures, int64_t lock_for);

/* Forgets failures and lock; true when a lock was forgotten that held. */
extern bool hf_guard_clear(HfGuardPart *part, HfGuardKey key, int64_t now);

/* When the lock ends, or HF_GUARD_UNLOCKED. */
extern int64_t hf_guard_locked_until(const HfGuardPart *part, HfGuardKey key, int64_t now);

/* Reads a slot; false when it is free. */
extern bool hf_guard_entry(const HfGuardPart *part, uint32_t index, HfGuardEntry *entry);

/* Reads one of the part->locks locks, those that have ended included. */
extern void hf_guard_lock_at(const HfGuardPart *part, uint32_t index, HfGuardEntry *entry);

/* Puts a lock back that was read from another table. */
extern void hf_guard_restore_lock(HfGuardPart *part, HfGuardKey key, int64_t until, int64_t now);

#endif

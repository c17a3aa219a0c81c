/*
 * guards_table.c
 *		The partitions of the guards, as they lie in shared memory, and what they have counted.
 */
#include "compat.h"

#include "shmem/guards.h"

/* hf_guards_part is where a partition lies; see guards.h. */
HfGuardPart *
hf_guards_part(HfGuards *guards, int part)
{
	return (HfGuardPart *) ((char *) guards + CACHELINEALIGN(sizeof(HfGuards)) +
							guards->part_size * part);
}

/* hf_guards_sum adds the partitions up; see guards.h. */
void
hf_guards_sum(HfGuards *guards, HfGuardPart *sum)
{
	memset(sum, 0, sizeof(*sum));
	for (int i = 0; i < HF_GUARD_PARTS; i++)
	{
		HfGuardPart part;

		LWLockAcquire(&guards->locks[i].lock, LW_SHARED);
		part = *hf_guards_part(guards, i);
		LWLockRelease(&guards->locks[i].lock);
		sum->slot_count += part.slot_count;
		sum->counters += part.counters;
		sum->locks += part.locks;
		sum->counts.rate_calls += part.counts.rate_calls;
		sum->counts.rate_refusals += part.counts.rate_refusals;
		sum->counts.failures += part.counts.failures;
		sum->counts.locks += part.counts.locks;
		sum->counts.clears += part.counts.clears;
		sum->counts.evicted_counters += part.counts.evicted_counters;
		sum->counts.evicted_locks += part.counts.evicted_locks;
	}
}

/* hf_guards_reset_counts sets the numbers to zero, and leaves counters and locks as they are. */
void
hf_guards_reset_counts(HfGuards *guards)
{
	for (int i = 0; i < HF_GUARD_PARTS; i++)
	{
		LWLockAcquire(&guards->locks[i].lock, LW_EXCLUSIVE);
		memset(&hf_guards_part(guards, i)->counts, 0, sizeof(HfGuardCounts));
		LWLockRelease(&guards->locks[i].lock);
	}
}

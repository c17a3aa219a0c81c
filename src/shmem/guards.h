/*
 * guards.h
 *		Rate limits and locks in shared memory; see guards_core.h for one partition of it.
 */
#ifndef HOLDFAST_GUARDS_H
#define HOLDFAST_GUARDS_H

#include "port/atomics.h"
#include "storage/lwlock.h"

#include "shmem/guards_core.h"
#include "shmem/guards_store_core.h"

#define HF_GUARD_PARTS 64

/* The part of shared memory; the partitions follow, each under its own lock. */
typedef struct HfGuards
{
	uint8 key[HF_STORE_KEY_SIZE]; /* that names are hashed with */
	uint32 part_slots;
	Size part_size;
	pg_atomic_uint64 changes; /* grows whenever a lock was made or cleared */
	uint64 stored;			  /* of how many changes the file knows; under store_lock */
	LWLock store_lock;
	LWLockPadded locks[HF_GUARD_PARTS];
} HfGuards;

/* A partition, and the sum of what the partitions counted (guards_table.c). */
extern HfGuardPart *hf_guards_part(HfGuards *guards, int part);
extern void hf_guards_sum(HfGuards *guards, HfGuardPart *sum);
extern void hf_guards_reset_counts(HfGuards *guards);

/* The clock in nanoseconds, within what the core can work with. */
extern int64 hf_guards_now(void);

/* The file (guards_store.c): brings locks back while the memory is made; notes that it must be written again. */
extern void hf_guards_load(HfGuards *guards);
extern void hf_guards_changed(HfGuards *guards);
extern void hf_guards_store_init(void);

/* The part of shared memory; see shmem.c. */
extern Size hf_guards_shmem_size(void);
extern void hf_guards_shmem_make(void *place);

#endif

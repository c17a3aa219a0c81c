/*
 * shmem.h
 *		The shared memory of holdfast: one segment, with a part for each subsystem that must outlive a transaction.
 */
#ifndef HOLDFAST_SHMEM_H
#define HOLDFAST_SHMEM_H

#include "storage/lwlock.h"

typedef enum HfShmemPart
{
	HF_SHMEM_STATS,
	HF_SHMEM_FAILURES,
	HF_SHMEM_GUARDS,
	HF_SHMEM_PARTS
} HfShmemPart;

/* A part that this process has at hand already, or NULL. Never raises. */
extern void *hf_shmem_peek(HfShmemPart part);

/* A part, or NULL where there is no shared memory: not preloaded, and a server older than 17. */
extern void *hf_shmem_part(HfShmemPart part);

/* A part; raises guards_unavailable where there is none. */
extern void *hf_shmem_require(HfShmemPart part);

/* Initializes a lock that lies in a part, while the part is made. */
extern void hf_shmem_init_lock(LWLock *lock);

extern void hf_shmem_init(void);

#endif

/*
 * shmem.c
 *		The one segment of shared memory, and who has which part of it.
 *
 * Preloaded, the segment is made when the server starts, and again after a crash. Otherwise, from PostgreSQL 17 on,
 * the first process that wants it makes it, with the sizes of the settings' defaults; older servers then have none.
 *
 * Lock order: no lock of one part is held while another part's is taken. Nothing raises while a lock is held.
 */
#include "compat.h"

#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/shmem.h"

#include "errors.h"
#include "shmem/failures.h"
#include "shmem/guards.h"
#include "shmem/shmem.h"
#include "shmem/stats.h"

#define TRANCHE "holdfast"

typedef struct Segment
{
	int tranche;
	Size offsets[HF_SHMEM_PARTS];
} Segment;

typedef struct Part
{
	Size (*size)(void);
	void (*make)(void *place);
} Part;

static const Part parts[HF_SHMEM_PARTS] = {
	[HF_SHMEM_STATS] = {hf_stats_shmem_size, hf_stats_shmem_make},
	[HF_SHMEM_FAILURES] = {hf_failures_shmem_size, hf_failures_shmem_make},
	[HF_SHMEM_GUARDS] = {hf_guards_shmem_size, hf_guards_shmem_make},
};

static Segment *segment = NULL;
static int tranche;
static shmem_request_hook_type previous_request = NULL;
static shmem_startup_hook_type previous_startup = NULL;

/* SegmentSize adds the parts up. */
static Size
SegmentSize(void)
{
	Size size = CACHELINEALIGN(sizeof(Segment));

	for (int i = 0; i < HF_SHMEM_PARTS; i++)
		size = add_size(size, CACHELINEALIGN(parts[i].size()));
	return size;
}

/* MakeSegment makes the parts, one behind the other. */
static void
MakeSegment(void *place)
{
	Segment *made = place;
	Size offset = CACHELINEALIGN(sizeof(Segment));

	made->tranche = LWLockNewTrancheId();
	tranche = made->tranche;
	for (int i = 0; i < HF_SHMEM_PARTS; i++)
	{
		made->offsets[i] = offset;
		parts[i].make((char *) place + offset);
		offset += CACHELINEALIGN(parts[i].size());
	}
}

/* Adopt makes a segment this process's own. */
static void
Adopt(Segment *made)
{
	LWLockRegisterTranche(made->tranche, TRANCHE);
	segment = made;
}

/* RequestMemory is the hook in which a preloaded library asks for it. */
static void
RequestMemory(void)
{
	if (previous_request != NULL)
		previous_request();
	RequestAddinShmemSpace(SegmentSize());
}

/* StartMemory is the hook in which it gets it: when the server starts, and after a crash. */
static void
StartMemory(void)
{
	bool found;
	void *place;

	if (previous_startup != NULL)
		previous_startup();
	segment = NULL;
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	place = ShmemInitStruct("holdfast", SegmentSize(), &found);
	LWLockRelease(AddinShmemInitLock);
	if (!found)
		MakeSegment(place);
	Adopt(place);
}

/* hf_shmem_init installs the hooks, when there is still time. */
void
hf_shmem_init(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	previous_request = shmem_request_hook;
	shmem_request_hook = RequestMemory;
	previous_startup = shmem_startup_hook;
	shmem_startup_hook = StartMemory;
}

/* hf_shmem_init_lock initializes a lock; see shmem.h. */
void
hf_shmem_init_lock(LWLock *lock)
{
	LWLockInitialize(lock, tranche);
}

/* hf_shmem_peek takes what is there; see shmem.h. */
void *
hf_shmem_peek(HfShmemPart part)
{
	return segment != NULL ? (char *) segment + segment->offsets[part] : NULL;
}

/* hf_shmem_part takes what is there or can be had; see shmem.h. */
void *
hf_shmem_part(HfShmemPart part)
{
	if (segment == NULL)
	{
		Segment *made = hf_compat_named_segment("holdfast", SegmentSize(), MakeSegment);

		if (made == NULL)
			return NULL;
		Adopt(made);
	}
	return hf_shmem_peek(part);
}

/* hf_shmem_require takes it or raises; see shmem.h. */
void *
hf_shmem_require(HfShmemPart part)
{
	void *place = hf_shmem_part(part);

	if (place == NULL)
		hf_raise("guards_unavailable", NULL, NULL, -1);
	return place;
}

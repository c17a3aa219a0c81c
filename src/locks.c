/*
 * locks.c
 *		Transaction locks of our own classes; see locks.h for the classes and their order.
 */
#include "compat.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"

#include "locks.h"

/* LockTag is the tag of a key in a class. */
static LOCKTAG
LockTag(HfLockClass class, uint64 key)
{
	LOCKTAG tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (key >> 32), (uint32) key, (uint16) class);
	return tag;
}

/* hf_lock_take waits for the lock of a key. */
void
hf_lock_take(HfLockClass class, uint64 key)
{
/* The race checker proves on such a build that it notices a missing lock. */
#ifndef HOLDFAST_WITHOUT_LOCKS
	LOCKTAG tag = LockTag(class, key);

	(void) LockAcquire(&tag, ExclusiveLock, false, false);
#endif
}

/* hf_lock_share waits for whoever has the lock of a key alone. */
void
hf_lock_share(HfLockClass class, uint64 key)
{
	LOCKTAG tag = LockTag(class, key);

	(void) LockAcquire(&tag, ShareLock, false, false);
}

/* hf_lock_try takes the lock of a key if it is free. */
bool
hf_lock_try(HfLockClass class, uint64 key)
{
	LOCKTAG tag = LockTag(class, key);

	return LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL;
}

/* hf_lock_give gives a lock back. */
void
hf_lock_give(HfLockClass class, uint64 key)
{
	LOCKTAG tag = LockTag(class, key);

	(void) LockRelease(&tag, ExclusiveLock, false);
}

/* hf_lock_held reports whether this transaction has the lock of a key. */
bool
hf_lock_held(HfLockClass class, uint64 key)
{
	LOCKTAG tag = LockTag(class, key);

	return hf_compat_lock_held(&tag, ExclusiveLock);
}

/* CompareKeys orders lock keys for qsort. */
static int
CompareKeys(const void *a, const void *b)
{
	uint64 left = *(const uint64 *) a;
	uint64 right = *(const uint64 *) b;

	return left < right ? -1 : left > right;
}

/* hf_lock_resources takes the locks of some resources in the order of their keys, each once. */
void
hf_lock_resources(Oid calendar, const pg_uuid_t *organization, const pg_uuid_t *resources,
				  int count)
{
	uint64 seed = hash_bytes_extended(organization->data, UUID_LEN, calendar);
	uint64 *keys = palloc(sizeof(uint64) * count);

	for (int i = 0; i < count; i++)
		keys[i] = hash_bytes_extended(resources[i].data, UUID_LEN, seed);
	qsort(keys, count, sizeof(uint64), CompareKeys);
	for (int i = 0; i < count; i++)
	{
		if (i == 0 || keys[i] != keys[i - 1])
			hf_lock_take(HF_LOCK_CALENDAR, keys[i]);
	}
	pfree(keys);
}

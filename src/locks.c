/*
 * locks.c
 *		Transaction locks of our own classes; see locks.h for the classes and their order.
 */
#include "compat.h"

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
	LOCKTAG tag = LockTag(class, key);

	(void) LockAcquire(&tag, ExclusiveLock, false, false);
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

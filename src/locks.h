/*
 * locks.h
 *		The one place for heavyweight locks: who locks what, under which tag.
 *
 * All are transaction locks with LOCKTAG_ADVISORY tags of classes of our own, so they never meet the locks of
 * pg_advisory_lock() (classes 1 and 2) nor one another, show up in pg_locks as "advisory" with objsubid = the
 * class, and take part in deadlock detection.
 *
 * Order: a statement takes a HF_LOCK_REQUEST before any other (it only tries, so it can never be part of a
 * deadlock), then calendar locks in ascending order of their keys, or overlap locks one row at a time. A
 * HF_LOCK_KEYRING comes before a HF_LOCK_SUBJECT. HF_LOCK_SEAL comes after all others: what seals takes no further one.
 */
#ifndef HOLDFAST_LOCKS_H
#define HOLDFAST_LOCKS_H

#include "utils/uuid.h"

typedef enum HfLockClass
{
	HF_LOCK_CALENDAR =
		18501, /* a resource of a calendar; key: hash of calendar, organization, resource */
	HF_LOCK_OVERLAP = 18502, /* a stripe of a table under prevent_overlap; key: relid, stripe */
	HF_LOCK_REQUEST =
		18503, /* an idempotency key; key: hash of store, organization, actor, operation, key */
	HF_LOCK_SEAL = 18504,	 /* sealing of an audit log; key: its relid */
	HF_LOCK_KEYRING = 18510, /* making the keys of a keyring itself; key: relid */
	HF_LOCK_SUBJECT =
		18511, /* a stripe of a keyring's subjects: shared by who makes a key, alone for who destroys */
} HfLockClass;

/* Waits for the lock and keeps it until the transaction (or the subtransaction that took it) ends. */
extern void hf_lock_take(HfLockClass class, uint64 key);

/* The same, but only against who takes it alone. */
extern void hf_lock_share(HfLockClass class, uint64 key);

/* Takes it alone without waiting; false when another transaction has it. */
extern bool hf_lock_try(HfLockClass class, uint64 key);

/* Gives back what one hf_lock_try took, before the transaction ends; only where nothing was decided under it. */
extern void hf_lock_give(HfLockClass class, uint64 key);

/* Whether this transaction has the lock. */
extern bool hf_lock_held(HfLockClass class, uint64 key);

/*
 * Takes the locks of some resources of one organization in a calendar: sorted by the lock's own key, each key once.
 * So two calls that want the same locks always ask in the same order, and a collision of keys costs waiting but can
 * never close a circle.
 */
extern void hf_lock_resources(Oid calendar, const pg_uuid_t *organization,
							  const pg_uuid_t *resources, int count);

#endif

/*
 * live.h
 *		Caches over rows of a user's own tables that are never stale at the start of a statement.
 */
#ifndef HOLDFAST_LIVE_H
#define HOLDFAST_LIVE_H

#include "utils/rel.h"
#include "utils/reltrigger.h"
#include "utils/snapshot.h"
#include "utils/uuid.h"

/* What the caches are keyed by: a table, an organization (nil: none) and a user. */
typedef struct HfLiveKey
{
	Oid relid;
	pg_uuid_t organization;
	pg_uuid_t user;
} HfLiveKey;

/*
 * Takes in what other sessions have committed, and returns a number that changes whenever a watched table did.
 * What was cached under another number is void.
 */
extern uint64 hf_live_generation(void);

/* The number alone: whether something was noticed since. */
extern uint64 hf_live_generation_seen(void);

/* Opens a table with AccessShareLock, to be kept while its name is used; 42P01 when there is none, rather than an internal error. */
extern Relation hf_live_open(Oid relid);

/*
 * Watches a table until the number changes next. To be called before the snapshot is taken that the rows to be
 * cached are read with; they may be cached when the number is the same afterwards.
 */
extern void hf_live_watch(Relation rel);

/* What is committed now, and our own transaction's changes up to the last command. */
extern Snapshot hf_live_snapshot(void);

/*
 * The trigger of ours on a table whose first argument is this word and that fires always, or NULL. A table
 * without it cannot be cached. Allocated in the current memory context.
 */
extern const Trigger *hf_live_trigger(Relation rel, const char *word);

/* Compares and fills keys; organization may be NULL. */
extern void
hf_live_key(HfLiveKey *key, Oid relid, const pg_uuid_t *organization, const pg_uuid_t *user);

extern void hf_live_init(void);

#endif

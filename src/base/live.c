/*
 * live.c
 *		Invalidation of cached rows: how a role revoked in one session is gone from all others.
 *
 * A trigger on the table sends a relcache invalidation in the writer's transaction. PostgreSQL delivers it to
 * every session when the writer commits, to the writer itself at the end of the command and again at a rollback,
 * and to standbys through the WAL. The message names an index of the table instead of the table, where there is
 * one: that costs the others next to nothing, while naming the table would make them plan again every statement
 * that uses it.
 *
 * Why no session acts on stale rows at the start of a statement:
 * - Messages are taken in at every look-up, not only when a table is locked; a session that keeps its locks in a
 *   long transaction would otherwise never hear of the change.
 * - Rows are read with a snapshot of this moment, not the statement's. The statement's may be older than a message
 *   that has already been taken in; what it sees would be cached and nothing would ever void it. For the same
 *   reason REPEATABLE READ does not hold for these look-ups: a revoked role is gone there too.
 * - A table is watched before that snapshot is taken. A message that arrives in between changes the number, and
 *   then the rows are used for this call but not kept.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "storage/procarray.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

#include "base/live.h"

#define MAX_WATCHED 128

PG_FUNCTION_INFO_V1(hf_invalidate_lookups);

static uint64 generation = 1;
static Oid watched[MAX_WATCHED];
static int watched_count = 0; /* more than MAX_WATCHED: everything is watched */

/* Changed voids all caches; whoever fills one again watches again. It may run at any moment and only marks. */
static void
Changed(void)
{
	generation++;
	watched_count = 0;
}

/* RelationChanged is the relcache callback. */
static void
RelationChanged(Datum arg, Oid relid)
{
	bool hit = relid == InvalidOid || watched_count > MAX_WATCHED;

	for (int i = 0; i < watched_count && !hit; i++)
		hit = watched[i] == relid;
	if (hit)
		Changed();
}

/* NamespaceChanged is the syscache callback: tables are found by the name of their schema. */
static void
NamespaceChanged(Datum arg, int cacheid, uint32 hashvalue)
{
	Changed();
}

/* hf_live_init registers the callbacks. */
void
hf_live_init(void)
{
	CacheRegisterRelcacheCallback(RelationChanged, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, NamespaceChanged, (Datum) 0);
}

/* hf_live_generation listens; see live.h. */
uint64
hf_live_generation(void)
{
	AcceptInvalidationMessages();
	return generation;
}

/* hf_live_generation_seen does not; see live.h. */
uint64
hf_live_generation_seen(void)
{
	return generation;
}

/* hf_live_open opens a table; see live.h. */
Relation
hf_live_open(Oid relid)
{
	Relation rel = try_table_open(relid, AccessShareLock);

	if (rel == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("relation with OID %u does not exist", relid)));
	return rel;
}

/* Watch adds one relation. */
static void
Watch(Oid relid)
{
	for (int i = 0; i < watched_count && i < MAX_WATCHED; i++)
	{
		if (watched[i] == relid)
			return;
	}
	if (watched_count < MAX_WATCHED)
		watched[watched_count] = relid;
	if (watched_count <= MAX_WATCHED)
		watched_count++;
}

/* hf_live_watch watches a table and its indexes; see live.h. */
void
hf_live_watch(Relation rel)
{
	List *indexes = RelationGetIndexList(rel);
	ListCell *cell;

	Watch(RelationGetRelid(rel));
	foreach (cell, indexes)
		Watch(lfirst_oid(cell));
	list_free(indexes);
}

/*
 * hf_live_snapshot takes a snapshot; see live.h. GetLatestSnapshot() would be the usual way, but it refuses to work
 * during a parallel query, and GetTransactionSnapshot() is old in REPEATABLE READ. Whoever reads with it makes
 * it active, which copies it; until then the query that we are called from holds an older one.
 */
Snapshot
hf_live_snapshot(void)
{
	static SnapshotData latest = {SNAPSHOT_MVCC};

	return GetSnapshotData(&latest);
}

/* IsOurs tells whether a function is hf_invalidate_lookups. Only a superuser can make C functions of this name. */
static bool
IsOurs(Oid function)
{
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool ours = false;

	if (!HeapTupleIsValid(tuple))
		return false;
	if (((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId)
	{
		bool isnull;
		Datum source = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);

		ours = !isnull && strcmp(TextDatumGetCString(source), "hf_invalidate_lookups") == 0;
	}
	ReleaseSysCache(tuple);
	return ours;
}

/* hf_live_trigger finds a trigger; see live.h. */
const Trigger *
hf_live_trigger(Relation rel, const char *word)
{
	/* A copy: looking functions up may rebuild the open relation's entry, triggers included. */
	TriggerDesc *triggers = CopyTriggerDesc(rel->trigdesc);

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		Trigger *trigger = &triggers->triggers[i];

		if (trigger->tgenabled == TRIGGER_FIRES_ALWAYS && trigger->tgnargs > 0 &&
			strcmp(trigger->tgargs[0], word) == 0 && IsOurs(trigger->tgfoid))
			return trigger;
	}
	return NULL;
}

/* hf_live_key fills a key, padding included, for it is hashed as bytes; see live.h. */
void
hf_live_key(HfLiveKey *key, Oid relid, const pg_uuid_t *organization, const pg_uuid_t *user)
{
	memset(key, 0, sizeof(*key));
	key->relid = relid;
	if (organization != NULL)
		key->organization = *organization;
	key->user = *user;
}

/* invalidate_lookups(): the trigger */
Datum
hf_invalidate_lookups(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	List *indexes;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("invalidate_lookups() is a trigger function")));
	if (TRIGGER_FIRED_BEFORE(trigger->tg_event) && TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("invalidate_lookups() cannot run before a row is written")));
	indexes = RelationGetIndexList(trigger->tg_relation);
	if (indexes != NIL)
		CacheInvalidateRelcacheByRelid(linitial_oid(indexes));
	else
		CacheInvalidateRelcache(trigger->tg_relation);
	list_free(indexes);
	return PointerGetDatum(NULL);
}

/*
 * spi.c
 *		Kept SPI plans over tables named by the caller.
 *
 * A plan embeds the table's name, so it must go when the table is renamed, moved or dropped: relation and
 * namespace invalidations mark plans stale, and the next use replaces them. Invalidation callbacks can run at
 * almost any moment, hence they only mark; nothing is freed while it may be executing: a replaced plan, which a trigger
 * of the user's may have led back to while it runs, goes at the end of the transaction.
 *
 * Built with HOLDFAST_DISCARD_CACHES, every use of a plan finds all caches empty, as if somebody altered everything all the
 * time; scripts/sanitize does so.
 *
 * Plans are generic from the start (CURSOR_OPT_GENERIC_PLAN): our statements are point look-ups whose best
 * plan does not depend on the values, and five custom plans per backend would be wasted on each.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "spi.h"

typedef struct PlanKey
{
	const HfQuery *query;
	Oid relid;
} PlanKey;

typedef struct PlanEntry
{
	PlanKey key;
	SPIPlanPtr plan; /* NULL until first prepared */
	bool stale;		 /* prepare again before the next use */
} PlanEntry;

static HTAB *plans = NULL;
static List *replaced = NIL; /* plans to be freed when the transaction is over */

/* MarkStale marks the plans of one relation, or all when relid is InvalidOid. */
static void
MarkStale(Oid relid)
{
	HASH_SEQ_STATUS scan;
	PlanEntry *entry;

	if (plans == NULL)
		return;
	hash_seq_init(&scan, plans);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		if (relid == InvalidOid || entry->key.relid == relid)
			entry->stale = true;
	}
}

/* RelationChanged is the relcache callback. */
static void
RelationChanged(Datum arg, Oid relid)
{
	MarkStale(relid);
}

/* NamespaceChanged is the syscache callback: a schema's name is in the text of its tables' plans. */
static void
NamespaceChanged(Datum arg, int cacheid, uint32 hashvalue)
{
	MarkStale(InvalidOid);
}

/* TransactionEnded frees what was replaced in it: no plan of ours is executing any more. */
static void
TransactionEnded(XactEvent event, void *arg)
{
	ListCell *cell;

	if (replaced == NIL || (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT))
		return;
	foreach (cell, replaced)
		SPI_freeplan(lfirst(cell));
	list_free(replaced);
	replaced = NIL;
}

/* Retire takes a stale plan out of use. */
static void
Retire(PlanEntry *entry)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

	replaced = lappend(replaced, entry->plan);
	MemoryContextSwitchTo(old);
	entry->plan = NULL;
}

/* hf_spi_init registers the invalidation callbacks. */
void
hf_spi_init(void)
{
	CacheRegisterRelcacheCallback(RelationChanged, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, NamespaceChanged, (Datum) 0);
	RegisterXactCallback(TransactionEnded, NULL);
}

/* hf_spi_open connects to SPI. */
void
hf_spi_open(void)
{
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
}

/* hf_spi_close disconnects from SPI and frees the results. */
void
hf_spi_close(void)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

/* hf_spi_relation_name quotes and qualifies the name of a relation. */
char *
hf_spi_relation_name(Oid relid)
{
	char *name = get_rel_name(relid);
	char *schema = get_namespace_name(get_rel_namespace(relid));

	if (name == NULL || schema == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("relation with OID %u does not exist", relid)));
	return quote_qualified_identifier(schema, name);
}

/* QueryText puts the table's name in place of every %s. */
static char *
QueryText(const HfQuery *query, Oid relid)
{
	StringInfoData text;
	char *name = NULL;

	initStringInfo(&text);
	for (const char *p = query->text; *p != '\0'; p++)
	{
		if (p[0] == '%' && p[1] == 's')
		{
			/* raises when there is no such table, also for the OID 0, which anybody can pass */
			if (name == NULL)
				name = hf_spi_relation_name(relid);
			appendStringInfoString(&text, name);
			p++;
		}
		else
			appendStringInfoChar(&text, *p);
	}
	return text.data;
}

/* FindPlan returns the kept plan of a query over a table, preparing it when needed. */
static SPIPlanPtr
FindPlan(const HfQuery *query, Oid relid)
{
	PlanKey key = {0};
	PlanEntry *entry;
	SPIPlanPtr plan;
	bool found;

#ifdef HOLDFAST_DISCARD_CACHES
	InvalidateSystemCaches();
#endif
	if (plans == NULL)
	{
		HASHCTL control = {0};

		control.keysize = sizeof(PlanKey);
		control.entrysize = sizeof(PlanEntry);
		control.hcxt = TopMemoryContext;
		plans = hash_create("holdfast plans", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	key.query = query;
	key.relid = relid;
	entry = hash_search(plans, &key, HASH_ENTER, &found);
	if (!found)
	{
		entry->plan = NULL;
		entry->stale = false;
	}
	if (entry->plan != NULL && !entry->stale)
		return entry->plan;
	if (entry->plan != NULL)
		Retire(entry);
	entry->stale = false;
	plan = SPI_prepare_cursor(QueryText(query, relid), query->nargs, (Oid *) query->argtypes,
							  CURSOR_OPT_GENERIC_PLAN);
	if (plan == NULL)
		elog(ERROR, "could not prepare a statement: %s", SPI_result_code_string(SPI_result));
	SPI_keepplan(plan);
	entry->plan = plan;
	return plan;
}

/* CheckResult turns a negative SPI code into an error. */
static uint64
CheckResult(int code)
{
	if (code < 0)
		elog(ERROR, "could not run a statement: %s", SPI_result_code_string(code));
	return SPI_processed;
}

/* hf_spi_run runs a kept query; see spi.h. */
uint64
hf_spi_run(const HfQuery *query, Oid relid, const Datum *values, const char *nulls, long limit)
{
	return CheckResult(
		SPI_execute_plan(FindPlan(query, relid), (Datum *) values, nulls, query->read_only, limit));
}

/* hf_spi_run_snapshot runs a kept query on a given snapshot; see spi.h. */
uint64
hf_spi_run_snapshot(const HfQuery *query, Oid relid, const Datum *values, const char *nulls,
					Snapshot snapshot, long limit)
{
	return CheckResult(SPI_execute_snapshot(FindPlan(query, relid), (Datum *) values, nulls,
											snapshot, InvalidSnapshot, query->read_only, true,
											limit));
}

/* hf_spi_run_latest runs a kept query on the latest snapshot. */
uint64
hf_spi_run_latest(const HfQuery *query, Oid relid, const Datum *values)
{
	return hf_spi_run_snapshot(query, relid, values, NULL, GetLatestSnapshot(), 0);
}

/* Receiver hands rows over. */
typedef struct Receiver
{
	DestReceiver destination;
	HfRowCallback callback;
	void *arg;
} Receiver;

/* ReceiveRow is called by the executor. */
static bool
ReceiveRow(TupleTableSlot *slot, DestReceiver *self)
{
	Receiver *receiver = (Receiver *) self;

	slot_getallattrs(slot);
	receiver->callback(receiver->arg, slot->tts_values, slot->tts_isnull);
	return true;
}

/* Begin and Finish have nothing to do. */
static void
Begin(DestReceiver *self, int operation, TupleDesc desc)
{
}

static void
Finish(DestReceiver *self)
{
}

/* hf_spi_each runs a query and hands over its rows; see spi.h. */
void
hf_spi_each(const HfQuery *query, Oid relid, const Datum *values, HfRowCallback callback, void *arg)
{
	Receiver receiver = {{ReceiveRow, Begin, Finish, Finish, DestNone}, callback, arg};
	SPIExecuteOptions options = {0};

	options.params = makeParamList(query->nargs);
	for (int i = 0; i < query->nargs; i++)
	{
		options.params->params[i].value = values[i];
		options.params->params[i].isnull = false;
		options.params->params[i].pflags = PARAM_FLAG_CONST;
		options.params->params[i].ptype = query->argtypes[i];
	}
	options.read_only = true;
	options.dest = &receiver.destination;
	CheckResult(SPI_execute_plan_extended(FindPlan(query, relid), &options));
}

/* hf_spi_cursor_open opens a cursor; see spi.h. */
HfCursor
hf_spi_cursor_open(const HfQuery *query, Oid relid, const Datum *values)
{
	return SPI_cursor_open(NULL, FindPlan(query, relid), (Datum *) values, NULL, true);
}

/* hf_spi_cursor_fetch reads the next rows, and frees those before. */
uint64
hf_spi_cursor_fetch(HfCursor cursor, long rows)
{
	SPI_freetuptable(SPI_tuptable);
	SPI_cursor_fetch(cursor, true, rows);
	return SPI_processed;
}

/* hf_spi_cursor_close closes a cursor. */
void
hf_spi_cursor_close(HfCursor cursor)
{
	SPI_cursor_close(cursor);
}

/* hf_spi_run_text runs a statement that is not kept. */
uint64
hf_spi_run_text(const char *text, bool read_only)
{
	return CheckResult(SPI_execute(text, read_only, 0));
}

/* hf_spi_pin_search_path sets the path for set-up statements; an error undoes it as well. */
int
hf_spi_pin_search_path(void)
{
	int level = NewGUCNestLevel();

	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	return level;
}

/* hf_spi_unpin_search_path returns to the path before. */
void
hf_spi_unpin_search_path(int level)
{
	AtEOXact_GUC(true, level);
}

/* hf_spi_close_ways closes ways to the planner; see spi.h. */
int
hf_spi_close_ways(const char *const *ways, int count)
{
	int level = NewGUCNestLevel();

	(void) set_config_option("jit", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
							 false);
	for (int i = 0; i < count; i++)
		(void) set_config_option(ways[i], "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true,
								 0, false);
	return level;
}

/* hf_spi_value reads one value of the last result; it lives until hf_spi_close. */
Datum
hf_spi_value(uint64 row, int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, isnull);
}

/* hf_spi_row reads a row; what it points to lives until hf_spi_close. */
void
hf_spi_row(uint64 row, Datum *values, bool *nulls)
{
	heap_deform_tuple(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, values, nulls);
}

/*
 * hf_spi_as_owner runs a callback as a table's owner, with NOFORCE_RLS: what the caller may not see of their
 * own roles must still count. Each query run so carries its own conditions. An error restores the identity at
 * abort, as for any SECURITY DEFINER function.
 */
void
hf_spi_as_owner(Oid relid, HfOwnerCallback callback, void *arg)
{
	Relation rel = RelationIdGetRelation(relid);
	Oid owner;
	Oid user;
	int context;

	if (!RelationIsValid(rel))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("relation with OID %u does not exist", relid)));
	owner = rel->rd_rel->relowner;
	RelationClose(rel);

	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(owner, context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	callback(arg);
	SetUserIdAndSecContext(user, context);
}

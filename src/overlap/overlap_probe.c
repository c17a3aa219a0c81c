/*
 * overlap_probe.c
 *		Looking through the exclusion constraint of a protected table before a row is written.
 *
 * The index is scanned directly rather than through SPI: the answer then comes from the very expressions and
 * operators of the constraint, whatever the types; no plan made while the table was small can turn a bulk load
 * into one sequential scan per row; row security and privileges do not enter; and a dirty snapshot sees what an
 * MVCC snapshot cannot: earlier rows of the same statement, and in every isolation level what others committed
 * up to this moment.
 *
 * A row whose deletion has not committed is in the way. A row whose insertion has not committed was written
 * past the guard (who came through it holds the lock that we hold), so we wait for it, as the constraint does.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/index.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/executor.h"
#include "executor/nodeModifyTable.h"
#include "optimizer/optimizer.h"
#include "storage/lmgr.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "overlap/overlap_core.h"
#include "overlap/overlap_probe.h"

/* FindIndex returns the index of a constraint; both carry the same name. */
static Oid
FindIndex(Relation rel, const char *constraint)
{
	List *indexes = RelationGetIndexList(rel);
	ListCell *cell;

	foreach (cell, indexes)
	{
		char *name = get_rel_name(lfirst_oid(cell));

		if (name != NULL && strcmp(name, constraint) == 0)
			return lfirst_oid(cell);
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("constraint \"%s\" of table \"%s\" does not exist", constraint,
					RelationGetRelationName(rel)),
			 errhint("Call allow_overlap() and then prevent_overlap() again, or rename it back.")));
}

/* FindTimes reads from the key's one expression, a range, which columns it is made of. */
static void
FindTimes(HfProbe *probe, Relation rel)
{
	List *vars = pull_var_clause((Node *) probe->info->ii_Expressions, 0);

	if (probe->info->ii_ExclusionOps == NULL || list_length(probe->info->ii_Expressions) != 1 ||
		list_length(vars) != 2)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("the constraint is not one of prevent_overlap()")));
	probe->starts = linitial_node(Var, vars)->varattno;
	probe->ends = lsecond_node(Var, vars)->varattno;
	probe->type = getBaseType(TupleDescAttr(RelationGetDescr(rel), probe->starts - 1)->atttypid);
}

/* hf_probe_open opens a constraint. */
HfProbe *
hf_probe_open(Relation rel, const char *constraint, MemoryContext context)
{
	MemoryContext previous = MemoryContextSwitchTo(context);
	HfProbe *probe = palloc0(sizeof(HfProbe));
	/* a copy of our own: a slot would register its use of the table's with the current statement */
	TupleDesc desc = CreateTupleDescCopyConstr(RelationGetDescr(rel));
	Relation index;

	probe->index = FindIndex(rel, constraint);
	probe->constraint = hash_bytes((const unsigned char *) constraint, strlen(constraint));
	index = index_open(probe->index, AccessShareLock);
	probe->info = BuildIndexInfo(index);
	index_close(index, NoLock);
	FindTimes(probe, rel);

	probe->estate = CreateExecutorState();
	if (probe->info->ii_Predicate != NIL)
		probe->live = ExecPrepareQual(probe->info->ii_Predicate, probe->estate);
	probe->row = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
	probe->old = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
	probe->found = MakeSingleTupleTableSlot(desc, table_slot_callbacks(rel));
	MemoryContextSwitchTo(previous);
	return probe;
}

/* hf_probe_load fills a slot. The executor computes generated columns only after BEFORE triggers. */
void
hf_probe_load(HfProbe *probe, Relation rel, HeapTuple tuple, TupleTableSlot *slot)
{
	TupleConstr *constr = RelationGetDescr(rel)->constr;

	ExecForceStoreHeapTuple(tuple, slot, false);
	if (slot != probe->row || constr == NULL || !constr->has_generated_stored)
		return;
	if (probe->rel == NULL)
	{
		MemoryContext previous = MemoryContextSwitchTo(probe->estate->es_query_cxt);

		probe->rel = makeNode(ResultRelInfo);
		InitResultRelInfo(probe->rel, rel, 0, NULL, 0);
		MemoryContextSwitchTo(previous);
	}
	probe->rel->ri_RelationDesc = rel;
	ExecComputeStoredGenerated(probe->rel, probe->estate, slot, CMD_INSERT);
}

/* hf_probe_occupies evaluates the predicate; equality with a NULL is never true. */
bool
hf_probe_occupies(HfProbe *probe, TupleTableSlot *slot)
{
	ExprContext *econtext = GetPerTupleExprContext(probe->estate);

	for (int i = 0; i < probe->info->ii_NumIndexKeyAttrs - 1; i++)
	{
		if (slot->tts_isnull[probe->info->ii_IndexAttrNumbers[i] - 1])
			return false;
	}
	econtext->ecxt_scantuple = slot;
	return !slot->tts_isnull[probe->starts - 1] &&
		   (probe->live == NULL || ExecQual(probe->live, econtext));
}

/* SameValue compares a column of two rows, bit by bit. */
static bool
SameValue(TupleTableSlot *a, TupleTableSlot *b, AttrNumber column)
{
	Form_pg_attribute att = TupleDescAttr(a->tts_tupleDescriptor, column - 1);
	bool null = a->tts_isnull[column - 1];

	if (null != b->tts_isnull[column - 1])
		return false;
	return null || datum_image_eq(a->tts_values[column - 1], b->tts_values[column - 1],
								  att->attbyval, att->attlen);
}

/* hf_probe_same compares the columns of the key. */
bool
hf_probe_same(HfProbe *probe, TupleTableSlot *a, TupleTableSlot *b)
{
	for (int i = 0; i < probe->info->ii_NumIndexKeyAttrs - 1; i++)
	{
		if (!SameValue(a, b, probe->info->ii_IndexAttrNumbers[i]))
			return false;
	}
	return SameValue(a, b, probe->starts) && SameValue(a, b, probe->ends);
}

/*
 * hf_probe_lock hashes the resource, so that what is equal for the constraint is equal for the lock. A type that
 * has no hash function adds nothing: its values share stripes.
 */
uint64
hf_probe_lock(HfProbe *probe, Relation rel, TupleTableSlot *slot)
{
	uint32 resource = 0;

	for (int i = 0; i < probe->info->ii_NumIndexKeyAttrs - 1; i++)
	{
		AttrNumber column = probe->info->ii_IndexAttrNumbers[i];
		Form_pg_attribute att = TupleDescAttr(RelationGetDescr(rel), column - 1);
		TypeCacheEntry *type =
			lookup_type_cache(getBaseType(att->atttypid), TYPECACHE_HASH_PROC_FINFO);

		if (!OidIsValid(type->hash_proc_finfo.fn_oid))
			continue;
		resource = hf_overlap_fold(
			resource, DatumGetUInt32(FunctionCall1Coll(&type->hash_proc_finfo, att->attcollation,
													   slot->tts_values[column - 1])));
	}
	return hf_overlap_lock(RelationGetRelid(rel), probe->constraint, resource);
}

/* KeyOf evaluates the key of an index for a row. */
static void
KeyOf(EState *estate, IndexInfo *info, TupleTableSlot *slot, Datum *values, bool *isnull)
{
	GetPerTupleExprContext(estate)->ecxt_scantuple = slot;
	FormIndexDatum(info, slot, estate, values, isnull);
}

/* One look through an index for a row that clashes with a given one. */
typedef struct Search
{
	Relation rel;
	Relation index;
	IndexInfo *info;
	Oid *procs;
	uint16 *strategies;
	Datum values[INDEX_MAX_KEYS]; /* the key that is searched for */
	ItemPointer self;			  /* a row that does not count, or NULL */
	TransactionId writer;		  /* whoever is just inserting a row that clashes */
	ItemPointerData writing;
} Search;

/* Clashes compares a row that the index could not tell for sure. */
static bool
Clashes(HfProbe *probe, Search *search, TupleTableSlot *found)
{
	Datum values[INDEX_MAX_KEYS];
	bool isnull[INDEX_MAX_KEYS];

	KeyOf(probe->estate, search->info, found, values, isnull);
	for (int i = 0; i < search->info->ii_NumIndexKeyAttrs; i++)
	{
		if (isnull[i] ||
			!DatumGetBool(OidFunctionCall2Coll(search->procs[i], search->index->rd_indcollation[i],
											   values[i], search->values[i])))
			return false;
	}
	return true;
}

/* ScanOnce looks for a clashing row; false with search->writer set when it depends on another transaction. */
static bool
ScanOnce(HfProbe *probe, Search *search)
{
	int nkeys = search->info->ii_NumIndexKeyAttrs;
	ScanKeyData keys[INDEX_MAX_KEYS];
	SnapshotData dirty;
	IndexScanDesc scan;
	bool hit = false;

	for (int i = 0; i < nkeys; i++)
		ScanKeyEntryInitialize(&keys[i], 0, i + 1, search->strategies[i], InvalidOid,
							   search->index->rd_indcollation[i], search->procs[i],
							   search->values[i]);
	InitDirtySnapshot(dirty);
	search->writer = InvalidTransactionId;
	scan = hf_compat_index_beginscan(search->rel, search->index, &dirty, nkeys);
	index_rescan(scan, keys, nkeys, NULL, 0);
	while (!hit && index_getnext_slot(scan, ForwardScanDirection, probe->found))
	{
		if (search->self != NULL && ItemPointerEquals(search->self, &probe->found->tts_tid))
			continue;
		if (scan->xs_recheck && !Clashes(probe, search, probe->found))
			continue;
		hit = !TransactionIdIsValid(dirty.xmin);
		if (!hit)
		{
			search->writer = dirty.xmin;
			search->writing = probe->found->tts_tid;
		}
	}
	index_endscan(scan);
	return hit;
}

/* SearchIndex looks for a clashing row, waiting for those who are just inserting one. */
static bool
SearchIndex(HfProbe *probe, Search *search)
{
	while (!ScanOnce(probe, search))
	{
		if (!TransactionIdIsValid(search->writer))
			return false;
		XactLockTableWait(search->writer, search->rel, &search->writing,
						  XLTW_RecheckExclusionConstr);
	}
	return true;
}

/* hf_probe_conflict searches the constraint's index. */
bool
hf_probe_conflict(HfProbe *probe, Relation rel, TupleTableSlot *slot, ItemPointer self)
{
	Search search = {.rel = rel, .info = probe->info, .self = self};
	bool isnull[INDEX_MAX_KEYS];
	bool hit;

	KeyOf(probe->estate, probe->info, slot, search.values, isnull);
	search.index = index_open(probe->index, AccessShareLock);
	search.procs = probe->info->ii_ExclusionProcs;
	search.strategies = probe->info->ii_ExclusionStrats;
	hit = SearchIndex(probe, &search);
	index_close(search.index, NoLock);
	return hit;
}

/* KeyTaken searches one unique index. */
static bool
KeyTaken(HfProbe *probe, Relation rel, Relation index, TupleTableSlot *slot)
{
	Search search = {.rel = rel, .index = index, .info = BuildIndexInfo(index)};
	ExprContext *econtext = GetPerTupleExprContext(probe->estate);
	bool isnull[INDEX_MAX_KEYS];

	econtext->ecxt_scantuple = slot;
	if (search.info->ii_Predicate != NIL &&
		!ExecQual(ExecPrepareQual(search.info->ii_Predicate, probe->estate), econtext))
		return false;
	KeyOf(probe->estate, search.info, slot, search.values, isnull);
	for (int i = 0; i < search.info->ii_NumIndexKeyAttrs; i++)
	{
		if (isnull[i])
			return false;
	}
	BuildSpeculativeIndexInfo(index, search.info);
	search.procs = search.info->ii_UniqueProcs;
	search.strategies = search.info->ii_UniqueStrats;
	return SearchIndex(probe, &search);
}

/* hf_probe_key_taken searches every unique index. */
bool
hf_probe_key_taken(HfProbe *probe, Relation rel, TupleTableSlot *slot)
{
	List *indexes = RelationGetIndexList(rel);
	ListCell *cell;

	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), AccessShareLock);
		bool taken = index->rd_index->indisunique && index->rd_index->indimmediate &&
					 index->rd_index->indisvalid && KeyTaken(probe, rel, index, slot);

		index_close(index, NoLock);
		if (taken)
			return true;
	}
	return false;
}

/* hf_probe_time reads a time. */
int64
hf_probe_time(HfProbe *probe, Datum value)
{
	return probe->type == DATEOID ? DatumGetDateADT(value) : DatumGetTimestamp(value);
}

/* hf_probe_datum makes a time. */
Datum
hf_probe_datum(HfProbe *probe, int64 value)
{
	return probe->type == DATEOID ? DateADTGetDatum((DateADT) value) : TimestampGetDatum(value);
}

/* hf_probe_free_from reads the upper bound of the key's range, which is in days or in microseconds. */
bool
hf_probe_free_from(HfProbe *probe, TupleTableSlot *slot, int64 *start)
{
	Datum values[INDEX_MAX_KEYS];
	bool isnull[INDEX_MAX_KEYS];
	RangeType *during;
	TypeCacheEntry *type;
	RangeBound lower;
	RangeBound upper;
	bool empty;

	KeyOf(probe->estate, probe->info, slot, values, isnull);
	during = DatumGetRangeTypeP(values[probe->info->ii_NumIndexKeyAttrs - 1]);
	type = lookup_type_cache(RangeTypeGetOid(during), TYPECACHE_RANGE_INFO);
	range_deserialize(type, during, &lower, &upper, &empty);
	if (empty || upper.infinite)
		return false;
	if (type->rngelemtype->type_id == DATEOID)
	{
		*start = DatumGetDateADT(upper.val);
		return !DATE_NOT_FINITE(*start);
	}
	*start = DatumGetTimestamp(upper.val);
	if (TIMESTAMP_NOT_FINITE(*start))
		return false;
	if (probe->type ==
		DATEOID) /* a buffer makes it a time of day: the next row starts on the next day */
		*start = *start / USECS_PER_DAY + (*start % USECS_PER_DAY > 0 ? 1 : 0);
	return true;
}

/*
 * plain.c
 *		Rows of plain tables, written without the executor; see plain.h.
 *
 * A statement costs several times what its row does: the executor reads and compiles the constraints anew, and takes apart
 * and puts together what is known here. What is known of a table is kept until the relation cache says that it has changed;
 * privileges and row security depend on the user and are asked for in every call.
 *
 * A row that a unique index may refuse without an error is written speculatively. Where the index has doubts, the row is
 * taken back at once, so that nobody waits for it, and the executor decides: it waits for whom it has to.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"

#include "base/known.h"
#include "base/plain.h"
#include "guc.h"

typedef struct PlainTable
{
	Oid relid;	/* the key */
	bool known; /* what follows is true now, of a table of this shape */
	const HfShape *shape;
	HfChecks *checks; /* NULL: only by the executor */
	Oid arbiter;	  /* the index that refuses a row without an error */
} PlainTable;

StaticAssertDecl(offsetof(PlainTable, known) == offsetof(HfKnownEntry, known),
				 "entries begin alike");

static HfKnown tables = {"holdfast plain tables", sizeof(PlainTable)};

/* hf_plain_init listens for changes. */
void
hf_plain_init(void)
{
	hf_known_init(&tables);
}

/* HasColumns tells whether a table begins with the given columns, and has all others that are needed filled in. */
static bool
HasColumns(Relation rel, const HfColumn *columns, int count, bool all)
{
	TupleDesc desc = RelationGetDescr(rel);

	if (all ? desc->natts != count : desc->natts < count)
		return false;
	for (int i = 0; i < count; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (att->attisdropped || att->atttypid != columns[i].type ||
			(columns[i].optional && att->attnotnull) ||
			strcmp(NameStr(att->attname), columns[i].name) != 0)
			return false;
	}
	return true;
}

/* IsPlainPredicate tells whether a predicate says no more than that columns are, or are not, null. */
static bool
IsPlainPredicate(List *predicate)
{
	ListCell *cell;

	foreach (cell, predicate)
	{
		NullTest *test = lfirst(cell);

		if (!IsA(test, NullTest) || test->argisrow || !IsA(test->arg, Var))
			return false;
	}
	return true;
}

/* HasPlainIndexes tells whether every index is a btree of columns that is checked at once. */
static bool
HasPlainIndexes(Relation rel)
{
	List *indexes = RelationGetIndexList(rel);
	ListCell *cell;
	bool plain = true;

	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), AccessShareLock);

		plain = plain && index->rd_rel->relam == BTREE_AM_OID && index->rd_index->indimmediate &&
				!index->rd_index->indisexclusion && RelationGetIndexExpressions(index) == NIL &&
				IsPlainPredicate(RelationGetIndexPredicate(index));
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	return plain;
}

/* hf_is_plain_table looks at the table itself; see plain.h. */
bool
hf_is_plain_table(Relation rel)
{
	const TupleConstr *constr = RelationGetDescr(rel)->constr;

	return rel->rd_rel->relkind == RELKIND_RELATION &&
		   rel->rd_rel->relpersistence == RELPERSISTENCE_PERMANENT &&
		   rel->rd_tableam == GetHeapamTableAmRoutine() && rel->rd_rules == NULL &&
		   !rel->rd_rel->relispartition && !(constr != NULL && constr->has_generated_stored);
}

/* hf_fires_on_insert tells whether an INSERT fires anything, foreign keys included. */
bool
hf_fires_on_insert(const TriggerDesc *triggers)
{
	return triggers != NULL &&
		   (triggers->trig_insert_before_row || triggers->trig_insert_after_row ||
			triggers->trig_insert_instead_row || triggers->trig_insert_before_statement ||
			triggers->trig_insert_after_statement || triggers->trig_insert_new_table);
}

/* hf_fires_on_delete tells the same of a DELETE. */
bool
hf_fires_on_delete(const TriggerDesc *triggers)
{
	return triggers != NULL &&
		   (triggers->trig_delete_before_row || triggers->trig_delete_after_row ||
			triggers->trig_delete_instead_row || triggers->trig_delete_before_statement ||
			triggers->trig_delete_after_statement || triggers->trig_delete_old_table);
}

/* hf_fires_on_update tells the same of an UPDATE. */
bool
hf_fires_on_update(const TriggerDesc *triggers)
{
	return triggers != NULL &&
		   (triggers->trig_update_before_row || triggers->trig_update_after_row ||
			triggers->trig_update_instead_row || triggers->trig_update_before_statement ||
			triggers->trig_update_after_statement || triggers->trig_update_new_table ||
			triggers->trig_update_old_table);
}

/* hf_plain_checks compiles the constraints of a table; see plain.h. */
HfChecks *
hf_plain_checks(Relation rel, const HfColumn *columns, int count, bool all)
{
	bool plain = hf_is_plain_table(rel) && rel->trigdesc == NULL && HasPlainIndexes(rel) &&
				 HasColumns(rel, columns, count, all);

	return plain ? hf_checks_compile(rel) : NULL;
}

/* hf_plain_may asks for privileges; see plain.h. */
bool
hf_plain_may(Oid relid, AclMode mode)
{
	return hf_direct_insert && ExecutorCheckPerms_hook == NULL &&
		   pg_class_aclmask(relid, GetUserId(), mode, ACLMASK_ALL) == mode &&
		   check_enable_rls(relid, InvalidOid, true) != RLS_ENABLED;
}

/* IsIndexed tells whether a row belongs into an index with a plain predicate. */
static bool
IsIndexed(const IndexInfo *info, const TupleTableSlot *slot)
{
	ListCell *cell;

	foreach (cell, info->ii_Predicate)
	{
		NullTest *test = lfirst_node(NullTest, cell);
		bool isnull = slot->tts_isnull[castNode(Var, test->arg)->varattno - 1];

		if (isnull != (test->nulltesttype == IS_NULL))
			return false;
	}
	return true;
}

/* InsertIntoIndex adds the row in a slot to an index; false when an arbiter has doubts whether the row is the only one. */
static bool
InsertIntoIndex(Relation rel, Relation index, TupleTableSlot *slot, bool arbiter)
{
	IndexInfo *info = BuildIndexInfo(index);
	IndexUniqueCheck check = UNIQUE_CHECK_NO;
	Datum values[INDEX_MAX_KEYS];
	bool nulls[INDEX_MAX_KEYS];
	bool unique;

	if (!info->ii_ReadyForInserts || !IsIndexed(info, slot))
		return true;
	for (int i = 0; i < info->ii_NumIndexAttrs; i++)
	{
		values[i] = slot->tts_values[info->ii_IndexAttrNumbers[i] - 1];
		nulls[i] = slot->tts_isnull[info->ii_IndexAttrNumbers[i] - 1];
	}
	if (info->ii_Unique)
		check = arbiter ? UNIQUE_CHECK_PARTIAL : UNIQUE_CHECK_YES;
	unique = index_insert(index, values, nulls, &slot->tts_tid, rel, check, false, info);
	return unique || check != UNIQUE_CHECK_PARTIAL;
}

/* InsertIntoIndexes adds the row in a slot to the indexes of its table, and ends early where the arbiter has doubts. */
static bool
InsertIntoIndexes(Relation rel, TupleTableSlot *slot, Oid arbiter)
{
	List *indexes = RelationGetIndexList(rel);
	ListCell *cell;
	bool unique = true;

	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), RowExclusiveLock);

		unique = unique && InsertIntoIndex(rel, index, slot, lfirst_oid(cell) == arbiter);
		index_close(index, NoLock);
	}
	list_free(indexes);
	return unique;
}

/* hf_plain_insert_into_indexes adds a row to the indexes; see plain.h. */
void
hf_plain_insert_into_indexes(Relation rel, TupleTableSlot *slot)
{
	(void) InsertIntoIndexes(rel, slot, InvalidOid);
}

/* hf_plain_check runs the constraints; see plain.h. */
void
hf_plain_check(const HfChecks *checks, Relation rel, TupleTableSlot *slot)
{
	ExprContext *context = CreateStandaloneExprContext();

	hf_checks_run(checks, rel, slot, context);
	FreeExprContext(context, true);
}

/* hf_plain_insert inserts a row; see plain.h. */
void
hf_plain_insert(Relation rel, TupleTableSlot *slot, const HfChecks *checks)
{
	hf_plain_check(checks, rel, slot);
	table_tuple_insert(rel, slot, GetCurrentCommandId(true), 0, NULL);
	hf_plain_insert_into_indexes(rel, slot);
}

/* InsertUnless inserts a row that an index may refuse; false when it has doubts, and then the row is gone again. */
static bool
InsertUnless(Relation rel, TupleTableSlot *slot, const PlainTable *table)
{
	TransactionId xid = GetCurrentTransactionId();
	Oid arbiter = table->arbiter;
	uint32 token;
	bool unique;

	hf_plain_check(table->checks, rel, slot);
	token = SpeculativeInsertionLockAcquire(xid);
	table_tuple_insert_speculative(rel, slot, GetCurrentCommandId(true), 0, NULL, token);
	unique = InsertIntoIndexes(rel, slot, arbiter);
	table_tuple_complete_speculative(rel, slot, token, unique);
	SpeculativeInsertionLockRelease(xid);
	return unique;
}

/* IsOn tells whether an index is one of these columns. */
static bool
IsOn(Form_pg_index form, const AttrNumber *columns)
{
	int count = 0;

	while (count < form->indnkeyatts && columns[count] != 0 &&
		   form->indkey.values[count] == columns[count])
		count++;
	return columns[count] == 0 && count == form->indnkeyatts;
}

/* FindArbiter finds the unique index of some columns. */
static Oid
FindArbiter(Relation rel, const AttrNumber *columns)
{
	List *indexes = RelationGetIndexList(rel);
	ListCell *cell;
	Oid arbiter = InvalidOid;

	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), AccessShareLock);

		if (index->rd_index->indisunique && IsOn(index->rd_index, columns))
			arbiter = RelationGetRelid(index);
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	return arbiter;
}

/* Learn fills an entry in. */
static void
Learn(PlainTable *table, Relation rel, const HfShape *shape)
{
	/* first, so that an invalidation while we look is not lost */
	table->known = true;
	hf_checks_free(table->checks);
	table->checks = NULL;
	table->shape = shape;
	table->arbiter = shape->unless[0] == 0 ? InvalidOid : FindArbiter(rel, shape->unless);
	if (shape->unless[0] == 0 || OidIsValid(table->arbiter))
		table->checks = hf_plain_checks(rel, shape->columns, shape->count, true);
}

/* WriteRow writes a row to an open table. */
static bool
WriteRow(const PlainTable *table, Relation rel, const Datum *values, const bool *nulls)
{
	const HfShape *shape = table->shape;
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	bool written = true;

	memcpy(slot->tts_values, values, sizeof(Datum) * shape->count);
	memcpy(slot->tts_isnull, nulls, sizeof(bool) * shape->count);
	ExecStoreVirtualTuple(slot);
	if (OidIsValid(table->arbiter))
		written = InsertUnless(rel, slot, table);
	else
		hf_plain_insert(rel, slot, table->checks);
	ExecDropSingleTupleTableSlot(slot);
	CommandCounterIncrement();
	return written;
}

/* hf_plain_write writes a row; see plain.h. */
bool
hf_plain_write(const HfShape *shape, Oid relid, const Datum *values, const bool *nulls)
{
	Relation rel;
	PlainTable *table;
	bool written = false;

	/* what must not be written is left to the executor to refuse */
	if (XactReadOnly || IsInParallelMode() || IsolationUsesXactSnapshot() ||
		!hf_plain_may(relid, shape->mode))
		return false;
	rel = try_table_open(relid, RowExclusiveLock);
	if (rel == NULL)
		return false;
	table = (PlainTable *) hf_known_find(&tables, relid);
	if (!table->known || table->shape != shape)
		Learn(table, rel, shape);
	if (table->checks != NULL)
		written = WriteRow(table, rel, values, nulls);
	table_close(rel, NoLock);
	return written;
}

/*
 * calendar_write.c
 *		The two ways to write the blocks of an attempt, behind one contract.
 *
 * hf_write writes take->blocks from take->written on and moves take->written past what is in the table. It returns
 * false when something that is not of this attempt stands in the way of the next block; that block has then left
 * nothing behind. Afterwards the caller looks at what stands there, with a new snapshot, and tries again or gives up
 * and lets the (sub)transaction undo the rest.
 *
 * Direct: one speculative insertion per block, whose conflict is reported by the exclusion constraint's own check, so
 * a hold costs one search of the index, as a plain INSERT does. It bypasses what only the executor does; see
 * hf_calendar_is_direct().
 *
 * Executor: plain INSERTs in one subtransaction, for a violation can only be caught by undoing what came with it.
 *
 * Neither checks first. The resource locks make a conflict rare; the exclusion constraint decides.
 */
#include "compat.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "base/guarded.h"
#include "calendar/calendar.h"
#include "spi.h"

/* Where the direct way writes to. */
typedef struct DirectTarget
{
	Relation rel;
	EState *estate;
	ResultRelInfo *result;
	TupleTableSlot *slot;
	List *arbiters; /* the exclusion constraint's index */
} DirectTarget;

static const HfQuery insert_block = {
	"INSERT INTO %s (organization_id, resource_id, lane, during, starts_at, ends_at, kind, hold_key, batch_key, "
	"reference, holder, replaces, expires_at, created_at, batch_size) "
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
	HF_COLUMNS,
	{UUIDOID, UUIDOID, INT2OID, TSTZRANGEOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, UUIDOID,
	 UUIDOID, UUIDOID, UUIDOID, UUIDOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT2OID},
	false,
};

/* hf_span_datum makes a tstzrange. */
Datum
hf_span_datum(HfSpan span)
{
	TypeCacheEntry *type = lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO);
	RangeBound lower = {TimestampTzGetDatum(span.from), false, true, true};
	RangeBound upper = {TimestampTzGetDatum(span.to), false, false, false};

	return RangeTypePGetDatum(hf_compat_make_range(type, &lower, &upper));
}

/* FillRow makes the row of a block; the pointers in it are the take's. */
static void
FillRow(const HfTake *take, HfBlock *block, Datum *values, bool *nulls)
{
	const HfRequest *request = take->request;
	bool hold = request->kind == HF_TENTATIVE;
	const pg_uuid_t *reference =
		request->reference.given ? &request->reference.id : &block->hold_key;

	memset(nulls, 0, sizeof(bool) * HF_COLUMNS);
	values[HF_COL_ORGANIZATION] = UUIDPGetDatum(&request->organization);
	values[HF_COL_RESOURCE] = UUIDPGetDatum(&request->resources[block->resource]);
	values[HF_COL_LANE] = Int16GetDatum((int16) block->lane);
	values[HF_COL_DURING] = hf_span_datum(block->occupied);
	values[HF_COL_STARTS] = TimestampTzGetDatum(block->booked.from);
	values[HF_COL_ENDS] = TimestampTzGetDatum(block->booked.to);
	values[HF_COL_KIND] = CStringGetTextDatum(hf_kind_names[request->kind]);
	values[HF_COL_HOLD_KEY] = UUIDPGetDatum(&block->hold_key);
	values[HF_COL_BATCH_KEY] = UUIDPGetDatum(&take->batch_key);
	values[HF_COL_REFERENCE] = UUIDPGetDatum(reference);
	values[HF_COL_HOLDER] = UUIDPGetDatum(&request->holder.id);
	nulls[HF_COL_HOLDER] = !request->holder.given;
	values[HF_COL_REPLACES] = UUIDPGetDatum(&request->replaces.id);
	nulls[HF_COL_REPLACES] = !request->replaces.given;
	values[HF_COL_EXPIRES] = TimestampTzGetDatum(take->made_at + request->ttl);
	nulls[HF_COL_EXPIRES] = !hold;
	values[HF_COL_CREATED] = TimestampTzGetDatum(take->made_at);
	values[HF_COL_BATCH_SIZE] = Int16GetDatum((int16) take->count);
}

/* OpenTarget prepares the table, its indexes and a slot. */
static void
OpenTarget(DirectTarget *target, const HfCalendar *calendar)
{
	MemoryContext old;

	target->rel = table_open(calendar->relid, NoLock);
	target->estate = CreateExecutorState();
	old = MemoryContextSwitchTo(target->estate->es_query_cxt);
	target->result = makeNode(ResultRelInfo);
	InitResultRelInfo(target->result, target->rel, 0, NULL, 0);
	ExecOpenIndices(target->result, false);
	target->slot = table_slot_create(target->rel, NULL);
	target->arbiters = list_make1_oid(calendar->exclusion);
	MemoryContextSwitchTo(old);
}

/* CloseTarget lets go of it; the table stays locked. */
static void
CloseTarget(DirectTarget *target)
{
	ExecDropSingleTupleTableSlot(target->slot);
	ExecCloseIndices(target->result);
	FreeExecutorState(target->estate);
	table_close(target->rel, NoLock);
}

/*
 * InsertSlot inserts the row in the slot; false when the exclusion constraint finds another in its way, and then the
 * row is gone again. A row in the way that another transaction is still writing or deleting is waited for.
 */
static bool
InsertSlot(DirectTarget *target, CommandId command)
{
	for (;;)
	{
		TransactionId xid = GetCurrentTransactionId();
		uint32 token = SpeculativeInsertionLockAcquire(xid);
		bool conflict = false;
		ItemPointerData other;

		table_tuple_insert_speculative(target->rel, target->slot, command, 0, NULL, token);
		list_free(hf_compat_insert_index_tuples(target->result, target->slot, target->estate,
												&conflict, target->arbiters));
		table_tuple_complete_speculative(target->rel, target->slot, token, !conflict);
		SpeculativeInsertionLockRelease(xid);
		if (!conflict)
			return true;
		CHECK_FOR_INTERRUPTS();
		if (!hf_compat_check_index_constraints(target->result, target->slot, target->estate, &other,
											   target->arbiters))
			return false;
	}
}

/* WriteDirectly is the way without the executor. */
static bool
WriteDirectly(HfTake *take)
{
	DirectTarget target;
	CommandId command = GetCurrentCommandId(true);
	bool done = true;

	OpenTarget(&target, take->request->calendar);
	while (done && take->written < take->count)
	{
		TupleTableSlot *slot = ExecClearTuple(target.slot);
		MemoryContext old = MemoryContextSwitchTo(GetPerTupleMemoryContext(target.estate));

		FillRow(take, &take->blocks[take->written], slot->tts_values, slot->tts_isnull);
		ExecStoreVirtualTuple(slot);
		hf_checks_run(take->request->calendar->checks, target.rel, slot,
					  GetPerTupleExprContext(target.estate));
		MemoryContextSwitchTo(old);
		done = InsertSlot(&target, command);
		if (done)
			take->written++;
		ResetPerTupleExprContext(target.estate);
	}
	CloseTarget(&target);
	CommandCounterIncrement();
	return done;
}

/* InsertBlocks runs an INSERT for every block that is still to be written. */
static bool
InsertBlocks(void *arg)
{
	HfTake *take = arg;

	hf_spi_open();
	for (int next = take->written; next < take->count; next++)
	{
		Datum values[HF_COLUMNS];
		bool nulls[HF_COLUMNS];
		char flags[HF_COLUMNS];

		CHECK_FOR_INTERRUPTS();
		FillRow(take, &take->blocks[next], values, nulls);
		for (int i = 0; i < HF_COLUMNS; i++)
			flags[i] = nulls[i] ? 'n' : ' ';
		(void) hf_spi_run(&insert_block, take->request->calendar->relid, values, flags, 0);
	}
	hf_spi_close();
	return true;
}

/* IsConflict tells whether an error comes from an exclusion constraint. */
static bool
IsConflict(int code)
{
	return code == ERRCODE_EXCLUSION_VIOLATION;
}

/* WriteThroughExecutor is the way for calendars with triggers, foreign keys or row security. */
static bool
WriteThroughExecutor(HfTake *take)
{
	int code;

	if (!hf_in_subtransaction(InsertBlocks, take, true, IsConflict, &code))
		return false;
	take->written = take->count;
	return true;
}

/* hf_write writes what is still to be written of an attempt. */
bool
hf_write(HfTake *take)
{
	return hf_calendar_is_direct(take->request->calendar) ? WriteDirectly(take)
														  : WriteThroughExecutor(take);
}

/*
 * quota_direct.c
 *		consume() without the executor.
 *
 * The same steps as in quota_spend.c, in the same order: look at the account, insert the entry, then take the units where
 * they still are. The row is locked by its update alone, or, where somebody was faster, by locking what they left; what
 * happens while it is locked is a few microseconds. It bypasses what only the executor does; see hf_quota_is_direct().
 *
 * Units are taken from the version of the account that the update replaces, and no other: table_tuple_update() fails
 * when that is not the latest, and what table_tuple_lock() returns is. So the balance is exact, whoever else is at it.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "base/plain.h"
#include "base/uuid.h"
#include "identity/claims.h"
#include "quota/quota_table.h"
#include "spi.h"

/* What a version of an account says. */
typedef struct Glance
{
	int balance;
	int available;
	TimestampTz starts_at;
	TimestampTz ends_at;
} Glance;

/* Column is a column of the row in a slot; those that are asked for are never null. */
static Datum
Column(TupleTableSlot *slot, int column)
{
	bool isnull;

	return slot_getattr(slot, column + 1, &isnull);
}

/* LookAt reads the row in a slot. */
static Glance
LookAt(TupleTableSlot *slot)
{
	Glance glance = {DatumGetInt32(Column(slot, HF_ACCOUNT_BALANCE)),
					 DatumGetInt32(Column(slot, HF_ACCOUNT_AVAILABLE)),
					 DatumGetTimestampTz(Column(slot, HF_ACCOUNT_STARTS)),
					 DatumGetTimestampTz(Column(slot, HF_ACCOUNT_ENDS))};

	return glance;
}

/* FindAccount puts an account into a slot, as it is committed now; false when there is none. */
static bool
FindAccount(Relation rel, Oid primary, const HfQuota *quota, TupleTableSlot *slot)
{
	Relation index = index_open(primary, AccessShareLock);
	Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
	IndexScanDesc scan = hf_compat_index_beginscan(rel, index, snapshot, 2);
	ScanKeyData keys[2];
	bool found;

	ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_UUID_EQ, UUIDPGetDatum(&quota->organization));
	ScanKeyInit(&keys[1], 2, BTEqualStrategyNumber, F_UUID_EQ, UUIDPGetDatum(&quota->account));
	index_rescan(scan, keys, 2, NULL, 0);
	found = index_getnext_slot(scan, ForwardScanDirection, slot);
	index_endscan(scan);
	UnregisterSnapshot(snapshot);
	index_close(index, NoLock);
	return found;
}

/* InsertEntry inserts the entry into the ledger, before the account is locked. */
static void
InsertEntry(const HfQuotaTables *tables, const HfSpending *spending, const pg_uuid_t *id,
			TimestampTz starts_at, TimestampTz now)
{
	const HfQuota *quota = &spending->quota;
	Relation rel = table_open(tables->ledger, RowExclusiveLock);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	Datum *values = slot->tts_values;
	pg_uuid_t actor;

	memset(slot->tts_isnull, 0, sizeof(bool) * HF_LEDGER_COLUMNS);
	values[HF_LEDGER_ORGANIZATION] = UUIDPGetDatum(&quota->organization);
	values[HF_LEDGER_ACCOUNT] = UUIDPGetDatum(&quota->account);
	values[HF_LEDGER_ID] = UUIDPGetDatum(id);
	values[HF_LEDGER_STARTS] = TimestampTzGetDatum(starts_at);
	values[HF_LEDGER_KIND] = CStringGetTextDatum("consume");
	values[HF_LEDGER_AMOUNT] = Int32GetDatum(-spending->amount);
	values[HF_LEDGER_REFERENCE] = UUIDPGetDatum(&spending->reference);
	values[HF_LEDGER_REASON] = (Datum) 0;
	slot->tts_isnull[HF_LEDGER_REASON] = true;
	values[HF_LEDGER_ACTOR] = UUIDPGetDatum(&actor);
	slot->tts_isnull[HF_LEDGER_ACTOR] = !hf_claims_actor(&actor);
	values[HF_LEDGER_CREATED] = TimestampTzGetDatum(now);
	ExecStoreVirtualTuple(slot);
	hf_plain_insert(rel, slot, tables->ledger_checks);
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, NoLock);
}

/* Replace replaces the version of the account in a slot by one with another balance. */
static TM_Result
Replace(const HfQuotaTables *tables, Relation rel, TupleTableSlot *slot, int balance)
{
	TupleTableSlot *next = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsVirtual);
	HF_COMPAT_UPDATE_INDEXES indexes;
	LockTupleMode lockmode;
	TM_FailureData failure;
	TM_Result result;

	slot_getallattrs(slot);
	memcpy(next->tts_values, slot->tts_values, sizeof(Datum) * RelationGetDescr(rel)->natts);
	memcpy(next->tts_isnull, slot->tts_isnull, sizeof(bool) * RelationGetDescr(rel)->natts);
	next->tts_values[HF_ACCOUNT_BALANCE] = Int32GetDatum(balance);
	ExecStoreVirtualTuple(next);
	hf_plain_check(tables->account_checks, rel, next);
	result = table_tuple_update(rel, &slot->tts_tid, next, GetCurrentCommandId(true),
								GetActiveSnapshot(), InvalidSnapshot, true, &failure, &lockmode,
								&indexes);
	if (result == TM_Ok && hf_compat_has_indexes(indexes))
		hf_plain_insert_into_indexes(rel, next);
	ExecDropSingleTupleTableSlot(next);
	return result;
}

/* LockLatest waits for the latest version of the account in a slot, and puts it there; false when it is gone. */
static bool
LockLatest(Relation rel, TupleTableSlot *slot)
{
	ItemPointerData tid = slot->tts_tid;
	TM_FailureData failure;

	return table_tuple_lock(rel, &tid, GetActiveSnapshot(), slot, GetCurrentCommandId(true),
							LockTupleNoKeyExclusive, LockWaitBlock,
							TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure) == TM_Ok;
}

/* Spend takes the units; false when they are not there any more, or the period is another. */
static bool
Spend(const HfQuotaTables *tables, Relation rel, TupleTableSlot *slot, HfSpending *spending,
	  Glance *glance)
{
	TimestampTz starts_at = glance->starts_at;

	for (;;)
	{
		TM_Result result;

		if (glance->starts_at != starts_at || glance->balance < spending->amount)
			return false;
		result = Replace(tables, rel, slot, glance->balance - spending->amount);
		if (result == TM_Ok)
			return true;
		CHECK_FOR_INTERRUPTS();
		if (result != TM_Updated || !LockLatest(rel, slot))
			return false;
		*glance = LookAt(slot);
	}
}

/* Consume looks, enters and spends, with the account's table open. */
static HfDirectly
Consume(const HfQuotaTables *tables, Relation rel, TupleTableSlot *slot, HfSpending *spending,
		pg_uuid_t *entered, bool *has_entered)
{
	TimestampTz now = hf_clock_now();
	Glance glance;

	if (!FindAccount(rel, tables->primary, &spending->quota, slot))
		return HF_DIRECTLY_NOT_FOUND;
	glance = LookAt(slot);
	if (now < glance.starts_at || now >= glance.ends_at)
		return HF_DIRECTLY_NOT;
	spending->done = glance.balance >= spending->amount;
	spending->balance = glance.balance;
	spending->ends_at = glance.ends_at;
	if (!spending->done)
		return HF_DIRECTLY_DONE;
	hf_uuid_v7_next(entered);
	InsertEntry(tables, spending, entered, glance.starts_at, now);
	*has_entered = true;
	if (!Spend(tables, rel, slot, spending, &glance))
		return HF_DIRECTLY_NOT;
	spending->balance = glance.balance - spending->amount;
	spending->available = glance.available;
	spending->starts_at = glance.starts_at;
	return HF_DIRECTLY_DONE;
}

/* hf_quota_consume_directly takes units from an account; see quota_table.h. */
HfDirectly
hf_quota_consume_directly(const HfQuotaTables *tables, HfSpending *spending, pg_uuid_t *entered,
						  bool *has_entered)
{
	Relation rel = table_open(tables->accounts, RowExclusiveLock);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	HfDirectly result;

	CheckCmdReplicaIdentity(rel, CMD_UPDATE);
	*has_entered = false;
	result = Consume(tables, rel, slot, spending, entered, has_entered);
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, NoLock);
	if (*has_entered)
		CommandCounterIncrement();
	return result;
}

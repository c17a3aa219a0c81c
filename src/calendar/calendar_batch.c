/*
 * calendar_batch.c
 *		Reads the batch that a hold belongs to: the rows whose keys differ from its own in the ordinal only.
 *
 * As the caller may see them, on the latest snapshot. Every confirm, release and extend begins so; on a calendar that
 * can do without the executor it is a scan of the primary key's index, for a third of what the query costs, and a
 * release or a plain confirm changes the rows where it found them.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "spi.h"

/* the columns in their order in the table */
static const HfQuery family_rows = {
	"SELECT organization_id, resource_id, lane, during, starts_at, ends_at, kind, hold_key, batch_key, "
	"reference, holder, replaces, expires_at, created_at, batch_size FROM %s "
	"WHERE organization_id" HF_EQ "$1 AND hold_key" HF_GE "$2 AND hold_key" HF_LE "$3",
	3,
	{UUIDOID, UUIDOID, UUIDOID},
	true,
};

/* hf_is_guard tells guards from occurrences; only holds have any. */
bool
hf_is_guard(const HfFamilyRow *row)
{
	return row->kind == HF_TENTATIVE && hf_key_ordinal(row->hold_key.data) >= HF_GUARD_ORDINAL;
}

/* KindOf finds a kind by its name. */
static HfKind
KindOf(Datum name)
{
	char *word = TextDatumGetCString(name);
	HfKind kind = 0;

	while (kind < HF_KINDS && strcmp(word, hf_kind_names[kind]) != 0)
		kind++;
	return kind;
}

/* AddRow appends a row, given its columns, to the batch. */
static HfFamilyRow *
AddRow(HfFamily *family, const Datum *values, const bool *nulls)
{
	HfFamilyRow *row;

	if (family->count == family->room)
	{
		MemoryContext old = MemoryContextSwitchTo(family->context);

		family->room = Max(2 * family->room, 4);
		family->rows = family->rows == NULL
						   ? palloc(sizeof(HfFamilyRow) * family->room)
						   : repalloc_huge(family->rows, sizeof(HfFamilyRow) * family->room);
		MemoryContextSwitchTo(old);
	}
	row = &family->rows[family->count++];
	memset(row, 0, sizeof(HfFamilyRow));
	row->resource = *DatumGetUUIDP(values[HF_COL_RESOURCE]);
	row->booked.from = DatumGetTimestampTz(values[HF_COL_STARTS]);
	row->booked.to = DatumGetTimestampTz(values[HF_COL_ENDS]);
	row->kind = KindOf(values[HF_COL_KIND]);
	row->hold_key = *DatumGetUUIDP(values[HF_COL_HOLD_KEY]);
	row->batch_key = *DatumGetUUIDP(values[HF_COL_BATCH_KEY]);
	row->reference = *DatumGetUUIDP(values[HF_COL_REFERENCE]);
	row->replaces.given = !nulls[HF_COL_REPLACES];
	if (row->replaces.given)
		row->replaces.id = *DatumGetUUIDP(values[HF_COL_REPLACES]);
	row->expires_at = DatumGetTimestampTz(values[HF_COL_EXPIRES]);
	row->created_at = DatumGetTimestampTz(values[HF_COL_CREATED]);
	row->batch_size = DatumGetInt16(values[HF_COL_BATCH_SIZE]);
	return row;
}

/* QueryRows reads the rows in the range of keys through the executor. */
static void
QueryRows(HfFamily *family)
{
	Datum args[] = {UUIDPGetDatum(&family->organization), UUIDPGetDatum(&family->low),
					UUIDPGetDatum(&family->high)};
	uint64 count = hf_spi_run_latest(&family_rows, family->calendar->relid, args);

	for (uint64 row = 0; row < count; row++)
	{
		Datum values[HF_COLUMNS];
		bool nulls[HF_COLUMNS];

		for (int i = 0; i < HF_COLUMNS; i++)
			values[i] = hf_spi_value(row, i + 1, &nulls[i]);
		(void) AddRow(family, values, nulls);
	}
}

/* ScanRows reads them by the primary key's index. */
static void
ScanRows(HfFamily *family)
{
	Relation rel = table_open(family->calendar->relid, NoLock);
	Relation index = index_open(family->calendar->primary, AccessShareLock);
	Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	IndexScanDesc scan = hf_compat_index_beginscan(rel, index, snapshot, 3);
	ScanKeyData keys[3];

	ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_UUID_EQ,
				UUIDPGetDatum(&family->organization));
	ScanKeyInit(&keys[1], 2, BTGreaterEqualStrategyNumber, F_UUID_GE, UUIDPGetDatum(&family->low));
	ScanKeyInit(&keys[2], 2, BTLessEqualStrategyNumber, F_UUID_LE, UUIDPGetDatum(&family->high));
	index_rescan(scan, keys, 3, NULL, 0);
	while (index_getnext_slot(scan, ForwardScanDirection, slot))
	{
		slot_getallattrs(slot);
		AddRow(family, slot->tts_values, slot->tts_isnull)->tid = slot->tts_tid;
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	index_close(index, AccessShareLock);
	table_close(rel, NoLock);
}

/* CompareRows orders rows by their key, and so by occurrence, for qsort. */
static int
CompareRows(const void *a, const void *b)
{
	return memcmp(&((const HfFamilyRow *) a)->hold_key, &((const HfFamilyRow *) b)->hold_key,
				  UUID_LEN);
}

/* KeepFamily keeps, of the rows in the range of keys, those of the batch that the key belongs to. */
static void
KeepFamily(HfFamily *family)
{
	const HfFamilyRow *named = NULL;
	int all = family->count;

	family->count = 0;
	for (int i = 0; i < all && named == NULL; i++)
	{
		if (memcmp(&family->rows[i].hold_key, &family->hold_key, UUID_LEN) == 0 &&
			!hf_is_guard(&family->rows[i]))
			named = &family->rows[i];
	}
	if (named == NULL)
		return;
	family->batch_key = named->batch_key;
	for (int i = 0; i < all; i++)
	{
		if (memcmp(&family->rows[i].batch_key, &family->batch_key, UUID_LEN) == 0)
			family->rows[family->count++] = family->rows[i];
	}
	qsort(family->rows, family->count, sizeof(HfFamilyRow), CompareRows);
}

/* hf_read_family reads the batch that the key belongs to; no row when there is no such key. */
void
hf_read_family(HfFamily *family)
{
	family->low = family->high = family->hold_key;
	hf_key_set_ordinal(family->low.data, 0);
	hf_key_set_ordinal(family->high.data, PG_UINT16_MAX);
	family->count = 0;
	if (hf_calendar_is_direct(family->calendar))
		ScanRows(family);
	else
		QueryRows(family);
	KeepFamily(family);
}

/*
 * hf_delete_family deletes the rows of a batch that are as they were read, if that can be done without the executor,
 * and returns how many those are. It waits for a sweep that is deleting them, as a DELETE would.
 */
int
hf_delete_family(const HfFamily *family)
{
	Relation rel;
	CommandId command;
	int deleted = 0;

	if (family->calendar->notes_deletes || !ItemPointerIsValid(&family->rows[0].tid))
		return 0;
	rel = table_open(family->calendar->relid, NoLock);
	CheckCmdReplicaIdentity(rel, CMD_DELETE);
	command = GetCurrentCommandId(true);
	for (int i = 0; i < family->count; i++)
	{
		HfFamilyRow *row = &family->rows[i];
		TM_FailureData failure;

		if (row->kind == HF_TENTATIVE &&
			table_tuple_delete(rel, &row->tid, command, InvalidSnapshot, InvalidSnapshot, true,
							   &failure, false) == TM_Ok)
			deleted++;
	}
	table_close(rel, NoLock);
	CommandCounterIncrement();
	return deleted;
}

/* Confirmed makes the row of a booking of that of a hold; false where it has to change its lane with it. */
static bool
Confirmed(TupleTableSlot *hold, TupleTableSlot *booking)
{
	slot_getallattrs(hold);
	if (DatumGetInt16(hold->tts_values[HF_COL_LANE]) < 0)
		return false;
	ExecClearTuple(booking);
	memcpy(booking->tts_values, hold->tts_values, sizeof(Datum) * HF_COLUMNS);
	memcpy(booking->tts_isnull, hold->tts_isnull, sizeof(bool) * HF_COLUMNS);
	booking->tts_values[HF_COL_KIND] = CStringGetTextDatum(hf_kind_names[HF_BUSY]);
	booking->tts_isnull[HF_COL_EXPIRES] = booking->tts_isnull[HF_COL_REPLACES] = true;
	ExecStoreVirtualTuple(booking);
	return true;
}

/* IndexAgain adds a row that did not fit beside its former version to the indexes, as the executor does. */
static void
IndexAgain(Relation rel, TupleTableSlot *slot)
{
	EState *estate = CreateExecutorState();
	ResultRelInfo *result = makeNode(ResultRelInfo);

	InitResultRelInfo(result, rel, 0, NULL, 0);
	ExecOpenIndices(result, false);
	list_free(hf_compat_index_row(result, slot, estate));
	ExecCloseIndices(result);
	FreeExecutorState(estate);
}

/* ConfirmRow confirms one row, if it is as it was read. It waits for a sweep that is deleting it, as an UPDATE would. */
static bool
ConfirmRow(const HfFamily *family, Relation rel, HfFamilyRow *row, TupleTableSlot *hold,
		   TupleTableSlot *booking, ExprContext *context)
{
	HF_COMPAT_UPDATE_INDEXES indexes;
	LockTupleMode lockmode;
	TM_FailureData failure;

	if (row->kind != HF_TENTATIVE || row->expires_at <= family->now ||
		!table_tuple_fetch_row_version(rel, &row->tid, SnapshotAny, hold) ||
		!Confirmed(hold, booking))
		return false;
	hf_checks_run(family->calendar->checks, rel, booking, context);
	if (table_tuple_update(rel, &row->tid, booking, GetCurrentCommandId(true), GetActiveSnapshot(),
						   InvalidSnapshot, true, &failure, &lockmode, &indexes) != TM_Ok)
		return false;
	if (hf_compat_has_indexes(indexes))
		IndexAgain(rel, booking);
	return true;
}

/*
 * hf_confirm_family makes bookings of the rows of a batch that are live holds and as they were read, if that can be done
 * without the executor, and returns how many those are.
 */
int
hf_confirm_family(const HfFamily *family)
{
	Relation rel;
	TupleTableSlot *hold;
	TupleTableSlot *booking;
	ExprContext *context;
	int confirmed = 0;

	if (family->calendar->notes_updates || !hf_calendar_is_direct(family->calendar) ||
		!ItemPointerIsValid(&family->rows[0].tid))
		return 0;
	rel = table_open(family->calendar->relid, NoLock);
	CheckCmdReplicaIdentity(rel, CMD_UPDATE);
	hold = table_slot_create(rel, NULL);
	booking = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsVirtual);
	context = CreateStandaloneExprContext();
	for (int i = 0; i < family->count; i++)
		confirmed += ConfirmRow(family, rel, &family->rows[i], hold, booking, context);
	FreeExprContext(context, true);
	ExecDropSingleTupleTableSlot(booking);
	ExecDropSingleTupleTableSlot(hold);
	table_close(rel, NoLock);
	CommandCounterIncrement();
	return confirmed;
}

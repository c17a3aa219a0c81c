/*
 * overlap_guard.c
 *		The row trigger behind prevent_overlap.
 *
 * Before a row goes in, the guard locks its resource, looks for a row in the way, and answers slot_conflict. The
 * constraint alone would insert first and look then: two inserters find each other's row, wait for each other,
 * and one is shot. Behind the lock they queue, and the constraint stays as the proof.
 *
 * An UPDATE that changes neither the time nor the resource nor makes a row live passes without the lock.
 *
 * Lock order: one stripe per row in the order the statement writes them, so a statement on one resource, or on
 * rows in the order of their resources, cannot deadlock with its like. Others can; whoever then waits in here
 * gets slot_conflict with a Retry-After, not 40P01.
 *
 * INSERT … ON CONFLICT: a row whose unique key is there already passes, since it will become an update (which
 * the guard sees again), nothing, or 23505. A slot_conflict is raised even under DO NOTHING: a trigger cannot
 * know of it.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "errors.h"
#include "locks.h"
#include "overlap/overlap_policy.h"
#include "overlap/overlap_probe.h"

#define MAX_ALTERNATIVES 3
#define MAX_LOOKS		 64 /* for alternatives, each a look through the index */
#define RETRY_IN_SECONDS 1

PG_FUNCTION_INFO_V1(hf_overlap_guard);

/* CheckProtocol refuses calls that are not from a trigger of prevent_overlap. */
static TriggerData *
CheckProtocol(FunctionCallInfo fcinfo)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || TRIGGER_FIRED_BY_DELETE(trigger->tg_event) ||
		trigger->tg_trigger->tgnargs != 1)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("overlap_guard() is for triggers that prevent_overlap() makes")));
	return trigger;
}

/* AppendTime appends a time as JSON; a wall-clock time and a date carry no offset. */
static void
AppendTime(StringInfo json, HfProbe *probe, Datum value, bool isnull)
{
	char text[MAXDATELEN + 1];

	if (isnull)
		appendStringInfoString(json, "null");
	else if (probe->type == TIMESTAMPTZOID)
		hf_json_timestamp(json, DatumGetTimestampTz(value));
	else
		escape_json(json, JsonEncodeDateTime(text, value, probe->type, NULL));
}

/* AppendTimes appends the start and the end of a row. */
static void
AppendTimes(StringInfo json, HfProbe *probe, TupleTableSlot *slot)
{
	appendStringInfoString(json, "\"start_time\": ");
	AppendTime(json, probe, slot->tts_values[probe->starts - 1],
			   slot->tts_isnull[probe->starts - 1]);
	appendStringInfoString(json, ", \"end_time\": ");
	AppendTime(json, probe, slot->tts_values[probe->ends - 1], slot->tts_isnull[probe->ends - 1]);
}

/* RaiseConflict raises slot_conflict for a row; alternatives is the inside of a JSON array. */
static void
RaiseConflict(HfProbe *probe, TupleTableSlot *slot, const char *alternatives, int retry_after)
{
	StringInfoData details;

	initStringInfo(&details);
	appendStringInfoString(&details, "{\"conflicts\": [{\"index\": 0, ");
	AppendTimes(&details, probe, slot);
	appendStringInfoString(&details, "}], \"retry_after_seconds\": ");
	if (retry_after >= 0)
		appendStringInfo(&details, "%d", retry_after);
	else
		appendStringInfoString(&details, "null");
	appendStringInfo(&details, ", \"alternatives\": [%s]}", alternatives);
	hf_raise("slot_conflict", details.data, NULL, retry_after);
}

/* Duration is how long a row takes; 0 when it has no end or no start. */
static int64
Duration(HfProbe *probe, TupleTableSlot *slot)
{
	int64 start;
	int64 end;

	if (slot->tts_isnull[probe->ends - 1])
		return 0;
	start = hf_probe_time(probe, slot->tts_values[probe->starts - 1]);
	end = hf_probe_time(probe, slot->tts_values[probe->ends - 1]);
	if (probe->type == DATEOID ? DATE_NOT_FINITE(start) || DATE_NOT_FINITE(end)
							   : TIMESTAMP_NOT_FINITE(start) || TIMESTAMP_NOT_FINITE(end))
		return 0;
	return end - start;
}

/* Shift moves a row to another start; false at the end of time. */
static bool
Shift(HfProbe *probe, TupleTableSlot *slot, int64 start, int64 duration)
{
	if (probe->type == DATEOID ? !IS_VALID_DATE(start + duration)
							   : !IS_VALID_TIMESTAMP(start + duration))
		return false;
	slot->tts_values[probe->starts - 1] = hf_probe_datum(probe, start);
	slot->tts_values[probe->ends - 1] = hf_probe_datum(probe, start + duration);
	return true;
}

/*
 * Alternatives lists the next free times of the same length, starting from the row that is in the way. It moves
 * the row in slot about.
 */
static char *
Alternatives(HfProbe *probe, Relation rel, TupleTableSlot *slot, ItemPointer self)
{
	int64 duration = Duration(probe, slot);
	TupleTableSlot *before = probe->found;
	StringInfoData list;
	int found = 0;

	initStringInfo(&list);
	for (int looks = 0; duration > 0 && looks < MAX_LOOKS && found < MAX_ALTERNATIVES; looks++)
	{
		int64 start;

		if (!hf_probe_free_from(probe, before, &start) || !Shift(probe, slot, start, duration))
			break;
		if (hf_probe_conflict(probe, rel, slot, self))
			before = probe->found;
		else
		{
			appendStringInfo(&list, "%s{", found++ > 0 ? ", " : "");
			AppendTimes(&list, probe, slot);
			appendStringInfoChar(&list, '}');
			before = slot;
		}
	}
	return list.data;
}

/* CheckTimes refuses a row that ends before or when it starts. No end at all means that it stays open. */
static void
CheckTimes(HfProbe *probe, Relation rel, TupleTableSlot *slot)
{
	TupleDesc desc = RelationGetDescr(rel);

	if (!slot->tts_isnull[probe->ends - 1] &&
		hf_probe_time(probe, slot->tts_values[probe->ends - 1]) <=
			hf_probe_time(probe, slot->tts_values[probe->starts - 1]))
		hf_raise_invalid(
			NameStr(TupleDescAttr(desc, probe->ends - 1)->attname),
			psprintf("must be after %s", NameStr(TupleDescAttr(desc, probe->starts - 1)->attname)));
}

/* LockedConflict takes the lock of a row's resource, then looks for a row in the way. */
static bool
LockedConflict(HfProbe *probe, Relation rel, TupleTableSlot *slot, ItemPointer self)
{
	MemoryContext context = CurrentMemoryContext;
	volatile bool conflict = false;

	PG_TRY();
	{
		hf_lock_take(HF_LOCK_OVERLAP, hf_probe_lock(probe, rel, slot));
		conflict = hf_probe_conflict(probe, rel, slot, self);
	}
	PG_CATCH();
	{
		if (geterrcode() != ERRCODE_T_R_DEADLOCK_DETECTED)
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		FlushErrorState();
		RaiseConflict(probe, slot, "", RETRY_IN_SECONDS);
	}
	PG_END_TRY();
	return conflict;
}

/* Guard checks one row and returns when it may go in, as far as overlaps go. */
static void
Guard(HfProbe *probe, TriggerData *trigger)
{
	Relation rel = trigger->tg_relation;
	bool update = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	ItemPointer self = update ? &trigger->tg_trigtuple->t_self : NULL;
	TupleTableSlot *row = probe->row;

	hf_probe_load(probe, rel, update ? trigger->tg_newtuple : trigger->tg_trigtuple, row);
	if (!hf_probe_occupies(probe, row))
		return;
	if (update)
	{
		hf_probe_load(probe, rel, trigger->tg_trigtuple, probe->old);
		if (hf_probe_same(probe, row, probe->old) && hf_probe_occupies(probe, probe->old))
			return;
	}
	CheckTimes(probe, rel, row);
	if (!LockedConflict(probe, rel, row, self) || (!update && hf_probe_key_taken(probe, rel, row)))
		return;
	if (hf_policy_allows(rel, row, update))
	{
		TupleTableSlot *moved = MakeSingleTupleTableSlot(row->tts_tupleDescriptor, &TTSOpsVirtual);

		ExecCopySlot(moved, row);
		RaiseConflict(probe, row, Alternatives(probe, rel, moved, self), -1);
	}
}

/* overlap_guard() */
Datum
hf_overlap_guard(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = CheckProtocol(fcinfo);
	bool update = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	HfProbe *probe = fcinfo->flinfo->fn_extra;

	if (probe == NULL)
	{
		probe = hf_probe_open(trigger->tg_relation, trigger->tg_trigger->tgargs[0],
							  fcinfo->flinfo->fn_mcxt);
		fcinfo->flinfo->fn_extra = probe;
	}
	Guard(probe, trigger);
	ExecClearTuple(probe->found);
	ResetPerTupleExprContext(probe->estate);
	return PointerGetDatum(update ? trigger->tg_newtuple : trigger->tg_trigtuple);
}

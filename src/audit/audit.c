/*
 * audit.c
 *		audit(): the trigger function; record_event() and record_entry().
 *
 * As a statement trigger audit() reads the transition tables, whose old and new rows stand in the same order, and
 * writes them in batches; as a row trigger it writes one row. It runs after the change, in its (sub)transaction, so what
 * is rolled back leaves no trace.
 *
 * Who may make rows in a log: the owner of the audited table must have INSERT on it, asked at every statement; so must
 * whoever calls record_event(). The rows themselves are written as the log's owner.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "audit/audit_plan.h"
#include "errors.h"
#include "spi.h"

PG_FUNCTION_INFO_V1(hf_audit);

/* A transition table while it is read. */
typedef struct Rows
{
	Tuplestorestate *store;
	int pointer;
	TupleTableSlot *slot;
	bool at_row; /* the slot holds one */
} Rows;

/* NextRow moves on. */
static void
NextRow(Rows *rows)
{
	if (rows->store == NULL)
		return;
	tuplestore_select_read_pointer(rows->store, rows->pointer);
	rows->at_row = tuplestore_gettupleslot(rows->store, true, false, rows->slot);
	if (rows->at_row)
		slot_getallattrs(rows->slot);
}

/* OpenRows starts to read a transition table, or none. */
static void
OpenRows(Rows *rows, Tuplestorestate *store, Relation rel)
{
	memset(rows, 0, sizeof(*rows));
	if (store == NULL)
		return;
	rows->store = store;
	rows->slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsMinimalTuple);
	/* a pointer of our own: other triggers read the same table */
	rows->pointer = tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND);
	tuplestore_select_read_pointer(store, rows->pointer);
	tuplestore_rescan(store);
	NextRow(rows);
}

/* CloseRows ends it. */
static void
CloseRows(Rows *rows)
{
	if (rows->store != NULL)
		ExecDropSingleTupleTableSlot(rows->slot);
}

/* CountRows is how many rows a transition table has; none: 0. */
static int64
CountRows(Tuplestorestate *store)
{
	return store != NULL ? tuplestore_tuple_count(store) : 0;
}

/*
 * WriteStatement writes what a statement did. There are fewer new rows than old ones only when an update moved
 * rows to partitions whose triggers swallowed some; those were deleted, in effect.
 */
static void
WriteStatement(HfAuditWriter *writer, const HfAuditPlan *plan, const TriggerData *trigger)
{
	bool update = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	bool paired = CountRows(trigger->tg_oldtable) == CountRows(trigger->tg_newtable);
	Rows old_rows;
	Rows new_rows;

	OpenRows(&old_rows, trigger->tg_oldtable, trigger->tg_relation);
	OpenRows(&new_rows, trigger->tg_newtable, trigger->tg_relation);
	while (old_rows.at_row || new_rows.at_row)
	{
		bool with_old = old_rows.at_row;
		bool with_new = new_rows.at_row;

		CHECK_FOR_INTERRUPTS();
		if (update && !paired && with_old && with_new)
			with_new = hf_audit_same_entity(plan, old_rows.slot, new_rows.slot);
		hf_audit_change(writer, plan, with_old ? old_rows.slot : NULL,
						with_new ? new_rows.slot : NULL);
		if (with_old)
			NextRow(&old_rows);
		if (with_new)
			NextRow(&new_rows);
	}
	CloseRows(&old_rows);
	CloseRows(&new_rows);
}

/* WriteRow writes what happened to one row. */
static void
WriteRow(HfAuditWriter *writer, const HfAuditPlan *plan, const TriggerData *trigger)
{
	TupleTableSlot *old_row =
		TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? NULL : trigger->tg_trigslot;
	TupleTableSlot *new_row = TRIGGER_FIRED_BY_INSERT(trigger->tg_event)   ? trigger->tg_trigslot
							  : TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newslot
																		   : NULL;

	if (old_row != NULL)
		slot_getallattrs(old_row);
	if (new_row != NULL)
		slot_getallattrs(new_row);
	hf_audit_change(writer, plan, old_row, new_row);
}

/* WriteTruncate notes that all rows are gone. */
static void
WriteTruncate(HfAuditWriter *writer, const HfAuditPlan *plan)
{
	MemoryContext old = MemoryContextSwitchTo(hf_audit_memory(writer));
	HfAuditEntry entry = {0};

	hf_audit_set_text(&entry, HF_AUDIT_CATEGORY, "data");
	hf_audit_set_text(&entry, HF_AUDIT_ACTION, "truncate");
	hf_audit_set(&entry, HF_AUDIT_ENTITY_TYPE, PointerGetDatum(plan->entity_type_text));
	if (plan->whole != plan->relid)
	{
		Datum name = CStringGetTextDatum(hf_spi_relation_name(plan->relid));

		hf_audit_set(
			&entry, HF_AUDIT_DETAILS,
			DirectFunctionCall2(
				jsonb_object_two_arg,
				PointerGetDatum(construct_array(&(Datum){CStringGetTextDatum("partition")}, 1,
												TEXTOID, -1, false, TYPALIGN_INT)),
				PointerGetDatum(construct_array(&name, 1, TEXTOID, -1, false, TYPALIGN_INT))));
	}
	hf_audit_add(writer, &entry);
	MemoryContextSwitchTo(old);
}

/* HasNothingToDo tells whether a statement changed no row. */
static bool
HasNothingToDo(const TriggerData *trigger)
{
	return TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) &&
		   !TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event) && CountRows(trigger->tg_oldtable) == 0 &&
		   CountRows(trigger->tg_newtable) == 0;
}

/* CheckProtocol refuses a trigger that could not see what it is to write. */
static void
CheckProtocol(FunctionCallInfo fcinfo)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const char *problem = NULL;

	if (!CALLED_AS_TRIGGER(fcinfo))
		problem = "audit() is a trigger function";
	else if (!TRIGGER_FIRED_AFTER(trigger->tg_event))
		problem = "audit() runs after the change";
	else if (TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) &&
			 !TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event) &&
			 ((trigger->tg_oldtable == NULL && !TRIGGER_FIRED_BY_INSERT(trigger->tg_event)) ||
			  (trigger->tg_newtable == NULL && !TRIGGER_FIRED_BY_DELETE(trigger->tg_event))))
		problem = "as a statement trigger, audit() needs the transition tables";
	if (problem != NULL)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED), errmsg("%s", problem)));
}

/* audit(): the trigger */
Datum
hf_audit(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	HfAuditPlan *plan;
	HfAuditWriter *writer;
	int settings;

	CheckProtocol(fcinfo);
	if (HasNothingToDo(trigger))
		return PointerGetDatum(NULL);
	plan = hf_audit_plan_take(trigger->tg_trigger, trigger->tg_relation);
	if (pg_class_aclcheck(plan->log, plan->owner, ACL_INSERT) != ACLCHECK_OK)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("the owner of audited table \"%s\" may not write to its audit log",
							   plan->entity_type)));
	settings = hf_audit_pin_settings(plan);
	writer = hf_audit_begin(plan->log);
	if (TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
		WriteTruncate(writer, plan);
	else if (TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		WriteRow(writer, plan, trigger);
	else
		WriteStatement(writer, plan, trigger);
	hf_audit_end(writer);
	hf_audit_unpin_settings(settings);
	hf_audit_plan_give(plan);
	return PointerGetDatum(NULL);
}

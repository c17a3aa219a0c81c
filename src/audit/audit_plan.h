/*
 * audit_plan.h
 *		How the rows of one audited table are written down; inside of audit_*.c.
 */
#ifndef HOLDFAST_AUDIT_PLAN_H
#define HOLDFAST_AUDIT_PLAN_H

#include "executor/tuptable.h"
#include "fmgr.h"
#include "utils/rel.h"
#include "utils/reltrigger.h"

#include "audit/audit_log.h"

/* How a column's values become JSON. All of it gives what to_jsonb() gives. */
typedef enum HfAuditKind
{
	HF_AUDIT_AS_BOOL,
	HF_AUDIT_AS_INT2,
	HF_AUDIT_AS_INT4,
	HF_AUDIT_AS_INT8,
	HF_AUDIT_AS_NUMERIC,
	HF_AUDIT_AS_TEXT,
	HF_AUDIT_AS_UUID,
	HF_AUDIT_AS_DATETIME,
	HF_AUDIT_AS_JSONB,
	HF_AUDIT_AS_OUTPUT,	 /* a string: what the type's output function prints */
	HF_AUDIT_AS_TO_JSONB /* what to_jsonb() says, whatever that is */
} HfAuditKind;

typedef struct HfAuditColumn
{
	int index; /* in the tuple, from 0 */
	char *name;
	int length;
	char *encoded; /* its name as the key of an object, in a row's content */
	int encoded_length;
	HfAuditKind kind;
	Oid base; /* its type, below domains */
	int16 typlen;
	bool typbyval;
	bool redacted;
	bool ignored;	   /* no reason by itself to write a row */
	FmgrInfo function; /* for the last two kinds */
} HfAuditColumn;

typedef struct HfAuditPlan
{
	Oid relid;
	Oid whole; /* the table that a partition is part of, or the same */
	bool valid;
	int users; /* who is at work with it: it must stay in memory */
	MemoryContext context;
	Oid log;
	Oid owner; /* of the table: whose right to write to the log counts */
	char *entity_type;
	text *entity_type_text;
	text *category; /* of every row */
	text *inserted; /* actions */
	text *updated;
	text *deleted;
	int columns;
	HfAuditColumn *column; /* in the order of the members of an object */
	int keys;
	HfAuditColumn **key; /* the columns of entity_id */
	HfAuditColumn *tenant;
	HfAuditColumn *subject;
	bool redacts;
	bool depends_on_settings; /* some type prints itself by TimeZone, DateStyle or the like */
} HfAuditPlan;

/*
 * The plan of a trigger, by its arguments: see enable_audit(). Raises errors for what is not as it says. To be let go
 * of afterwards; an error leaves it in memory, which costs no more than that.
 */
extern HfAuditPlan *hf_audit_plan_take(const Trigger *trigger, Relation rel);
extern void hf_audit_plan_give(HfAuditPlan *plan);

/* Between the two, values print in one way, whatever the session's settings are. */
extern int hf_audit_pin_settings(const HfAuditPlan *plan);
extern void hf_audit_unpin_settings(int level);

/* Writes one change of a row: an insert has no old row, a delete no new one. All columns of the slots are valid. */
extern void hf_audit_change(HfAuditWriter *writer, const HfAuditPlan *plan, TupleTableSlot *old_row,
							TupleTableSlot *new_row);

/* Whether both rows are of the same entity. */
extern bool
hf_audit_same_entity(const HfAuditPlan *plan, TupleTableSlot *old_row, TupleTableSlot *new_row);

#endif

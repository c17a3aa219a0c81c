/*
 * audit_plan.c
 *		How the rows of one audited table are written down: worked out once, kept until the table changes.
 *
 * The arguments of the trigger are, as text, for they must survive a dump: the log's qualified name, the subject
 * column, the tenant column (either may be empty), the redacted columns and, behind an empty one, the ignored columns. A
 * generated column is redacted when it is made from a redacted one.
 *
 * Invalidations may come at any moment, also while a plan is at work; hence they only mark. A plan is made anew by the
 * next statement.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/value.h"
#include "optimizer/optimizer.h"
#include "parser/parse_type.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/bytea.h"
#include "utils/float.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

#include "audit/audit_plan.h"
#include "audit/audit_table.h"
#include "spi.h"

enum
{
	ARG_LOG,
	ARG_SUBJECT,
	ARG_TENANT,
	ARG_REDACTED
};

typedef struct PlanEntry
{
	Oid trigger;
	HfAuditPlan *plan; /* NULL until it is made */
} PlanEntry;

static HTAB *plans = NULL;

/* hf_audit_plan_forget marks the plans that a change concerns: of the table, or of the log it names. */
void
hf_audit_plan_forget(Oid relid)
{
	HASH_SEQ_STATUS scan;
	PlanEntry *entry;

	if (plans == NULL)
		return;
	hash_seq_init(&scan, plans);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		HfAuditPlan *plan = entry->plan;

		if (plan != NULL && (relid == InvalidOid || plan->relid == relid || plan->whole == relid ||
							 plan->log == relid))
			plan->valid = false;
	}
}

/* IsSimpleType tells whether a type prints itself in one way whatever the settings are. */
static bool
IsSimpleType(Oid type)
{
	switch (type)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case NAMEOID:
		case UUIDOID:
		case INETOID:
		case CIDROID:
		case TIMEOID:
		case OIDOID:
		case JSONBOID:
		case JSONOID:
			return true;
		default:
			return get_typtype(type) == TYPTYPE_ENUM;
	}
}

/* ByFunction prepares a column that has no way of its own: see to_jsonb(), which makes a string of any other type. */
static void
ByFunction(HfAuditColumn *column, Oid type, MemoryContext context)
{
	Oid function;
	bool varlena;

	if (column->base < FirstNormalObjectId && !type_is_array(column->base) &&
		!type_is_rowtype(column->base) && column->base != JSONOID && column->base != FLOAT4OID &&
		column->base != FLOAT8OID)
	{
		column->kind = HF_AUDIT_AS_OUTPUT;
		getTypeOutputInfo(column->base, &function, &varlena);
		fmgr_info_cxt(function, &column->function, context);
	}
	else
	{
		column->kind = HF_AUDIT_AS_TO_JSONB;
		fmgr_info_cxt(F_TO_JSONB, &column->function, context);
		fmgr_info_set_expr((Node *) makeFuncExpr(F_TO_JSONB, JSONBOID,
												 list_make1(makeNullConst(type, -1, InvalidOid)),
												 InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL),
						   &column->function);
	}
}

/* ChooseKind says how a column's values become JSON. */
static void
ChooseKind(HfAuditPlan *plan, HfAuditColumn *column, Oid type)
{
	column->base = getBaseType(type);
	switch (column->base)
	{
		case BOOLOID:
			column->kind = HF_AUDIT_AS_BOOL;
			break;
		case INT2OID:
			column->kind = HF_AUDIT_AS_INT2;
			break;
		case INT4OID:
			column->kind = HF_AUDIT_AS_INT4;
			break;
		case INT8OID:
			column->kind = HF_AUDIT_AS_INT8;
			break;
		case NUMERICOID:
			column->kind = HF_AUDIT_AS_NUMERIC;
			break;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			column->kind = HF_AUDIT_AS_TEXT;
			break;
		case UUIDOID:
			column->kind = HF_AUDIT_AS_UUID;
			break;
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			column->kind = HF_AUDIT_AS_DATETIME;
			break;
		case JSONBOID:
			column->kind = HF_AUDIT_AS_JSONB;
			break;
		default:
		{
			Oid element = get_element_type(column->base);

			ByFunction(column, type, plan->context);
			if (!IsSimpleType(OidIsValid(element) ? element : column->base))
				plan->depends_on_settings = true;
		}
	}
}

/* CompareColumns sorts by name, as the members of an object are. */
static int
CompareColumns(const void *a, const void *b)
{
	const HfAuditColumn *x = a;
	const HfAuditColumn *y = b;

	return hf_audit_key_order(x->name, x->length, y->name, y->length);
}

/* Names tells whether one of a trigger's arguments names a column. */
static bool
Names(const Trigger *trigger, int from, int to, const char *name)
{
	for (int i = from; i < to; i++)
	{
		if (strcmp(trigger->tgargs[i], name) == 0)
			return true;
	}
	return false;
}

/* RedactedEnd is the argument after the redacted columns: the empty one, or none. */
static int
RedactedEnd(const Trigger *trigger)
{
	int i = ARG_REDACTED;

	while (i < trigger->tgnargs && trigger->tgargs[i][0] != '\0')
		i++;
	return i;
}

/* IsRedacted tells whether a column is named as redacted. */
static bool
IsRedacted(const Trigger *trigger, const char *name)
{
	return Names(trigger, ARG_REDACTED, RedactedEnd(trigger), name);
}

/* IsIgnored tells whether a column is named as ignored. */
static bool
IsIgnored(const Trigger *trigger, const char *name)
{
	return Names(trigger, RedactedEnd(trigger) + 1, trigger->tgnargs, name);
}

/* IsMadeOfRedacted tells whether a generated column shows a redacted one. */
static bool
IsMadeOfRedacted(const Trigger *trigger, TupleDesc desc, int index)
{
	Bitmapset *used = NULL;
	int attribute = -1;

	for (int i = 0; i < desc->constr->num_defval; i++)
	{
		if (desc->constr->defval[i].adnum == index + 1)
			pull_varattnos(stringToNode(desc->constr->defval[i].adbin), 1, &used);
	}
	while ((attribute = bms_next_member(used, attribute)) >= 0)
	{
		AttrNumber attnum = attribute + FirstLowInvalidHeapAttributeNumber;

		if (attnum == 0 ||
			(attnum > 0 && IsRedacted(trigger, NameStr(TupleDescAttr(desc, attnum - 1)->attname))))
			return true;
	}
	return false;
}

/* EncodeName keeps a column's name as the contents of rows have it. */
static void
EncodeName(HfAuditColumn *column)
{
	StringInfoData encoded;

	initStringInfo(&encoded);
	hf_audit_encode_text(&encoded, HF_AUDIT_KEY, column->name, column->length);
	column->encoded = encoded.data;
	column->encoded_length = encoded.len;
}

/* DescribeColumns lists the columns. */
static void
DescribeColumns(HfAuditPlan *plan, const Trigger *trigger, TupleDesc desc)
{
	plan->column = palloc0(sizeof(HfAuditColumn) * desc->natts);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		HfAuditColumn *column = &plan->column[plan->columns];

		/* a virtual column is not in the row */
		if (attribute->attisdropped ||
			(attribute->attgenerated != '\0' && attribute->attgenerated != 's'))
			continue;
		column->index = i;
		column->name = pstrdup(NameStr(attribute->attname));
		column->length = strlen(column->name);
		EncodeName(column);
		column->typlen = attribute->attlen;
		column->typbyval = attribute->attbyval;
		column->redacted =
			trigger->tgnargs > ARG_REDACTED &&
			(IsRedacted(trigger, column->name) ||
			 (attribute->attgenerated != '\0' && IsMadeOfRedacted(trigger, desc, i)));
		column->ignored = IsIgnored(trigger, column->name);
		plan->redacts |= column->redacted;
		ChooseKind(plan, column, attribute->atttypid);
		plan->columns++;
	}
	qsort(plan->column, plan->columns, sizeof(HfAuditColumn), CompareColumns);
}

/* FindColumn finds a column by name; "" is none. */
static HfAuditColumn *
FindColumn(const HfAuditPlan *plan, const char *name)
{
	for (int i = 0; i < plan->columns; i++)
	{
		if (strcmp(plan->column[i].name, name) == 0)
			return &plan->column[i];
	}
	if (name[0] != '\0')
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("audited table \"%s\" has no column \"%s\"", plan->entity_type, name),
				 errhint("Call enable_audit() again.")));
	return NULL;
}

/* UuidColumn finds a column that must be of type uuid. */
static HfAuditColumn *
UuidColumn(const HfAuditPlan *plan, const char *name)
{
	HfAuditColumn *column = FindColumn(plan, name);

	if (column != NULL && column->kind != HF_AUDIT_AS_UUID)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("column \"%s\" of audited table \"%s\" is not of type uuid", name,
							   plan->entity_type),
						errhint("Call enable_audit() again.")));
	return column;
}

/* DescribeKey lists the columns of the primary key, without the tenant unless it is all there is. */
static void
DescribeKey(HfAuditPlan *plan, Relation rel)
{
	Oid index = hf_compat_primary_key(rel);
	HeapTuple tuple;
	Form_pg_index form;

	if (!OidIsValid(index))
		return;
	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	if (!HeapTupleIsValid(tuple))
		return;
	form = (Form_pg_index) GETSTRUCT(tuple);
	plan->key = palloc(sizeof(HfAuditColumn *) * form->indnkeyatts);
	for (int i = 0; i < form->indnkeyatts; i++)
	{
		for (int j = 0; j < plan->columns; j++)
		{
			HfAuditColumn *column = &plan->column[j];

			if (column->index == form->indkey.values[i] - 1 &&
				(column != plan->tenant || form->indnkeyatts == 1))
				plan->key[plan->keys++] = column;
		}
	}
	ReleaseSysCache(tuple);
}

/* WholeTable is the table that a partition is part of, or the table itself. */
static Oid
WholeTable(Relation rel)
{
	if (!rel->rd_rel->relispartition)
		return RelationGetRelid(rel);
	return llast_oid(get_partition_ancestors(RelationGetRelid(rel)));
}

/* FindLog finds the log by its qualified name. Whoever writes the table needs no right to name what is in the log's schema. */
static Oid
FindLog(const Trigger *trigger)
{
	List *names = NIL;
	Oid log;

	if (trigger->tgnargs >= ARG_REDACTED)
		names = textToQualifiedNameList(cstring_to_text(trigger->tgargs[ARG_LOG]));
	if (list_length(names) != 2)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("trigger \"%s\" was not made by enable_audit()", trigger->tgname)));
	log = get_relname_relid(strVal(lsecond(names)),
							get_namespace_oid(strVal(linitial(names)), false));
	if (!OidIsValid(log))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("audit log \"%s\" does not exist", trigger->tgargs[ARG_LOG])));
	return log;
}

/* MakePlan fills a plan in, from its context. */
static void
MakePlan(HfAuditPlan *plan, const Trigger *trigger, Relation rel)
{
	plan->relid = RelationGetRelid(rel);
	plan->whole = WholeTable(rel);
	plan->owner = rel->rd_rel->relowner;
	plan->log = FindLog(trigger);
	plan->entity_type = hf_spi_relation_name(plan->whole);
	plan->entity_type_text = cstring_to_text(plan->entity_type);
	plan->category = cstring_to_text("data");
	plan->inserted = cstring_to_text("insert");
	plan->updated = cstring_to_text("update");
	plan->deleted = cstring_to_text("delete");
	DescribeColumns(plan, trigger, RelationGetDescr(rel));
	plan->subject = UuidColumn(plan, trigger->tgargs[ARG_SUBJECT]);
	plan->tenant = UuidColumn(plan, trigger->tgargs[ARG_TENANT]);
	for (int i = ARG_REDACTED; i < trigger->tgnargs; i++)
		(void) FindColumn(plan, trigger->tgargs[i]);
	DescribeKey(plan, rel);
	plan->valid = true;
}

/* FindEntry finds or makes the entry of a trigger. */
static PlanEntry *
FindEntry(Oid trigger)
{
	PlanEntry *entry;
	bool found;

	if (plans == NULL)
	{
		HASHCTL control = {
			.keysize = sizeof(Oid), .entrysize = sizeof(PlanEntry), .hcxt = TopMemoryContext};

		plans = hash_create("holdfast audit plans", 64, &control,
							HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	entry = hash_search(plans, &trigger, HASH_ENTER, &found);
	if (!found)
		entry->plan = NULL;
	return entry;
}

/* hf_audit_plan_take finds or makes a plan; see audit_plan.h. */
HfAuditPlan *
hf_audit_plan_take(const Trigger *trigger, Relation rel)
{
	PlanEntry *entry = FindEntry(trigger->tgoid);
	HfAuditPlan *plan = entry->plan;
	MemoryContext context;
	MemoryContext old;

	if (plan == NULL || !plan->valid)
	{
		entry->plan = NULL;
		if (plan != NULL && plan->users == 0)
			MemoryContextDelete(plan->context);
		/* made in the caller's memory, so that an error leaves nothing; then it is to stay */
		context = AllocSetContextCreate(CurrentMemoryContext, "holdfast audit plan",
										ALLOCSET_SMALL_SIZES);
		old = MemoryContextSwitchTo(context);
		plan = palloc0(sizeof(HfAuditPlan));
		plan->context = context;
		MakePlan(plan, trigger, rel);
		MemoryContextSwitchTo(old);
		MemoryContextSetParent(context, TopMemoryContext);
		/* looked up again: invalidations in between may have run, but nothing is removed from the table */
		entry->plan = plan;
	}
	plan->users++;
	return plan;
}

/* hf_audit_plan_give lets go of a plan that may have been replaced meanwhile; see audit_plan.h. */
void
hf_audit_plan_give(HfAuditPlan *plan)
{
	plan->users--;
}

/* SettingsAreStandard tells whether values print in the one way already. */
static bool
SettingsAreStandard(void)
{
	return DateStyle == USE_ISO_DATES && IntervalStyle == INTSTYLE_POSTGRES &&
		   extra_float_digits >= 1 && bytea_output == BYTEA_OUTPUT_HEX &&
		   strcmp(pg_get_timezone_name(session_timezone), "UTC") == 0;
}

/* hf_audit_pin_settings sets them until unpinned, or until the transaction fails; see audit_plan.h. */
int
hf_audit_pin_settings(const HfAuditPlan *plan)
{
	static const char *const settings[][2] = {
		{"DateStyle", "ISO, MDY"},	 {"IntervalStyle", "postgres"},
		{"extra_float_digits", "1"}, {"bytea_output", "hex"},
		{"TimeZone", "UTC"},		 {"search_path", "pg_catalog, pg_temp"}};
	int level;

	if (!plan->depends_on_settings || SettingsAreStandard())
		return 0;
	level = NewGUCNestLevel();
	for (int i = 0; i < lengthof(settings); i++)
		(void) set_config_option(settings[i][0], settings[i][1], PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	return level;
}

/* hf_audit_unpin_settings returns to the settings before; see audit_plan.h. */
void
hf_audit_unpin_settings(int level)
{
	if (level > 0)
		AtEOXact_GUC(true, level);
}

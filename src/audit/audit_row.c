/*
 * audit_row.c
 *		One change of a row as JSON: what audit() writes down.
 *
 * The members of an object are made in the order in which jsonb keeps them, so the bytes that the row's digest covers
 * are written in the same pass (audit_core.h).
 */
#include "compat.h"

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "audit/audit_json.h"
#include "audit/audit_plan.h"

/* FromString makes a JSON string. */
static void
FromString(JsonbValue *out, char *data, int length)
{
	out->type = jbvString;
	out->val.string.val = data;
	out->val.string.len = length;
}

/* FromUuid makes the string that a UUID is. */
static void
FromUuid(JsonbValue *out, Datum value)
{
	char *printed = palloc(HF_AUDIT_UUID_LENGTH);

	hf_audit_uuid_text(DatumGetUUIDP(value)->data, printed);
	FromString(out, printed, HF_AUDIT_UUID_LENGTH);
}

/* FromJsonb makes the value that a document is. */
static void
FromJsonb(JsonbValue *out, Jsonb *json)
{
	if (JsonbExtractScalar(&json->root, out))
		return;
	out->type = jbvBinary;
	out->val.binary.data = &json->root;
	out->val.binary.len = VARSIZE(json) - VARHDRSZ;
}

/* FromNumeric makes a number, or a string where JSON has no number for it. */
static void
FromNumeric(JsonbValue *out, Numeric number)
{
	if (numeric_is_nan(number) || numeric_is_inf(number))
	{
		char *text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));

		FromString(out, text, strlen(text));
		return;
	}
	out->type = jbvNumeric;
	out->val.numeric = number;
}

/* FormatDatetime prints a date or time, in UTC. */
static char *
FormatDatetime(Datum value, Oid type)
{
	char *printed = palloc(MAXDATELEN + 1);
	int utc = 0;

	JsonEncodeDateTime(printed, value, type, type == TIMESTAMPTZOID ? &utc : NULL);
	return printed;
}

/* MakeValue turns a value that is not null into JSON. */
static void
MakeValue(const HfAuditColumn *column, Datum value, JsonbValue *out)
{
	FmgrInfo *function = (FmgrInfo *) &column->function;
	char *printed;

	switch (column->kind)
	{
		case HF_AUDIT_AS_BOOL:
			out->type = jbvBool;
			out->val.boolean = DatumGetBool(value);
			break;
		case HF_AUDIT_AS_INT2:
			FromNumeric(out, int64_to_numeric(DatumGetInt16(value)));
			break;
		case HF_AUDIT_AS_INT4:
			FromNumeric(out, int64_to_numeric(DatumGetInt32(value)));
			break;
		case HF_AUDIT_AS_INT8:
			FromNumeric(out, int64_to_numeric(DatumGetInt64(value)));
			break;
		case HF_AUDIT_AS_NUMERIC:
			FromNumeric(out, DatumGetNumeric(value));
			break;
		case HF_AUDIT_AS_TEXT:
		{
			text *string = DatumGetTextPP(value);

			FromString(out, VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string));
			break;
		}
		case HF_AUDIT_AS_UUID:
			FromUuid(out, value);
			break;
		case HF_AUDIT_AS_DATETIME:
			printed = FormatDatetime(value, column->base);
			FromString(out, printed, strlen(printed));
			break;
		case HF_AUDIT_AS_JSONB:
			FromJsonb(out, DatumGetJsonbP(value));
			break;
		case HF_AUDIT_AS_OUTPUT:
			printed = OutputFunctionCall(function, value);
			FromString(out, printed, strlen(printed));
			break;
		case HF_AUDIT_AS_TO_JSONB:
			FromJsonb(out, DatumGetJsonbP(FunctionCall1(function, value)));
			break;
	}
}

/* What is needed to make the objects of one change. */
typedef struct Change
{
	const HfAuditPlan *plan;
	const uint8 *secret;		   /* NULL when nothing is redacted */
	const pg_uuid_t *organization; /* whose row it is, or NULL */
	const text *entity;			   /* the row's key, or NULL */
	const bool *included;		   /* by column */
	int count;					   /* of those */
	StringInfo content;
	StringInfo scratch; /* where an object is made */
} Change;

/* RedactValue puts {"redacted": DIGEST} in a value's place, which tells no more than whether the same row had the same value. */
static void
RedactValue(const Change *change, const HfAuditColumn *column, JsonbValue *value)
{
	const HfAuditPlan *plan = change->plan;
	char digest[HF_AUDIT_REDACTED_SIZE * 2 + 1];
	StringInfoData bytes;
	HfAuditObject object;
	JsonbValue part;

	initStringInfo(&bytes);
	appendStringInfoChar(&bytes, HF_AUDIT_ENCODING);
	hf_audit_encode_text(&bytes, HF_AUDIT_KEY, plan->entity_type, strlen(plan->entity_type));
	/* the same key in another organization is another row */
	if (change->organization != NULL)
		hf_audit_encode_text(&bytes, HF_AUDIT_KEY, (const char *) change->organization->data,
							 UUID_LEN);
	if (change->entity != NULL)
		hf_audit_encode_text(&bytes, HF_AUDIT_KEY, VARDATA_ANY(change->entity),
							 VARSIZE_ANY_EXHDR(change->entity));
	hf_audit_append(&bytes, column->encoded, column->encoded_length);
	hf_audit_encode_value(&bytes, value);
	hf_audit_redact(change->secret, (const uint8 *) bytes.data, bytes.len, digest);
	explicit_bzero(bytes.data, bytes.len);

	resetStringInfo(&bytes);
	hf_audit_object_begin(&object, &bytes, 1);
	hf_audit_object_key(&object, "redacted", strlen("redacted"));
	FromString(&part, digest, strlen(digest));
	hf_audit_object_value(&object, &part);
	FromJsonb(value, hf_audit_object_end(&object));
}

/* EncodeColumn appends a column's name and value to the content. */
static void
EncodeColumn(StringInfo content, const HfAuditColumn *column, Datum value, const JsonbValue *made)
{
	char digits[MAXINT8LEN + 1];

	hf_audit_append(content, column->encoded, column->encoded_length);
	/* numeric_out() would print the same */
	if (made->type == jbvNumeric && column->kind == HF_AUDIT_AS_INT4)
		hf_audit_encode_text(content, HF_AUDIT_NUMBER, digits,
							 pg_ltoa(DatumGetInt32(value), digits));
	else if (made->type == jbvNumeric && column->kind == HF_AUDIT_AS_INT8)
		hf_audit_encode_text(content, HF_AUDIT_NUMBER, digits,
							 pg_lltoa(DatumGetInt64(value), digits));
	else
		hf_audit_encode_value(content, made);
}

/*
 * MakeObject makes an object of the included columns of a row, and appends its encoding to the content. The columns are
 * in the order of its members and differ, so there is nothing to sort or to compare.
 */
static Jsonb *
MakeObject(Change *change, TupleTableSlot *row)
{
	const HfAuditPlan *plan = change->plan;
	HfAuditObject object;
	Jsonb *made;

	resetStringInfo(change->scratch);
	hf_audit_object_begin(&object, change->scratch, change->count);
	for (int i = 0; i < plan->columns; i++)
	{
		if (change->included[i])
			hf_audit_object_key(&object, plan->column[i].name, plan->column[i].length);
	}
	appendStringInfoCharMacro(change->content, HF_AUDIT_OBJECT);
	for (int i = 0; i < plan->columns; i++)
	{
		const HfAuditColumn *column = &plan->column[i];
		Datum datum = row->tts_values[column->index];
		JsonbValue value;

		if (!change->included[i])
			continue;
		if (row->tts_isnull[column->index])
			value.type = jbvNull;
		else
			MakeValue(column, datum, &value);
		if (column->redacted && value.type != jbvNull)
			RedactValue(change, column, &value);
		EncodeColumn(change->content, column, datum, &value);
		hf_audit_object_value(&object, &value);
	}
	appendStringInfoCharMacro(change->content, HF_AUDIT_OBJECT_END);
	made = hf_audit_object_end(&object);
	return memcpy(palloc(VARSIZE(made)), made, VARSIZE(made));
}

/* IsSame tells whether a column has the same value in both rows, without fetching what is stored outside of them. */
static bool
IsSame(const HfAuditColumn *column, TupleTableSlot *a, TupleTableSlot *b)
{
	Datum x = a->tts_values[column->index];
	Datum y = b->tts_values[column->index];

	if (a->tts_isnull[column->index] || b->tts_isnull[column->index])
		return a->tts_isnull[column->index] && b->tts_isnull[column->index];
	if (column->typlen == -1 && VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(x)) &&
		VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(y)) &&
		memcmp(DatumGetPointer(x), DatumGetPointer(y), VARSIZE_EXTERNAL(DatumGetPointer(x))) == 0)
		return true;
	return datum_image_eq(x, y, column->typbyval, column->typlen);
}

/* AppendKey appends one value of a key, with the separator escaped. */
static void
AppendKey(StringInfo out, const HfAuditColumn *column, Datum value)
{
	char uuid[HF_AUDIT_UUID_LENGTH];
	Oid function;
	bool varlena;
	char *printed;

	if (column->kind == HF_AUDIT_AS_UUID)
	{
		hf_audit_uuid_text(DatumGetUUIDP(value)->data, uuid);
		appendBinaryStringInfo(out, uuid, sizeof(uuid));
		return;
	}
	if (column->kind == HF_AUDIT_AS_DATETIME)
		printed = FormatDatetime(value, column->base);
	else
	{
		getTypeOutputInfo(column->base, &function, &varlena);
		printed = OidOutputFunctionCall(function, value);
	}
	for (char *p = printed; *p != '\0'; p++)
	{
		if (*p == '%' || *p == '/')
			appendStringInfo(out, "%%%02X", (unsigned char) *p);
		else
			appendStringInfoCharMacro(out, *p);
	}
}

/* EntityId is the row's key as text, or NULL when it has none. */
static text *
EntityId(const HfAuditPlan *plan, TupleTableSlot *row)
{
	StringInfoData out;

	if (plan->keys == 0)
		return NULL;
	initStringInfo(&out);
	for (int i = 0; i < plan->keys; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, '/');
		AppendKey(&out, plan->key[i], row->tts_values[plan->key[i]->index]);
	}
	return cstring_to_text_with_len(out.data, out.len);
}

/* hf_audit_same_entity compares keys; rows without a key are never the same. See audit_plan.h. */
bool
hf_audit_same_entity(const HfAuditPlan *plan, TupleTableSlot *old_row, TupleTableSlot *new_row)
{
	for (int i = 0; i < plan->keys; i++)
	{
		if (!IsSame(plan->key[i], old_row, new_row))
			return false;
	}
	return plan->keys > 0 && (plan->tenant == NULL || IsSame(plan->tenant, old_row, new_row));
}

/* SetFromColumn sets a column of the entry to the first of the rows' values that is not null, if any. */
static void
SetFromColumn(HfAuditEntry *entry, int target, const HfAuditColumn *column, TupleTableSlot *first,
			  TupleTableSlot *second)
{
	TupleTableSlot *rows[] = {first, second};

	if (column == NULL)
		return;
	for (int i = 0; i < lengthof(rows); i++)
	{
		if (rows[i] != NULL && !rows[i]->tts_isnull[column->index] && !entry->set[target])
			hf_audit_set(entry, target,
						 datumCopy(rows[i]->tts_values[column->index], false, UUID_LEN));
	}
}

/* MarkChanged marks the columns that an update changed, or all; false when there is nothing to write. */
static bool
MarkChanged(const HfAuditPlan *plan, bool *included, int *count, TupleTableSlot *old_row,
			TupleTableSlot *new_row)
{
	bool update = old_row != NULL && new_row != NULL;
	bool matters = !update;

	*count = 0;
	for (int i = 0; i < plan->columns; i++)
	{
		included[i] = !update || !IsSame(&plan->column[i], old_row, new_row);
		*count += included[i];
		matters |= included[i] && !plan->column[i].ignored;
	}
	return matters;
}

/* AppendRow makes a row's object, or notes that there is none. */
static void
AppendRow(HfAuditEntry *entry, int target, Change *change, TupleTableSlot *row)
{
	if (row != NULL)
		hf_audit_set(entry, target, JsonbPGetDatum(MakeObject(change, row)));
	else
		appendStringInfoCharMacro(change->content, HF_AUDIT_ABSENT);
}

/* hf_audit_change writes one change; see audit_plan.h. */
void
hf_audit_change(HfAuditWriter *writer, const HfAuditPlan *plan, TupleTableSlot *old_row,
				TupleTableSlot *new_row)
{
	MemoryContext old = MemoryContextSwitchTo(hf_audit_memory(writer));
	bool *included = palloc(sizeof(bool) * (plan->columns + 1));
	HfAuditEntry entry = {0};
	Change change = {.plan = plan, .included = included};
	TupleTableSlot *row = old_row != NULL ? old_row : new_row;
	text *entity;

	if (!MarkChanged(plan, included, &change.count, old_row, new_row))
	{
		MemoryContextSwitchTo(old);
		return;
	}
	entity = EntityId(plan, row);
	change.entity = entity;
	if (plan->tenant != NULL && !row->tts_isnull[plan->tenant->index])
		change.organization = DatumGetUUIDP(row->tts_values[plan->tenant->index]);
	change.secret = plan->redacts ? hf_audit_secret(writer) : NULL;
	change.content = hf_audit_content(writer);
	change.scratch = hf_audit_scratch(writer);
	AppendRow(&entry, HF_AUDIT_OLD_VALUES, &change, old_row);
	AppendRow(&entry, HF_AUDIT_NEW_VALUES, &change, new_row);
	entry.content_made = true;

	SetFromColumn(&entry, HF_AUDIT_ORGANIZATION, plan->tenant, new_row, old_row);
	SetFromColumn(&entry, HF_AUDIT_SUBJECT, plan->subject, old_row, new_row);
	hf_audit_set(&entry, HF_AUDIT_CATEGORY, PointerGetDatum(plan->category));
	hf_audit_set(&entry, HF_AUDIT_ACTION,
				 PointerGetDatum(old_row == NULL   ? plan->inserted
								 : new_row == NULL ? plan->deleted
												   : plan->updated));
	hf_audit_set(&entry, HF_AUDIT_ENTITY_TYPE, PointerGetDatum(plan->entity_type_text));
	if (entity != NULL)
		hf_audit_set(&entry, HF_AUDIT_ENTITY_ID, PointerGetDatum(entity));
	hf_audit_add(writer, &entry);
	MemoryContextSwitchTo(old);
}

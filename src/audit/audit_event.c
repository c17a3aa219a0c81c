/*
 * audit_event.c
 *		record_event() and record_entry(): what is no change of a row; erase_audit().
 */
#include "compat.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "audit/audit_log.h"
#include "audit/audit_table.h"
#include "errors.h"
#include "spi.h"

PG_FUNCTION_INFO_V1(hf_record_event);
PG_FUNCTION_INFO_V1(hf_record_entry);
PG_FUNCTION_INFO_V1(hf_erase_audit);

/* What erasing is called in the log; such rows are kept when the same subject is erased again. */
#define ERASE_CATEGORY "audit"
#define ERASE_ACTION   "erase"

static const HfQuery erase_query = {
	"UPDATE %s SET old_values = NULL, new_values = NULL, details = NULL, salt = NULL"
	" WHERE organization_id" HF_EQ "$1 AND subject_id" HF_EQ "$2 AND salt IS NOT NULL"
	" AND NOT (category" HF_EQ "'audit' AND action" HF_EQ "'erase')",
	2,
	{UUIDOID, UUIDOID},
	false};

/* RequireLog reads the first argument: a log that the caller may add to. */
static Oid
RequireLog(FunctionCallInfo fcinfo)
{
	Oid log;

	if (PG_ARGISNULL(0))
		hf_raise_invalid("log", "must not be null");
	log = PG_GETARG_OID(0);
	hf_audit_check(log);
	if (pg_class_aclcheck(log, GetUserId(), ACL_INSERT) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, get_rel_name(log));
	return log;
}

/* OptionalText is an argument, or NULL. */
static char *
OptionalText(FunctionCallInfo fcinfo, int arg)
{
	return PG_ARGISNULL(arg) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(arg));
}

/* SetAction takes "word" or "category.word". */
static void
SetAction(HfAuditEntry *entry, const char *action)
{
	const char *dot;

	if (action == NULL || action[0] == '\0')
		hf_raise_invalid("action", "must not be empty");
	dot = strchr(action, '.');
	if (dot != NULL && (dot == action || dot[1] == '\0'))
		hf_raise_invalid("action", "must be a word, or a category, a dot and a word");
	hf_audit_set_text(entry, HF_AUDIT_CATEGORY,
					  dot != NULL ? pnstrdup(action, dot - action) : "event");
	hf_audit_set_text(entry, HF_AUDIT_ACTION, dot != NULL ? dot + 1 : action);
}

/* SetOutcome takes success, failure, or the word of a failure. */
static void
SetOutcome(HfAuditEntry *entry, const char *outcome)
{
	bool success = outcome == NULL || strcmp(outcome, "success") == 0;

	if (outcome != NULL && outcome[0] == '\0')
		hf_raise_invalid("outcome", "must not be empty");
	hf_audit_set_text(entry, HF_AUDIT_STATUS, success ? "success" : "failure");
	if (!success && strcmp(outcome, "failure") != 0)
		hf_audit_set_text(entry, HF_AUDIT_ERROR, outcome);
}

/* CheckReserved keeps others from writing down erasures that did not happen. */
static void
CheckReserved(const HfAuditEntry *entry)
{
	const char *category = TextDatumGetCString(entry->values[HF_AUDIT_CATEGORY]);

	if (strcmp(category, ERASE_CATEGORY) == 0 || strcmp(category, "data") == 0)
		hf_raise_invalid("action",
						 "must not be of the categories data and audit, which are holdfast's own");
}

/* record_event(log, action, entity_type, entity_id, details, outcome) */
Datum
hf_record_event(PG_FUNCTION_ARGS)
{
	Oid log = RequireLog(fcinfo);
	HfAuditEntry entry = {0};

	SetAction(&entry, OptionalText(fcinfo, 1));
	CheckReserved(&entry);
	hf_audit_set_text(&entry, HF_AUDIT_ENTITY_TYPE, OptionalText(fcinfo, 2));
	hf_audit_set_text(&entry, HF_AUDIT_ENTITY_ID, OptionalText(fcinfo, 3));
	if (!PG_ARGISNULL(4))
		hf_audit_set(&entry, HF_AUDIT_DETAILS, PG_GETARG_DATUM(4));
	SetOutcome(&entry, OptionalText(fcinfo, 5));
	PG_RETURN_UUID_P(hf_audit_write(log, &entry));
}

/* ColumnNamed finds a column that an entry may set, or -1. */
static int
ColumnNamed(const JsonbValue *key)
{
	static const int settable[] = {
		HF_AUDIT_ORGANIZATION, HF_AUDIT_OCCURRED_AT, HF_AUDIT_USER,		  HF_AUDIT_ACTOR,
		HF_AUDIT_ROLE,		   HF_AUDIT_ENTITY_TYPE, HF_AUDIT_ENTITY_ID,  HF_AUDIT_SUBJECT,
		HF_AUDIT_DETAILS,	   HF_AUDIT_ADDRESS,	 HF_AUDIT_USER_AGENT, HF_AUDIT_REQUEST_ID};

	for (int i = 0; i < lengthof(settable); i++)
	{
		const char *name = hf_audit_columns[settable[i]].name;

		if (strlen(name) == key->val.string.len &&
			memcmp(name, key->val.string.val, key->val.string.len) == 0)
			return settable[i];
	}
	return -1;
}

/* TextOf is a member's value as text, or NULL; objects and arrays are none. */
static char *
TextOf(const JsonbValue *value, const char *field)
{
	switch (value->type)
	{
		case jbvNull:
			return NULL;
		case jbvString:
			return pnstrdup(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return DatumGetCString(
				DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
		default:
			hf_raise_invalid(field, "must be a string");
	}
	pg_unreachable();
}

/* SetColumn sets a column to a member's value, read as the column's type. */
static void
SetColumn(HfAuditEntry *entry, int column, JsonbValue *value)
{
	const HfAuditColumnType *target = &hf_audit_columns[column];
	char *text;
	Oid input;
	Oid parameter;

	if (target->type == JSONBOID)
	{
		hf_audit_set(entry, column, JsonbPGetDatum(JsonbValueToJsonb(value)));
		entry->nulls[column] = value->type == jbvNull;
		return;
	}
	text = TextOf(value, target->name);
	getTypeInputInfo(target->type, &input, &parameter);
	hf_audit_set(entry, column,
				 text != NULL ? OidInputFunctionCall(input, text, parameter, -1) : (Datum) 0);
	entry->nulls[column] = text == NULL;
}

/* SetMember takes one member of an entry. */
static void
SetMember(HfAuditEntry *entry, const JsonbValue *key, JsonbValue *value)
{
	int column = ColumnNamed(key);

	if (column >= 0)
		SetColumn(entry, column, value);
	else if (key->val.string.len == 6 && memcmp(key->val.string.val, "action", 6) == 0)
		SetAction(entry, TextOf(value, "action"));
	else if (key->val.string.len == 7 && memcmp(key->val.string.val, "outcome", 7) == 0)
		SetOutcome(entry, TextOf(value, "outcome"));
	else
		hf_raise_invalid("entry", "has a key that is not known");
}

/* record_entry(log, entry) */
Datum
hf_record_entry(PG_FUNCTION_ARGS)
{
	Oid log = RequireLog(fcinfo);
	HfAuditEntry entry = {0};
	JsonbIterator *it;
	JsonbValue key;
	JsonbValue value;
	Jsonb *json;

	if (PG_ARGISNULL(1) || !JB_ROOT_IS_OBJECT(PG_GETARG_JSONB_P(1)))
		hf_raise_invalid("entry", "must be an object");
	json = PG_GETARG_JSONB_P(1);
	it = JsonbIteratorInit(&json->root);
	(void) JsonbIteratorNext(&it, &key, true);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		(void) JsonbIteratorNext(&it, &value, true);
		SetMember(&entry, &key, &value);
	}
	if (!entry.set[HF_AUDIT_ACTION])
		hf_raise_invalid("action", "is required");
	CheckReserved(&entry);
	PG_RETURN_UUID_P(hf_audit_write(log, &entry));
}

/* An erasure: what to erase, and how many rows it took. */
typedef struct Erasure
{
	Oid log;
	Datum values[2];
	int64 rows;
} Erasure;

/* Erase runs as the log's owner. The guard lets it pass as long as hf_audit_erasing says so. */
static void
Erase(void *arg)
{
	Erasure *erasure = arg;
	Oid before = hf_audit_erasing;

	hf_spi_open();
	PG_TRY();
	{
		hf_audit_erasing = erasure->log;
		erasure->rows = hf_spi_run(&erase_query, erasure->log, erasure->values, NULL, 0);
	}
	PG_FINALLY();
	{
		hf_audit_erasing = before;
	}
	PG_END_TRY();
	hf_spi_close();
}

/* RecordErasure writes down that it happened. */
static void
RecordErasure(const Erasure *erasure)
{
	HfAuditEntry entry = {0};
	char *details = psprintf("{\"rows\": " INT64_FORMAT "}", erasure->rows);

	hf_audit_set_text(&entry, HF_AUDIT_CATEGORY, ERASE_CATEGORY);
	hf_audit_set_text(&entry, HF_AUDIT_ACTION, ERASE_ACTION);
	hf_audit_set(&entry, HF_AUDIT_ORGANIZATION, erasure->values[0]);
	hf_audit_set(&entry, HF_AUDIT_SUBJECT, erasure->values[1]);
	hf_audit_set(&entry, HF_AUDIT_DETAILS, DirectFunctionCall1(jsonb_in, CStringGetDatum(details)));
	(void) hf_audit_write(erasure->log, &entry);
}

/* erase_audit(log, organization_id, subject) */
Datum
hf_erase_audit(PG_FUNCTION_ARGS)
{
	Erasure erasure = {0};

	if (PG_ARGISNULL(0))
		hf_raise_invalid("log", "must not be null");
	if (PG_ARGISNULL(1))
		hf_raise_invalid("organization_id", "must not be null");
	if (PG_ARGISNULL(2))
		hf_raise_invalid("subject", "must not be null");
	erasure.log = PG_GETARG_OID(0);
	erasure.values[0] = PG_GETARG_DATUM(1);
	erasure.values[1] = PG_GETARG_DATUM(2);
	hf_audit_check(erasure.log);
	if (!hf_compat_owns_relation(erasure.log, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, get_rel_name(erasure.log));
	hf_spi_as_owner(erasure.log, Erase, &erasure);
	RecordErasure(&erasure);
	PG_RETURN_INT64(erasure.rows);
}

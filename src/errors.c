/*
 * errors.c
 *		The one place that raises errors a client can cause.
 *
 * Natively an error is SQLSTATE PTnnn, MESSAGE = the word, DETAIL = a JSON object, HINT = what to do next.
 * PostgREST turns PTnnn into HTTP status nnn. Only SQLSTATE PGRST can carry headers, so inside a PostgREST
 * request, and only when there is a Retry-After to send, the same error is raised in that form.
 *
 * What raises, rolls back. answer_error() returns the same body instead and has PostgREST send the same status and
 * headers, so that a caller can be refused and yet what was written about the attempt is kept.
 */
#include "compat.h"

#include <math.h>

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "errors.h"
#include "errors_core.h"
#include "guc.h"

#define SQLSTATE_PGRST MAKE_SQLSTATE('P', 'G', 'R', 'S', 'T')

PG_FUNCTION_INFO_V1(hf_raise_error);
PG_FUNCTION_INFO_V1(hf_answer_error);
PG_FUNCTION_INFO_V1(hf_error_contract);

void (*hf_raise_hook)(const char *word) = NULL;

/* StatusSqlstate is PTnnn for an HTTP status. */
static int
StatusSqlstate(int status)
{
	return MAKE_SQLSTATE('P', 'T', '0' + status / 100, '0' + status / 10 % 10, '0' + status % 10);
}

/* JsonField appends "name": value, with value as a JSON string, or null. */
static void
JsonField(StringInfo buf, const char *name, const char *value)
{
	appendStringInfo(buf, "\"%s\": ", name);
	if (value == NULL)
		appendStringInfoString(buf, "null");
	else
		escape_json(buf, value);
}

/* FindWord returns the contract of a word. */
static const HfErrorWord *
FindWord(const char *word)
{
	const HfErrorWord *error = hf_error_find(word);

	if (error == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("there is no error word \"%s\"", word)));
	return error;
}

/* ClientBody is the error as PostgREST shows it: a JSON object, with the details as a string. */
static char *
ClientBody(const HfErrorWord *error, const char *word, const char *details, const char *hint)
{
	StringInfoData body;
	char code[8];

	snprintf(code, sizeof(code), "PT%03d", error->status);
	initStringInfo(&body);
	appendStringInfoChar(&body, '{');
	JsonField(&body, "code", code);
	appendStringInfoString(&body, ", ");
	JsonField(&body, "message", word);
	appendStringInfoString(&body, ", ");
	JsonField(&body, "details", details);
	appendStringInfoString(&body, ", ");
	JsonField(&body, "hint", hint);
	appendStringInfoChar(&body, '}');
	return body.data;
}

/* RaiseWithHeaders raises the form that PostgREST reads status and headers from. */
pg_noreturn static void RaiseWithHeaders(const HfErrorWord *error, const char *word,
										 const char *details, const char *hint, int retry_after);

static void
RaiseWithHeaders(const HfErrorWord *error, const char *word, const char *details, const char *hint,
				 int retry_after)
{
	ereport(ERROR,
			(errcode(SQLSTATE_PGRST), errmsg_internal("%s", ClientBody(error, word, details, hint)),
			 errdetail_internal("{\"status\": %d, \"headers\": {\"Retry-After\": \"%d\"}}",
								error->status, retry_after)));
	pg_unreachable();
}

/* hf_raise raises the error of a word; see errors.h. */
void
hf_raise(const char *word, const char *details, const char *hint, int retry_after)
{
	const HfErrorWord *error = FindWord(word);

	if (hint == NULL)
		hint = error->hint;
	if (hf_raise_hook != NULL)
		hf_raise_hook(word);
	if (retry_after >= 0 && hf_guc_request("request.method") != NULL)
		RaiseWithHeaders(error, word, details, hint, retry_after);
	ereport(ERROR, (errcode(StatusSqlstate(error->status)), errmsg_internal("%s", word),
					details != NULL ? errdetail_internal("%s", details) : 0, errhint("%s", hint)));
	pg_unreachable();
}

/* hf_raise_invalid raises invalid_input; see errors.h. */
void
hf_raise_invalid(const char *field, const char *reason)
{
	StringInfoData details;

	initStringInfo(&details);
	appendStringInfoChar(&details, '{');
	JsonField(&details, "field", field);
	appendStringInfoString(&details, ", ");
	JsonField(&details, "reason", reason);
	appendStringInfoChar(&details, '}');
	hf_raise("invalid_input", details.data, NULL, -1);
}

/* hf_json_timestamp appends a timestamp as a JSON string in UTC. */
void
hf_json_timestamp(StringInfo buf, TimestampTz value)
{
	struct pg_tm tm;
	fsec_t fsec;
	int tz = 0;
	char text[MAXDATELEN + 1];

	if (TIMESTAMP_NOT_FINITE(value))
		EncodeSpecialTimestamp(value, text);
	else if (timestamp2tm(value, NULL, &tm, &fsec, NULL, NULL) == 0)
	{
		tm.tm_isdst = 0; /* -1, as left by timestamp2tm without a zone, would suppress the offset */
		EncodeDateTime(&tm, fsec, true, tz, NULL, USE_XSD_DATES, text);
	}
	else
		elog(ERROR, "timestamp out of range");
	escape_json(buf, text);
}

/* RetryAfter reads retry_after_seconds from the details: whole seconds, or -1 when there are none to send. */
static int
RetryAfter(Jsonb *details)
{
	JsonbValue value;
	double seconds;

	if (!JB_ROOT_IS_OBJECT(details) ||
		getKeyJsonValueFromContainer(&details->root, "retry_after_seconds",
									 strlen("retry_after_seconds"), &value) == NULL ||
		value.type != jbvNumeric)
		return -1;
	seconds = ceil(DatumGetFloat8(
		DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value.val.numeric))));
	return seconds < 0 ? -1 : (int) Min(seconds, (double) PG_INT32_MAX);
}

/* JsonText is a jsonb value as text. */
static char *
JsonText(Jsonb *json)
{
	return JsonbToCString(NULL, &json->root, VARSIZE(json));
}

/* raise_error(word text, details jsonb, hint text): the same, for functions written in SQL and PL/pgSQL. */
Datum
hf_raise_error(PG_FUNCTION_ARGS)
{
	char *details = NULL;
	char *hint = PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2));
	int retry_after = -1;

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the error word is null")));
	if (!PG_ARGISNULL(1))
	{
		Jsonb *json = PG_GETARG_JSONB_P(1);

		details = JsonText(json);
		retry_after = RetryAfter(json);
	}
	hf_raise(text_to_cstring(PG_GETARG_TEXT_PP(0)), details, hint, retry_after);
	PG_RETURN_VOID();
}

/* TextJson is the other way round. */
static Jsonb *
TextJson(const char *text)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

/* SetForRequest gives a setting its value until the transaction ends, which is when PostgREST reads it. */
static void
SetForRequest(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0,
							 false);
}

/* ResponseHeaders is response.headers without a Retry-After of before and with ours, unless that is negative. */
static char *
ResponseHeaders(const char *before, int retry_after)
{
	Jsonb *old = before != NULL ? TextJson(before) : NULL;
	uint32 count = old != NULL && JB_ROOT_IS_ARRAY(old) ? JB_ROOT_COUNT(old) : 0;
	const char *comma = "";
	StringInfoData headers;

	initStringInfo(&headers);
	appendStringInfoChar(&headers, '[');
	for (uint32 i = 0; i < count; i++)
	{
		JsonbValue *header = getIthJsonbValueFromContainer(&old->root, i);
		JsonbValue ours;

		if (header->type == jbvBinary && JsonContainerIsObject(header->val.binary.data) &&
			getKeyJsonValueFromContainer(header->val.binary.data, "Retry-After",
										 strlen("Retry-After"), &ours) != NULL)
			continue;
		appendStringInfo(&headers, "%s%s", comma, JsonText(JsonbValueToJsonb(header)));
		comma = ", ";
	}
	if (retry_after >= 0)
		appendStringInfo(&headers, "%s{\"Retry-After\": \"%d\"}", comma, retry_after);
	appendStringInfoChar(&headers, ']');
	return headers.data;
}

/* Respond tells PostgREST which status and headers to send; outside of a request nobody listens. */
static void
Respond(int status, int retry_after)
{
	const char *before = hf_guc_request("response.headers");

	if (hf_guc_request("request.method") == NULL)
		return;
	SetForRequest("response.status", psprintf("%d", status));
	if (before != NULL || retry_after >= 0)
		SetForRequest("response.headers", ResponseHeaders(before, retry_after));
}

/* answer_error(word text, details jsonb, hint text, retry_after_seconds int): the error, as an answer that commits. */
Datum
hf_answer_error(PG_FUNCTION_ARGS)
{
	const HfErrorWord *error;
	char *word;
	Jsonb *details = PG_ARGISNULL(1) ? NULL : PG_GETARG_JSONB_P(1);
	int retry_after = PG_ARGISNULL(3) ? -1 : PG_GETARG_INT32(3);
	const char *hint;

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the error word is null")));
	word = text_to_cstring(PG_GETARG_TEXT_PP(0));
	error = FindWord(word);
	hint = PG_ARGISNULL(2) ? error->hint : text_to_cstring(PG_GETARG_TEXT_PP(2));
	if (retry_after >= 0 && (details == NULL || JB_ROOT_IS_OBJECT(details)))
	{
		Jsonb *more = TextJson(psprintf("{\"retry_after_seconds\": %d}", retry_after));

		details = details == NULL
					  ? more
					  : DatumGetJsonbP(DirectFunctionCall2(jsonb_concat, JsonbPGetDatum(details),
														   JsonbPGetDatum(more)));
	}
	else if (retry_after < 0 && details != NULL)
		retry_after = RetryAfter(details);
	Respond(error->status, retry_after);
	PG_RETURN_JSONB_P(
		TextJson(ClientBody(error, word, details != NULL ? JsonText(details) : NULL, hint)));
}

/* error_contract(): the contract as rows, for the documentation and for clients that generate their types. */
Datum
hf_error_contract(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < hf_error_word_count; i++)
	{
		const HfErrorWord *error = &hf_error_words[i];
		char code[8];
		Datum values[5];
		bool nulls[5] = {false};

		snprintf(code, sizeof(code), "PT%03d", error->status);
		values[0] = CStringGetTextDatum(error->word);
		values[1] = Int32GetDatum(error->status);
		values[2] = CStringGetTextDatum(code);
		values[3] = CStringGetTextDatum(error->details);
		values[4] = CStringGetTextDatum(error->hint);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

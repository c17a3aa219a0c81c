/*
 * audit_encode.c
 *		The content of an audit row as bytes (audit_core.h), from jsonb.
 */
#include "compat.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "audit/audit_json.h"
#include "audit/audit_log.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(hf_audit_content_digest);

/* hf_audit_encode_text appends a TEXT behind its head; see audit_log.h. */
void
hf_audit_encode_text(StringInfo content, char tag, const char *data, int length)
{
	uint8 head[HF_AUDIT_HEAD_SIZE];

	hf_audit_head(head, tag, (uint32) length);
	hf_audit_append(content, head, sizeof(head));
	hf_audit_append(content, data, length);
}

/* EncodeScalar appends what is neither array nor object. */
static void
EncodeScalar(StringInfo content, const JsonbValue *value)
{
	char *number;

	switch (value->type)
	{
		case jbvNull:
			appendStringInfoCharMacro(content, HF_AUDIT_NULL);
			break;
		case jbvBool:
			appendStringInfoCharMacro(content, value->val.boolean ? HF_AUDIT_TRUE : HF_AUDIT_FALSE);
			break;
		case jbvString:
			hf_audit_encode_text(content, HF_AUDIT_STRING, value->val.string.val,
								 value->val.string.len);
			break;
		case jbvNumeric:
			number = DatumGetCString(
				DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
			hf_audit_encode_text(content, HF_AUDIT_NUMBER, number, strlen(number));
			pfree(number);
			break;
		default:
			elog(ERROR, "unexpected jsonb value type %d", value->type);
	}
}

/* EncodeContainer appends an array, an object or a lone scalar. */
static void
EncodeContainer(StringInfo content, JsonbContainer *container)
{
	JsonbIterator *it = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue value;
	bool scalar = false;

	while ((token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		switch (token)
		{
			case WJB_KEY:
				hf_audit_encode_text(content, HF_AUDIT_KEY, value.val.string.val,
									 value.val.string.len);
				break;
			case WJB_VALUE:
			case WJB_ELEM:
				EncodeScalar(content, &value);
				break;
			case WJB_BEGIN_ARRAY:
				scalar = value.val.array.rawScalar;
				if (!scalar)
					appendStringInfoCharMacro(content, HF_AUDIT_ARRAY);
				break;
			case WJB_END_ARRAY:
				if (!scalar)
					appendStringInfoCharMacro(content, HF_AUDIT_ARRAY_END);
				break;
			case WJB_BEGIN_OBJECT:
				appendStringInfoCharMacro(content, HF_AUDIT_OBJECT);
				break;
			default:
				appendStringInfoCharMacro(content, HF_AUDIT_OBJECT_END);
				break;
		}
	}
}

/* hf_audit_encode_value appends a value; see audit_log.h. */
void
hf_audit_encode_value(StringInfo content, const JsonbValue *value)
{
	if (value->type == jbvBinary)
		EncodeContainer(content, value->val.binary.data);
	else
		EncodeScalar(content, value);
}

/* hf_audit_encode appends a document; see audit_log.h. */
void
hf_audit_encode(StringInfo content, Jsonb *json)
{
	if (json == NULL)
		appendStringInfoCharMacro(content, HF_AUDIT_ABSENT);
	else
		EncodeContainer(content, &json->root);
}

/* audit_content_digest(salt, old_values, new_values, details) */
Datum
hf_audit_content_digest(PG_FUNCTION_ARGS)
{
	StringInfoData content;
	bytea *salt;
	bytea *digest;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	salt = PG_GETARG_BYTEA_PP(0);
	if (VARSIZE_ANY_EXHDR(salt) != HF_AUDIT_SALT_SIZE)
		hf_raise_invalid("salt", "must have 32 bytes");
	initStringInfo(&content);
	appendStringInfoChar(&content, HF_AUDIT_ENCODING);
	for (int i = 1; i <= 3; i++)
		hf_audit_encode(&content, PG_ARGISNULL(i) ? NULL : PG_GETARG_JSONB_P(i));
	digest = palloc(VARHDRSZ + HF_AUDIT_DIGEST_SIZE);
	SET_VARSIZE(digest, VARHDRSZ + HF_AUDIT_DIGEST_SIZE);
	hf_audit_digest((const uint8 *) VARDATA_ANY(salt), (const uint8 *) content.data, content.len,
					(uint8 *) VARDATA(digest));
	PG_RETURN_BYTEA_P(digest);
}

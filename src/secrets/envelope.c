/*
 * envelope.c
 *		seal(), unseal() and what goes with them: the SQL boundary of envelope_core.c and keyring.c.
 *
 * Plaintext is sealed in UTF-8, so that it opens in a database of another encoding. It is in no message; a value that does not
 * open is reported without saying why, for the reasons cannot be told apart.
 */
#include "compat.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "errors.h"
#include "secrets/envelope_core.h"
#include "secrets/keyring.h"
#include "secrets/rootkey.h"

PG_FUNCTION_INFO_V1(hf_seal);
PG_FUNCTION_INFO_V1(hf_unseal);
PG_FUNCTION_INFO_V1(hf_try_unseal);
PG_FUNCTION_INFO_V1(hf_sealed_key);
PG_FUNCTION_INFO_V1(hf_reseal_value);
PG_FUNCTION_INFO_V1(hf_blind_index);
PG_FUNCTION_INFO_V1(hf_rotate_keys);
PG_FUNCTION_INFO_V1(hf_rewrap_keys);
PG_FUNCTION_INFO_V1(hf_shred);

/* Bytes in UTF-8, and whether they are a copy of ours. */
typedef struct Utf8
{
	char *data;
	size_t length;
	bool copied;
} Utf8;

/* ToUtf8 converts from the server's encoding. */
static Utf8
ToUtf8(const text *value)
{
	Utf8 result = {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), false};
	char *converted = pg_server_to_any(result.data, (int) result.length, PG_UTF8);

	if (converted != result.data)
	{
		result.data = converted;
		result.length = strlen(converted);
		result.copied = true;
	}
	return result;
}

/* Zero forgets a copy. */
static void
Zero(Utf8 *value)
{
	if (value->copied)
	{
		sodium_memzero(value->data, value->length);
		pfree(value->data);
	}
}

/* KeyringArg is an argument that names a keyring. */
static Oid
KeyringArg(FunctionCallInfo fcinfo, int arg)
{
	if (PG_ARGISNULL(arg))
		hf_raise_invalid("keyring", "must not be null");
	return PG_GETARG_OID(arg);
}

/* ContextArg is the context; without one a value could be moved to anywhere. */
static Utf8
ContextArg(FunctionCallInfo fcinfo, int arg)
{
	text *context = PG_ARGISNULL(arg) ? NULL : PG_GETARG_TEXT_PP(arg);

	if (context == NULL || VARSIZE_ANY_EXHDR(context) == 0)
		hf_raise_invalid("context", "must not be null or empty");
	return ToUtf8(context);
}

/* Bind says what a value under a key belongs to. */
static HfBinding
Bind(const HfDataKey *key, const Utf8 *context)
{
	HfBinding binding = {.key_id = key->id.data,
						 .subject = key->has_subject ? key->subject.data : NULL,
						 .context = context->data,
						 .context_length = context->length};

	return binding;
}

/* SealBytes seals under a key. */
static bytea *
SealBytes(const HfDataKey *key, const Utf8 *context, const void *plain, size_t length)
{
	HfBinding binding = Bind(key, context);
	uint8 nonce[HF_NONCE_SIZE];
	uint8 *scratch = palloc(hf_envelope_scratch(&binding));
	bytea *sealed;

	if (length > MaxAllocSize - VARHDRSZ - HF_SEAL_OVERHEAD)
		hf_raise_invalid("plaintext", "is too long");
	if (!pg_strong_random(nonce, sizeof(nonce)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random values")));
	sealed = palloc(VARHDRSZ + length + HF_SEAL_OVERHEAD);
	SET_VARSIZE(sealed, VARHDRSZ + length + HF_SEAL_OVERHEAD);
	hf_envelope_seal(key->bytes, &binding, nonce, plain, length, scratch,
					 (uint8 *) VARDATA(sealed));
	pfree(scratch);
	return sealed;
}

/* DoesNotOpen raises the one error of values that do not open. */
pg_noreturn static void DoesNotOpen(void);

static void
DoesNotOpen(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED), errmsg("a sealed value cannot be opened"),
			 errdetail("It was sealed in another context or keyring, or it has been changed.")));
	pg_unreachable();
}

/* Opened is a value's plaintext, allocated; data is NULL when its key was destroyed. */
typedef struct Opened
{
	uint8 *data;
	size_t length;
	HfDataKey key; /* without its bytes */
} Opened;

/* OpenBytes opens a value. */
static Opened
OpenBytes(Oid keyring, const bytea *sealed, const Utf8 *context)
{
	const uint8 *data = (const uint8 *) VARDATA_ANY(sealed);
	size_t length = VARSIZE_ANY_EXHDR(sealed);
	Opened opened = {NULL, 0};
	HfBinding binding;
	pg_uuid_t id;
	uint8 *scratch;
	bool good;

	if (!hf_envelope_key_id(data, length, id.data))
		DoesNotOpen();
	switch (hf_keyring_to_open(keyring, &id, &opened.key))
	{
		case HF_KEY_UNKNOWN:
			DoesNotOpen();
		case HF_KEY_DESTROYED:
			return opened;
		case HF_KEY_USABLE:
			break;
	}
	binding = Bind(&opened.key, context);
	scratch = palloc(hf_envelope_scratch(&binding));
	opened.length = length - HF_SEAL_OVERHEAD;
	opened.data = palloc(opened.length + 1);
	good = hf_envelope_open(opened.key.bytes, &binding, data, length, scratch, opened.data);
	sodium_memzero(opened.key.bytes, sizeof(opened.key.bytes));
	pfree(scratch);
	if (!good)
		DoesNotOpen();
	opened.data[opened.length] = '\0';
	return opened;
}

/* OpenText is OpenBytes as a text in the server's encoding; NULL when the key was destroyed. */
static text *
OpenText(FunctionCallInfo fcinfo)
{
	Oid keyring = KeyringArg(fcinfo, 0);
	Utf8 context = ContextArg(fcinfo, 2);
	Opened opened = OpenBytes(keyring, PG_GETARG_BYTEA_PP(1), &context);
	char *converted;
	text *result;

	if (opened.data == NULL)
		return NULL;
	converted = pg_any_to_server((char *) opened.data, (int) opened.length, PG_UTF8);
	result = converted == (char *) opened.data
				 ? cstring_to_text_with_len(converted, (int) opened.length)
				 : cstring_to_text(converted);
	if (converted != (char *) opened.data)
		sodium_memzero(converted, strlen(converted));
	sodium_memzero(opened.data, opened.length);
	pfree(opened.data);
	return result;
}

/* seal(keyring regclass, plaintext text, context text, subject uuid) */
Datum
hf_seal(PG_FUNCTION_ARGS)
{
	Oid keyring = KeyringArg(fcinfo, 0);
	Utf8 context = ContextArg(fcinfo, 2);
	HfDataKey key;
	Utf8 plain;
	bytea *sealed;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	hf_keyring_to_seal(keyring, PG_ARGISNULL(3) ? NULL : PG_GETARG_UUID_P(3), &key);
	plain = ToUtf8(PG_GETARG_TEXT_PP(1));
	sealed = SealBytes(&key, &context, plain.data, plain.length);
	sodium_memzero(&key, sizeof(key));
	Zero(&plain);
	PG_RETURN_BYTEA_P(sealed);
}

/* unseal(keyring regclass, sealed bytea, context text) */
Datum
hf_unseal(PG_FUNCTION_ARGS)
{
	text *plain;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	plain = OpenText(fcinfo);
	if (plain == NULL)
		hf_raise("key_destroyed", NULL, NULL, -1);
	PG_RETURN_TEXT_P(plain);
}

/* try_unseal(keyring regclass, sealed bytea, context text) */
Datum
hf_try_unseal(PG_FUNCTION_ARGS)
{
	text *plain = PG_ARGISNULL(1) ? NULL : OpenText(fcinfo);

	if (plain == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(plain);
}

/* sealed_key(sealed bytea) */
Datum
hf_sealed_key(PG_FUNCTION_ARGS)
{
	bytea *sealed = PG_GETARG_BYTEA_PP(0);
	pg_uuid_t *id = palloc(sizeof(pg_uuid_t));

	if (!hf_envelope_key_id((const uint8 *) VARDATA_ANY(sealed), VARSIZE_ANY_EXHDR(sealed),
							id->data))
		PG_RETURN_NULL();
	PG_RETURN_UUID_P(id);
}

/* reseal_value(keyring regclass, sealed bytea, context text): a value whose key was destroyed stays as it is. */
Datum
hf_reseal_value(PG_FUNCTION_ARGS)
{
	Oid keyring = KeyringArg(fcinfo, 0);
	Utf8 context = ContextArg(fcinfo, 2);
	Opened opened;
	HfDataKey key;
	bytea *sealed;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	opened = OpenBytes(keyring, PG_GETARG_BYTEA_PP(1), &context);
	if (opened.data == NULL)
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	hf_keyring_to_seal(keyring, opened.key.has_subject ? &opened.key.subject : NULL, &key);
	sealed = SealBytes(&key, &context, opened.data, opened.length);
	sodium_memzero(&key, sizeof(key));
	sodium_memzero(opened.data, opened.length);
	PG_RETURN_BYTEA_P(sealed);
}

/* blind_index(value text, context text, keyring regclass) */
Datum
hf_blind_index(PG_FUNCTION_ARGS)
{
	Utf8 context = ContextArg(fcinfo, 1);
	HfDataKey key = {0};
	Utf8 value;
	bytea *result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(2))
		hf_root_key_derive(HF_PURPOSE_INDEX, key.bytes);
	else
		hf_keyring_to_blind(PG_GETARG_OID(2), &key);
	value = ToUtf8(PG_GETARG_TEXT_PP(0));
	result = palloc(VARHDRSZ + HF_INDEX_SIZE);
	SET_VARSIZE(result, VARHDRSZ + HF_INDEX_SIZE);
	hf_blind(key.bytes, context.data, context.length, value.data, value.length,
			 (uint8 *) VARDATA(result));
	sodium_memzero(&key, sizeof(key));
	Zero(&value);
	PG_RETURN_BYTEA_P(result);
}

/* rotate_keys(keyring regclass) */
Datum
hf_rotate_keys(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(hf_keyring_rotate(KeyringArg(fcinfo, 0)));
}

/* rewrap_keys(keyring regclass, batch int) */
Datum
hf_rewrap_keys(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1) || PG_GETARG_INT32(1) < 1)
		hf_raise_invalid("batch", "must be at least 1");
	PG_RETURN_INT32(hf_keyring_rewrap(KeyringArg(fcinfo, 0), PG_GETARG_INT32(1)));
}

/* shred(keyring regclass, subject uuid) */
Datum
hf_shred(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		hf_raise_invalid("subject", "must not be null");
	PG_RETURN_INT32(hf_keyring_shred(KeyringArg(fcinfo, 0), PG_GETARG_UUID_P(1)));
}

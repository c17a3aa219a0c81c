/*
 * token.c
 *		Tokens: token(), token_hash(), token_matches(), token_prefix().
 *
 * A token is shown once and stored as its hash. A look-up by hash takes the same work whether or not there is such a token, and
 * what the index compares is the hash, which nobody can steer.
 */
#include "compat.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include <sodium.h>

#include "auth/token_core.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(hf_token);
PG_FUNCTION_INFO_V1(hf_token_hash);
PG_FUNCTION_INFO_V1(hf_token_matches);
PG_FUNCTION_INFO_V1(hf_token_prefix);

/* token(prefix text) */
Datum
hf_token(PG_FUNCTION_ARGS)
{
	text *prefix;
	size_t length;
	uint8 secret[HF_TOKEN_SECRET];
	text *token;

	if (PG_ARGISNULL(0))
		hf_raise_invalid("prefix", "must not be null");
	prefix = PG_GETARG_TEXT_PP(0);
	length = VARSIZE_ANY_EXHDR(prefix);
	if (!hf_token_is_prefix(VARDATA_ANY(prefix), length))
		hf_raise_invalid("prefix",
						 "must be 2 to 12 of a-z, 0-9 and _, and neither begin nor end with _");
	if (!pg_strong_random(secret, sizeof(secret)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random values")));
	token = palloc(VARHDRSZ + length + HF_TOKEN_TAIL);
	SET_VARSIZE(token, VARHDRSZ + length + HF_TOKEN_TAIL);
	hf_token_make(VARDATA_ANY(prefix), length, secret, VARDATA(token));
	sodium_memzero(secret, sizeof(secret));
	PG_RETURN_TEXT_P(token);
}

/* token_hash(token text) */
Datum
hf_token_hash(PG_FUNCTION_ARGS)
{
	text *token = PG_GETARG_TEXT_PP(0);
	bytea *hash = palloc(VARHDRSZ + HF_TOKEN_HASH);

	SET_VARSIZE(hash, VARHDRSZ + HF_TOKEN_HASH);
	hf_token_digest(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token), (uint8 *) VARDATA(hash));
	PG_RETURN_BYTEA_P(hash);
}

/* token_matches(token text, hash bytea): the work is the same whatever is missing or wrong. */
Datum
hf_token_matches(PG_FUNCTION_ARGS)
{
	static const char nobody[HF_TOKEN_MIN_PREFIX + HF_TOKEN_TAIL + 1] =
		"no_00000000000000000000000000000000000000000002a186T";
	text *token = PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0);
	bytea *hash = PG_ARGISNULL(1) ? NULL : PG_GETARG_BYTEA_PP(1);
	const char *data = token == NULL ? nobody : VARDATA_ANY(token);
	size_t length = token == NULL ? sizeof(nobody) - 1 : VARSIZE_ANY_EXHDR(token);
	uint8 actual[HF_TOKEN_HASH];
	uint8 expected[HF_TOKEN_HASH] = {0};
	int good = token != NULL;

	if (hash != NULL && VARSIZE_ANY_EXHDR(hash) == HF_TOKEN_HASH)
		memcpy(expected, VARDATA_ANY(hash), HF_TOKEN_HASH);
	else
		good = 0;
	hf_token_digest(data, length, actual);
	good &= hf_token_read(data, length, NULL) != 0;
	good &= sodium_memcmp(actual, expected, HF_TOKEN_HASH) == 0;
	sodium_memzero(actual, sizeof(actual));
	PG_RETURN_BOOL(good != 0);
}

/* token_prefix(token text) */
Datum
hf_token_prefix(PG_FUNCTION_ARGS)
{
	text *token = PG_GETARG_TEXT_PP(0);
	size_t length = hf_token_read(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token), NULL);

	if (length == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(VARDATA_ANY(token), length));
}

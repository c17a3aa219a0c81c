/*
 * hmac.c
 *		Signatures of webhooks. Computing one is pgcrypto's hmac(); comparing one is not, for = stops at the first
 *		difference.
 */
#include "compat.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "auth/hmac_core.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(hf_match_hmac);
PG_FUNCTION_INFO_V1(hf_match_hmac_text);

/* Algorithm reads the name of a hash. */
static HfHmac
Algorithm(FunctionCallInfo fcinfo, int arg)
{
	HfHmac algorithm;

	if (PG_ARGISNULL(arg) || !hf_hmac_find(text_to_cstring(PG_GETARG_TEXT_PP(arg)), &algorithm))
		hf_raise_invalid("algorithm", "is not sha1, sha256 or sha512");
	return algorithm;
}

/* Matches compares a signature; one that is missing or cannot be is compared as well. */
static bool
Matches(FunctionCallInfo fcinfo, HfHmac algorithm, const uint8 *signature, size_t length)
{
	bytea *payload;
	bytea *key;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		return false;
	payload = PG_GETARG_BYTEA_PP(0);
	key = PG_GETARG_BYTEA_PP(2);
	if (VARSIZE_ANY_EXHDR(key) == 0)
		hf_raise_invalid("key", "is empty");
	return hf_hmac_matches(algorithm, (uint8 *) VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key),
						   (uint8 *) VARDATA_ANY(payload), VARSIZE_ANY_EXHDR(payload), signature,
						   length);
}

/* hmac_matches(payload, signature, key, algorithm) */
Datum
hf_match_hmac(PG_FUNCTION_ARGS)
{
	bytea *signature = PG_ARGISNULL(1) ? NULL : PG_GETARG_BYTEA_PP(1);

	PG_RETURN_BOOL(Matches(fcinfo, Algorithm(fcinfo, 3),
						   signature != NULL ? (uint8 *) VARDATA_ANY(signature) : NULL,
						   signature != NULL ? VARSIZE_ANY_EXHDR(signature) : 0));
}

/* hmac_matches_text(payload, signature, key, encoding, algorithm) */
Datum
hf_match_hmac_text(PG_FUNCTION_ARGS)
{
	HfHmac algorithm = Algorithm(fcinfo, 4);
	HfEncoding encoding;
	uint8 signature[HF_HMAC_MAX_BYTES];
	size_t length = 0;

	if (PG_ARGISNULL(3) || !hf_encoding_find(text_to_cstring(PG_GETARG_TEXT_PP(3)), &encoding))
		hf_raise_invalid("encoding", "is not hex, base64 or base64url");
	if (!PG_ARGISNULL(1) && hf_signature_decode(encoding, VARDATA_ANY(PG_GETARG_TEXT_PP(1)),
												VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(1)), signature,
												hf_hmac_size(algorithm)))
		length = hf_hmac_size(algorithm);
	PG_RETURN_BOOL(Matches(fcinfo, algorithm, signature, length));
}

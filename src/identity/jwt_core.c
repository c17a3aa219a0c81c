/*
 * jwt_core.c
 *		Checks HS256 tokens. The algorithm is ours to choose, never the token's: a header that names another, or
 *		asks for an extension (crit), is refused, and nothing but HMAC-SHA-256 is ever computed.
 */
#include <string.h>

#include "identity/claims_json_core.h"
#include "identity/jwt_core.h"

#define MAX_HEADER 1024

/* hf_jwt_key absorbs a secret; see jwt_core.h. */
bool
hf_jwt_key(const unsigned char *secret, size_t length, HfJwtKey *key)
{
	if (length < HF_JWT_MIN_SECRET)
		return false;
	return crypto_auth_hmacsha256_init(&key->state, secret, length) == 0;
}

/* Base64Digit is the value of a base64url digit, or -1. */
static int
Base64Digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	if (c == '_')
		return 63;
	return -1;
}

/* hf_base64url_decode decodes; see jwt_core.h. */
bool
hf_base64url_decode(const char *text, size_t length, unsigned char *out, size_t *out_length)
{
	unsigned bits = 0;
	int pending = 0;
	size_t used = 0;

	if (length % 4 == 1)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		int digit = Base64Digit(text[i]);

		if (digit < 0)
			return false;
		bits = (bits << 6 | (unsigned) digit) & 0xfff;
		pending += 6;
		if (pending >= 8)
		{
			pending -= 8;
			out[used++] = (unsigned char) (bits >> pending);
		}
	}
	if ((bits & ((1u << pending) - 1)) != 0)
		return false;
	*out_length = used;
	return true;
}

typedef struct Header
{
	bool has_alg;
	bool good;
} Header;

/* ReadHeader is the visitor of a token's header. */
static bool
ReadHeader(void *state, const HfJsonMember *member)
{
	Header *header = state;

	if (member->level != 1)
		return true;
	if (hf_json_is(&member->key, "crit"))
		return false;
	if (!hf_json_is(&member->key, "alg"))
		return true;
	if (header->has_alg)
		return false;
	header->has_alg = true;
	header->good = member->type == HF_JSON_STRING && hf_json_is(&member->value, "HS256");
	return header->good;
}

/* CheckHeader decides whether a token is signed the one way we accept. */
static HfJwtStatus
CheckHeader(const char *text, size_t length)
{
	unsigned char json[MAX_HEADER];
	size_t json_length;
	Header header = {false, false};

	if (length > MAX_HEADER || !hf_base64url_decode(text, length, json, &json_length))
		return HF_JWT_MALFORMED;
	switch (hf_json_visit((const char *) json, json_length, ReadHeader, &header))
	{
		case HF_JSON_OK:
			return header.good ? HF_JWT_OK : HF_JWT_ALGORITHM;
		case HF_JSON_REFUSED:
			return HF_JWT_ALGORITHM;
		default:
			return HF_JWT_MALFORMED;
	}
}

/* CheckSignature compares in constant time. */
static HfJwtStatus
CheckSignature(const char *token, size_t signed_length, const char *text, size_t length,
			   const HfJwtKey *key)
{
	crypto_auth_hmacsha256_state state = key->state;
	unsigned char expected[crypto_auth_hmacsha256_BYTES];
	unsigned char given[crypto_auth_hmacsha256_BYTES + 1];
	size_t given_length = 0;
	bool same;

	/* 43 digits are 32 bytes; anything longer could overrun. */
	if (length > 43 || !hf_base64url_decode(text, length, given, &given_length) ||
		given_length != sizeof(expected))
		return HF_JWT_MALFORMED;
	crypto_auth_hmacsha256_update(&state, (const unsigned char *) token, signed_length);
	crypto_auth_hmacsha256_final(&state, expected);
	same = crypto_verify_32(given, expected) == 0;
	sodium_memzero(&state, sizeof(state));
	sodium_memzero(expected, sizeof(expected));
	return same ? HF_JWT_OK : HF_JWT_SIGNATURE;
}

/* hf_jwt_open checks a token; see jwt_core.h. */
HfJwtStatus
hf_jwt_open(const char *token, size_t length, const HfJwtKey *key, char *payload,
			size_t *payload_length)
{
	const char *end = token + length;
	const char *first = memchr(token, '.', length);
	const char *second;
	HfJwtStatus status;

	if (length > HF_JWT_MAX_LENGTH || first == NULL)
		return HF_JWT_MALFORMED;
	second = memchr(first + 1, '.', (size_t) (end - first - 1));
	if (second == NULL || second == first + 1 ||
		memchr(second + 1, '.', (size_t) (end - second - 1)) != NULL)
		return HF_JWT_MALFORMED;
	status = CheckHeader(token, (size_t) (first - token));
	if (status != HF_JWT_OK)
		return status;
	status = CheckSignature(token, (size_t) (second - token), second + 1,
							(size_t) (end - second - 1), key);
	if (status != HF_JWT_OK)
		return status;
	return hf_base64url_decode(first + 1, (size_t) (second - first - 1), (unsigned char *) payload,
							   payload_length)
			   ? HF_JWT_OK
			   : HF_JWT_MALFORMED;
}

/* ReadType is the visitor that looks at typ. */
static bool
ReadType(void *state, const HfJsonMember *member)
{
	bool *seen = state;
	char type[4];
	size_t length;

	if (member->level != 1 || !hf_json_is(&member->key, "typ"))
		return true;
	if (*seen || member->type != HF_JSON_STRING ||
		!hf_json_unescape(&member->value, false, type, sizeof(type), &length) || length != 3)
		return false;
	*seen = true;
	return (type[0] | 0x20) == 'j' && (type[1] | 0x20) == 'w' && (type[2] | 0x20) == 't';
}

/* hf_jwt_is_jwt looks at the type; see jwt_core.h. */
bool
hf_jwt_is_jwt(const char *token, size_t length)
{
	unsigned char json[MAX_HEADER];
	size_t json_length;
	const char *end = memchr(token, '.', length);
	bool seen = false;

	return end != NULL && end - token <= MAX_HEADER &&
		   hf_base64url_decode(token, (size_t) (end - token), json, &json_length) &&
		   hf_json_visit((const char *) json, json_length, ReadType, &seen) == HF_JSON_OK;
}

/* {"alg":"HS256","typ":"JWT"} and the dot behind it */
static const char sealed_header[] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";

#define HEADER_LENGTH	 (sizeof(sealed_header) - 1)
#define SIGNATURE_LENGTH 43

/* hf_jwt_sealed_length computes a length; see jwt_core.h. */
size_t
hf_jwt_sealed_length(size_t payload_length)
{
	return HEADER_LENGTH + (payload_length * 4 + 2) / 3 + 1 + SIGNATURE_LENGTH;
}

/* hf_jwt_seal makes a token; see jwt_core.h. */
void
hf_jwt_seal(const char *payload, size_t length, const HfJwtKey *key, char *out)
{
	crypto_auth_hmacsha256_state state = key->state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	size_t digits = (length * 4 + 2) / 3;

	memcpy(out, sealed_header, HEADER_LENGTH);
	sodium_bin2base64(out + HEADER_LENGTH, digits + 1, (const unsigned char *) payload, length,
					  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *) out, HEADER_LENGTH + digits);
	crypto_auth_hmacsha256_final(&state, mac);
	out += HEADER_LENGTH + digits;
	*out++ = '.';
	sodium_bin2base64(out, SIGNATURE_LENGTH + 1, mac, sizeof(mac),
					  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(&state, sizeof(state));
}

/* hf_jwt_bearer finds a token; see jwt_core.h. */
bool
hf_jwt_bearer(const char *header, const char **token)
{
	static const char scheme[] = "bearer";
	size_t length = sizeof(scheme) - 1;

	for (size_t i = 0; i < length; i++)
	{
		/* sets the bit that tells upper from lower case; no other character becomes a letter of "bearer" */
		if ((header[i] | 0x20) != scheme[i])
			return false;
	}
	if (header[length] != '\0' && header[length] != ' ')
		return false;
	header += length;
	while (*header == ' ')
		header++;
	*token = header;
	return true;
}

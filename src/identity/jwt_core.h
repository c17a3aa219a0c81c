/*
 * jwt_core.h
 *		JSON Web Tokens signed with HS256 (RFC 7515, RFC 7519), compact form.
 */
#ifndef HOLDFAST_JWT_CORE_H
#define HOLDFAST_JWT_CORE_H

#include <stdbool.h>
#include <stddef.h>

#include <sodium.h>

#define HF_JWT_MAX_LENGTH 65536
#define HF_JWT_MIN_SECRET 32

/* A secret, already absorbed: enough to check signatures, useless for finding the secret. */
typedef struct HfJwtKey
{
	crypto_auth_hmacsha256_state state;
} HfJwtKey;

typedef enum HfJwtStatus
{
	HF_JWT_OK,
	HF_JWT_MALFORMED,
	HF_JWT_ALGORITHM,
	HF_JWT_SIGNATURE,
	HF_JWT_TYPE
} HfJwtStatus;

/* Makes a key. False when the secret has less than HF_JWT_MIN_SECRET bytes. */
extern bool hf_jwt_key(const unsigned char *secret, size_t length, HfJwtKey *key);

/*
 * Checks a token and writes its payload, which is shorter than the token. The payload is written only when the
 * signature is right; what it says, its times included, is not looked at.
 */
extern HfJwtStatus hf_jwt_open(const char *token, size_t length, const HfJwtKey *key, char *payload,
							   size_t *payload_length);

/* Says whether the header of a token that hf_jwt_open let through has no typ, or JWT in any case of letters. */
extern bool hf_jwt_is_jwt(const char *token, size_t length);

/* Bytes of a token whose payload has this length, without a terminator. */
extern size_t hf_jwt_sealed_length(size_t payload_length);

/* Makes a token; out has room for hf_jwt_sealed_length(length) bytes and a terminator, which is written too. */
extern void hf_jwt_seal(const char *payload, size_t length, const HfJwtKey *key, char *out);

/*
 * Decodes base64url without padding. False for any other character, for an impossible length, and for bits set
 * beyond the last byte (two texts must not stand for one token). out has room for length * 3 / 4 bytes.
 */
extern bool
hf_base64url_decode(const char *text, size_t length, unsigned char *out, size_t *out_length);

/*
 * Finds the token in an Authorization header of the scheme Bearer. Returns false when the header is of another
 * scheme; a Bearer header without a token gives one of no length, which hf_jwt_open refuses.
 */
extern bool hf_jwt_bearer(const char *header, const char **token);

#endif

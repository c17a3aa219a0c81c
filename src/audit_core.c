/*
 * audit_core.c
 *		Encoding heads, salts and keyed digests (BLAKE2b, RFC 7693, by libsodium).
 */
#include <string.h>

#include <sodium.h>

#include "audit_core.h"

#define POOL_SALTS 64

/* hf_audit_head writes a head. */
void
hf_audit_head(uint8_t out[HF_AUDIT_HEAD_SIZE], char tag, uint32_t length)
{
	out[0] = (uint8_t) tag;
	for (int i = 0; i < 4; i++)
		out[1 + i] = (uint8_t) (length >> (8 * i));
}

/* hf_audit_key_order compares keys as jsonb sorts them. */
int
hf_audit_key_order(const char *a, size_t a_length, const char *b, size_t b_length)
{
	if (a_length != b_length)
		return a_length < b_length ? -1 : 1;
	return memcmp(a, b, a_length);
}

/* hf_audit_digest commits to a content. */
void
hf_audit_digest(const uint8_t salt[HF_AUDIT_SALT_SIZE], const uint8_t *content, size_t size,
				uint8_t out[HF_AUDIT_DIGEST_SIZE])
{
	crypto_generichash(out, HF_AUDIT_DIGEST_SIZE, content, size, salt, HF_AUDIT_SALT_SIZE);
}

/* hf_audit_redact stands in for a value. */
void
hf_audit_redact(const uint8_t secret[HF_AUDIT_SECRET_SIZE], const uint8_t *value, size_t size,
				char out[HF_AUDIT_REDACTED_SIZE * 2 + 1])
{
	uint8_t digest[HF_AUDIT_REDACTED_SIZE];

	crypto_generichash(digest, sizeof(digest), value, size, secret, HF_AUDIT_SECRET_SIZE);
	sodium_bin2hex(out, HF_AUDIT_REDACTED_SIZE * 2 + 1, digest, sizeof(digest));
}

/* hf_audit_salt takes a salt from the pool; no salt is given out twice or stays behind in it. */
void
hf_audit_salt(uint8_t out[HF_AUDIT_SALT_SIZE])
{
	static uint8_t pool[POOL_SALTS][HF_AUDIT_SALT_SIZE];
	static size_t left = 0;

	if (left == 0)
	{
		randombytes_buf(pool, sizeof(pool));
		left = POOL_SALTS;
	}
	left--;
	memcpy(out, pool[left], HF_AUDIT_SALT_SIZE);
	sodium_memzero(pool[left], HF_AUDIT_SALT_SIZE);
}

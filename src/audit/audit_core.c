/*
 * audit_core.c
 *		Encoding heads, salts and digests (BLAKE2b, RFC 7693, by libsodium).
 */
#include <string.h>

#include <sodium.h>

#include "audit/audit_core.h"

#define POOL_SIZE 2560

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

/* hf_audit_digest commits to a content. The salt takes a fifth less time in front of it than as a key. */
void
hf_audit_digest(const uint8_t salt[HF_AUDIT_SALT_SIZE], const uint8_t *content, size_t size,
				uint8_t out[HF_AUDIT_DIGEST_SIZE])
{
	crypto_generichash_state state;
	uint8_t whole[crypto_generichash_BYTES_MAX];

	crypto_generichash_init(&state, NULL, 0, sizeof(whole));
	crypto_generichash_update(&state, salt, HF_AUDIT_SALT_SIZE);
	crypto_generichash_update(&state, content, size);
	crypto_generichash_final(&state, whole, sizeof(whole));
	memcpy(out, whole, HF_AUDIT_DIGEST_SIZE);
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

/*
 * hf_audit_random takes bytes from the pool; none is given out twice or stays behind in it. It is filled by ChaCha20 from
 * 256 random bits of the kernel's, which are forgotten at once: that takes a fifth of the time of asking it for them all.
 */
void
hf_audit_random(uint8_t *out, size_t size)
{
	static uint8_t pool[POOL_SIZE];
	static size_t left = 0;
	uint8_t seed[randombytes_SEEDBYTES];

	if (size > POOL_SIZE)
	{
		randombytes_buf(out, size);
		return;
	}
	if (left < size)
	{
		randombytes_buf(seed, sizeof(seed));
		randombytes_buf_deterministic(pool, sizeof(pool), seed);
		sodium_memzero(seed, sizeof(seed));
		left = POOL_SIZE;
	}
	left -= size;
	memcpy(out, pool + left, size);
	sodium_memzero(pool + left, size);
}

/* hf_audit_uuid_text writes a UUID. */
void
hf_audit_uuid_text(const uint8_t uuid[16], char out[HF_AUDIT_UUID_LENGTH])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 16; i++)
	{
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digits[uuid[i] >> 4];
		*out++ = digits[uuid[i] & 0x0f];
	}
}

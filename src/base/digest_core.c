/*
 * digest_core.c
 *		Digests of requests. Every part carries its tag and its length, so no two sequences of parts make the
 *		same stream of bytes.
 */
#include <string.h>

#include "base/digest_core.h"

/* Changes with the encoding, so that digests of two encodings never match by chance. */
#define ENCODING_VERSION 1

/* hf_digest_start starts a digest. */
void
hf_digest_start(HfDigest *digest, char kind)
{
	const uint8_t head[2] = {ENCODING_VERSION, (uint8_t) kind};

	crypto_generichash_init(&digest->state, NULL, 0, HF_DIGEST_SIZE);
	crypto_generichash_update(&digest->state, head, sizeof(head));
}

/* hf_digest_part adds a part. */
void
hf_digest_part(HfDigest *digest, char tag, const void *data, size_t size)
{
	uint8_t head[9] = {(uint8_t) tag};

	for (int i = 0; i < 8; i++)
		head[1 + i] = (uint8_t) ((uint64_t) size >> (8 * i));
	crypto_generichash_update(&digest->state, head, sizeof(head));
	if (size > 0)
		crypto_generichash_update(&digest->state, data, size);
}

/* hf_digest_finish writes the digest. */
void
hf_digest_finish(HfDigest *digest, uint8_t out[HF_DIGEST_SIZE])
{
	crypto_generichash_final(&digest->state, out, HF_DIGEST_SIZE);
}

/* hf_digest_key shortens a digest. */
uint64_t
hf_digest_key(const uint8_t digest[HF_DIGEST_SIZE])
{
	uint64_t key = 0;

	for (int i = 0; i < 8; i++)
		key = key << 8 | digest[i];
	return key;
}

/*
 * digest_core.h
 *		Digests of requests: a stream of tagged, length-prefixed parts under BLAKE2b.
 */
#ifndef HOLDFAST_IDEMPOTENCY_CORE_H
#define HOLDFAST_IDEMPOTENCY_CORE_H

#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#define HF_DIGEST_SIZE 32

typedef struct HfDigest
{
	crypto_generichash_state state;
} HfDigest;

/* Starts a digest of one kind of thing; kinds (one byte) never share digests. */
extern void hf_digest_start(HfDigest *digest, char kind);

/* Adds a part: a tag, the length, the bytes. data may be NULL when size is 0. */
extern void hf_digest_part(HfDigest *digest, char tag, const void *data, size_t size);

extern void hf_digest_finish(HfDigest *digest, uint8_t out[HF_DIGEST_SIZE]);

/* The first 64 bits of a digest, for a lock. */
extern uint64_t hf_digest_key(const uint8_t digest[HF_DIGEST_SIZE]);

#endif

/*
 * sha1_core.h
 *		SHA-1 (FIPS 180-4), for what the world has fixed on it: one-time passwords (RFC 4226), the public lists of
 *		breached passwords, and webhooks that offer nothing better. libsodium leaves it out. Never for anything new.
 */
#ifndef HOLDFAST_SHA1_CORE_H
#define HOLDFAST_SHA1_CORE_H

#include <stddef.h>
#include <stdint.h>

#define HF_SHA1_BYTES 20
#define HF_SHA1_BLOCK 64

typedef struct HfSha1
{
	uint32_t state[5];
	uint64_t length;
	uint8_t block[HF_SHA1_BLOCK];
} HfSha1;

extern void hf_sha1_begin(HfSha1 *sha1);
extern void hf_sha1_add(HfSha1 *sha1, const uint8_t *data, size_t length);

/* Writes the digest and clears the state. */
extern void hf_sha1_end(HfSha1 *sha1, uint8_t digest[HF_SHA1_BYTES]);

/* HMAC-SHA-1 (RFC 2104). */
extern void hf_hmac_sha1(const uint8_t *key, size_t key_length, const uint8_t *data, size_t length,
						 uint8_t mac[HF_SHA1_BYTES]);

#endif

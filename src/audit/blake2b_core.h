/*
 * blake2b_core.h
 *		Keyed BLAKE2b-256 (RFC 7693) of several messages at a time. For one at a time libsodium has it.
 */
#ifndef HOLDFAST_BLAKE2B_CORE_H
#define HOLDFAST_BLAKE2B_CORE_H

#include <stddef.h>
#include <stdint.h>

#define HF_BLAKE2B_LANES 4
#define HF_BLAKE2B_SIZE	 32 /* of key and digest */

typedef struct HfBlake2b
{
	const uint8_t *key;
	const uint8_t *message;
	size_t size;
	uint8_t *digest; /* where it is written to */
} HfBlake2b;

/* Makes HF_BLAKE2B_LANES digests, in little more than the time of the longest. */
extern void hf_blake2b_lanes(const HfBlake2b jobs[HF_BLAKE2B_LANES]);

#endif

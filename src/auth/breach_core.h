/*
 * breach_core.h
 *		A list of breached passwords as a file: the first 48 bits of each SHA-1, sorted.
 *
 * The file, all numbers little-endian but the tails:
 *
 *		8 bytes		"HFBREACH"
 *		1 byte		version, 1
 *		1 byte		bits of the index: 8, 16 or 24
 *		1 byte		bytes of a tail: 6 less those of the index
 *		5 bytes		zero
 *		8 bytes		number of entries
 *		8 bytes		zero
 *		index		for each value of the first bits, and one more, how many entries come before it: 8 bytes each
 *		tails		of each entry the rest of its 48 bits
 *
 * A password that is not on a list of n is taken for one that is with a probability of n / 2^48: 1 in 280,000 for a
 * billion.
 */
#ifndef HOLDFAST_BREACH_CORE_H
#define HOLDFAST_BREACH_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/sha1_core.h"

#define HF_BREACH_PREFIX 6 /* bytes that are kept of a digest */
#define HF_BREACH_HEADER 32

/* Reads from the file; false when there are not so many bytes there. */
typedef bool (*HfBreachReader)(void *state, uint64_t offset, uint8_t *out, size_t length);

typedef struct HfBreach
{
	HfBreachReader reader;
	void *state;
	int bits;
	int tail;
	uint64_t count;
} HfBreach;

typedef enum HfBreachStatus
{
	HF_BREACH_OK,
	HF_BREACH_UNREADABLE,
	HF_BREACH_CORRUPT
} HfBreachStatus;

/* Reads the header and compares it with the size of the file. */
extern HfBreachStatus
hf_breach_open(HfBreach *breach, HfBreachReader reader, void *state, uint64_t size);

/* Looks a digest up with a bounded number of reads, whatever the file says. */
extern HfBreachStatus
hf_breach_find(const HfBreach *breach, const uint8_t digest[HF_SHA1_BYTES], bool *found);

#endif

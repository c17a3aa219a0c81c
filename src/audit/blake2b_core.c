/*
 * blake2b_core.c
 *		BLAKE2b in four lanes: a vector holds the same word of four messages.
 *
 * Within one message each step waits for the one before; between messages nothing does. So four take a third of the time
 * that libsodium takes for one after another. A lane whose message has ended goes on with whatever is there, and its state
 * is left alone.
 */
#include <string.h>

#include "audit/blake2b_core.h"

#define LANES	   HF_BLAKE2B_LANES
#define BLOCK_SIZE 128
#define ROUNDS	   12

typedef uint64_t Lanes __attribute__((vector_size(8 * LANES)));

/* Where the library can choose at run time: the same code, compiled for processors with wider registers, too. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx2", "default")))
#endif
#endif
#ifndef FOR_EACH_PROCESSOR
#define FOR_EACH_PROCESSOR
#endif

static const uint64_t initial[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
									0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
									0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/* Which words of the block a round mixes in, in which order. */
static const uint8_t schedule[10][16] = {
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	{14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
	{11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
	{7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
	{9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
	{2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
	{12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
	{13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
	{6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
	{10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

/* The messages, the state of their digests, and the block that each of them is at. */
typedef struct Work
{
	Lanes state[8];
	Lanes counted; /* bytes, with this block */
	Lanes last;	   /* all bits where this block is the last one */
	Lanes active;  /* all bits where the message has not ended before it */
	const uint8_t *block[LANES];
	uint8_t padded[LANES][BLOCK_SIZE];
} Work;

#define ROTATE(word, bits) ((word) >> (bits) | (word) << (64 - (bits)))

/* Half of the function G of the RFC. */
#define MIX(a, b, c, d, word, first, second) \
	do                                       \
	{                                        \
		(a) += (b) + (word);                 \
		(d) = ROTATE((d) ^ (a), first);      \
		(c) += (d);                          \
		(b) = ROTATE((b) ^ (c), second);     \
	} while (0)

#define MIX_TWICE(a, b, c, d, n)                                    \
	do                                                              \
	{                                                               \
		MIX(v[a], v[b], v[c], v[d], words[order[n]], 32, 24);       \
		MIX(v[a], v[b], v[c], v[d], words[order[(n) + 1]], 16, 63); \
	} while (0)

/* ReadWord reads eight bytes, the least significant first. */
static inline uint64_t
ReadWord(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* Compress is the function F of the RFC, for all lanes. */
FOR_EACH_PROCESSOR static void
Compress(Work *work)
{
	Lanes words[16];
	Lanes v[16];

	for (int i = 0; i < 16; i++)
	{
		for (int lane = 0; lane < LANES; lane++)
			words[i][lane] = ReadWord(work->block[lane] + 8 * i);
	}
	for (int i = 0; i < 8; i++)
	{
		v[i] = work->state[i];
		v[8 + i] = (Lanes){0} + initial[i];
	}
	v[12] ^= work->counted;
	v[14] ^= work->last;
	for (int round = 0; round < ROUNDS; round++)
	{
		const uint8_t *order = schedule[round % 10];

		MIX_TWICE(0, 4, 8, 12, 0);
		MIX_TWICE(1, 5, 9, 13, 2);
		MIX_TWICE(2, 6, 10, 14, 4);
		MIX_TWICE(3, 7, 11, 15, 6);
		MIX_TWICE(0, 5, 10, 15, 8);
		MIX_TWICE(1, 6, 11, 12, 10);
		MIX_TWICE(2, 7, 8, 13, 12);
		MIX_TWICE(3, 4, 9, 14, 14);
	}
	for (int i = 0; i < 8; i++)
		work->state[i] ^= (v[i] ^ v[8 + i]) & work->active;
}

/* Pad makes a whole block of what is left of a message, or of a key. */
static const uint8_t *
Pad(Work *work, int lane, const uint8_t *bytes, size_t size)
{
	memset(work->padded[lane], 0, BLOCK_SIZE);
	if (size > 0)
		memcpy(work->padded[lane], bytes, size);
	return work->padded[lane];
}

/* TakeKey makes the key a lane's block, which comes before the message. */
static void
TakeKey(Work *work, int lane, const HfBlake2b *job)
{
	work->block[lane] = Pad(work, lane, job->key, HF_BLAKE2B_SIZE);
	work->counted[lane] = BLOCK_SIZE;
	work->last[lane] = job->size == 0 ? ~UINT64_C(0) : 0;
	work->active[lane] = ~UINT64_C(0);
}

/* TakeBlock moves a lane to a block of its message. */
static void
TakeBlock(Work *work, int lane, const HfBlake2b *job, size_t offset)
{
	size_t left = job->size - offset;

	if (job->size <= offset)
	{
		work->active[lane] = 0;
		work->block[lane] = work->padded[lane];
		return;
	}
	work->last[lane] = left <= BLOCK_SIZE ? ~UINT64_C(0) : 0;
	if (left > BLOCK_SIZE)
		left = BLOCK_SIZE;
	work->counted[lane] += left;
	work->block[lane] =
		left < BLOCK_SIZE ? Pad(work, lane, job->message + offset, left) : job->message + offset;
}

/* WriteDigest takes a lane's digest out of the state. */
static void
WriteDigest(const Work *work, int lane, uint8_t digest[HF_BLAKE2B_SIZE])
{
	for (int i = 0; i < HF_BLAKE2B_SIZE; i++)
		digest[i] = (uint8_t) (work->state[i / 8][lane] >> (8 * (i % 8)));
}

/* hf_blake2b_lanes makes the digests; see blake2b_core.h. */
void
hf_blake2b_lanes(const HfBlake2b jobs[HF_BLAKE2B_LANES])
{
	Work work;
	size_t longest = 0;

	for (int i = 0; i < 8; i++)
		work.state[i] = (Lanes){0} + initial[i];
	/* the lengths of digest and key, and that there is no tree */
	work.state[0] ^= UINT64_C(0x01010000) ^ HF_BLAKE2B_SIZE << 8 ^ HF_BLAKE2B_SIZE;
	for (int lane = 0; lane < LANES; lane++)
	{
		TakeKey(&work, lane, &jobs[lane]);
		if (jobs[lane].size > longest)
			longest = jobs[lane].size;
	}
	Compress(&work);
	for (size_t offset = 0; offset < longest; offset += BLOCK_SIZE)
	{
		for (int lane = 0; lane < LANES; lane++)
			TakeBlock(&work, lane, &jobs[lane], offset);
		Compress(&work);
	}
	for (int lane = 0; lane < LANES; lane++)
		WriteDigest(&work, lane, jobs[lane].digest);
}

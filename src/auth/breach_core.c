/*
 * breach_core.c
 *		Reading a list of breached passwords. The file is not trusted: it may be cut, of another format, or wrong.
 */
#include <string.h>

#include "auth/breach_core.h"

static const uint8_t magic[9] = {'H', 'F', 'B', 'R', 'E', 'A', 'C', 'H', 1};

/* Little reads a number. */
static uint64_t
Little(const uint8_t *bytes)
{
	uint64_t value = 0;

	for (int i = 7; i >= 0; i--)
		value = value << 8 | bytes[i];
	return value;
}

/* hf_breach_open reads the header; see breach_core.h. */
HfBreachStatus
hf_breach_open(HfBreach *breach, HfBreachReader reader, void *state, uint64_t size)
{
	static const uint8_t zeros[8] = {0};
	uint8_t header[HF_BREACH_HEADER];
	uint64_t before;

	if (size < sizeof(header))
		return HF_BREACH_CORRUPT;
	if (!reader(state, 0, header, sizeof(header)))
		return HF_BREACH_UNREADABLE;
	if (memcmp(header, magic, sizeof(magic)) != 0 ||
		(header[9] != 8 && header[9] != 16 && header[9] != 24) ||
		header[10] != HF_BREACH_PREFIX - header[9] / 8 || memcmp(header + 11, zeros, 5) != 0 ||
		memcmp(header + 24, zeros, 8) != 0)
		return HF_BREACH_CORRUPT;
	breach->reader = reader;
	breach->state = state;
	breach->bits = header[9];
	breach->tail = header[10];
	breach->count = Little(header + 16);
	before = HF_BREACH_HEADER + (((uint64_t) 1 << breach->bits) + 1) * 8;
	if (size < before || breach->count > size || breach->count * breach->tail != size - before)
		return HF_BREACH_CORRUPT;
	return HF_BREACH_OK;
}

/* hf_breach_find looks a digest up; see breach_core.h. */
HfBreachStatus
hf_breach_find(const HfBreach *breach, const uint8_t digest[HF_SHA1_BYTES], bool *found)
{
	uint64_t tails = HF_BREACH_HEADER + (((uint64_t) 1 << breach->bits) + 1) * 8;
	uint64_t bucket = 0;
	uint8_t bounds[16];
	uint64_t low;
	uint64_t high;

	*found = false;
	for (int i = 0; i < breach->bits / 8; i++)
		bucket = bucket << 8 | digest[i];
	if (!breach->reader(breach->state, HF_BREACH_HEADER + bucket * 8, bounds, sizeof(bounds)))
		return HF_BREACH_UNREADABLE;
	low = Little(bounds);
	high = Little(bounds + 8);
	if (low > high || high > breach->count)
		return HF_BREACH_CORRUPT;
	while (low < high && !*found)
	{
		uint64_t middle = low + (high - low) / 2;
		uint8_t tail[HF_BREACH_PREFIX];
		int order;

		if (!breach->reader(breach->state, tails + middle * breach->tail, tail, breach->tail))
			return HF_BREACH_UNREADABLE;
		order = memcmp(digest + breach->bits / 8, tail, breach->tail);
		if (order == 0)
			*found = true;
		else if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return HF_BREACH_OK;
}

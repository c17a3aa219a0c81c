/*
 * failures_core.c
 *		The ring of failed requests; see failures_core.h.
 */
#include <string.h>

#include "shmem/failures_core.h"

/* At is the entry that is so many behind the oldest. */
static HfFailure *
At(HfRing *ring, uint32_t index)
{
	return (HfFailure *) (ring + 1) + (ring->first + (size_t) index) % ring->size;
}

/* hf_ring_size adds up. */
size_t
hf_ring_size(uint32_t entries)
{
	return sizeof(HfRing) + sizeof(HfFailure) * (size_t) entries;
}

/* hf_ring_init makes it empty. */
void
hf_ring_init(HfRing *ring, uint32_t entries)
{
	memset(ring, 0, sizeof(HfRing));
	ring->size = entries;
}

/* hf_ring_push adds one, and drops the oldest when there is no room. */
void
hf_ring_push(HfRing *ring, const HfFailure *failure)
{
	ring->pushed++;
	if (ring->count == ring->size)
	{
		ring->first = (ring->first + 1) % ring->size;
		ring->count--;
		ring->dropped++;
	}
	*At(ring, ring->count++) = *failure;
}

/* hf_ring_take moves those of a database out, and the others together. */
uint32_t
hf_ring_take(HfRing *ring, uint32_t database, uint32_t max, HfFailure *failures)
{
	uint32_t taken = 0;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < ring->count; i++)
	{
		HfFailure *failure = At(ring, i);

		if (failure->database == database && taken < max)
			failures[taken++] = *failure;
		else if (kept++ != i)
			*At(ring, kept - 1) = *failure;
	}
	ring->count = kept;
	ring->taken += taken;
	return taken;
}

/* hf_failure_path copies what is safe; see failures_core.h. */
void
hf_failure_path(char out[HF_FAILURE_PATH], const char *path)
{
	size_t length =
		strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.");

	if (length >= HF_FAILURE_PATH)
		length = HF_FAILURE_PATH - 1;
	memcpy(out, path, length);
	out[length] = '\0';
}

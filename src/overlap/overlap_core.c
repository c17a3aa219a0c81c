/*
 * overlap_core.c
 *		Stripes of prevent_overlap. Equal resources share a stripe; that others do too only makes them wait.
 */
#include "overlap/overlap_core.h"

/* hf_overlap_fold mixes as boost's hash_combine does, then spreads the bits. */
uint32_t
hf_overlap_fold(uint32_t hash, uint32_t column)
{
	hash ^= column + 0x9e3779b9U + (hash << 6) + (hash >> 2);
	hash ^= hash >> 16;
	hash *= 0x85ebca6bU;
	hash ^= hash >> 13;
	return hash;
}

/* hf_overlap_lock makes the key of a lock: 32 bits table, 22 bits constraint, 10 bits stripe. */
uint64_t
hf_overlap_lock(uint32_t relid, uint32_t constraint, uint32_t resource)
{
	uint32_t stripe = resource % HF_OVERLAP_STRIPES;

	return (uint64_t) relid << 32 | (constraint & ~(uint32_t) (HF_OVERLAP_STRIPES - 1)) | stripe;
}

/*
 * overlap_core.h
 *		Stripes: which lock of a protected table stands for a resource.
 */
#ifndef HOLDFAST_OVERLAP_CORE_H
#define HOLDFAST_OVERLAP_CORE_H

#include <stdint.h>

/* At most this many locks are held per constraint, however many resources a statement touches. */
#define HF_OVERLAP_STRIPES 1024

/* Folds the hash of one more column into the hash of a resource, which starts as 0. */
extern uint32_t hf_overlap_fold(uint32_t hash, uint32_t column);

/* The lock of a resource: the table, the constraint by the hash of its name, the stripe. */
extern uint64_t hf_overlap_lock(uint32_t relid, uint32_t constraint, uint32_t resource);

#endif

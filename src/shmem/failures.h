/*
 * failures.h
 *		The ring of failed requests in shared memory.
 */
#ifndef HOLDFAST_FAILURES_H
#define HOLDFAST_FAILURES_H

#include "shmem/failures_core.h"

/* Copies the head of the ring; zeros where there is no shared memory. */
extern void hf_failures_look(HfRing *head);
extern void hf_failures_reset_counts(void);

/* The part of shared memory; see shmem.c. */
extern Size hf_failures_shmem_size(void);
extern void hf_failures_shmem_make(void *place);

extern void hf_failures_init(void);

#endif

/*
 * stats.h
 *		Counting what happens, for the view holdfast.stats.
 */
#ifndef HOLDFAST_STATS_H
#define HOLDFAST_STATS_H

typedef enum HfStat
{
	HF_STAT_HOLDS,
	HF_STAT_CONFLICTS,
	HF_STAT_STORE_WRITES,
	HF_STAT_STORE_ERRORS,
	HF_STATS
} HfStat;

/* Counts one; nothing where there is no shared memory. Never raises. */
extern void hf_stats_count(HfStat stat);

/* The part of shared memory; see shmem.c. */
extern Size hf_stats_shmem_size(void);
extern void hf_stats_shmem_make(void *place);

#endif

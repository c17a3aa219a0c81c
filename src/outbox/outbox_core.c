/*
 * outbox_core.c
 *		Exponential backoff with jitter.
 */
#include "outbox/outbox_core.h"

/* hf_outbox_backoff doubles without overflow and takes a random part. */
int64_t
hf_outbox_backoff(int attempts, int64_t base, int64_t cap, uint64_t random)
{
	int64_t wait = base < cap ? base : cap;

	for (int i = 1; i < attempts && wait < cap; i++)
		wait = wait > cap / 2 ? cap : 2 * wait;
	return wait - (int64_t) (random % ((uint64_t) wait / 2 + 1));
}

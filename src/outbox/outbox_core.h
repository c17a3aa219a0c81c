/*
 * outbox_core.h
 *		How long a message waits after an attempt that failed. No database, no random source of its own.
 */
#ifndef HOLDFAST_OUTBOX_CORE_H
#define HOLDFAST_OUTBOX_CORE_H

#include <stdint.h>

/*
 * The wait before the next attempt, in microseconds: base after the first, twice as long after each further one, never
 * longer than cap; and of that a random part between half and all, so that what failed together does not come back
 * together. random is any 64 bits; base and cap are positive.
 */
extern int64_t hf_outbox_backoff(int attempts, int64_t base, int64_t cap, uint64_t random);

#endif

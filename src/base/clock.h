/*
 * clock.h
 *		The time that rules are decided by.
 */
#ifndef HOLDFAST_CLOCK_H
#define HOLDFAST_CLOCK_H

#include "datatype/timestamp.h"

/* The wall clock, or holdfast.now when it is set. It moves during a transaction: after waiting for a lock it
 * is later than before. */
extern TimestampTz hf_clock_now(void);

#endif

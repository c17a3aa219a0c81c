/*
 * clock.c
 *		The clock, which tests can set.
 */
#include "compat.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "guc.h"

PG_FUNCTION_INFO_V1(hf_clock);

/* hf_clock_now returns the time that rules are decided by. */
TimestampTz
hf_clock_now(void)
{
	TimestampTz now;

	return hf_guc_now(&now) ? now : GetCurrentTimestamp();
}

/* clock() */
Datum
hf_clock(PG_FUNCTION_ARGS)
{
	PG_RETURN_TIMESTAMPTZ(hf_clock_now());
}

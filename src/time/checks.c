/*
 * checks.c
 *		Checks that constraints of any table may call.
 */
#include "compat.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "time/zone.h"

PG_FUNCTION_INFO_V1(hf_is_time_zone);

/* is_time_zone(name text) */
Datum
hf_is_time_zone(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(hf_zone_find(text_to_cstring(PG_GETARG_TEXT_PP(0))) != NULL);
}

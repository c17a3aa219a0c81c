/*
 * cron.c
 *		What must be known of pg_cron.
 */
#include "compat.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"

PG_FUNCTION_INFO_V1(hf_get_cron_zone);

/* get_cron_zone(): not everybody may see pg_cron's settings, but who reads a schedule has to know its zone. */
Datum
hf_get_cron_zone(PG_FUNCTION_ARGS)
{
	const char *zone = GetConfigOption("cron.timezone", true, false);

	PG_RETURN_TEXT_P(cstring_to_text(zone != NULL && zone[0] != '\0' ? zone : "GMT"));
}

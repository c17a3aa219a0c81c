/*
 * guc.c
 *		Every setting of holdfast: its name, who may set it, and what it means.
 */
#include "compat.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "guc.h"

int hf_max_hold_life = 3600;
bool hf_direct_insert = true;
bool hf_own_claims = true;
char *hf_jwt_secret_file = NULL;
char *hf_roles_table = NULL;

static char *now_text = NULL;
static bool now_parsed = false;
static TimestampTz now_value;

/* assign_now forgets the parsed form of the previous value; an assign hook may not fail, so parsing waits. */
static void
assign_now(const char *newval, void *extra)
{
	now_parsed = false;
}

/* hf_guc_now reports whether the test clock is set, and to what. */
bool
hf_guc_now(TimestampTz *now)
{
	if (now_text == NULL || now_text[0] == '\0')
		return false;
	if (!now_parsed)
	{
		now_value = DatumGetTimestampTz(
			DirectFunctionCall3(timestamptz_in, CStringGetDatum(now_text),
								ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
		now_parsed = true;
	}
	*now = now_value;
	return true;
}

/* hf_guc_request reads any setting; unknown and empty both count as absent. */
const char *
hf_guc_request(const char *name)
{
	const char *value = GetConfigOption(name, true, false);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* hf_guc_init declares the settings. */
void
hf_guc_init(void)
{
	DefineCustomStringVariable("holdfast.now", "Stands for the current time, for tests.",
							   "A timestamp with its offset; empty for the wall clock.", &now_text,
							   "", PGC_SUSET, 0, NULL, assign_now, NULL);
	DefineCustomIntVariable("holdfast.max_hold_life",
							"The longest time from making a hold to its expiry.",
							"Extending a hold never takes it past this.", &hf_max_hold_life, 3600,
							1, 7 * 24 * 3600, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomBoolVariable("holdfast.direct_insert",
							 "Writes holds without the executor where the calendar allows it.",
							 "A calendar with triggers, foreign keys or row security for the "
							 "current user, or one that is not a plain local table, always goes "
							 "through the executor.",
							 &hf_direct_insert, true, PGC_SUSET, 0, NULL, NULL, NULL);
	/* Known only when preloaded: a setting of the server's start cannot be declared later. */
	hf_own_claims = process_shared_preload_libraries_in_progress;
	if (hf_own_claims)
		DefineCustomBoolVariable("holdfast.own_claims",
								 "Lets the library own the setting request.jwt.claims.",
								 "Off, or not preloaded: every read compares the setting's "
								 "content with the cached one.",
								 &hf_own_claims, true, PGC_POSTMASTER, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("holdfast.jwt_secret_file",
							   "A file with the HS256 secret that identity tokens are signed with.",
							   "When set, identity comes from a verified Authorization header "
							   "only; request.jwt.claims is not trusted.",
							   &hf_jwt_secret_file, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL,
							   NULL);
	DefineCustomStringVariable(
		"holdfast.roles_table", "The roles table in which org_id() looks for super_admin.",
		"Made by create_roles(); a live super_admin may choose the "
		"organization by the header X-Organization-Id.",
		&hf_roles_table, "public.user_roles", PGC_SUSET, 0, NULL, NULL, NULL);
	MarkGUCPrefixReserved("holdfast");
}

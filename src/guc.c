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

#include "bounds.h"
#include "guc.h"

int hf_max_hold_life = 3600;
void (*hf_guc_root_key_named)(const char *setting, const char *path);
bool hf_direct_insert = true;
bool hf_own_claims = true;
char *hf_jwt_secret_file = NULL;
char *hf_roles_table = NULL;
int hf_trusted_proxies = 1;
char *hf_root_key_file = NULL;
char *hf_previous_root_key_file = NULL;
int hf_argon2_memory = 65536;
int hf_argon2_time = 2;
int hf_password_min_length = 12;
int hf_password_min_score = 3;
char *hf_breach_file = NULL;
int hf_guard_slots = 65536;
int hf_failure_slots = 4096;

bool hf_request_owned = false;
uint64 hf_request_version = 1;
char *hf_request_claims = NULL;
char *hf_request_headers = NULL;

static char *now_text = NULL;
static bool now_parsed = false;
static TimestampTz now_value;

/* assign_now forgets the parsed form of the previous value; an assign hook may not fail, so parsing waits. */
static void
assign_now(const char *newval, void *extra)
{
	now_parsed = false;
}

/*
 * assign_request notes that a setting that identity comes from has another value. It also runs when SET LOCAL ends, at a
 * rollback and in a parallel worker, so that nobody has to compare texts to know that nothing changed.
 */
static void
assign_request(const char *newval, void *extra)
{
	hf_request_version++;
}

/* assign_root_key has the postmaster look at the file that a new configuration names. */
static void
assign_root_key(const char *newval, void *extra)
{
	if (hf_guc_root_key_named != NULL)
		hf_guc_root_key_named("holdfast.root_key_file", newval);
}

/* assign_previous_root_key does the same for the other one. */
static void
assign_previous_root_key(const char *newval, void *extra)
{
	if (hf_guc_root_key_named != NULL)
		hf_guc_root_key_named("holdfast.previous_root_key_file", newval);
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

/* OwnedElsewhere tells whether another library has declared a setting; a mere placeholder is no declaration. */
static bool
OwnedElsewhere(const char *name)
{
	return GetConfigOption(name, true, false) != NULL &&
		   (GetConfigOptionFlags(name, true) & GUC_CUSTOM_PLACEHOLDER) == 0;
}

/*
 * OwnSetting declares a setting of PostgREST's as ours; it stays as hidden and as free to set as it was. Except by
 * ALTER SYSTEM: a server cannot read a name with two dots from its file, and would not start again.
 */
static void
OwnSetting(const char *name, const char *description, char **value)
{
	DefineCustomStringVariable(name, description, NULL, value, "", PGC_USERSET,
							   GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_AUTO_FILE,
							   NULL, assign_request, NULL);
}

/*
 * OwnRequest takes the settings of the request over. Only while the server starts: there, every process has them
 * from its first moment, and two libraries that both want them meet in the server log and not in a session.
 */
static void
OwnRequest(void)
{
	if (!hf_own_claims)
		return;
	if (OwnedElsewhere(HF_CLAIMS_SETTING) || OwnedElsewhere(HF_HEADERS_SETTING))
	{
		ereport(LOG, (errmsg("holdfast does not own the setting \"%s\"", HF_CLAIMS_SETTING),
					  errdetail("Another library has declared it or \"%s\".", HF_HEADERS_SETTING)));
		return;
	}
	OwnSetting(HF_CLAIMS_SETTING, "The claims of the request's token, a JSON object.",
			   &hf_request_claims);
	OwnSetting(HF_HEADERS_SETTING, "The headers of the request, a JSON object.",
			   &hf_request_headers);
	hf_request_owned = true;
}

/* DefinePasswords declares the settings of passwords. */
static void
DefinePasswords(void)
{
	DefineCustomIntVariable("holdfast.argon2_memory",
							"Memory that hashing one password takes, in kB.",
							"Of Argon2id; each backend that hashes takes it for itself. OWASP asks "
							"for 19 MiB with 2 passes at least, which is the least allowed.",
							&hf_argon2_memory, 65536, HF_ARGON2_MIN_MEMORY, HF_ARGON2_MAX_MEMORY,
							PGC_SUSET, GUC_UNIT_KB, NULL, NULL, NULL);
	DefineCustomIntVariable("holdfast.argon2_time", "Passes over the memory of one password.",
							"Of Argon2id; time grows with both settings.", &hf_argon2_time, 2,
							HF_ARGON2_MIN_TIME, HF_ARGON2_MAX_TIME, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("holdfast.password_min_length",
							"Characters that an acceptable password has at least.",
							"NIST SP 800-63B-4 asks for 15, or 8 with a second factor.",
							&hf_password_min_length, 12, 8, 64, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("holdfast.password_min_score",
							"Score that an acceptable password has at least.",
							"From 2 (a million guesses) to 4 (ten billion), as zxcvbn scores.",
							&hf_password_min_score, 3, 2, 4, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("holdfast.breach_file", "A list of breached passwords.",
							   "Made by holdfast-breach-import. Empty: there is none.",
							   &hf_breach_file, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL,
							   NULL);
}

/* InitMemorySettings declares the sizes of shared memory; known only when preloaded, as own_claims. */
static void
InitMemorySettings(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	DefineCustomIntVariable("holdfast.guard_slots",
							"How many rate counters, failure counters and locks are remembered.",
							"All databases share them. Each takes some 64 bytes of shared memory.",
							&hf_guard_slots, 65536, 1024, 16777216, PGC_POSTMASTER, 0, NULL, NULL,
							NULL);
	DefineCustomIntVariable(
		"holdfast.failure_slots", "How many failed requests are remembered until take_failures().",
		"All databases share them. Each takes some 400 bytes of shared memory.", &hf_failure_slots,
		4096, 16, 1048576, PGC_POSTMASTER, 0, NULL, NULL, NULL);
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
	DefineCustomBoolVariable(
		"holdfast.direct_insert",
		"Writes holds, confirms them, uses quotas, keeps messages and answers and reads "
		"free slots without the executor where the table allows it.",
		"A table with row security for the current user, or one that is not a "
		"plain local table, always goes through the executor; to write, so does "
		"one with triggers or foreign keys.",
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
							   &hf_jwt_secret_file, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL,
							   assign_request, NULL);
	DefineCustomStringVariable(
		"holdfast.root_key_file", "A file with the root key, which wraps the keys of keyrings.",
		"32 bytes as hexadecimal digits or base64, readable by the server "
		"alone and outside of the data directory; generate_root_key() makes "
		"it. Read again at each reload.",
		&hf_root_key_file, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, assign_root_key, NULL);
	DefineCustomStringVariable("holdfast.previous_root_key_file",
							   "The file with the root key before, while keyrings are rewrapped.",
							   "Keys that it has wrapped can be used until rewrap_keys() has "
							   "wrapped them with the root key.",
							   &hf_previous_root_key_file, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL,
							   assign_previous_root_key, NULL);
	DefineCustomStringVariable(
		"holdfast.roles_table", "The roles table in which org_id() looks for super_admin.",
		"Made by create_roles(); a live super_admin may choose the "
		"organization by the header X-Organization-Id. Empty: the table of the installed platform, "
		"else public.user_roles.",
		&hf_roles_table, "", PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"holdfast.trusted_proxies", "How many proxies stand between the clients and PostgREST.",
		"request_ip() takes this entry of X-Forwarded-For, counted from its end; 0 trusts none.",
		&hf_trusted_proxies, 1, 0, 16, PGC_SUSET, 0, NULL, NULL, NULL);
	DefinePasswords();
	InitMemorySettings();
	MarkGUCPrefixReserved("holdfast");
	OwnRequest();
}

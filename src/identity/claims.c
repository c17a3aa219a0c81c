/*
 * claims.c
 *		uid(), org_id(), actor_id(), jwt_role(), jwt(), claim(): the caller as the request's claims say.
 *
 * One text of claims is remembered with what was read from it. It is current as long as hf_request_version has
 * not moved, when the library owns the settings; otherwise every call compares the setting's content with it.
 * Comparing the setting's address would be faster and wrong: the next user's claims often lie at the same one.
 *
 * Under holdfast.jwt_secret_file the claims are those of the verified token instead, and its times are checked
 * at every call.
 *
 * A UUID that was handed out never changes, for a running query may have taken it as a scan key. Each call site
 * keeps its last result in memory of the query's and hands it out again while the answer stays the same; another
 * answer gets memory of its own. Allocating for every row would cost as much as all the rest (bench/identity).
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "errors.h"
#include "guc.h"
#include "identity/claims.h"
#include "identity/claims_core.h"
#include "identity/holders.h"
#include "identity/jwt.h"
#include "identity/request.h"

#define ORGANIZATION_HEADER "X-Organization-Id"

PG_FUNCTION_INFO_V1(hf_get_uid);
PG_FUNCTION_INFO_V1(hf_get_org_id);
PG_FUNCTION_INFO_V1(hf_get_actor_id);
PG_FUNCTION_INFO_V1(hf_get_jwt_role);
PG_FUNCTION_INFO_V1(hf_get_jwt);
PG_FUNCTION_INFO_V1(hf_get_claim);

static MemoryContext context = NULL; /* holds known and document */
static char *known = NULL;			 /* what claims was read from, or NULL */
static Jsonb *document = NULL;		 /* the same as jsonb, made when first asked for */
static HfClaims claims;				 /* what known says */
static bool present = false;		 /* known is the request's; else the request has no claims */
static bool verified = false;		 /* known is the payload of a token */
static uint64 seen_version = 0;		 /* the version at which this was known; 0: look again */

/* org_id() of the version at which it was last settled by the settings alone. */
static uint64 organization_version = 0;
static bool organization_known;
static pg_uuid_t organization;

/* The version at which organization was last found out, whatever it depends on; for hf_claims_peek(). */
static uint64 organization_found = 0;

/* hf_claims_init makes the context. */
void
hf_claims_init(void)
{
	context = AllocSetContextCreate(TopMemoryContext, "holdfast claims", ALLOCSET_SMALL_SIZES);
}

/* ReadClaims replaces what is remembered. */
static void
ReadClaims(const char *setting)
{
	HfClaimsStatus status;

	known = NULL;
	document = NULL;
	MemoryContextReset(context);
	status = hf_claims_read(setting, strlen(setting), GetDatabaseEncoding() == PG_UTF8, &claims);
	if (status != HF_CLAIMS_OK)
		hf_raise("not_authenticated", NULL,
				 psprintf("Send a valid token: its claims %s.", hf_claims_reason(status)), -1);
	known = MemoryContextStrdup(context, setting);
}

/* Refresh finds out what the request's claims are. */
static void
Refresh(void)
{
	uint64 version = hf_request_version;
	const char *setting;

	seen_version = 0;
	present = false;
	verified = hf_jwt_required();
	if (verified)
		setting = hf_jwt_payload();
	else
		setting = hf_request_owned ? hf_request_claims : hf_guc_request(HF_CLAIMS_SETTING);
	if (setting != NULL && setting[0] != '\0')
	{
		if (known == NULL || strcmp(known, setting) != 0)
			ReadClaims(setting);
		present = true;
	}
	if (hf_request_owned)
		seen_version = version;
}

/* Current returns the claims of the request, or NULL when it has none. */
static inline const HfClaims *
Current(void)
{
	if (seen_version != hf_request_version || (verified && !hf_jwt_key_is_current()))
		Refresh();
	if (!present)
		return NULL;
	if (verified)
		hf_jwt_check_times(&claims);
	return &claims;
}

/* HeaderOrganization reads the organization that the request asks to work on. */
static void
HeaderOrganization(const HfJsonText *header, pg_uuid_t *out)
{
	char buffer[36];
	size_t length;

	if (!hf_json_unescape(header, true, buffer, sizeof(buffer), &length) ||
		!hf_claims_uuid(buffer, length, out->data))
		hf_raise_invalid(ORGANIZATION_HEADER, "is not the UUID of an organization");
}

/*
 * FindOrganization decides on org_id(). Only a service_role or a live super_admin is heard when they name another
 * organization than their own. What depends on a role row is decided anew at each call, for the row may go.
 */
static void
FindOrganization(void)
{
	const HfClaims *current = Current();
	const HfJsonText *header = current != NULL ? hf_request_header_raw(ORGANIZATION_HEADER) : NULL;
	bool service;
	pg_uuid_t user;

	organization_version = 0;
	organization_known = current != NULL && current->has_organization;
	if (organization_known)
		memcpy(organization.data, current->organization, UUID_LEN);
	if (header != NULL)
	{
		service = current->has_role && strcmp(current->role, "service_role") == 0;
		if (!service)
		{
			if (!current->has_user)
				return;
			memcpy(user.data, current->user, UUID_LEN);
			if (!hf_holders_super_admin(&user))
				return;
		}
		/* The roles were read by SQL, and reading may have replaced the headers we look at. */
		header = hf_request_header_raw(ORGANIZATION_HEADER);
		HeaderOrganization(header, &organization);
		organization_known = true;
		if (!service)
			return;
	}
	/* What a token says must be checked against the clock each time. */
	if (!verified)
		organization_version = seen_version;
}

/* User is the answer to uid(), or NULL. */
static inline const void *
User(void)
{
	const HfClaims *current = Current();

	return current != NULL && current->has_user ? current->user : NULL;
}

/* Organization is the answer to org_id(), or NULL. */
static inline const void *
Organization(void)
{
	if (organization_version != hf_request_version)
	{
		FindOrganization();
		organization_found = seen_version;
	}
	return organization_known ? &organization : NULL;
}

/* Actor is the answer to actor_id(), or NULL. */
static inline const void *
Actor(void)
{
	const HfClaims *current = Current();

	return current != NULL && current->has_actor ? current->actor : User();
}

/* CopyUuid hands an answer to another part of the library. */
static bool
CopyUuid(const void *value, pg_uuid_t *out)
{
	if (value == NULL)
		return false;
	memcpy(out->data, value, UUID_LEN);
	return true;
}

/* hf_claims_user is uid(); see claims.h. */
bool
hf_claims_user(pg_uuid_t *user)
{
	return CopyUuid(User(), user);
}

/* hf_claims_organization is org_id(); see claims.h. */
bool
hf_claims_organization(pg_uuid_t *out)
{
	return CopyUuid(Organization(), out);
}

/* hf_claims_actor is actor_id(); see claims.h. */
bool
hf_claims_actor(pg_uuid_t *actor)
{
	return CopyUuid(Actor(), actor);
}

/* hf_claims_role is jwt_role(); see claims.h. */
const char *
hf_claims_role(void)
{
	const HfClaims *current = Current();

	return current != NULL && current->has_role ? current->role : NULL;
}

/* hf_claims_peek takes what is at hand; see claims.h. */
bool
hf_claims_peek(HfClaims *out, pg_uuid_t *found)
{
	const char *setting = hf_request_owned ? hf_request_claims : hf_guc_request(HF_CLAIMS_SETTING);

	if (seen_version != 0 && seen_version == hf_request_version && present)
		*out = claims;
	else if (hf_jwt_required() || setting == NULL ||
			 hf_claims_read(setting, strlen(setting), GetDatabaseEncoding() == PG_UTF8, out) !=
				 HF_CLAIMS_OK)
		memset(out, 0, sizeof(*out));
	if (organization_found != 0 && organization_found == hf_request_version)
		return CopyUuid(organization_known ? &organization : NULL, found);
	memcpy(found->data, out->organization, UUID_LEN);
	return out->has_organization;
}

/* ReturnUuid hands an answer to the executor; see the head of this file. */
static inline Datum
ReturnUuid(FunctionCallInfo fcinfo, const void *value)
{
	void *kept = fcinfo->flinfo->fn_extra;

	if (value == NULL)
		PG_RETURN_NULL();
	if (kept == NULL || memcmp(kept, value, UUID_LEN) != 0)
	{
		kept = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, UUID_LEN);
		memcpy(kept, value, UUID_LEN);
		fcinfo->flinfo->fn_extra = kept;
	}
	return PointerGetDatum(kept);
}

/* uid() */
Datum
hf_get_uid(PG_FUNCTION_ARGS)
{
	return ReturnUuid(fcinfo, User());
}

/* org_id() */
Datum
hf_get_org_id(PG_FUNCTION_ARGS)
{
	return ReturnUuid(fcinfo, Organization());
}

/* actor_id() */
Datum
hf_get_actor_id(PG_FUNCTION_ARGS)
{
	return ReturnUuid(fcinfo, Actor());
}

/* jwt_role() */
Datum
hf_get_jwt_role(PG_FUNCTION_ARGS)
{
	const char *role = hf_claims_role();

	if (role == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(role));
}

/* Document returns the claims as jsonb, or NULL when there are none; ours to keep, the caller's to read. */
static Jsonb *
Document(void)
{
	Jsonb *made;
	Jsonb *kept;

	if (Current() == NULL)
		return NULL;
	if (document == NULL)
	{
		made = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(known)));
		kept = MemoryContextAlloc(context, VARSIZE(made));
		memcpy(kept, made, VARSIZE(made));
		document = kept;
	}
	return document;
}

/* jwt() */
Datum
hf_get_jwt(PG_FUNCTION_ARGS)
{
	Jsonb *kept = Document();
	Jsonb *result;

	if (kept == NULL)
		PG_RETURN_NULL();
	result = palloc(VARSIZE(kept));
	memcpy(result, kept, VARSIZE(kept));
	PG_RETURN_JSONB_P(result);
}

/* SplitPath makes the array of a dotted path's steps. */
static ArrayType *
SplitPath(const char *path)
{
	Datum *steps = palloc(sizeof(Datum) * (strlen(path) + 1));
	int count = 0;

	for (;;)
	{
		const char *dot = strchr(path, '.');

		if (dot == NULL)
			break;
		steps[count++] = PointerGetDatum(cstring_to_text_with_len(path, dot - path));
		path = dot + 1;
	}
	steps[count++] = CStringGetTextDatum(path);
	return construct_array(steps, count, TEXTOID, -1, false, TYPALIGN_INT);
}

/* claim(path text) */
Datum
hf_get_claim(PG_FUNCTION_ARGS)
{
	ArrayType *path = SplitPath(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	Jsonb *kept = Document();
	LOCAL_FCINFO(call, 2);
	Datum result;

	if (kept == NULL)
		PG_RETURN_NULL();
	InitFunctionCallInfoData(*call, NULL, 2, InvalidOid, NULL, NULL);
	call->args[0].value = JsonbPGetDatum(kept);
	call->args[0].isnull = false;
	call->args[1].value = PointerGetDatum(path);
	call->args[1].isnull = false;
	result = jsonb_extract_path_text(call);
	if (call->isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(result);
}

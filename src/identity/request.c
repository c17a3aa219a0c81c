/*
 * request.c
 *		request_header() and request_ip(): the request as PostgREST describes it in request.headers.
 *
 * The headers are read once per distinct text. One text is remembered; it is compared by content, or, when the
 * library owns the setting, not even that until somebody assigns to it. Never by pointer: the allocator hands
 * the same address out again for the next request's text.
 */
#include "compat.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "errors.h"
#include "guc.h"
#include "identity/request.h"
#include "identity/request_core.h"

PG_FUNCTION_INFO_V1(hf_get_request_header);
PG_FUNCTION_INFO_V1(hf_get_request_ip);

static MemoryContext context = NULL; /* holds known */
static char *known = NULL;			 /* what headers were read from, or NULL */
static HfHeaders headers;			 /* points into known */
static uint64 seen_version =
	0; /* the version at which headers were known to be current; 0: never */

/* hf_request_init makes the context. */
void
hf_request_init(void)
{
	context = AllocSetContextCreate(TopMemoryContext, "holdfast request", ALLOCSET_SMALL_SIZES);
}

/* ReadHeaders replaces what is remembered. */
static void
ReadHeaders(const char *setting)
{
	Size length = strlen(setting);

	known = NULL;
	headers.count = 0;
	MemoryContextReset(context);
	if (length > HF_REQUEST_MAX_LENGTH)
		hf_raise_invalid(HF_HEADERS_SETTING, "is too long");
	known = MemoryContextStrdup(context, setting);
	if (!hf_headers_read(known, length, &headers))
	{
		known = NULL;
		hf_raise_invalid(HF_HEADERS_SETTING, "is not a JSON object of strings with distinct names");
	}
}

/* CurrentHeaders returns the headers of the request, or NULL outside of one. */
static const HfHeaders *
CurrentHeaders(void)
{
	const char *setting;
	uint64 version = hf_request_version;

	if (seen_version == version)
		return known != NULL ? &headers : NULL;
	seen_version = 0;
	setting = hf_request_owned ? hf_request_headers : hf_guc_request(HF_HEADERS_SETTING);
	if (setting == NULL || setting[0] == '\0')
	{
		known = NULL;
		MemoryContextReset(context);
	}
	else if (known == NULL || strcmp(known, setting) != 0)
		ReadHeaders(setting);
	if (hf_request_owned)
		seen_version = version;
	return known != NULL ? &headers : NULL;
}

/* hf_request_header_raw finds a header; see request.h. */
const HfJsonText *
hf_request_header_raw(const char *name)
{
	const HfHeaders *current = CurrentHeaders();

	return current != NULL ? hf_headers_find(current, name) : NULL;
}

/* hf_request_header reads a header; see request.h. */
char *
hf_request_header(const char *name)
{
	const HfJsonText *raw = hf_request_header_raw(name);
	char *value;
	size_t length;

	if (raw == NULL)
		return NULL;
	value = palloc(raw->length + 1);
	if (!hf_json_unescape(raw, GetDatabaseEncoding() == PG_UTF8, value, raw->length, &length))
		hf_raise_invalid(HF_HEADERS_SETTING, "has a character that the database cannot hold");
	value[length] = '\0';
	return value;
}

/* hf_request_peek_ip takes what is at hand; see request.h. */
bool
hf_request_peek_ip(char out[HF_REQUEST_ADDRESS_MAX])
{
	const char *setting =
		hf_request_owned ? hf_request_headers : hf_guc_request(HF_HEADERS_SETTING);
	size_t length = setting != NULL ? strlen(setting) : 0;
	HfHeaders read;
	const HfJsonText *raw;
	char list[1024];

	if (hf_trusted_proxies == 0 || length == 0 || length > HF_REQUEST_MAX_LENGTH ||
		!hf_headers_read(setting, length, &read))
		return false;
	raw = hf_headers_find(&read, "x-forwarded-for");
	return raw != NULL &&
		   hf_json_unescape(raw, GetDatabaseEncoding() == PG_UTF8, list, sizeof(list), &length) &&
		   hf_forwarded_address(list, length, hf_trusted_proxies, out);
}

/* request_header(name text) */
Datum
hf_get_request_header(PG_FUNCTION_ARGS)
{
	char *value = hf_request_header(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(value));
}

/* request_ip() */
Datum
hf_get_request_ip(PG_FUNCTION_ARGS)
{
	char address[HF_REQUEST_ADDRESS_MAX];
	char *list = hf_trusted_proxies > 0 ? hf_request_header("x-forwarded-for") : NULL;

	if (list == NULL || !hf_forwarded_address(list, strlen(list), hf_trusted_proxies, address))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(DirectFunctionCall1(inet_in, CStringGetDatum(address)));
}

/*
 * request_core.h
 *		The headers of an HTTP request, as the JSON object that PostgREST puts into request.headers.
 */
#ifndef HOLDFAST_REQUEST_CORE_H
#define HOLDFAST_REQUEST_CORE_H

#include <stdbool.h>
#include <stddef.h>

#include "identity/claims_json_core.h"

#define HF_REQUEST_MAX_HEADERS 128
#define HF_REQUEST_MAX_LENGTH  262144
#define HF_REQUEST_ADDRESS_MAX 46

typedef struct HfHeader
{
	HfJsonText name;
	HfJsonText value;
} HfHeader;

typedef struct HfHeaders
{
	int count;
	HfHeader list[HF_REQUEST_MAX_HEADERS]; /* points into the text that was read */
} HfHeaders;

/* Reads the headers. False when the text is not an object of strings, too long, or names a header twice. */
extern bool hf_headers_read(const char *text, size_t length, HfHeaders *headers);

/* Finds a header by its name in any case of letters; NULL when it was not sent. */
extern const HfJsonText *hf_headers_find(const HfHeaders *headers, const char *name);

/*
 * Takes the client's address out of an X-Forwarded-For list: the hops-th from the right, for each proxy appends
 * the address that it was called from. Port and brackets are removed, an IPv4-mapped IPv6 address becomes IPv4.
 * False when the list is shorter than that, or what stands there is no address.
 */
extern bool
hf_forwarded_address(const char *list, size_t length, int hops, char out[HF_REQUEST_ADDRESS_MAX]);

#endif

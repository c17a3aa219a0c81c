/*
 * request_core.c
 *		Reads request headers. Everything here comes from the network.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "identity/request_core.h"

/* Lower is the ASCII lower case of a character, whatever the locale. */
static char
Lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

/* SameName compares header names. A header's name is an RFC 9110 token, which never needs an escape. */
static bool
SameName(const HfJsonText *text, const char *name, size_t length)
{
	if (text->length != length)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		if (Lower(text->data[i]) != Lower(name[i]))
			return false;
	}
	return true;
}

/* Collect is the visitor of hf_headers_read. */
static bool
Collect(void *state, const HfJsonMember *member)
{
	HfHeaders *headers = state;
	HfHeader *header = &headers->list[headers->count];

	if (member->type != HF_JSON_STRING || member->key.escaped ||
		headers->count == HF_REQUEST_MAX_HEADERS)
		return false;
	for (int i = 0; i < headers->count; i++)
	{
		if (SameName(&headers->list[i].name, member->key.data, member->key.length))
			return false;
	}
	header->name = member->key;
	header->value = member->value;
	headers->count++;
	return true;
}

/* hf_headers_read reads the headers; see request_core.h. */
bool
hf_headers_read(const char *text, size_t length, HfHeaders *headers)
{
	headers->count = 0;
	if (length <= HF_REQUEST_MAX_LENGTH &&
		hf_json_visit(text, length, Collect, headers) == HF_JSON_OK)
		return true;
	headers->count = 0;
	return false;
}

/* hf_headers_find looks a header up; see request_core.h. */
const HfJsonText *
hf_headers_find(const HfHeaders *headers, const char *name)
{
	size_t length = strlen(name);

	for (int i = 0; i < headers->count; i++)
	{
		if (SameName(&headers->list[i].name, name, length))
			return &headers->list[i].value;
	}
	return NULL;
}

/* Trim removes blanks at both ends. */
static void
Trim(const char **start, const char **end)
{
	while (*start < *end && (**start == ' ' || **start == '\t'))
		(*start)++;
	while (*end > *start && ((*end)[-1] == ' ' || (*end)[-1] == '\t'))
		(*end)--;
}

/* WithoutPort removes "[...]" or "[...]:port", and ":port" behind an IPv4 address. */
static bool
WithoutPort(const char **start, const char **end)
{
	const char *colon = memchr(*start, ':', (size_t) (*end - *start));

	if (*start < *end && **start == '[')
	{
		const char *close = memchr(*start, ']', (size_t) (*end - *start));

		if (close == NULL || (close + 1 != *end && close[1] != ':'))
			return false;
		(*start)++;
		*end = close;
	}
	else if (colon != NULL && memchr(colon + 1, ':', (size_t) (*end - colon - 1)) == NULL)
		*end = colon;
	return true;
}

/* Normalize writes an address in its canonical form. */
static bool
Normalize(const char *text, char out[HF_REQUEST_ADDRESS_MAX])
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, text, &v4) == 1)
		return inet_ntop(AF_INET, &v4, out, HF_REQUEST_ADDRESS_MAX) != NULL;
	if (inet_pton(AF_INET6, text, &v6) != 1)
		return false;
	if (!IN6_IS_ADDR_V4MAPPED(&v6))
		return inet_ntop(AF_INET6, &v6, out, HF_REQUEST_ADDRESS_MAX) != NULL;
	memcpy(&v4, v6.s6_addr + 12, sizeof(v4));
	return inet_ntop(AF_INET, &v4, out, HF_REQUEST_ADDRESS_MAX) != NULL;
}

/* hf_forwarded_address picks one hop; see request_core.h. */
bool
hf_forwarded_address(const char *list, size_t length, int hops, char out[HF_REQUEST_ADDRESS_MAX])
{
	const char *end = list + length;
	const char *start;
	char buffer[HF_REQUEST_ADDRESS_MAX];

	for (;;)
	{
		start = end;
		while (start > list && start[-1] != ',')
			start--;
		if (--hops <= 0)
			break;
		if (start == list)
			return false;
		end = start - 1;
	}
	Trim(&start, &end);
	if (!WithoutPort(&start, &end) || end - start >= (int) sizeof(buffer))
		return false;
	memcpy(buffer, start, (size_t) (end - start));
	buffer[end - start] = '\0';
	return Normalize(buffer, out);
}

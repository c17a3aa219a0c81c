/*
 * request.c
 *		Request headers: the first byte says how many proxies there are, the rest is the JSON object of headers, and
 *		an X-Forwarded-For list as well.
 */
#include <arpa/inet.h>

#include "fuzz.h"
#include "identity/request_core.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"x-forwarded-for", "X-Organization-Id", "authorization",
										""};
	const char *text = (const char *) data + 1;
	HfHeaders headers;
	char address[HF_REQUEST_ADDRESS_MAX];
	unsigned char parsed[16];

	if (size == 0)
		return 0;
	if (hf_headers_read(text, size - 1, &headers))
	{
		PROMISE(headers.count >= 0 && headers.count <= HF_REQUEST_MAX_HEADERS);
		for (int i = 0; i < headers.count; i++)
		{
			PROMISE(Inside(headers.list[i].name.data, headers.list[i].name.length, text, size - 1));
			PROMISE(
				Inside(headers.list[i].value.data, headers.list[i].value.length, text, size - 1));
		}
		for (int i = 0; i < 4; i++)
			hf_headers_find(&headers, names[i]);
	}
	if (hf_forwarded_address(text, size - 1, data[0] % 5, address))
		PROMISE(memchr(address, '\0', sizeof(address)) != NULL &&
				(inet_pton(AF_INET, address, parsed) == 1 ||
				 inet_pton(AF_INET6, address, parsed) == 1));
	return 0;
}

/*
 * token.c
 *		Tokens: any text read, and any secret written and read back. Also the root key as text.
 */
#include "fuzz.h"
#include "auth/token_core.h"
#include "secrets/rootkey_core.h"

/* Known checks the published check value of CRC-32, and that the smallest and largest secrets keep their place. */
static void
Known(void)
{
	uint8_t secret[HF_TOKEN_SECRET];
	uint8_t again[HF_TOKEN_SECRET];
	char token[HF_TOKEN_MAX];
	static bool done = false;

	if (done)
		return;
	done = true;
	PROMISE(hf_crc32("123456789", 9) == 0xcbf43926);
	memset(secret, 0, sizeof(secret));
	hf_token_make("no", 2, secret, token);
	PROMISE(memcmp(token, "no_00000000000000000000000000000000000000000002a186T", 52) == 0);
	memset(secret, 0xff, sizeof(secret));
	hf_token_make("max", 3, secret, token);
	PROMISE(hf_token_read(token, 53, again) == 3 && memcmp(again, secret, sizeof(secret)) == 0);
}

/* RoundTrip makes a token of the input and reads it; whatever is changed in it is noticed. */
static void
RoundTrip(const uint8_t *data, size_t size)
{
	uint8_t secret[HF_TOKEN_SECRET] = {0};
	uint8_t again[HF_TOKEN_SECRET];
	char token[HF_TOKEN_MAX];
	size_t where = size > 0 ? data[0] % (4 + HF_TOKEN_TAIL) : 0;

	memcpy(secret, data, size < sizeof(secret) ? size : sizeof(secret));
	hf_token_make("in_v", 4, secret, token);
	PROMISE(hf_token_read(token, 4 + HF_TOKEN_TAIL, again) == 4);
	PROMISE(memcmp(secret, again, sizeof(secret)) == 0);
	PROMISE(hf_token_read(token, 3 + HF_TOKEN_TAIL, NULL) == 0);
	token[where] = token[where] == 'a' ? 'b' : 'a';
	PROMISE(hf_token_read(token, 4 + HF_TOKEN_TAIL, NULL) == 0);
}

/* RootKey reads a key, and a key that was written. */
static void
RootKey(const uint8_t *data, size_t size)
{
	unsigned char key[HF_ROOT_KEY_SIZE];
	unsigned char again[HF_ROOT_KEY_SIZE];
	char text[HF_ROOT_KEY_TEXT];

	if (hf_root_key_decode((const char *) data, size, key))
	{
		PROMISE(size >= 43 && size <= 66);
		hf_root_key_encode(key, text);
		PROMISE(hf_root_key_decode(text, sizeof(text), again));
		PROMISE(memcmp(key, again, sizeof(key)) == 0);
		PROMISE(!hf_root_key_subkey(key, "", again) && !hf_root_key_subkey(key, "ninechars", again));
		PROMISE(hf_root_key_subkey(key, "wrapping", again) && memcmp(key, again, sizeof(key)) != 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t secret[HF_TOKEN_SECRET];
	uint8_t hash[HF_TOKEN_HASH];
	char token[HF_TOKEN_MAX];
	size_t prefix;

	Known();
	prefix = hf_token_read((const char *) data, size, secret);
	if (prefix != 0)
	{
		/* one text for one prefix and secret */
		PROMISE(prefix + HF_TOKEN_TAIL == size && hf_token_is_prefix((const char *) data, prefix));
		hf_token_make((const char *) data, prefix, secret, token);
		PROMISE(memcmp(token, data, size) == 0);
	}
	hf_token_digest((const char *) data, size, hash);
	RoundTrip(data, size);
	RootKey(data, size);
	return 0;
}

/*
 * hmac_core.c
 *		Authentication codes and the forms in which services send them.
 */
#include <string.h>

#include <sodium.h>

#include "auth/hmac_core.h"
#include "auth/sha1_core.h"

/* hf_hmac_find finds an algorithm; see hmac_core.h. */
bool
hf_hmac_find(const char *name, HfHmac *algorithm)
{
	if (strcmp(name, "sha256") == 0)
		*algorithm = HF_HMAC_SHA256;
	else if (strcmp(name, "sha512") == 0)
		*algorithm = HF_HMAC_SHA512;
	else if (strcmp(name, "sha1") == 0)
		*algorithm = HF_HMAC_SHA1;
	else
		return false;
	return true;
}

/* hf_encoding_find finds an encoding; see hmac_core.h. */
bool
hf_encoding_find(const char *name, HfEncoding *encoding)
{
	if (strcmp(name, "hex") == 0)
		*encoding = HF_ENCODING_HEX;
	else if (strcmp(name, "base64") == 0)
		*encoding = HF_ENCODING_BASE64;
	else if (strcmp(name, "base64url") == 0)
		*encoding = HF_ENCODING_BASE64URL;
	else
		return false;
	return true;
}

/* hf_hmac_size is the length of a code in bytes. */
size_t
hf_hmac_size(HfHmac algorithm)
{
	switch (algorithm)
	{
		case HF_HMAC_SHA1:
			return HF_SHA1_BYTES;
		case HF_HMAC_SHA512:
			return crypto_auth_hmacsha512_BYTES;
		default:
			return crypto_auth_hmacsha256_BYTES;
	}
}

/* hf_hmac_compute writes the code of a message. */
void
hf_hmac_compute(HfHmac algorithm, const uint8_t *key, size_t key_length, const uint8_t *data,
				size_t length, uint8_t mac[HF_HMAC_MAX_BYTES])
{
	crypto_auth_hmacsha256_state state256;
	crypto_auth_hmacsha512_state state512;

	switch (algorithm)
	{
		case HF_HMAC_SHA1:
			hf_hmac_sha1(key, key_length, data, length, mac);
			break;
		case HF_HMAC_SHA256:
			crypto_auth_hmacsha256_init(&state256, key, key_length);
			crypto_auth_hmacsha256_update(&state256, data, length);
			crypto_auth_hmacsha256_final(&state256, mac);
			sodium_memzero(&state256, sizeof(state256));
			break;
		case HF_HMAC_SHA512:
			crypto_auth_hmacsha512_init(&state512, key, key_length);
			crypto_auth_hmacsha512_update(&state512, data, length);
			crypto_auth_hmacsha512_final(&state512, mac);
			sodium_memzero(&state512, sizeof(state512));
			break;
	}
}

/* hf_hmac_matches compares; see hmac_core.h. */
bool
hf_hmac_matches(HfHmac algorithm, const uint8_t *key, size_t key_length, const uint8_t *data,
				size_t length, const uint8_t *signature, size_t signature_length)
{
	uint8_t expected[HF_HMAC_MAX_BYTES];
	uint8_t given[HF_HMAC_MAX_BYTES] = {0};
	size_t size = hf_hmac_size(algorithm);
	bool same;

	if (signature_length == size)
		memcpy(given, signature, size);
	hf_hmac_compute(algorithm, key, key_length, data, length, expected);
	same = sodium_memcmp(expected, given, size) == 0;
	sodium_memzero(expected, sizeof(expected));
	return same & (signature_length == size);
}

/* hf_signature_decode decodes; see hmac_core.h. */
bool
hf_signature_decode(HfEncoding encoding, const char *text, size_t length, uint8_t *out, size_t size)
{
	size_t used = 0;
	int variant = encoding == HF_ENCODING_BASE64 ? sodium_base64_VARIANT_ORIGINAL
												 : sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	int failed;

	if (encoding == HF_ENCODING_HEX)
		failed = sodium_hex2bin(out, size, text, length, NULL, &used, NULL);
	else
		failed = sodium_base642bin(out, size, text, length, NULL, &used, NULL, variant);
	/* without an end pointer libsodium fails when anything is left over */
	return failed == 0 && used == size;
}

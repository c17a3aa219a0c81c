/*
 * rootkey_core.c
 *		The root key as text, and the keys that are derived from it with libsodium's crypto_kdf (BLAKE2b with the
 *		purpose as its personalization).
 */
#include <string.h>

#include "secrets/rootkey_core.h"

#define PURPOSE_ID "key name"

/* Usable tells whether the bytes may have been drawn at random. */
static bool
Usable(const unsigned char *key)
{
	unsigned char differs = 0;

	for (size_t i = 1; i < HF_ROOT_KEY_SIZE; i++)
		differs |= key[i] ^ key[0];
	return differs != 0;
}

/* FromBase64 reads one of libsodium's variants of base64. */
static bool
FromBase64(const char *text, size_t length, unsigned char *key, int variant)
{
	size_t size;

	return sodium_base642bin(key, HF_ROOT_KEY_SIZE, text, length, NULL, &size, NULL, variant) ==
			   0 &&
		   size == HF_ROOT_KEY_SIZE;
}

/* hf_root_key_decode reads a key; see rootkey_core.h. */
bool
hf_root_key_decode(const char *text, size_t length, unsigned char key[HF_ROOT_KEY_SIZE])
{
	static const int variants[] = {
		sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
		sodium_base64_VARIANT_URLSAFE, sodium_base64_VARIANT_URLSAFE_NO_PADDING};
	size_t size;
	bool good = false;

	if (length > 0 && text[length - 1] == '\n')
		length--;
	if (length > 0 && text[length - 1] == '\r')
		length--;
	if (length == HF_ROOT_KEY_SIZE * 2)
		good = sodium_hex2bin(key, HF_ROOT_KEY_SIZE, text, length, NULL, &size, NULL) == 0 &&
			   size == HF_ROOT_KEY_SIZE;
	for (size_t i = 0; !good && i < sizeof(variants) / sizeof(variants[0]); i++)
		good = FromBase64(text, length, key, variants[i]);
	good = good && Usable(key);
	if (!good)
		sodium_memzero(key, HF_ROOT_KEY_SIZE);
	return good;
}

/* hf_root_key_encode writes a key; see rootkey_core.h. */
void
hf_root_key_encode(const unsigned char key[HF_ROOT_KEY_SIZE], char text[HF_ROOT_KEY_TEXT])
{
	/* its final zero byte becomes the line end */
	sodium_bin2hex(text, HF_ROOT_KEY_TEXT, key, HF_ROOT_KEY_SIZE);
	text[HF_ROOT_KEY_TEXT - 1] = '\n';
}

/* hf_root_key_subkey derives a key; see rootkey_core.h. */
bool
hf_root_key_subkey(const unsigned char key[HF_ROOT_KEY_SIZE], const char *purpose,
				   unsigned char out[HF_ROOT_KEY_SIZE])
{
	char context[crypto_kdf_CONTEXTBYTES] = {0};
	size_t length = strlen(purpose);

	if (length == 0 || length > sizeof(context))
		return false;
	memcpy(context, purpose, length);
	return crypto_kdf_derive_from_key(out, HF_ROOT_KEY_SIZE, 1, context, key) == 0;
}

/* hf_root_key_name names a key; see rootkey_core.h. */
void
hf_root_key_name(const unsigned char key[HF_ROOT_KEY_SIZE], unsigned char id[HF_ROOT_KEY_ID_SIZE])
{
	unsigned char derived[HF_ROOT_KEY_SIZE];

	(void) hf_root_key_subkey(key, PURPOSE_ID, derived);
	memcpy(id, derived, HF_ROOT_KEY_ID_SIZE);
	sodium_memzero(derived, sizeof(derived));
}

/*
 * token_core.c
 *		Tokens: making, checking and hashing them.
 *
 * The secret has 256 bits, so a fast hash without salt or pepper is enough: there is nothing to guess. The constant key only
 * keeps these hashes apart from all other uses of BLAKE2b.
 */
#include <string.h>

#include <sodium.h>

#include "auth/token_core.h"

#define SECRET_DIGITS 43 /* 62^43 > 2^256 */
#define CHECK_DIGITS  6	 /* 62^6 > 2^32 */

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const unsigned char hash_key[crypto_generichash_KEYBYTES] = "holdfast token hash, version 1";

/* hf_crc32 computes a checksum bit by bit: tokens are short; see token_core.h. */
uint32_t
hf_crc32(const char *data, size_t length)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < length; i++)
	{
		crc ^= (uint8_t) data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320 & -(crc & 1));
	}
	return ~crc;
}

/* Digit is the value of a digit, or -1. */
static int
Digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 36;
	return -1;
}

/* PutNumber writes a number of size bytes, big end first, as count digits; the number is used up. */
static void
PutNumber(uint8_t *number, size_t size, char *out, int count)
{
	for (int i = count - 1; i >= 0; i--)
	{
		unsigned rest = 0;

		for (size_t j = 0; j < size; j++)
		{
			unsigned value = rest << 8 | number[j];

			number[j] = (uint8_t) (value / 62);
			rest = value % 62;
		}
		out[i] = digits[rest];
	}
}

/* GetNumber reads count digits; false when one is none, or the number needs more than size bytes. */
static bool
GetNumber(const char *text, int count, uint8_t *number, size_t size)
{
	memset(number, 0, size);
	for (int i = 0; i < count; i++)
	{
		int digit = Digit(text[i]);
		unsigned carry = (unsigned) digit;

		if (digit < 0)
			return false;
		for (size_t j = size; j-- > 0;)
		{
			unsigned value = number[j] * 62u + carry;

			number[j] = (uint8_t) value;
			carry = value >> 8;
		}
		if (carry != 0)
			return false;
	}
	return true;
}

/* PutCheck writes the checksum of a text behind it. */
static void
PutCheck(char *text, size_t length)
{
	uint32_t crc = hf_crc32(text, length);
	uint8_t number[4] = {(uint8_t) (crc >> 24), (uint8_t) (crc >> 16), (uint8_t) (crc >> 8),
						 (uint8_t) crc};

	PutNumber(number, sizeof(number), text + length, CHECK_DIGITS);
}

/* hf_token_is_prefix checks a prefix; see token_core.h. */
bool
hf_token_is_prefix(const char *prefix, size_t length)
{
	if (length < HF_TOKEN_MIN_PREFIX || length > HF_TOKEN_MAX_PREFIX || prefix[0] == '_' ||
		prefix[length - 1] == '_')
		return false;
	for (size_t i = 0; i < length; i++)
	{
		char c = prefix[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return true;
}

/* hf_token_make writes a token; see token_core.h. */
void
hf_token_make(const char *prefix, size_t length, const uint8_t secret[HF_TOKEN_SECRET], char *out)
{
	uint8_t number[HF_TOKEN_SECRET];

	memcpy(out, prefix, length);
	out[length] = '_';
	memcpy(number, secret, sizeof(number));
	PutNumber(number, sizeof(number), out + length + 1, SECRET_DIGITS);
	PutCheck(out, length + 1 + SECRET_DIGITS);
}

/* hf_token_read checks a token; see token_core.h. */
size_t
hf_token_read(const char *token, size_t length, uint8_t secret[HF_TOKEN_SECRET])
{
	uint8_t number[HF_TOKEN_SECRET];
	char again[HF_TOKEN_MAX];
	size_t prefix = length - HF_TOKEN_TAIL;
	bool good;

	if (length < HF_TOKEN_MIN_PREFIX + HF_TOKEN_TAIL || length > HF_TOKEN_MAX)
		return 0;
	if (!hf_token_is_prefix(token, prefix) || token[prefix] != '_' ||
		!GetNumber(token + prefix + 1, SECRET_DIGITS, number, sizeof(number)))
		return 0;
	memcpy(again, token, length - CHECK_DIGITS);
	PutCheck(again, length - CHECK_DIGITS);
	good = sodium_memcmp(again + length - CHECK_DIGITS, token + length - CHECK_DIGITS,
						 CHECK_DIGITS) == 0;
	if (good && secret != NULL)
		memcpy(secret, number, sizeof(number));
	sodium_memzero(number, sizeof(number));
	sodium_memzero(again, sizeof(again));
	return good ? prefix : 0;
}

/* hf_token_digest hashes a text; see token_core.h. */
void
hf_token_digest(const char *token, size_t length, uint8_t hash[HF_TOKEN_HASH])
{
	/* fails only for sizes out of its bounds, and ours are constants within them */
	(void) crypto_generichash(hash, HF_TOKEN_HASH, (const unsigned char *) token, length, hash_key,
							  sizeof(hash_key));
}

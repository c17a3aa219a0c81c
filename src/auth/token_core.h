/*
 * token_core.h
 *		Tokens for links and API keys: a typed prefix, 256 random bits, and a checksum that finds typing errors offline.
 *
 *		<prefix>_<43 digits: the random bytes, a number in base 62><6 digits: CRC-32 of all before, in base 62>
 */
#ifndef HOLDFAST_TOKEN_CORE_H
#define HOLDFAST_TOKEN_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HF_TOKEN_SECRET		32
#define HF_TOKEN_MIN_PREFIX 2
#define HF_TOKEN_MAX_PREFIX 12
#define HF_TOKEN_TAIL		50 /* the underscore, 43 digits and 6 */
#define HF_TOKEN_MAX		(HF_TOKEN_MAX_PREFIX + HF_TOKEN_TAIL)
#define HF_TOKEN_HASH		32

/* Whether a text can be a prefix: 2 to 12 of a-z, 0-9 and _, the last not at either end. */
extern bool hf_token_is_prefix(const char *prefix, size_t length);

/* Writes a token of length + HF_TOKEN_TAIL characters, without a final zero byte. */
extern void
hf_token_make(const char *prefix, size_t length, const uint8_t secret[HF_TOKEN_SECRET], char *out);

/*
 * Checks a token, and returns the length of its prefix, or 0 when it is not well formed. secret may be NULL. Exactly one text
 * stands for one prefix and one secret.
 */
extern size_t hf_token_read(const char *token, size_t length, uint8_t secret[HF_TOKEN_SECRET]);

/* The hash that is stored: BLAKE2b-256 of the text under a constant key. Any text has one. */
extern void hf_token_digest(const char *token, size_t length, uint8_t hash[HF_TOKEN_HASH]);

/* CRC-32 as of zlib and PNG (ISO 3309). */
extern uint32_t hf_crc32(const char *data, size_t length);

#endif

/*
 * hmac_core.h
 *		HMAC (RFC 2104) with a choice of hash, and its comparison in constant time.
 */
#ifndef HOLDFAST_HMAC_CORE_H
#define HOLDFAST_HMAC_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HF_HMAC_MAX_BYTES 64

typedef enum HfHmac
{
	HF_HMAC_SHA1,
	HF_HMAC_SHA256,
	HF_HMAC_SHA512
} HfHmac;

typedef enum HfEncoding
{
	HF_ENCODING_HEX,
	HF_ENCODING_BASE64,	  /* with padding */
	HF_ENCODING_BASE64URL /* without */
} HfEncoding;

/* Find by name, in lower case as SQL users write it: sha1, sha256, sha512; hex, base64, base64url. */
extern bool hf_hmac_find(const char *name, HfHmac *algorithm);
extern bool hf_encoding_find(const char *name, HfEncoding *encoding);

extern size_t hf_hmac_size(HfHmac algorithm);
extern void hf_hmac_compute(HfHmac algorithm, const uint8_t *key, size_t key_length,
							const uint8_t *data, size_t length, uint8_t mac[HF_HMAC_MAX_BYTES]);

/* Says whether a signature is that of the data: the same work, and no more time, whatever the signature is. */
extern bool
hf_hmac_matches(HfHmac algorithm, const uint8_t *key, size_t key_length, const uint8_t *data,
				size_t length, const uint8_t *signature, size_t signature_length);

/*
 * Decodes a signature of exactly size bytes. Strict: one text for one value (but hex in either case), no white space.
 */
extern bool hf_signature_decode(HfEncoding encoding, const char *text, size_t length, uint8_t *out,
								size_t size);

#endif

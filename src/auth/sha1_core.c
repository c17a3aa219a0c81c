/*
 * sha1_core.c
 *		SHA-1 over a stream of bytes, one block of 64 at a time.
 */
#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "auth/sha1_core.h"

/* Rotate turns a word to the left. */
static uint32_t
Rotate(uint32_t word, int bits)
{
	return word << bits | word >> (32 - bits);
}

/* Mix takes one block into the state. */
static void
Mix(HfSha1 *sha1)
{
	uint32_t w[80];
	uint32_t a = sha1->state[0];
	uint32_t b = sha1->state[1];
	uint32_t c = sha1->state[2];
	uint32_t d = sha1->state[3];
	uint32_t e = sha1->state[4];

	for (int i = 0; i < 16; i++)
	{
		const uint8_t *at = sha1->block + 4 * i;

		w[i] = (uint32_t) at[0] << 24 | (uint32_t) at[1] << 16 | (uint32_t) at[2] << 8 | at[3];
	}
	for (int i = 16; i < 80; i++)
		w[i] = Rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (int i = 0; i < 80; i++)
	{
		uint32_t next;

		if (i < 20)
			next = ((b & c) | (~b & d)) + 0x5a827999;
		else if (i < 40)
			next = (b ^ c ^ d) + 0x6ed9eba1;
		else if (i < 60)
			next = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
		else
			next = (b ^ c ^ d) + 0xca62c1d6;
		next += Rotate(a, 5) + e + w[i];
		e = d;
		d = c;
		c = Rotate(b, 30);
		b = a;
		a = next;
	}
	sha1->state[0] += a;
	sha1->state[1] += b;
	sha1->state[2] += c;
	sha1->state[3] += d;
	sha1->state[4] += e;
	sodium_memzero(w, sizeof(w));
}

/* hf_sha1_begin starts a digest. */
void
hf_sha1_begin(HfSha1 *sha1)
{
	static const uint32_t start[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

	memcpy(sha1->state, start, sizeof(start));
	sha1->length = 0;
}

/* hf_sha1_add takes more of the message. */
void
hf_sha1_add(HfSha1 *sha1, const uint8_t *data, size_t length)
{
	while (length > 0)
	{
		size_t at = sha1->length % HF_SHA1_BLOCK;
		size_t part = HF_SHA1_BLOCK - at < length ? HF_SHA1_BLOCK - at : length;

		memcpy(sha1->block + at, data, part);
		sha1->length += part;
		data += part;
		length -= part;
		if (sha1->length % HF_SHA1_BLOCK == 0)
			Mix(sha1);
	}
}

/* hf_sha1_end closes the message: a one bit, zeros, and the length in bits. */
void
hf_sha1_end(HfSha1 *sha1, uint8_t digest[HF_SHA1_BYTES])
{
	static const uint8_t padding[HF_SHA1_BLOCK] = {0x80};
	uint64_t bits = sha1->length * 8;
	size_t at = sha1->length % HF_SHA1_BLOCK;
	uint8_t length[8];

	for (int i = 0; i < 8; i++)
		length[i] = (uint8_t) (bits >> (56 - 8 * i));
	hf_sha1_add(sha1, padding, (at < 56 ? 56 : 120) - at);
	hf_sha1_add(sha1, length, sizeof(length));
	for (int i = 0; i < HF_SHA1_BYTES; i++)
		digest[i] = (uint8_t) (sha1->state[i / 4] >> (24 - 8 * (i % 4)));
	sodium_memzero(sha1, sizeof(*sha1));
}

/* hf_hmac_sha1 computes an authentication code; see sha1_core.h. */
void
hf_hmac_sha1(const uint8_t *key, size_t key_length, const uint8_t *data, size_t length,
			 uint8_t mac[HF_SHA1_BYTES])
{
	HfSha1 sha1;
	uint8_t pad[HF_SHA1_BLOCK] = {0};

	if (key_length > HF_SHA1_BLOCK)
	{
		hf_sha1_begin(&sha1);
		hf_sha1_add(&sha1, key, key_length);
		hf_sha1_end(&sha1, pad);
	}
	else
		memcpy(pad, key, key_length);
	for (int i = 0; i < HF_SHA1_BLOCK; i++)
		pad[i] ^= 0x36;
	hf_sha1_begin(&sha1);
	hf_sha1_add(&sha1, pad, sizeof(pad));
	hf_sha1_add(&sha1, data, length);
	hf_sha1_end(&sha1, mac);
	for (int i = 0; i < HF_SHA1_BLOCK; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	hf_sha1_begin(&sha1);
	hf_sha1_add(&sha1, pad, sizeof(pad));
	hf_sha1_add(&sha1, mac, HF_SHA1_BYTES);
	hf_sha1_end(&sha1, mac);
	sodium_memzero(pad, sizeof(pad));
}

/*
 * envelope_core.c
 *		Sealed values, wrapped keys and blind indexes.
 *
 * Associated data and what is hashed is a sequence of parts, each behind its length in 8 bytes, and begins with a word for what
 * it is. So no two different things ever make the same bytes. Nonces are random: 192 bits do not repeat.
 */
#include <string.h>

#include "secrets/envelope_core.h"

#define SEAL_WORD  "holdfast sealed value"
#define WRAP_WORD  "holdfast wrapped key"
#define INDEX_WORD "holdfast blind index"

#define PART(size) (8 + (size))

/* PutLength writes a length, little end first. */
static uint8_t *
PutLength(uint8_t *out, size_t size)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t) ((uint64_t) size >> (8 * i));
	return out + 8;
}

/* PutPart writes a length and the bytes. */
static uint8_t *
PutPart(uint8_t *out, const void *data, size_t size)
{
	out = PutLength(out, size);
	if (size > 0)
		memcpy(out, data, size);
	return out + size;
}

/* hf_envelope_scratch measures; see envelope_core.h. */
size_t
hf_envelope_scratch(const HfBinding *binding)
{
	return PART(strlen(SEAL_WORD)) + PART(1) + PART(HF_KEY_ID_SIZE) + PART(HF_KEY_ID_SIZE) +
		   PART(binding->context_length);
}

/* PutBinding writes the associated data of a value and returns its length. */
static size_t
PutBinding(const HfBinding *binding, uint8_t *scratch)
{
	const uint8_t version = HF_SEAL_VERSION;
	uint8_t *end = scratch;

	end = PutPart(end, SEAL_WORD, strlen(SEAL_WORD));
	end = PutPart(end, &version, 1);
	end = PutPart(end, binding->key_id, HF_KEY_ID_SIZE);
	end = PutPart(end, binding->subject, binding->subject == NULL ? 0 : HF_KEY_ID_SIZE);
	end = PutPart(end, binding->context, binding->context_length);
	return (size_t) (end - scratch);
}

/* hf_envelope_seal seals a value; see envelope_core.h. */
void
hf_envelope_seal(const uint8_t key[HF_DATA_KEY_SIZE], const HfBinding *binding,
				 const uint8_t nonce[HF_NONCE_SIZE], const uint8_t *plain, size_t length,
				 uint8_t *scratch, uint8_t *out)
{
	size_t bound = PutBinding(binding, scratch);

	out[0] = HF_SEAL_VERSION;
	memcpy(out + 1, binding->key_id, HF_KEY_ID_SIZE);
	memcpy(out + 1 + HF_KEY_ID_SIZE, nonce, HF_NONCE_SIZE);
	/* always 0: it knows no failure */
	(void) crypto_aead_xchacha20poly1305_ietf_encrypt(out + 1 + HF_KEY_ID_SIZE + HF_NONCE_SIZE,
													  NULL, plain, length, scratch, bound, NULL,
													  out + 1 + HF_KEY_ID_SIZE, key);
}

/* hf_envelope_key_id reads the key's id; see envelope_core.h. */
bool
hf_envelope_key_id(const uint8_t *sealed, size_t length, uint8_t id[HF_KEY_ID_SIZE])
{
	if (length < HF_SEAL_OVERHEAD || sealed[0] != HF_SEAL_VERSION)
		return false;
	memcpy(id, sealed + 1, HF_KEY_ID_SIZE);
	return true;
}

/* hf_envelope_open opens a value; see envelope_core.h. */
bool
hf_envelope_open(const uint8_t key[HF_DATA_KEY_SIZE], const HfBinding *binding,
				 const uint8_t *sealed, size_t length, uint8_t *scratch, uint8_t *plain)
{
	const uint8_t *nonce = sealed + 1 + HF_KEY_ID_SIZE;
	uint8_t id[HF_KEY_ID_SIZE];
	size_t bound;

	if (!hf_envelope_key_id(sealed, length, id) || memcmp(id, binding->key_id, HF_KEY_ID_SIZE) != 0)
		return false;
	bound = PutBinding(binding, scratch);
	return crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, nonce + HF_NONCE_SIZE,
													  length - HF_SEAL_OVERHEAD + HF_TAG_SIZE,
													  scratch, bound, nonce, key) == 0;
}

#define PLACE_SIZE \
	(PART(sizeof(WRAP_WORD) - 1) + 3 * PART(HF_KEY_ID_SIZE) + PART(1) + PART(1) + PART(4))

/* PutPlace writes the associated data of a wrapped key and returns its length. */
static size_t
PutPlace(const HfKeyPlace *place, uint8_t out[PLACE_SIZE])
{
	const uint8_t format = 1;
	const uint8_t version[4] = {(uint8_t) place->version, (uint8_t) (place->version >> 8),
								(uint8_t) (place->version >> 16), (uint8_t) (place->version >> 24)};
	uint8_t *end = out;

	end = PutPart(end, WRAP_WORD, sizeof(WRAP_WORD) - 1);
	end = PutPart(end, &format, 1);
	end = PutPart(end, place->keyring, HF_KEY_ID_SIZE);
	end = PutPart(end, place->id, HF_KEY_ID_SIZE);
	end = PutPart(end, &place->type, 1);
	end = PutPart(end, version, sizeof(version));
	end = PutPart(end, place->subject, place->has_subject ? HF_KEY_ID_SIZE : 0);
	return (size_t) (end - out);
}

/* hf_key_wrap wraps a key; see envelope_core.h. */
void
hf_key_wrap(const uint8_t wrapping[HF_DATA_KEY_SIZE], const HfKeyPlace *place,
			const uint8_t nonce[HF_NONCE_SIZE], const uint8_t key[HF_DATA_KEY_SIZE],
			uint8_t wrapped[HF_WRAPPED_SIZE])
{
	uint8_t bound[PLACE_SIZE];
	size_t length = PutPlace(place, bound);

	memcpy(wrapped, nonce, HF_NONCE_SIZE);
	(void) crypto_aead_xchacha20poly1305_ietf_encrypt(wrapped + HF_NONCE_SIZE, NULL, key,
													  HF_DATA_KEY_SIZE, bound, length, NULL,
													  wrapped, wrapping);
}

/* hf_key_unwrap unwraps a key; see envelope_core.h. */
bool
hf_key_unwrap(const uint8_t wrapping[HF_DATA_KEY_SIZE], const HfKeyPlace *place,
			  const uint8_t wrapped[HF_WRAPPED_SIZE], uint8_t key[HF_DATA_KEY_SIZE])
{
	uint8_t bound[PLACE_SIZE];
	size_t length = PutPlace(place, bound);

	return crypto_aead_xchacha20poly1305_ietf_decrypt(key, NULL, NULL, wrapped + HF_NONCE_SIZE,
													  HF_DATA_KEY_SIZE + HF_TAG_SIZE, bound, length,
													  wrapped, wrapping) == 0;
}

/* hf_blind computes a blind index; see envelope_core.h. */
void
hf_blind(const uint8_t key[HF_DATA_KEY_SIZE], const char *context, size_t context_length,
		 const char *value, size_t length, uint8_t out[HF_INDEX_SIZE])
{
	crypto_generichash_state state;
	uint8_t size[8];

	/* BLAKE2b with lengths within its bounds knows no failure */
	(void) crypto_generichash_init(&state, key, HF_DATA_KEY_SIZE, HF_INDEX_SIZE);
	(void) PutLength(size, sizeof(INDEX_WORD) - 1);
	(void) crypto_generichash_update(&state, size, sizeof(size));
	(void) crypto_generichash_update(&state, (const uint8_t *) INDEX_WORD, sizeof(INDEX_WORD) - 1);
	(void) PutLength(size, context_length);
	(void) crypto_generichash_update(&state, size, sizeof(size));
	(void) crypto_generichash_update(&state, (const uint8_t *) context, context_length);
	(void) PutLength(size, length);
	(void) crypto_generichash_update(&state, size, sizeof(size));
	(void) crypto_generichash_update(&state, (const uint8_t *) value, length);
	(void) crypto_generichash_final(&state, out, HF_INDEX_SIZE);
	sodium_memzero(&state, sizeof(state));
}

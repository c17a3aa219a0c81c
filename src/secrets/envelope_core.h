/*
 * envelope_core.h
 *		Sealed values: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with what a value belongs to as associated data;
 *		the same for data keys, wrapped; and blind indexes.
 *
 *		sealed value:	version (1 byte, 1) | key id (16) | nonce (24) | ciphertext and tag (the plaintext's length + 16)
 *		wrapped key:	nonce (24) | ciphertext and tag (32 + 16)
 */
#ifndef HOLDFAST_ENVELOPE_CORE_H
#define HOLDFAST_ENVELOPE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#define HF_SEAL_VERSION	 1
#define HF_DATA_KEY_SIZE crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define HF_KEY_ID_SIZE	 16
#define HF_NONCE_SIZE	 crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define HF_TAG_SIZE		 crypto_aead_xchacha20poly1305_ietf_ABYTES
#define HF_SEAL_OVERHEAD (1 + HF_KEY_ID_SIZE + HF_NONCE_SIZE + HF_TAG_SIZE)
#define HF_WRAPPED_SIZE	 (HF_NONCE_SIZE + HF_DATA_KEY_SIZE + HF_TAG_SIZE)
#define HF_INDEX_SIZE	 16

/* What a sealed value is bound to: it opens only where all of this is the same. */
typedef struct HfBinding
{
	const uint8_t *key_id;	/* HF_KEY_ID_SIZE bytes */
	const uint8_t *subject; /* HF_KEY_ID_SIZE bytes, or NULL: the key is nobody's own */
	const char *context;
	size_t context_length;
} HfBinding;

/* What a wrapped key is bound to: the row that it lies in. */
typedef struct HfKeyPlace
{
	uint8_t keyring[HF_KEY_ID_SIZE];
	uint8_t id[HF_KEY_ID_SIZE];
	uint8_t subject[HF_KEY_ID_SIZE]; /* zeros when it has none */
	bool has_subject;
	char type; /* the first letter of key_type */
	uint32_t version;
} HfKeyPlace;

/* Room that the associated data of a binding takes. */
extern size_t hf_envelope_scratch(const HfBinding *binding);

/* Seals length bytes; out has room for length + HF_SEAL_OVERHEAD, scratch for hf_envelope_scratch(binding). */
extern void hf_envelope_seal(const uint8_t key[HF_DATA_KEY_SIZE], const HfBinding *binding,
							 const uint8_t nonce[HF_NONCE_SIZE], const uint8_t *plain,
							 size_t length, uint8_t *scratch, uint8_t *out);

/* Reads which key a value is sealed with; false when it is no sealed value of a version that is known. */
extern bool hf_envelope_key_id(const uint8_t *sealed, size_t length, uint8_t id[HF_KEY_ID_SIZE]);

/*
 * Opens a value into length - HF_SEAL_OVERHEAD bytes. False, and nothing of the plaintext is written, when key or binding are
 * others or a bit has changed.
 */
extern bool
hf_envelope_open(const uint8_t key[HF_DATA_KEY_SIZE], const HfBinding *binding,
				 const uint8_t *sealed, size_t length, uint8_t *scratch, uint8_t *plain);

extern void hf_key_wrap(const uint8_t wrapping[HF_DATA_KEY_SIZE], const HfKeyPlace *place,
						const uint8_t nonce[HF_NONCE_SIZE], const uint8_t key[HF_DATA_KEY_SIZE],
						uint8_t wrapped[HF_WRAPPED_SIZE]);
extern bool hf_key_unwrap(const uint8_t wrapping[HF_DATA_KEY_SIZE], const HfKeyPlace *place,
						  const uint8_t wrapped[HF_WRAPPED_SIZE], uint8_t key[HF_DATA_KEY_SIZE]);

/* A keyed digest of a value for equality look-ups; another context gives another digest. */
extern void
hf_blind(const uint8_t key[HF_DATA_KEY_SIZE], const char *context, size_t context_length,
		 const char *value, size_t length, uint8_t out[HF_INDEX_SIZE]);

#endif

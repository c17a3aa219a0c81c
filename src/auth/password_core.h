/*
 * password_core.h
 *		Password hashing with Argon2id (RFC 9106), and what a stored hash asks of the machine before it is computed.
 */
#ifndef HOLDFAST_PASSWORD_CORE_H
#define HOLDFAST_PASSWORD_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#include "bounds.h"

#define HF_BCRYPT_LENGTH 60

#define HF_DIGEST_KEY_SALT 16
#define HF_DIGEST_KEY_SIZE 32

typedef enum HfPasswordKind
{
	HF_PASSWORD_UNKNOWN,
	HF_PASSWORD_ARGON2ID,
	HF_PASSWORD_BCRYPT
} HfPasswordKind;

typedef struct HfPasswordHash
{
	HfPasswordKind kind;
	uint32_t memory; /* Argon2id: kB */
	uint32_t time;
	uint32_t lanes;
	uint32_t cost; /* bcrypt */
} HfPasswordHash;

typedef enum HfPasswordStatus
{
	HF_PASSWORD_NO_MATCH,
	HF_PASSWORD_MATCH,
	HF_PASSWORD_UNREADABLE, /* at once: nothing was computed */
	HF_PASSWORD_NO_MEMORY
} HfPasswordStatus;

/*
 * Reads what a stored hash is. Unknown is everything that cannot be computed here or would take too much: another
 * algorithm or version, parameters beyond the limits above, a text that libsodium would not read.
 */
extern void hf_password_read(const char *text, size_t length, HfPasswordHash *hash);

/* Says whether a hash was made with these settings. */
extern bool hf_password_is_current(const HfPasswordHash *hash, uint32_t memory, uint32_t time);

/* Makes a hash in PHC form with a new salt. False when there is no memory. */
extern bool hf_password_make(const char *password, size_t length, uint32_t memory, uint32_t time,
							 char out[crypto_pwhash_STRBYTES]);

/* Computes the hash again and compares in constant time. hash is what hf_password_read made of stored. */
extern HfPasswordStatus hf_password_check(const HfPasswordHash *hash, const char *stored,
										  const char *password, size_t length);

/* Does the work of a check, for nothing. False when there is no memory. */
extern bool hf_password_waste(const char *password, size_t length, uint32_t memory, uint32_t time);

/* A digest under a salt of the caller's, with the minimal parameters, whatever the settings. */
extern bool
hf_password_digest(const char *text, size_t length, const uint8_t salt[HF_DIGEST_KEY_SALT],
				   uint8_t out[HF_DIGEST_KEY_SIZE]);

#endif

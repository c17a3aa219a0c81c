/*
 * totp_core.h
 *		One-time passwords (RFC 4226, RFC 6238), their secrets in base32 (RFC 4648), and backup codes.
 */
#ifndef HOLDFAST_TOTP_CORE_H
#define HOLDFAST_TOTP_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/hmac_core.h"

#define HF_TOTP_SECRET_BYTES 20 /* of a new secret: RFC 4226 recommends 160 bits */
#define HF_TOTP_MIN_SECRET	 10
#define HF_TOTP_MAX_SECRET	 128
#define HF_TOTP_MAX_DRIFT	 2
#define HF_TOTP_MIN_DIGITS	 6
#define HF_TOTP_MAX_DIGITS	 8

#define HF_BACKUP_CODE_LETTERS 10 /* 50 bits */
#define HF_BACKUP_CODE_LENGTH  11 /* with the hyphen in the middle */

typedef struct HfTotp
{
	HfHmac algorithm;
	int digits;
	size_t secret_length;
	uint8_t secret[HF_TOTP_MAX_SECRET];
} HfTotp;

/* Writes base32 without padding, and a terminator: (length * 8 + 4) / 5 + 1 bytes. */
extern void hf_base32_encode(const uint8_t *data, size_t length, char *out);

/*
 * Reads base32 as people copy it: upper or lower case, with spaces and hyphens, with or without padding. Bits beyond the
 * last whole byte are dropped, as the authenticators do. False for anything else, and when it is longer than size bytes.
 */
extern bool
hf_base32_decode(const char *text, size_t length, uint8_t *out, size_t size, size_t *out_length);

/* The code of a step (RFC 4226: of a counter). */
extern uint32_t hf_totp_code(const HfTotp *totp, uint64_t step);

/* Reads a code as people type it: exactly that many digits, and spaces. */
extern bool hf_totp_read_code(const char *text, size_t length, int digits, uint32_t *code);

/*
 * Finds the step whose code was given among now - drift … now + drift, less those up to last. All of them are computed
 * and compared, whatever matches. Of two with the same code the later is it, so that storing it voids both.
 */
extern bool hf_totp_match(const HfTotp *totp, uint32_t code, int64_t now, int drift, int64_t last,
						  int64_t *step);

/* Writes a backup code made of random bytes (at least 7), and a terminator. */
extern void hf_backup_code(const uint8_t *random, char out[HF_BACKUP_CODE_LENGTH + 1]);

/*
 * Brings a backup code as typed into the one form that is hashed: ten letters, no hyphens or spaces, lower case, and the
 * letters that are mistaken for digits read as those. False when it cannot be a code.
 */
extern bool hf_backup_code_read(const char *text, size_t length, char out[HF_BACKUP_CODE_LETTERS]);

#endif

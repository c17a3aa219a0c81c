/*
 * audit_core.h
 *		What an audit row commits to: the bytes of its content, and digests over them.
 */
#ifndef HOLDFAST_AUDIT_CORE_H
#define HOLDFAST_AUDIT_CORE_H

#include <stddef.h>
#include <stdint.h>

#define HF_AUDIT_ENCODING	   1  /* the first byte of every content */
#define HF_AUDIT_SALT_SIZE	   32 /* in front of what a row's digest is of */
#define HF_AUDIT_DIGEST_SIZE   32
#define HF_AUDIT_SECRET_SIZE   32 /* the key of a log's redaction digests */
#define HF_AUDIT_REDACTED_SIZE 16
#define HF_AUDIT_HEAD_SIZE	   5

/*
 * The content of a row is HF_AUDIT_ENCODING, then old_values, new_values and details, each as
 *
 *	-			absent (NULL in the table)
 *	z t f		null, true, false
 *	n L TEXT	a number, TEXT as PostgreSQL prints it
 *	s L TEXT	a string
 *	[ … ]		an array of values
 *	{ … }		an object: k L TEXT and a value for each member, shorter keys first, then by their bytes
 *
 * L is the number of bytes of TEXT, in 4 bytes, the least significant first. TEXT is in the database's encoding.
 */
enum
{
	HF_AUDIT_ABSENT = '-',
	HF_AUDIT_NULL = 'z',
	HF_AUDIT_TRUE = 't',
	HF_AUDIT_FALSE = 'f',
	HF_AUDIT_NUMBER = 'n',
	HF_AUDIT_STRING = 's',
	HF_AUDIT_KEY = 'k',
	HF_AUDIT_ARRAY = '[',
	HF_AUDIT_ARRAY_END = ']',
	HF_AUDIT_OBJECT = '{',
	HF_AUDIT_OBJECT_END = '}'
};

/* Writes what comes before a TEXT. */
extern void hf_audit_head(uint8_t out[HF_AUDIT_HEAD_SIZE], char tag, uint32_t length);

/* The order of an object's members: less than, equal to or greater than 0. */
extern int hf_audit_key_order(const char *a, size_t a_length, const char *b, size_t b_length);

/* The first half of the BLAKE2b-512 of a row's salt and content: says nothing once the salt is gone. */
extern void hf_audit_digest(const uint8_t salt[HF_AUDIT_SALT_SIZE], const uint8_t *content,
							size_t size, uint8_t out[HF_AUDIT_DIGEST_SIZE]);

/* BLAKE2b-128 of a value that is not to be shown, in its place, keyed by the log's secret, as 32 hex digits. */
extern void hf_audit_redact(const uint8_t secret[HF_AUDIT_SECRET_SIZE], const uint8_t *value,
							size_t size, char out[HF_AUDIT_REDACTED_SIZE * 2 + 1]);

/* Random bytes for one row's salt and id, from a pool that is wiped as it is used up. */
extern void hf_audit_random(uint8_t *out, size_t size);

/* A UUID as text, without a terminating zero. */
#define HF_AUDIT_UUID_LENGTH 36
extern void hf_audit_uuid_text(const uint8_t uuid[16], char out[HF_AUDIT_UUID_LENGTH]);

#endif

/*
 * guards_store_core.h
 *		The file in which locks outlive the server: its bytes.
 *
 * A head with magic, byte order, format version, the server's system identifier, the key that subjects are hashed
 * with, and the number of locks; the locks; and BLAKE2b-256 of all before it.
 */
#ifndef HOLDFAST_GUARDS_STORE_CORE_H
#define HOLDFAST_GUARDS_STORE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shmem/guards_core.h"

#define HF_STORE_KEY_SIZE 16

typedef struct HfStoredLock
{
	HfGuardKey key;
	int64_t until;
} HfStoredLock;

typedef enum HfStoreStatus
{
	HF_STORE_OK,
	HF_STORE_FORMAT, /* not such a file, or of another version or machine */
	HF_STORE_BROKEN, /* cut short, or changed */
	HF_STORE_FOREIGN /* of another server */
} HfStoreStatus;

/* The bytes of a file with so many locks. */
extern size_t hf_store_size(uint32_t count);

/* Where the locks of a file with a head go. */
extern HfStoredLock *hf_store_locks(uint8_t *image);

/* Writes head and checksum around the locks, which are in place. */
extern void hf_store_seal(uint8_t *image, uint32_t count, uint64_t system,
						  const uint8_t key[HF_STORE_KEY_SIZE]);

/* Checks a file, and reads its key and the number of locks. */
extern HfStoreStatus hf_store_open(const uint8_t *image, size_t size, uint64_t system,
								   uint8_t key[HF_STORE_KEY_SIZE], uint32_t *count);

/* What is wrong, for the log: the end of a sentence that begins with the file. */
extern const char *hf_store_reason(HfStoreStatus status);

#endif

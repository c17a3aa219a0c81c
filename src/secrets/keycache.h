/*
 * keycache.h
 *		The data keys that a backend has unwrapped: a bounded number, in locked memory.
 */
#ifndef HOLDFAST_KEYCACHE_H
#define HOLDFAST_KEYCACHE_H

#include "utils/uuid.h"

#include "secrets/envelope_core.h"

/* A data key, unwrapped. Whoever holds one zeroes it after use. */
typedef struct HfDataKey
{
	pg_uuid_t id;
	pg_uuid_t subject;
	bool has_subject;
	int32 version;
	uint8 bytes[HF_DATA_KEY_SIZE];
} HfDataKey;

/* How a key was looked for. */
typedef enum HfKeyUse
{
	HF_KEY_TO_SEAL = 's', /* by subject, nil for none */
	HF_KEY_TO_OPEN = 'o', /* by id */
	HF_KEY_TO_BLIND = 'b' /* nil: the one of the keyring */
} HfKeyUse;

/* Copies a key that was kept at this generation (live.h); one of another generation voids all. */
extern bool hf_keycache_find(uint64 generation, Oid keyring, HfKeyUse use, const pg_uuid_t *name,
							 HfDataKey *key);

extern void hf_keycache_keep(uint64 generation, Oid keyring, HfKeyUse use, const pg_uuid_t *name,
							 const HfDataKey *key);

extern void hf_keycache_init(void);

#endif

/*
 * keyring.h
 *		Keyrings: tables of data keys, each wrapped by a key that is derived from the root key.
 */
#ifndef HOLDFAST_KEYRING_H
#define HOLDFAST_KEYRING_H

#include "secrets/keycache.h"

typedef enum HfKeyState
{
	HF_KEY_USABLE,
	HF_KEY_DESTROYED, /* by shred() */
	HF_KEY_UNKNOWN	  /* the keyring has no such key */
} HfKeyState;

/*
 * All of these check that the table is a keyring and belongs to the current user; who else is to seal and unseal does so in a
 * SECURITY DEFINER function of the owner's. They raise keys_unavailable when a root key is needed and missing.
 */

/* The key that values are sealed with now, of a subject or (NULL) of nobody, made when there is none. Raises key_destroyed. */
extern void hf_keyring_to_seal(Oid keyring, const pg_uuid_t *subject, HfDataKey *key);

/* The key with this id; written only when it is usable. */
extern HfKeyState hf_keyring_to_open(Oid keyring, const pg_uuid_t *id, HfDataKey *key);

/* The key for blind indexes, made when there is none. It is never replaced. */
extern void hf_keyring_to_blind(Oid keyring, HfDataKey *key);

/* Makes the next version of the keys that are nobody's own and returns it; subjects follow at their next use. */
extern int32 hf_keyring_rotate(Oid keyring);

/* Wraps at most a batch of keys by the root key that are not, and returns how many. */
extern int32 hf_keyring_rewrap(Oid keyring, int32 batch);

/* Destroys the keys of a subject, and any that it could get; returns how many there were. */
extern int32 hf_keyring_shred(Oid keyring, const pg_uuid_t *subject);

#endif

/*
 * rootkey.h
 *		The root key: a file outside the database, from which all keys of holdfast are derived or with which they are wrapped.
 */
#ifndef HOLDFAST_ROOTKEY_H
#define HOLDFAST_ROOTKEY_H

#include "secrets/rootkey_core.h"

/*
 * What a key is derived for: 1 to 8 characters, never used for two things. A derived key changes with the root key, so what is
 * to outlive a change of the root key is encrypted under a data key of a keyring instead.
 */
#define HF_PURPOSE_WRAP	 "wrapping" /* the data keys of keyrings */
#define HF_PURPOSE_INDEX "blindidx" /* blind_index() without a keyring */

/* Whether there is a root key. Reads the file when it has not been read since the last reload of the configuration. */
extern bool hf_root_key_present(void);

/* Derives the key for one purpose; raises keys_unavailable without a root key. The caller zeroes what it got. */
extern void hf_root_key_derive(const char *purpose, unsigned char out[HF_ROOT_KEY_SIZE]);

/* The name of the root key. Raises keys_unavailable. */
extern void hf_root_key_current(unsigned char id[HF_ROOT_KEY_ID_SIZE]);

/*
 * The same as hf_root_key_derive for the root key of this name: the one in holdfast.root_key_file or the one in
 * holdfast.previous_root_key_file. False when neither has it.
 */
extern bool hf_root_key_derive_named(const unsigned char id[HF_ROOT_KEY_ID_SIZE],
									 const char *purpose, unsigned char out[HF_ROOT_KEY_SIZE]);

extern void hf_root_key_init(void);

#endif

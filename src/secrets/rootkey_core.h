/*
 * rootkey_core.h
 *		The root key as text, and the keys that are derived from it.
 */
#ifndef HOLDFAST_ROOTKEY_CORE_H
#define HOLDFAST_ROOTKEY_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#define HF_ROOT_KEY_SIZE	crypto_kdf_KEYBYTES
#define HF_ROOT_KEY_ID_SIZE 8
#define HF_ROOT_KEY_TEXT	(HF_ROOT_KEY_SIZE * 2 + 1) /* hexadecimal and a line end */

/*
 * Reads a key: 32 bytes as 64 hexadecimal digits, or as base64 of either alphabet with or without padding, with or without
 * one line end. False for anything else, and for 32 equal bytes, which nobody drew at random.
 */
extern bool
hf_root_key_decode(const char *text, size_t length, unsigned char key[HF_ROOT_KEY_SIZE]);

/* Writes a key as hexadecimal digits with a line end. There is no final zero byte. */
extern void
hf_root_key_encode(const unsigned char key[HF_ROOT_KEY_SIZE], char text[HF_ROOT_KEY_TEXT]);

/* Derives the key for one purpose, of 1 to 8 characters. False when the purpose is of another length. */
extern bool hf_root_key_subkey(const unsigned char key[HF_ROOT_KEY_SIZE], const char *purpose,
							   unsigned char out[HF_ROOT_KEY_SIZE]);

/* A name for a key that says nothing about it. */
extern void
hf_root_key_name(const unsigned char key[HF_ROOT_KEY_SIZE], unsigned char id[HF_ROOT_KEY_ID_SIZE]);

#endif

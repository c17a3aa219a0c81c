/*
 * keyfile.h
 *		Files with a root key: where they may lie, who may reach them, reading them, making them.
 */
#ifndef HOLDFAST_KEYFILE_H
#define HOLDFAST_KEYFILE_H

#include "secrets/rootkey_core.h"

/* Both return NULL, or why not: the end of a sentence that begins with the file. They never raise, so any process may call them. */
extern const char *hf_keyfile_read(const char *path, unsigned char key[HF_ROOT_KEY_SIZE]);
extern const char *hf_keyfile_write(const char *path, const unsigned char key[HF_ROOT_KEY_SIZE]);

#endif

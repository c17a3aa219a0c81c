/*
 * password.h
 *		A password as it is hashed.
 */
#ifndef HOLDFAST_PASSWORD_H
#define HOLDFAST_PASSWORD_H

#include "compat.h"

#define HF_PASSWORD_MAX 1024 /* bytes */

/*
 * A copy in UTF-8 and in the normal form NFKC, so that a letter typed on another keyboard is the same letter. The caller
 * clears it with hf_password_forget.
 */
extern char *hf_password_normal(const text *password, size_t *length);

/* Clears and frees such a copy. */
extern void hf_password_forget(char *password, size_t length);

/* hf_password_out_of_memory raises the error of hashing that found no memory: it is nobody's wrong password. */
pg_noreturn extern void hf_password_out_of_memory(void);

#endif

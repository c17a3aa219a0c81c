/*
 * bounds.h
 *		Bounds that a setting shares with the code that it sets.
 */
#ifndef HOLDFAST_BOUNDS_H
#define HOLDFAST_BOUNDS_H

/* OWASP Password Storage Cheat Sheet: at least 19 MiB and 2 passes */
#define HF_ARGON2_MIN_MEMORY 19456 /* kB */
#define HF_ARGON2_MIN_TIME	 2

/* Neither a setting nor a stored hash may ask for more: nothing can interrupt it. */
#define HF_ARGON2_MAX_MEMORY 1048576 /* kB */
#define HF_ARGON2_MAX_TIME	 10
#define HF_ARGON2_MAX_LANES	 16
#define HF_BCRYPT_MAX_COST	 16

#endif

/*
 * failures_core.h
 *		A ring of failed requests, in memory of fixed size. When it is full, a new one takes the oldest one's place.
 */
#ifndef HOLDFAST_FAILURES_CORE_H
#define HOLDFAST_FAILURES_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HF_FAILURE_WORD	   64
#define HF_FAILURE_ROLE	   64
#define HF_FAILURE_ADDRESS 46
#define HF_FAILURE_PATH	   98

/* Who was refused what: nothing of what the request said, but where it went. An empty text is none. */
typedef struct HfFailure
{
	int64_t at; /* a TimestampTz */
	uint32_t database;
	bool has_user;
	bool has_actor;
	bool has_organization;
	uint8_t user[16];
	uint8_t actor[16];
	uint8_t organization[16];
	char word[HF_FAILURE_WORD];
	char role[HF_FAILURE_ROLE];
	char address[HF_FAILURE_ADDRESS];
	char path[HF_FAILURE_PATH];
} HfFailure;

/* The head of a ring; the entries follow it. */
typedef struct HfRing
{
	uint32_t size;
	uint32_t first; /* the oldest */
	uint32_t count;
	uint64_t pushed;
	uint64_t dropped; /* that nobody took */
	uint64_t taken;
} HfRing;

extern size_t hf_ring_size(uint32_t entries);
extern void hf_ring_init(HfRing *ring, uint32_t entries);
extern void hf_ring_push(HfRing *ring, const HfFailure *failure);

/* Moves the oldest failures of a database out, at most max, and returns how many. */
extern uint32_t hf_ring_take(HfRing *ring, uint32_t database, uint32_t max, HfFailure *failures);

/*
 * Copies the path of a request as far as it is one of an API: letters, digits and / _ - . only, so that what a client
 * put into it cannot follow.
 */
extern void hf_failure_path(char out[HF_FAILURE_PATH], const char *path);

#endif

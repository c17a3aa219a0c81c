/*
 * uuid_core.h
 *		UUID version 7 (RFC 9562, section 5.7), without a clock or a random source of its own.
 */
#ifndef HOLDFAST_UUID_CORE_H
#define HOLDFAST_UUID_CORE_H

#include <stdint.h>

#define HF_UUID_SIZE 16

/* Writes a version 7 UUID: unix_us in microseconds, random filling what the time leaves. */
extern void hf_uuid_v7_make(uint8_t out[HF_UUID_SIZE], uint64_t unix_us, const uint8_t random[8]);

/* The smallest version 7 UUID of a time: a bound for range scans. */
extern void hf_uuid_v7_floor(uint8_t out[HF_UUID_SIZE], uint64_t unix_us);

/* The time of a version 7 UUID in microseconds, or 0 when it is of another version. */
extern uint64_t hf_uuid_v7_time(const uint8_t uuid[HF_UUID_SIZE]);

#endif

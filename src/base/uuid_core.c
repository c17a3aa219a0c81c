/*
 * uuid_core.c
 *		UUID version 7: 48 bits of milliseconds, the version, 12 bits of the fraction of the millisecond
 *		(RFC 9562, section 6.2, method 3), the variant, and 62 random bits.
 */
#include <string.h>

#include "base/uuid_core.h"

/* PutTime writes the milliseconds, the version and the fraction. */
static void
PutTime(uint8_t *out, uint64_t unix_us)
{
	uint64_t ms = unix_us / 1000;
	uint32_t fraction = (uint32_t) (unix_us % 1000) * 4096 / 1000;

	for (int i = 0; i < 6; i++)
		out[i] = (uint8_t) (ms >> (40 - 8 * i));
	out[6] = (uint8_t) (0x70 | (fraction >> 8));
	out[7] = (uint8_t) fraction;
}

/* hf_uuid_v7_make writes a version 7 UUID. */
void
hf_uuid_v7_make(uint8_t out[HF_UUID_SIZE], uint64_t unix_us, const uint8_t random[8])
{
	PutTime(out, unix_us);
	memcpy(out + 8, random, 8);
	out[8] = (uint8_t) (0x80 | (out[8] & 0x3f));
}

/* hf_uuid_v7_floor writes the smallest version 7 UUID of a time. */
void
hf_uuid_v7_floor(uint8_t out[HF_UUID_SIZE], uint64_t unix_us)
{
	PutTime(out, unix_us);
	memset(out + 8, 0, 8);
	out[8] = 0x80;
}

/* hf_uuid_v7_time reads the time back. */
uint64_t
hf_uuid_v7_time(const uint8_t uuid[HF_UUID_SIZE])
{
	uint64_t ms = 0;
	uint32_t fraction;

	if (uuid[6] >> 4 != 7)
		return 0;
	for (int i = 0; i < 6; i++)
		ms = ms << 8 | uuid[i];
	fraction = (uint32_t) (uuid[6] & 0x0f) << 8 | uuid[7];
	return ms * 1000 + (fraction * 1000 + 4095) / 4096;
}

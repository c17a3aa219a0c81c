/*
 * uuid.c
 *		UUIDs of version 7: eight bytes of time, eight of chance; and any sixteen bytes read as one.
 */
#include "fuzz.h"
#include "base/uuid_core.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t time;
	uint8_t made[HF_UUID_SIZE];
	uint8_t lowest[HF_UUID_SIZE];
	uint8_t later[HF_UUID_SIZE];

	if (size < 16)
		return 0;
	memcpy(&time, data, sizeof(time));
	/* 48 bits of milliseconds */
	time %= (UINT64_C(1) << 48) * 1000 - 1;
	hf_uuid_v7_make(made, time, data + 8);
	hf_uuid_v7_floor(lowest, time);
	hf_uuid_v7_floor(later, time + 1);
	PROMISE(made[6] >> 4 == 7 && made[8] >> 6 == 2);
	PROMISE(hf_uuid_v7_time(made) == time && hf_uuid_v7_time(lowest) == time);
	PROMISE(memcmp(lowest, made, sizeof(made)) <= 0 && memcmp(made, later, sizeof(made)) < 0);
	PROMISE(data[6] >> 4 == 7 || hf_uuid_v7_time(data) == 0);
	return 0;
}

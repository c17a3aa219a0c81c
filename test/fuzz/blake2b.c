/*
 * blake2b.c
 *		BLAKE2b in lanes: four messages of any lengths, against libsodium's digest of each.
 */
#include <sodium.h>

#include "fuzz.h"
#include "audit/blake2b_core.h"

#define LONGEST 700 /* five whole blocks and a part */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	HfBlake2b jobs[HF_BLAKE2B_LANES];
	uint8_t keys[HF_BLAKE2B_LANES][HF_BLAKE2B_SIZE];
	uint8_t digests[HF_BLAKE2B_LANES][HF_BLAKE2B_SIZE];
	uint8_t digest[HF_BLAKE2B_SIZE];
	uint8_t bytes[HF_BLAKE2B_LANES + LONGEST];

	if (size < HF_BLAKE2B_LANES * 2 || sodium_init() < 0)
		return 0;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = data[i % size];
	for (int lane = 0; lane < HF_BLAKE2B_LANES; lane++)
	{
		memcpy(keys[lane], bytes + 3 * lane, HF_BLAKE2B_SIZE);
		jobs[lane].key = keys[lane];
		jobs[lane].message = bytes + lane;
		jobs[lane].size = (data[2 * lane] | data[2 * lane + 1] << 8) % (LONGEST + 1);
		jobs[lane].digest = digests[lane];
	}
	hf_blake2b_lanes(jobs);
	for (int lane = 0; lane < HF_BLAKE2B_LANES; lane++)
	{
		PROMISE(crypto_generichash(digest, sizeof(digest), jobs[lane].message, jobs[lane].size,
								   jobs[lane].key, HF_BLAKE2B_SIZE) == 0);
		PROMISE(memcmp(digest, digests[lane], sizeof(digest)) == 0);
	}
	return 0;
}

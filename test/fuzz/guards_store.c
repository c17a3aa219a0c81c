/*
 * guards_store.c
 *		The file of locks: arbitrary bytes are no such file; what was sealed opens, and with any byte changed or cut off it
 *		does not. The first two bytes say where.
 */
#include "fuzz.h"
#include "shmem/guards_store_core.h"

#define SYSTEM 0x0123456789abcdefULL

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[HF_STORE_KEY_SIZE] = "sixteen bytes it";
	uint8_t read_key[HF_STORE_KEY_SIZE];
	uint32_t count;
	uint32_t read_count;
	size_t image_size;
	size_t place;
	uint8_t *image;

	PROMISE(hf_store_open(data, size, SYSTEM, read_key, &read_count) != HF_STORE_OK);
	if (size < 3)
		return 0;
	count = (uint32_t) ((size - 3) / sizeof(HfStoredLock));
	image_size = hf_store_size(count);
	place = (data[0] << 8 | data[1]) % image_size;
	image = malloc(image_size);
	memcpy(hf_store_locks(image), data + 3, count * sizeof(HfStoredLock));
	hf_store_seal(image, count, SYSTEM, key);
	PROMISE(hf_store_open(image, image_size, SYSTEM, read_key, &read_count) == HF_STORE_OK);
	PROMISE(read_count == count && memcmp(read_key, key, sizeof(key)) == 0);
	PROMISE(memcmp(hf_store_locks(image), data + 3, count * sizeof(HfStoredLock)) == 0);
	PROMISE(hf_store_open(image, image_size, SYSTEM + 1, read_key, &read_count) ==
			HF_STORE_FOREIGN);
	PROMISE(hf_store_open(image, place, SYSTEM, read_key, &read_count) != HF_STORE_OK);
	image[place] ^= data[2] | 1;
	PROMISE(hf_store_open(image, image_size, SYSTEM, read_key, &read_count) != HF_STORE_OK);
	free(image);
	return 0;
}

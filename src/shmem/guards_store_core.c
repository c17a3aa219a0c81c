/*
 * guards_store_core.c
 *		The bytes of the file of locks; see guards_store_core.h. Integers are as the machine has them: the file never
 *		leaves it, and the head says which way round they are.
 */
#include <string.h>

#include <sodium.h>

#include "shmem/guards_store_core.h"

#define MAGIC	 "HFLOCKS"
#define ORDER	 0x01020304
#define VERSION	 1
#define SUM_SIZE 32

typedef struct Head
{
	char magic[8];
	uint32_t order;
	uint32_t version;
	uint64_t system;
	uint8_t key[HF_STORE_KEY_SIZE];
	uint32_t count;
	uint32_t reserved;
} Head;

/* hf_store_size adds up; see guards_store_core.h. */
size_t
hf_store_size(uint32_t count)
{
	return sizeof(Head) + sizeof(HfStoredLock) * (size_t) count + SUM_SIZE;
}

/* hf_store_locks points behind the head; see guards_store_core.h. */
HfStoredLock *
hf_store_locks(uint8_t *image)
{
	return (HfStoredLock *) (image + sizeof(Head));
}

/* Sum is the checksum of all but its own place. */
static void
Sum(const uint8_t *image, size_t size, uint8_t sum[SUM_SIZE])
{
	crypto_generichash(sum, SUM_SIZE, image, size - SUM_SIZE, NULL, 0);
}

/* hf_store_seal completes the file; see guards_store_core.h. */
void
hf_store_seal(uint8_t *image, uint32_t count, uint64_t system, const uint8_t key[HF_STORE_KEY_SIZE])
{
	Head head = {MAGIC, ORDER, VERSION, system, {0}, count, 0};

	memcpy(head.key, key, HF_STORE_KEY_SIZE);
	memcpy(image, &head, sizeof(head));
	Sum(image, hf_store_size(count), image + hf_store_size(count) - SUM_SIZE);
	sodium_memzero(&head, sizeof(head));
}

/* hf_store_open checks it; see guards_store_core.h. */
HfStoreStatus
hf_store_open(const uint8_t *image, size_t size, uint64_t system, uint8_t key[HF_STORE_KEY_SIZE],
			  uint32_t *count)
{
	Head head;
	uint8_t sum[SUM_SIZE];

	if (size < sizeof(head))
		return size == 0 ? HF_STORE_BROKEN : HF_STORE_FORMAT;
	memcpy(&head, image, sizeof(head));
	if (memcmp(head.magic, MAGIC, sizeof(head.magic)) != 0 || head.order != ORDER ||
		head.version != VERSION)
		return HF_STORE_FORMAT;
	if (size != hf_store_size(head.count))
		return HF_STORE_BROKEN;
	Sum(image, size, sum);
	if (memcmp(sum, image + size - SUM_SIZE, SUM_SIZE) != 0)
		return HF_STORE_BROKEN;
	if (head.system != system)
		return HF_STORE_FOREIGN;
	memcpy(key, head.key, HF_STORE_KEY_SIZE);
	*count = head.count;
	sodium_memzero(&head, sizeof(head));
	return HF_STORE_OK;
}

/* hf_store_reason says what is wrong; see guards_store_core.h. */
const char *
hf_store_reason(HfStoreStatus status)
{
	static const char *const reasons[] = {
		[HF_STORE_OK] = "is good",
		[HF_STORE_FORMAT] = "is no file of locks of this version and machine",
		[HF_STORE_BROKEN] = "is cut short or has been changed",
		[HF_STORE_FOREIGN] = "belongs to another server",
	};

	return reasons[status];
}

/*
 * failures.c
 *		The ring of failed requests against a plain list: two bytes are a push, or a take by one of four databases. The
 *		bytes are also a path.
 */
#include "shmem/failures_core.h"
#include "fuzz.h"

#define ENTRIES 5
#define ALL		400

typedef struct Listed
{
	uint32_t database;
	int64_t at;
} Listed;

static void
CheckPath(const uint8_t *data, size_t size)
{
	char *path = malloc(size + 1);
	char out[HF_FAILURE_PATH];

	memcpy(path, data, size);
	path[size] = '\0';
	hf_failure_path(out, path);
	PROMISE(memchr(out, '\0', sizeof(out)) != NULL);
	PROMISE(strncmp(out, path, strlen(out)) == 0);
	PROMISE(strpbrk(out, "?&=%;\"' \n") == NULL);
	free(path);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	HfRing *ring = malloc(hf_ring_size(ENTRIES));
	Listed list[ENTRIES];
	int listed = 0;
	uint64_t dropped = 0;

	CheckPath(data, size);
	hf_ring_init(ring, ENTRIES);
	for (size_t i = 0; i + 1 < size && i < ALL; i += 2)
	{
		uint32_t database = data[i] % 4;

		if (data[i] % 8 < 6)
		{
			HfFailure failure = {.at = (int64_t) i, .database = database};

			hf_ring_push(ring, &failure);
			if (listed == ENTRIES)
			{
				memmove(list, list + 1, sizeof(Listed) * --listed);
				dropped++;
			}
			list[listed++] = (Listed){database, (int64_t) i};
		}
		else
		{
			HfFailure taken[ENTRIES];
			uint32_t max = data[i + 1] % (ENTRIES + 1);
			uint32_t count = hf_ring_take(ring, database, max, taken);
			uint32_t expected = 0;
			int kept = 0;

			for (int l = 0; l < listed; l++)
			{
				if (list[l].database != database || expected == max)
					list[kept++] = list[l];
				else
				{
					PROMISE(expected < count && taken[expected].at == list[l].at);
					expected++;
				}
			}
			PROMISE(count == expected);
			listed = kept;
		}
		PROMISE(ring->count == (uint32_t) listed && ring->dropped == dropped);
		PROMISE(ring->pushed == ring->dropped + ring->taken + ring->count);
	}
	free(ring);
	return 0;
}

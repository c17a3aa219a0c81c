/*
 * breach.c
 *		Lists of breached passwords: the bytes are the file, and then, when there are enough, the list that is made of them.
 */
#include "auth/breach_core.h"
#include "fuzz.h"

typedef struct File
{
	const uint8_t *data;
	size_t size;
	int reads;
} File;

/* ReadFile is the reader; a bounded number of reads is what the core promises. */
static bool
ReadFile(void *state, uint64_t offset, uint8_t *out, size_t length)
{
	File *file = state;

	PROMISE(++file->reads <= 70);
	if (offset > file->size || length > file->size - offset)
		return false;
	memcpy(out, file->data + offset, length);
	return true;
}

/* Look opens a file and looks for a digest. */
static HfBreachStatus
Look(const uint8_t *data, size_t size, const uint8_t digest[HF_SHA1_BYTES], bool *found)
{
	File file = {data, size, 0};
	HfBreach breach;
	HfBreachStatus status = hf_breach_open(&breach, ReadFile, &file, size);

	*found = false;
	if (status == HF_BREACH_OK)
		status = hf_breach_find(&breach, digest, found);
	PROMISE(status == HF_BREACH_OK || !*found);
	return status;
}

/* Compare orders entries as the file does. */
static int
Compare(const void *a, const void *b)
{
	return memcmp(a, b, HF_BREACH_PREFIX);
}

/* Number writes eight bytes. */
static void
Number(uint8_t *out, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t) (value >> (8 * i));
}

/* CheckList makes a list with an index of 8 bits of entries of six bytes, and looks for those and their neighbours. */
static void
CheckList(uint8_t *entries, size_t count)
{
	static uint8_t file[HF_BREACH_HEADER + 257 * 8 + 200 * 5];
	static const uint8_t start[11] = "HFBREACH\1\10\5";
	uint8_t *tail = file + HF_BREACH_HEADER + 257 * 8;
	size_t size = HF_BREACH_HEADER + 257 * 8 + count * 5;
	size_t before = 0;

	qsort(entries, count, HF_BREACH_PREFIX, Compare);
	memset(file, 0, sizeof(file));
	memcpy(file, start, sizeof(start));
	Number(file + 16, count);
	for (int bucket = 0; bucket <= 256; bucket++)
	{
		while (before < count && entries[before * HF_BREACH_PREFIX] < bucket)
			before++;
		Number(file + HF_BREACH_HEADER + bucket * 8, before);
	}
	for (size_t i = 0; i < count; i++)
		memcpy(tail + 5 * i, entries + HF_BREACH_PREFIX * i + 1, 5);
	for (size_t i = 0; i < count; i++)
	{
		uint8_t digest[HF_SHA1_BYTES] = {0};
		bool found;
		bool listed;

		memcpy(digest, entries + HF_BREACH_PREFIX * i, HF_BREACH_PREFIX);
		PROMISE(Look(file, size, digest, &found) == HF_BREACH_OK && found);
		digest[i % HF_BREACH_PREFIX] ^= 1;
		listed = bsearch(digest, entries, count, HF_BREACH_PREFIX, Compare) != NULL;
		PROMISE(Look(file, size, digest, &found) == HF_BREACH_OK && found == listed);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t large[HF_BREACH_HEADER + 257 * 8 + 600];
	uint8_t digest[HF_SHA1_BYTES] = {0};
	uint8_t entries[200 * HF_BREACH_PREFIX];
	size_t count = size / HF_BREACH_PREFIX > 200 ? 200 : size / HF_BREACH_PREFIX;
	bool found;

	memcpy(digest, data, size < sizeof(digest) ? size : sizeof(digest));
	Look(data, size, digest, &found);
	if (size > HF_BREACH_HEADER && size < 600)
	{
		/* a header of theirs in front of an index of bytes that repeat, so that the size can be right */
		for (size_t i = 0; i < sizeof(large); i++)
			large[i] =
				data[i < HF_BREACH_HEADER ? i : HF_BREACH_HEADER + i % (size - HF_BREACH_HEADER)];
		for (size_t tails = 0; tails <= 600; tails += 5)
			Look(large, HF_BREACH_HEADER + 257 * 8 + tails, digest, &found);
	}
	memcpy(entries, data, count * HF_BREACH_PREFIX);
	CheckList(entries, count);
	return 0;
}

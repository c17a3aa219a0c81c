/*
 * seal.c
 *		Leaves, heads, and finding where rows and marks part. The first bytes say what was done to the rows, the others
 *		are what a leaf holds.
 */
#include "fuzz.h"
#include "audit/seal_core.h"

#define MAX_ROWS 64

/* What was found; the first thing of each kind counts. */
typedef struct Found
{
	int reports;
	int64_t row[3];
	uint64_t count[3];
} Found;

/* Keep is the callback. */
static void
Keep(void *arg, HfSealFinding finding, int64_t row, uint64_t count)
{
	Found *found = arg;

	PROMISE(finding <= HF_SEAL_MISSING && count > 0);
	found->reports++;
	found->row[finding] = row;
	found->count[finding] += count;
}

/* Match compares rows with the marks of what was sealed. */
static Found
Match(const HfMerkleHash *sealed, uint64_t count, const HfMerkleHash *rows, uint64_t row_count)
{
	uint8_t marks[(MAX_ROWS + 1) * HF_SEAL_MARK_SIZE];
	HfSealMatch match;
	Found found = {0, {-2, -2, -2}, {0}};

	for (uint64_t i = 0; i < count; i++)
		memcpy(marks + i * HF_SEAL_MARK_SIZE, sealed[i].bytes, HF_SEAL_MARK_SIZE);
	hf_seal_match_start(&match, marks, count, Keep, &found);
	for (uint64_t i = 0; i < row_count; i++)
		hf_seal_match_row(&match, (int64_t) i, &rows[i]);
	hf_seal_match_finish(&match);
	return found;
}

/* CheckMatch changes, takes out and adds one row, and then does as the input says. */
static void
CheckMatch(const uint8_t *data, size_t size)
{
	HfMerkleHash sealed[MAX_ROWS + 1];
	HfMerkleHash rows[2 * MAX_ROWS];
	HfMerkleHash other;
	uint64_t n = 1 + data[0] % MAX_ROWS;
	uint64_t at = data[1] % n;
	uint64_t many = 0;
	Found found;

	for (uint64_t i = 0; i < n; i++)
		hf_merkle_leaf(&i, sizeof(i), &sealed[i]);
	hf_merkle_leaf("other", 5, &other);
	PROMISE(Match(sealed, n, sealed, n).reports == 0);

	memcpy(rows, sealed, sizeof(sealed));
	rows[at] = other;
	found = Match(sealed, n, rows, n);
	PROMISE(found.reports == 1 && found.row[HF_SEAL_CHANGED] == (int64_t) at);

	memcpy(rows, sealed, sizeof(sealed[0]) * at);
	memcpy(rows + at, sealed + at + 1, sizeof(sealed[0]) * (n - at - 1));
	found = Match(sealed, n, rows, n - 1);
	PROMISE(found.reports == 1 && found.count[HF_SEAL_MISSING] == 1);
	PROMISE(found.row[HF_SEAL_MISSING] == (at == n - 1 ? -1 : (int64_t) at));

	memcpy(rows, sealed, sizeof(sealed[0]) * at);
	rows[at] = other;
	memcpy(rows + at + 1, sealed + at, sizeof(sealed[0]) * (n - at));
	found = Match(sealed, n, rows, n + 1);
	PROMISE(found.reports == 1 && found.row[HF_SEAL_ADDED] == (int64_t) at);

	/* anything: nothing is found exactly when nothing was done */
	for (size_t i = 2; i < size && many < 2 * MAX_ROWS; i++)
		rows[many++] = data[i] < n ? sealed[data[i]] : other;
	found = Match(sealed, n, rows, many);
	PROMISE((found.reports == 0) ==
			(many == n && memcmp(rows, sealed, sizeof(sealed[0]) * n) == 0));
}

/* Leaf makes the leaf of two fields cut out of the input, with one between them that is absent. */
static void
Leaf(const uint8_t *data, size_t size, size_t cut, HfMerkleHash *out)
{
	HfSealLeaf leaf;

	hf_seal_leaf_start(&leaf);
	hf_seal_leaf_bytes(&leaf, data, cut);
	hf_seal_leaf_bytes(&leaf, NULL, 0);
	hf_seal_leaf_bytes(&leaf, data + cut, size - cut);
	hf_seal_leaf_finish(&leaf, out);
}

/* CheckLeaf compares with the bytes of docs/audit_format.md, and a cut elsewhere with another leaf. */
static void
CheckLeaf(const uint8_t *data, size_t size, size_t cut)
{
	uint8_t *bytes = malloc(size + 12);
	size_t lengths[2] = {cut, size - cut};
	size_t at = 0;
	HfMerkleHash made;
	HfMerkleHash model;
	HfSealLeaf leaf;

	bytes[at++] = 1;
	for (int i = 0; i < 2; i++)
	{
		bytes[at++] = 1;
		for (int shift = 24; shift >= 0; shift -= 8)
			bytes[at++] = (uint8_t) (lengths[i] >> shift);
		memcpy(bytes + at, i == 0 ? data : data + cut, lengths[i]);
		at += lengths[i];
		if (i == 0)
			bytes[at++] = 0;
	}
	hf_merkle_leaf(bytes, at, &model);
	Leaf(data, size, cut, &made);
	PROMISE(memcmp(&made, &model, sizeof(made)) == 0);
	free(bytes);
	if (cut > 0)
	{
		Leaf(data, size, cut - 1, &model);
		PROMISE(memcmp(&made, &model, sizeof(made)) != 0);
	}
	/* absent is not empty */
	hf_seal_leaf_start(&leaf);
	hf_seal_leaf_bytes(&leaf, cut == 0 ? NULL : data, cut);
	hf_seal_leaf_bytes(&leaf, NULL, 0);
	hf_seal_leaf_bytes(&leaf, cut == 0 ? data : NULL, size - cut);
	hf_seal_leaf_finish(&leaf, &model);
	PROMISE(memcmp(&made, &model, sizeof(made)) != 0);
}

/* CheckHead flips one bit of a header: another head. */
static void
CheckHead(const uint8_t *data, size_t size)
{
	HfSealHeader header = {0};
	HfMerkleHash made;
	HfMerkleHash other;

	memcpy(&header, data, size < sizeof(header) ? size : sizeof(header));
	hf_seal_head(&header, &made);
	((uint8_t *) &header)[data[0] % sizeof(header)] ^= 1 << data[1] % 8;
	hf_seal_head(&header, &other);
	PROMISE(memcmp(&made, &other, sizeof(made)) != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	CheckMatch(data, size);
	CheckLeaf(data, size, data[0] % (size + 1));
	CheckHead(data, size);
	return 0;
}

/*
 * seal_core.c
 *		The bytes that a sealed audit log is made of. Every field of a leaf carries whether it is there and how long it
 *		is, and a head has fields of fixed size only, so no two rows and no two batches make the same bytes.
 */
#include <string.h>

#include "audit/seal_core.h"

/* What a leaf and a head begin with; it changes with the encoding. A leaf's first byte is RFC 6962's. */
static const uint8_t leaf_start[] = {0x00, HF_SEAL_FORMAT};
static const char head_start[] = "holdfast audit seal 1";

/* PutNumber writes eight bytes, the most significant first. */
static void
PutNumber(uint8_t *out, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t) (value >> (56 - 8 * i));
}

/* hf_seal_leaf_start starts a leaf. */
void
hf_seal_leaf_start(HfSealLeaf *leaf)
{
	crypto_hash_sha256_init(&leaf->state);
	crypto_hash_sha256_update(&leaf->state, leaf_start, sizeof(leaf_start));
}

/* hf_seal_leaf_bytes adds a field. */
void
hf_seal_leaf_bytes(HfSealLeaf *leaf, const void *data, uint32_t length)
{
	uint8_t head[5] = {data != NULL, (uint8_t) (length >> 24), (uint8_t) (length >> 16),
					   (uint8_t) (length >> 8), (uint8_t) length};

	if (data == NULL)
	{
		crypto_hash_sha256_update(&leaf->state, head, 1);
		return;
	}
	crypto_hash_sha256_update(&leaf->state, head, sizeof(head));
	if (length > 0)
		crypto_hash_sha256_update(&leaf->state, data, length);
}

/* hf_seal_leaf_number adds a number. */
void
hf_seal_leaf_number(HfSealLeaf *leaf, uint64_t value)
{
	uint8_t bytes[8];

	PutNumber(bytes, value);
	hf_seal_leaf_bytes(leaf, bytes, sizeof(bytes));
}

/* hf_seal_leaf_finish makes the leaf's hash. */
void
hf_seal_leaf_finish(HfSealLeaf *leaf, HfMerkleHash *out)
{
	crypto_hash_sha256_final(&leaf->state, out->bytes);
}

/* hf_seal_head makes the head of a batch. */
void
hf_seal_head(const HfSealHeader *header, HfMerkleHash *out)
{
	const uint64_t numbers[] = {
		header->batch, header->cluster, header->sealed_by,			 header->from,
		header->to,	   header->rows,	(uint64_t) header->sealed_at};
	crypto_hash_sha256_state state;
	uint8_t bytes[8];

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const uint8_t *) head_start, sizeof(head_start) - 1);
	crypto_hash_sha256_update(&state, header->log, HF_SEAL_ID_SIZE);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
	{
		PutNumber(bytes, numbers[i]);
		crypto_hash_sha256_update(&state, bytes, sizeof(bytes));
	}
	crypto_hash_sha256_update(&state, header->root.bytes, HF_MERKLE_HASH_SIZE);
	crypto_hash_sha256_update(&state, header->history.bytes, HF_MERKLE_HASH_SIZE);
	crypto_hash_sha256_update(&state, header->previous.bytes, HF_MERKLE_HASH_SIZE);
	crypto_hash_sha256_final(&state, out->bytes);
}

/* hf_seal_match_start starts to compare rows with marks. */
void
hf_seal_match_start(HfSealMatch *match, const uint8_t *marks, uint64_t count, HfSealReport report,
					void *arg)
{
	match->marks = marks;
	match->count = count;
	match->next = 0;
	match->pending = -1;
	match->misses = 0;
	match->report = report;
	match->arg = arg;
}

/* Find looks for a leaf among the marks from one on; count when it is not there. */
static uint64_t
Find(const HfSealMatch *match, uint64_t from, const HfMerkleHash *leaf)
{
	while (from < match->count &&
		   memcmp(match->marks + from * HF_SEAL_MARK_SIZE, leaf->bytes, HF_SEAL_MARK_SIZE) != 0)
		from++;
	return from;
}

/* Settle decides about the row that waits: rows before a mark that was met again are changed or missing ones. */
static void
Settle(HfSealMatch *match, uint64_t met)
{
	if (match->pending < 0)
		return;
	if (met == match->next)
		match->report(match->arg, HF_SEAL_ADDED, match->pending, 1);
	else
	{
		match->report(match->arg, HF_SEAL_CHANGED, match->pending, 1);
		match->next++;
	}
	match->pending = -1;
}

/* hf_seal_match_row compares the next row. */
void
hf_seal_match_row(HfSealMatch *match, int64_t row, const HfMerkleHash *leaf)
{
	uint64_t met;

	if (match->misses == HF_SEAL_MAX_MISSES)
		return;
	met = Find(match, match->next, leaf);
	Settle(match, met);
	if (met == match->count)
	{
		/* nobody sealed this one; what comes next tells whether it stands in the place of another */
		match->pending = row;
		match->misses++;
		return;
	}
	if (met > match->next)
		match->report(match->arg, HF_SEAL_MISSING, row, met - match->next);
	match->next = met + 1;
}

/* hf_seal_match_finish tells what is left. */
void
hf_seal_match_finish(HfSealMatch *match)
{
	Settle(match, match->count);
	if (match->next < match->count && match->misses < HF_SEAL_MAX_MISSES)
		match->report(match->arg, HF_SEAL_MISSING, -1, match->count - match->next);
}

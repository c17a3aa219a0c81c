/*
 * seal_core.h
 *		The bytes that a sealed audit log is made of: the leaf of a row and the head of a batch (docs/audit_format.md).
 *
 * Pure C: knows neither the server nor where rows come from.
 */
#ifndef HOLDFAST_SEAL_CORE_H
#define HOLDFAST_SEAL_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#include "audit/merkle_core.h"

#define HF_SEAL_FORMAT	  1
#define HF_SEAL_ID_SIZE	  16
#define HF_SEAL_MARK_SIZE 8

/* So many rows without a mark, and it is of no use to look for more. */
#define HF_SEAL_MAX_MISSES 100

/* A leaf under way: its fields, in their order, go straight into the hash. */
typedef struct HfSealLeaf
{
	crypto_hash_sha256_state state;
} HfSealLeaf;

extern void hf_seal_leaf_start(HfSealLeaf *leaf);

/* Adds a field; data is NULL for one that is NULL, which is not an empty one. */
extern void hf_seal_leaf_bytes(HfSealLeaf *leaf, const void *data, uint32_t length);

/* Adds a field that is a number: eight bytes, the most significant first. */
extern void hf_seal_leaf_number(HfSealLeaf *leaf, uint64_t value);

extern void hf_seal_leaf_finish(HfSealLeaf *leaf, HfMerkleHash *out);

/* What a batch says of itself. Its head is the hash of all of it. */
typedef struct HfSealHeader
{
	uint8_t log[HF_SEAL_ID_SIZE]; /* the log's own id, the same in all its batches */
	uint64_t batch;				  /* 1, 2, 3 … */
	uint64_t cluster;			  /* where the rows were written */
	uint64_t sealed_by;			  /* where they were sealed */
	uint64_t from;				  /* transaction ids: from this one */
	uint64_t to;				  /* up to but not including this one */
	uint64_t rows;
	int64_t sealed_at;	   /* microseconds since 1970 */
	HfMerkleHash root;	   /* of the tree of the rows' leaves */
	HfMerkleHash history;  /* of the tree of the heads of all batches before */
	HfMerkleHash previous; /* the head of the batch before; zeros in the first */
} HfSealHeader;

extern void hf_seal_head(const HfSealHeader *header, HfMerkleHash *out);

/*
 * Where rows and the marks that were kept of them part. A mark is the first bytes of a leaf's hash; marks only locate, the
 * root decides. Rows come one by one; what is found is told by a callback.
 */
typedef enum HfSealFinding
{
	HF_SEAL_CHANGED,
	HF_SEAL_ADDED,
	HF_SEAL_MISSING /* before the row; count of them */
} HfSealFinding;

typedef struct HfSealMatch HfSealMatch;

/* row is the number given to hf_seal_match_row; -1 for what is missing at the end. */
typedef void (*HfSealReport)(void *arg, HfSealFinding finding, int64_t row, uint64_t count);

struct HfSealMatch
{
	const uint8_t *marks;
	uint64_t count;
	uint64_t next;	 /* the mark that the next row should have */
	int64_t pending; /* a row that may have been changed or added; -1: none */
	int misses;
	HfSealReport report;
	void *arg;
};

extern void hf_seal_match_start(HfSealMatch *match, const uint8_t *marks, uint64_t count,
								HfSealReport report, void *arg);
extern void hf_seal_match_row(HfSealMatch *match, int64_t row, const HfMerkleHash *leaf);
extern void hf_seal_match_finish(HfSealMatch *match);

#endif

/*
 * merkle_core.h
 *		Merkle trees as RFC 6962 (and RFC 9162) hashes them, with SHA-256: a leaf is SHA-256(0x00 ‖ data), a node is
 *		SHA-256(0x01 ‖ left ‖ right), and the left subtree of n leaves is the largest power of two below n.
 *
 * Trees are built leaf by leaf and never held: a tree is the list of the roots of its complete subtrees ("peaks"), one for
 * each bit of the number of its leaves, largest first.
 */
#ifndef HOLDFAST_MERKLE_CORE_H
#define HOLDFAST_MERKLE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HF_MERKLE_HASH_SIZE 32
#define HF_MERKLE_MAX_DEPTH 64

typedef struct HfMerkleHash
{
	uint8_t bytes[HF_MERKLE_HASH_SIZE];
} HfMerkleHash;

typedef struct HfMerkleTree
{
	uint64_t count; /* leaves so far */
	int peak_count; /* bits set in count */
	HfMerkleHash peaks[HF_MERKLE_MAX_DEPTH];
} HfMerkleTree;

/* The path of one leaf, collected while the leaves of its tree pass by. */
typedef struct HfMerklePath
{
	HfMerkleTree tree;
	uint64_t index; /* the leaf's */
	int length;
	HfMerkleHash hashes[HF_MERKLE_MAX_DEPTH]; /* from the leaf's sibling up */
} HfMerklePath;

extern void hf_merkle_leaf(const void *data, size_t length, HfMerkleHash *out);
extern void hf_merkle_node(const HfMerkleHash *left, const HfMerkleHash *right, HfMerkleHash *out);

/* A tree, leaf by leaf. The root of no leaves is SHA-256 of nothing. */
extern void hf_merkle_start(HfMerkleTree *tree);
extern void hf_merkle_add(HfMerkleTree *tree, const HfMerkleHash *leaf);
extern void hf_merkle_root(const HfMerkleTree *tree, HfMerkleHash *out);

/* Goes on with a tree of which the peaks were kept. False when they cannot belong to so many leaves. */
extern bool hf_merkle_resume(HfMerkleTree *tree, uint64_t count, const void *peaks, size_t length);

/* The path of the leaf at an index, when all leaves have been added. False when there is no such leaf. */
extern void hf_merkle_path_start(HfMerklePath *path, uint64_t index);
extern void hf_merkle_path_add(HfMerklePath *path, const HfMerkleHash *leaf);
extern bool hf_merkle_path_finish(HfMerklePath *path);

/* Whether a path leads from a leaf at an index to the root of a tree of count leaves (RFC 9162, 2.1.3.2). */
extern bool hf_merkle_verify(const HfMerkleHash *leaf, uint64_t index, uint64_t count,
							 const HfMerkleHash *path, int length, const HfMerkleHash *root);

#endif

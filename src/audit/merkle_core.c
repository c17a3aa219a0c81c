/*
 * merkle_core.c
 *		Merkle trees as RFC 6962 hashes them. Memory is O(log n) for n leaves: only the roots of complete subtrees are
 *		kept, and the path of a leaf is what those that contain it are merged with.
 */
#include <string.h>

#include <sodium.h>

#include "audit/merkle_core.h"

static const uint8_t leaf_prefix = 0x00;
static const uint8_t node_prefix = 0x01;

_Static_assert(HF_MERKLE_HASH_SIZE == crypto_hash_sha256_BYTES, "hashes are SHA-256");

/* hf_merkle_leaf hashes what a leaf holds. */
void
hf_merkle_leaf(const void *data, size_t length, HfMerkleHash *out)
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, &leaf_prefix, 1);
	if (length > 0)
		crypto_hash_sha256_update(&state, data, length);
	crypto_hash_sha256_final(&state, out->bytes);
}

/* hf_merkle_node hashes two subtrees into one. */
void
hf_merkle_node(const HfMerkleHash *left, const HfMerkleHash *right, HfMerkleHash *out)
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, &node_prefix, 1);
	crypto_hash_sha256_update(&state, left->bytes, HF_MERKLE_HASH_SIZE);
	crypto_hash_sha256_update(&state, right->bytes, HF_MERKLE_HASH_SIZE);
	crypto_hash_sha256_final(&state, out->bytes);
}

/* hf_merkle_start starts a tree. */
void
hf_merkle_start(HfMerkleTree *tree)
{
	tree->count = 0;
	tree->peak_count = 0;
}

/* Merge makes one subtree of the last two. */
static void
Merge(HfMerkleTree *tree)
{
	HfMerkleHash *left = &tree->peaks[tree->peak_count - 2];

	hf_merkle_node(left, left + 1, left);
	tree->peak_count--;
}

/* hf_merkle_add adds a leaf. */
void
hf_merkle_add(HfMerkleTree *tree, const HfMerkleHash *leaf)
{
	tree->peaks[tree->peak_count++] = *leaf;
	for (uint64_t rest = tree->count; rest & 1; rest >>= 1)
		Merge(tree);
	tree->count++;
}

/* Bag makes one subtree of the peaks from one on. */
static void
Bag(const HfMerkleTree *tree, int from, HfMerkleHash *out)
{
	*out = tree->peaks[tree->peak_count - 1];
	for (int i = tree->peak_count - 2; i >= from; i--)
		hf_merkle_node(&tree->peaks[i], out, out);
}

/* hf_merkle_root is the root of what has been added. */
void
hf_merkle_root(const HfMerkleTree *tree, HfMerkleHash *out)
{
	if (tree->count == 0)
		crypto_hash_sha256(out->bytes, NULL, 0);
	else
		Bag(tree, 0, out);
}

/* hf_merkle_resume goes on with a tree. */
bool
hf_merkle_resume(HfMerkleTree *tree, uint64_t count, const void *peaks, size_t length)
{
	int bits = 0;

	for (uint64_t rest = count; rest != 0; rest &= rest - 1)
		bits++;
	if (length != (size_t) bits * HF_MERKLE_HASH_SIZE)
		return false;
	tree->count = count;
	tree->peak_count = bits;
	if (length > 0)
		memcpy(tree->peaks, peaks, length);
	return true;
}

/* hf_merkle_path_start starts to look for the path of a leaf. */
void
hf_merkle_path_start(HfMerklePath *path, uint64_t index)
{
	hf_merkle_start(&path->tree);
	path->index = index;
	path->length = 0;
}

/* hf_merkle_path_add adds a leaf, and keeps the sibling of each subtree with the wanted leaf that is merged. */
void
hf_merkle_path_add(HfMerklePath *path, const HfMerkleHash *leaf)
{
	HfMerkleTree *tree = &path->tree;
	uint64_t size = 1;

	tree->peaks[tree->peak_count++] = *leaf;
	for (uint64_t rest = tree->count; rest & 1; rest >>= 1)
	{
		/* the two subtrees of this size end with the leaf at count */
		uint64_t middle = tree->count + 1 - size;

		if (path->index >= middle && path->index <= tree->count)
			path->hashes[path->length++] = tree->peaks[tree->peak_count - 2];
		else if (path->index >= middle - size && path->index < middle)
			path->hashes[path->length++] = tree->peaks[tree->peak_count - 1];
		Merge(tree);
		size *= 2;
	}
	tree->count++;
}

/* hf_merkle_path_finish completes the path with what is beside the subtree of the leaf. */
bool
hf_merkle_path_finish(HfMerklePath *path)
{
	HfMerkleTree *tree = &path->tree;
	uint64_t first = 0;
	int own = 0;

	if (path->index >= tree->count)
		return false;
	for (int bit = HF_MERKLE_MAX_DEPTH - 1; bit >= 0; bit--)
	{
		uint64_t size = UINT64_C(1) << bit;

		if ((tree->count & size) == 0)
			continue;
		if (path->index < first + size)
			break;
		first += size;
		own++;
	}
	if (own < tree->peak_count - 1)
		Bag(tree, own + 1, &path->hashes[path->length++]);
	while (own > 0)
		path->hashes[path->length++] = tree->peaks[--own];
	return true;
}

/* hf_merkle_verify follows a path. */
bool
hf_merkle_verify(const HfMerkleHash *leaf, uint64_t index, uint64_t count, const HfMerkleHash *path,
				 int length, const HfMerkleHash *root)
{
	HfMerkleHash hash = *leaf;
	uint64_t last = count - 1;

	if (index >= count)
		return false;
	for (int i = 0; i < length; i++)
	{
		if (last == 0)
			return false;
		if ((index & 1) != 0 || index == last)
		{
			hf_merkle_node(&path[i], &hash, &hash);
			while ((index & 1) == 0 && index != 0)
			{
				index >>= 1;
				last >>= 1;
			}
		}
		else
			hf_merkle_node(&hash, &path[i], &hash);
		index >>= 1;
		last >>= 1;
	}
	return last == 0 && memcmp(hash.bytes, root->bytes, HF_MERKLE_HASH_SIZE) == 0;
}

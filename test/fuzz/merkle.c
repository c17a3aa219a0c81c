/*
 * merkle.c
 *		Merkle trees: against the published trees of eight leaves, and, for trees cut out of any bytes, against the
 *		definition of RFC 6962 written down as the recursion it is.
 */
#include <sodium.h>

#include "fuzz.h"
#include "audit/merkle_core.h"

#define MAX_LEAVES 70

/* The test data of Certificate Transparency's own implementations: eight leaves, and the root of the first n. */
static const char *const known_leaves[] = {"",		   "00",
										   "10",	   "2021",
										   "3031",	   "40414243",
										   "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
static const char *const known_roots[] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

/* Root is MTH of RFC 6962, 2.1, as it is written. */
static void
Root(const HfMerkleHash *leaves, uint64_t n, HfMerkleHash *out)
{
	HfMerkleHash left;
	HfMerkleHash right;
	uint64_t k = 1;

	if (n == 0)
	{
		crypto_hash_sha256(out->bytes, NULL, 0);
		return;
	}
	if (n == 1)
	{
		*out = leaves[0];
		return;
	}
	while (k * 2 < n)
		k *= 2;
	Root(leaves, k, &left);
	Root(leaves + k, n - k, &right);
	hf_merkle_node(&left, &right, out);
}

/* Path is PATH of RFC 6962, 2.1.1; it returns the length. */
static int
Path(const HfMerkleHash *leaves, uint64_t n, uint64_t m, HfMerkleHash *path)
{
	uint64_t k = 1;
	int length;

	if (n <= 1)
		return 0;
	while (k * 2 < n)
		k *= 2;
	if (m < k)
	{
		length = Path(leaves, k, m, path);
		Root(leaves + k, n - k, &path[length]);
	}
	else
	{
		length = Path(leaves + k, n - k, m - k, path);
		Root(leaves, k, &path[length]);
	}
	return length + 1;
}

/* CheckKnown compares with the published trees. */
static void
CheckKnown(void)
{
	HfMerkleTree tree;
	HfMerkleHash root;
	uint8_t bytes[32];
	size_t length;

	hf_merkle_start(&tree);
	for (int n = 0; n <= 8; n++)
	{
		PROMISE(sodium_hex2bin(bytes, sizeof(bytes), known_roots[n], 64, NULL, &length, NULL) == 0);
		hf_merkle_root(&tree, &root);
		PROMISE(length == 32 && memcmp(root.bytes, bytes, 32) == 0);
		if (n < 8)
		{
			HfMerkleHash leaf;

			PROMISE(sodium_hex2bin(bytes, sizeof(bytes), known_leaves[n], strlen(known_leaves[n]),
								   NULL, &length, NULL) == 0);
			hf_merkle_leaf(bytes, length, &leaf);
			hf_merkle_add(&tree, &leaf);
		}
	}
}

/* CheckShape checks that a path has as many steps as its tree is high, even where the hashes would fit. */
static void
CheckShape(const HfMerkleHash *leaf)
{
	HfMerkleHash above;

	hf_merkle_node(leaf, leaf, &above);
	PROMISE(hf_merkle_verify(leaf, 0, 2, leaf, 1, &above));
	PROMISE(!hf_merkle_verify(leaf, 0, 1, leaf, 1, &above));
	PROMISE(!hf_merkle_verify(leaf, 0, 2, leaf, 0, leaf));
}

/* CheckProof checks the path of one leaf, and that nothing beside it passes. */
static void
CheckProof(const HfMerkleHash *leaves, uint64_t n, uint64_t m, const HfMerkleHash *root,
		   const uint8_t *data)
{
	HfMerklePath path;
	HfMerkleHash model[HF_MERKLE_MAX_DEPTH];
	HfMerkleHash other;

	hf_merkle_path_start(&path, m);
	for (uint64_t i = 0; i < n; i++)
		hf_merkle_path_add(&path, &leaves[i]);
	PROMISE(hf_merkle_path_finish(&path) == (m < n));
	if (m >= n)
	{
		PROMISE(!hf_merkle_verify(&leaves[0], m, n, path.hashes, path.length, root));
		return;
	}
	PROMISE(path.length == Path(leaves, n, m, model));
	PROMISE(memcmp(path.hashes, model, sizeof(HfMerkleHash) * path.length) == 0);
	PROMISE(hf_merkle_verify(&leaves[m], m, n, path.hashes, path.length, root));

	/* another leaf, another place, a path too long or too short, another hash in it */
	other = leaves[m];
	other.bytes[data[0] % 32] ^= 1 << data[1] % 8;
	PROMISE(!hf_merkle_verify(&other, m, n, path.hashes, path.length, root));
	PROMISE(m + 1 >= n || memcmp(&leaves[m], &leaves[m + 1], sizeof(HfMerkleHash)) == 0 ||
			!hf_merkle_verify(&leaves[m], m + 1, n, path.hashes, path.length, root));
	path.hashes[path.length] = other;
	PROMISE(!hf_merkle_verify(&leaves[m], m, n, path.hashes, path.length + 1, root));
	if (path.length > 0)
	{
		PROMISE(!hf_merkle_verify(&leaves[m], m, n, path.hashes, path.length - 1, root));
		path.hashes[data[2] % path.length].bytes[data[0] % 32] ^= 1 << data[1] % 8;
		PROMISE(!hf_merkle_verify(&leaves[m], m, n, path.hashes, path.length, root));
	}
}

/* CheckHostile follows a path of any bytes: only the sanitizers look. */
static void
CheckHostile(const uint8_t *data, size_t size)
{
	HfMerkleHash path[16];
	uint64_t place[2];
	int length = 0;

	if (size < sizeof(place))
		return;
	memcpy(place, data, sizeof(place));
	for (size_t at = sizeof(place); at + 32 <= size && length < 16; at += 32)
		memcpy(&path[length++], data + at, 32);
	if (length > 0)
		PROMISE(!hf_merkle_verify(&path[0], place[0], place[1], path, length, &path[0]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool known;
	HfMerkleHash leaves[MAX_LEAVES];
	HfMerkleHash root;
	HfMerkleHash model;
	HfMerkleTree tree;
	HfMerkleTree resumed;
	uint64_t n;

	if (!known)
		CheckKnown();
	known = true;
	CheckHostile(data, size);
	if (size < 4)
		return 0;
	n = (data[0] | data[1] << 8) % MAX_LEAVES;
	hf_merkle_start(&tree);
	for (uint64_t i = 0; i < n; i++)
	{
		hf_merkle_leaf(data + i % size, size - i % size, &leaves[i]);
		hf_merkle_add(&tree, &leaves[i]);
		if (i == n / 2)
		{
			/* kept and gone on with, a tree is the same */
			resumed = tree;
			PROMISE(!hf_merkle_resume(&resumed, tree.count, tree.peaks,
									  sizeof(HfMerkleHash) * (tree.peak_count + 1)));
			PROMISE(hf_merkle_resume(&tree, resumed.count, resumed.peaks,
									 sizeof(HfMerkleHash) * resumed.peak_count));
		}
	}
	hf_merkle_root(&tree, &root);
	Root(leaves, n, &model);
	PROMISE(memcmp(&root, &model, sizeof(root)) == 0);
	if (n > 0)
		CheckShape(&leaves[0]);
	if (n > 0)
		CheckProof(leaves, n, data[2], &root, data + 1);
	return 0;
}

/*
 * envelope.c
 *		Sealed values: any bytes opened, and any text sealed and opened again; whatever is changed, it does not open.
 *
 * What is known beforehand: the vectors of draft-irtf-cfrg-xchacha-03 (A.3.1) and RFC 7693 (appendix A), and values of our own
 * formats that another implementation has made, written after the head of envelope_core.c.
 */
#include "secrets/envelope_core.h"
#include "fuzz.h"
#include "secrets/rootkey_core.h"

/* Equals compares bytes with hexadecimal digits. */
static bool
Equals(const uint8_t *data, size_t size, const char *digits)
{
	char *text = malloc(size * 2 + 1);
	bool same;

	sodium_bin2hex(text, size * 2 + 1, data, size);
	same = strcmp(text, digits) == 0;
	free(text);
	return same;
}

/* Count fills bytes with consecutive numbers. */
static void
Count(uint8_t *out, size_t size, unsigned from)
{
	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t) (from + i);
}

/* Published checks the primitives that we build on. */
static void
Published(void)
{
	static const char plain[] =
		"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
		"sunscreen would be it.";
	static const uint8_t bound[] = {0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1,
									0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
	uint8_t key[HF_DATA_KEY_SIZE];
	uint8_t nonce[HF_NONCE_SIZE];
	uint8_t out[sizeof(plain) - 1 + HF_TAG_SIZE];
	uint8_t hash[64];

	Count(key, sizeof(key), 0x80);
	Count(nonce, sizeof(nonce), 0x40);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, (const uint8_t *) plain,
											   sizeof(plain) - 1, bound, sizeof(bound), NULL,
											   nonce, key);
	PROMISE(Equals(out, sizeof(out),
				   "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
				   "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
				   "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
				   "21f9664c97637da9768812f615c68b13b52e"
				   "c0875924c1c7987947deafd8780acf49"));
	crypto_generichash(hash, sizeof(hash), (const uint8_t *) "abc", 3, NULL, 0);
	PROMISE(Equals(hash, sizeof(hash),
				   "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
				   "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"));
}

/* OurFormats checks that what was sealed once opens for ever. */
static void
OurFormats(void)
{
	uint8_t key[HF_DATA_KEY_SIZE];
	uint8_t other[HF_DATA_KEY_SIZE];
	uint8_t id[HF_KEY_ID_SIZE];
	uint8_t subject[HF_KEY_ID_SIZE];
	uint8_t nonce[HF_NONCE_SIZE];
	uint8_t out[HF_SEAL_OVERHEAD + 8];
	uint8_t wrapped[HF_WRAPPED_SIZE];
	uint8_t scratch[200];
	HfBinding binding = {id, subject, "notes.body/1", 12};
	HfKeyPlace place = {.has_subject = true, .type = 's', .version = 258};

	Count(key, sizeof(key), 0);
	Count(id, sizeof(id), 0);
	Count(subject, sizeof(subject), 16);
	Count(nonce, sizeof(nonce), 0);
	hf_envelope_seal(key, &binding, nonce, (const uint8_t *) "a secret", 8, scratch, out);
	PROMISE(Equals(out, HF_SEAL_OVERHEAD + 8,
				   "01000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f10111213141516"
				   "17ffe27c1af3a0e8dac45306ba38232fa8f6c02bd7985c10d4"));
	binding = (HfBinding){id, NULL, "c", 1};
	hf_envelope_seal(key, &binding, nonce, NULL, 0, scratch, out);
	PROMISE(Equals(out, HF_SEAL_OVERHEAD,
				   "01000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f10111213141516"
				   "17985f228d24255dc9e79e6ce1590dc0d7"));
	Count(place.keyring, HF_KEY_ID_SIZE, 32);
	Count(place.id, HF_KEY_ID_SIZE, 0);
	Count(place.subject, HF_KEY_ID_SIZE, 16);
	Count(other, sizeof(other), 64);
	hf_key_wrap(other, &place, nonce, key, wrapped);
	PROMISE(Equals(wrapped, sizeof(wrapped),
				   "000102030405060708090a0b0c0d0e0f101112131415161799fdcb034cc85d242da399d1ca21232e"
				   "833400e1967bedb1d868337f13396b43fd74939e8f3a396efd6ab7f3524a40d6"));
	hf_blind(key, "c", 1, "value", 5, out);
	PROMISE(Equals(out, HF_INDEX_SIZE, "4aed25c8a847e63af0e6f97c69a22d11"));
	PROMISE(hf_root_key_subkey(key, "wrapping", other));
	PROMISE(Equals(other, sizeof(other),
				   "b0e43d856fd11b66dbec4887e4d3366c6bd26e56b04d407214d4cbf7bf5bcb88"));
	hf_root_key_name(key, id);
	PROMISE(Equals(id, HF_ROOT_KEY_ID_SIZE, "9301732fa2d1d4a3"));
}

/* Scratch allocates exactly what a binding is said to need, so that the sanitizer sees a byte more. */
static uint8_t *
Scratch(const HfBinding *binding)
{
	return malloc(hf_envelope_scratch(binding));
}

/* Open tries to open bytes with what the rest of the input makes a binding of. */
static bool
Open(const uint8_t *key, const HfBinding *binding, const uint8_t *sealed, size_t size)
{
	uint8_t *scratch = Scratch(binding);
	uint8_t *plain = malloc(size >= HF_SEAL_OVERHEAD ? size - HF_SEAL_OVERHEAD + 1 : 1);
	bool good = hf_envelope_open(key, binding, sealed, size, scratch, plain);

	free(plain);
	free(scratch);
	return good;
}

/* RoundTrip seals the input, opens it, and then changes one thing after the other. */
static void
RoundTrip(const uint8_t *data, size_t size)
{
	uint8_t key[HF_DATA_KEY_SIZE] = {1};
	uint8_t id[HF_KEY_ID_SIZE] = {2};
	uint8_t subject[HF_KEY_ID_SIZE] = {0};
	uint8_t nonce[HF_NONCE_SIZE] = {0};
	size_t split = size > 0 ? data[0] % size : 0;
	HfBinding binding = {id, subject, (const char *) data, split};
	HfBinding nobody = {id, NULL, (const char *) data, split};
	size_t length = size - split;
	size_t sealed_length = length + HF_SEAL_OVERHEAD;
	uint8_t *sealed = malloc(sealed_length);
	uint8_t *scratch = Scratch(&binding);
	uint8_t *plain = malloc(length + 1);
	size_t where = size > 1 ? (data[1] * 257u + data[0]) % sealed_length : 0;

	hf_envelope_seal(key, &binding, nonce, data + split, length, scratch, sealed);
	PROMISE(hf_envelope_open(key, &binding, sealed, sealed_length, scratch, plain));
	PROMISE(memcmp(plain, data + split, length) == 0);
	PROMISE(!Open(key, &nobody, sealed, sealed_length));
	PROMISE(!Open(key, &binding, sealed, sealed_length - 1));
	if (split > 0)
	{
		binding.context_length--;
		PROMISE(!Open(key, &binding, sealed, sealed_length));
		binding.context_length++;
	}
	sealed[where] ^= (uint8_t) (1 << (size % 8));
	PROMISE(!Open(key, &binding, sealed, sealed_length));
	sealed[where] ^= (uint8_t) (1 << (size % 8));
	key[0] ^= 1;
	PROMISE(!Open(key, &binding, sealed, sealed_length));
	free(plain);
	free(scratch);
	free(sealed);
}

/* Wrapped wraps a key in a place that the input describes; in any other it does not unwrap. */
static void
Wrapped(const uint8_t *data, size_t size)
{
	uint8_t wrapping[HF_DATA_KEY_SIZE] = {3};
	uint8_t nonce[HF_NONCE_SIZE] = {0};
	uint8_t key[HF_DATA_KEY_SIZE] = {4};
	uint8_t again[HF_DATA_KEY_SIZE];
	uint8_t wrapped[HF_WRAPPED_SIZE];
	HfKeyPlace place = {.has_subject = size % 2, .type = 'd', .version = (uint32_t) size};
	HfKeyPlace other;

	memcpy(place.keyring, data, size < 16 ? size : 16);
	memcpy(place.id, data, size < 16 ? size : 16);
	hf_key_wrap(wrapping, &place, nonce, key, wrapped);
	PROMISE(hf_key_unwrap(wrapping, &place, wrapped, again) && memcmp(key, again, sizeof(key)) == 0);
#define ANOTHER(change)                                        \
	other = place;                                             \
	other.change;                                              \
	PROMISE(!hf_key_unwrap(wrapping, &other, wrapped, again))
	ANOTHER(keyring[size % 16] ^= 1);
	ANOTHER(id[size % 16] ^= 1);
	ANOTHER(has_subject = !place.has_subject);
	ANOTHER(type = 'i');
	ANOTHER(version ^= 0x1000000);
	wrapped[size % HF_WRAPPED_SIZE] ^= 1;
	PROMISE(!hf_key_unwrap(wrapping, &place, wrapped, again));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool known = false;
	uint8_t key[HF_DATA_KEY_SIZE] = {0};
	uint8_t id[HF_KEY_ID_SIZE];
	uint8_t one[HF_INDEX_SIZE];
	uint8_t two[HF_INDEX_SIZE];
	HfBinding binding = {id, NULL, "c", 1};

	if (!known)
	{
		Published();
		OurFormats();
		known = true;
	}
	if (hf_envelope_key_id(data, size, id))
	{
		PROMISE(size >= HF_SEAL_OVERHEAD && data[0] == HF_SEAL_VERSION);
		PROMISE(!Open(key, &binding, data, size));
	}
	RoundTrip(data, size);
	Wrapped(data, size);
	/* where the context ends is part of what is hashed */
	if (size > 1)
	{
		hf_blind(key, (const char *) data, 1, (const char *) data + 1, size - 1, one);
		hf_blind(key, (const char *) data, 0, (const char *) data, size, two);
		PROMISE(memcmp(one, two, sizeof(one)) != 0);
	}
	return 0;
}

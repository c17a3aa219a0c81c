/*
 * password.c
 *		Stored hashes, and the strength of passwords with words of their own: both come from elsewhere.
 */
#include "fuzz.h"
#include "auth/password_core.h"
#include "auth/strength_core.h"

/* Compute computes what is cheap enough; it never matches a password that nobody has hashed. */
static void
Compute(const HfPasswordHash *hash, const char *text, size_t size)
{
	char *stored = strndup(text, size);

	if (hash->kind == HF_PASSWORD_ARGON2ID && hash->memory <= 64 && hash->time <= 2)
		PROMISE(hf_password_check(hash, stored, "nobody's", 8) != HF_PASSWORD_MATCH);
	free(stored);
}

/* CheckHash: what will be computed is within its bounds. */
static void
CheckHash(const uint8_t *data, size_t size)
{
	HfPasswordHash hash;
	char *text = malloc(size + 40);

	hf_password_read((const char *) data, size, &hash);
	for (int form = 0; form < 2; form++)
	{
		if (hash.kind == HF_PASSWORD_ARGON2ID)
			PROMISE(hash.memory >= 8 && hash.memory <= HF_ARGON2_MAX_MEMORY && hash.time >= 1 &&
					hash.time <= HF_ARGON2_MAX_TIME && hash.lanes >= 1 &&
					hash.lanes <= HF_ARGON2_MAX_LANES);
		if (hash.kind == HF_PASSWORD_BCRYPT)
			PROMISE(hash.cost >= 4 && hash.cost <= HF_BCRYPT_MAX_COST);
		Compute(&hash, form == 0 ? (const char *) data : text, form == 0 ? size : size + 17);
		memcpy(text, "$argon2id$v=19$m=", 17);
		memcpy(text + 17, data, size);
		hf_password_read(text, size + 17, &hash);
	}
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	HfWords *words = calloc(1, sizeof(HfWords));
	HfStrength strength;
	char *password;
	size_t length = 0;

	CheckHash(data, size);
	/* the first byte says how much of the rest is the password; NUL does not occur in text */
	password = malloc(size + 1);
	for (size_t i = 1; i < size && i <= data[0]; i++)
		password[length++] = (char) (data[i] != 0 ? data[i] : ' ');
	if (size > length + 1)
		hf_words_add(words, (const char *) data + length + 1, size - length - 1);
	PROMISE(words->count >= 0 && words->count <= HF_STRENGTH_MAX_WORDS);
	for (int i = 0; i < words->count; i++)
		PROMISE(strnlen(words->text[i], HF_STRENGTH_MAX_WORD + 1) <= HF_STRENGTH_MAX_WORD);
	hf_strength_estimate(password, length, words, &strength);
	PROMISE(strength.score >= 0 && strength.score <= 4 && strength.guesses_log10 >= 0);
	PROMISE(strength.characters >= 0 && (size_t) strength.characters <= length);
	free(password);
	free(words);
	return 0;
}

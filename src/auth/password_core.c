/*
 * password_core.c
 *		Argon2id by libsodium, which computes one lane when it makes a hash and any number when it checks one.
 *
 * A stored hash says itself how much memory and time it takes, so it is read, strictly, before it is computed.
 */
#include <stdlib.h>
#include <string.h>

#include "auth/password_core.h"

/* A place in a text that is being read. */
typedef struct Cursor
{
	const char *at;
	const char *end;
} Cursor;

/* Skip passes a fixed part. */
static bool
Skip(Cursor *cursor, const char *part)
{
	size_t length = strlen(part);

	if ((size_t) (cursor->end - cursor->at) < length || memcmp(cursor->at, part, length) != 0)
		return false;
	cursor->at += length;
	return true;
}

/* Decimal reads a number without leading zeros from least to most. */
static bool
Decimal(Cursor *cursor, uint32_t least, uint32_t most, uint32_t *value)
{
	const char *start = cursor->at;
	uint64_t read = 0;

	while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9' && read <= most)
		read = read * 10 + (uint64_t) (*cursor->at++ - '0');
	if (cursor->at == start || (*start == '0' && cursor->at - start > 1) || read < least ||
		read > most)
		return false;
	*value = (uint32_t) read;
	return true;
}

/* Bytes passes a field of base64 digits that stand for least to most bytes. */
static bool
Bytes(Cursor *cursor, size_t least, size_t most)
{
	const char *start = cursor->at;
	size_t digits;

	while (cursor->at < cursor->end && *cursor->at != '$')
	{
		char c = *cursor->at++;

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			  c == '+' || c == '/'))
			return false;
	}
	digits = (size_t) (cursor->at - start);
	return digits % 4 != 1 && digits * 3 / 4 >= least && digits * 3 / 4 <= most;
}

/* ReadArgon2id reads $argon2id$v=19$m=…,t=…,p=…$salt$hash. */
static bool
ReadArgon2id(Cursor cursor, HfPasswordHash *hash)
{
	return cursor.end - cursor.at < crypto_pwhash_STRBYTES && Skip(&cursor, "$argon2id$v=19$m=") &&
		   Decimal(&cursor, 8, HF_ARGON2_MAX_MEMORY, &hash->memory) && Skip(&cursor, ",t=") &&
		   Decimal(&cursor, 1, HF_ARGON2_MAX_TIME, &hash->time) && Skip(&cursor, ",p=") &&
		   Decimal(&cursor, 1, HF_ARGON2_MAX_LANES, &hash->lanes) &&
		   hash->memory >= 8 * hash->lanes && Skip(&cursor, "$") && Bytes(&cursor, 8, 48) &&
		   Skip(&cursor, "$") && Bytes(&cursor, 16, 64) && cursor.at == cursor.end;
}

/* ReadBcrypt reads $2a$cost$, then 53 digits of its own base64. */
static bool
ReadBcrypt(Cursor cursor, HfPasswordHash *hash)
{
	const char *text = cursor.at;

	if (cursor.end - cursor.at != HF_BCRYPT_LENGTH ||
		(!Skip(&cursor, "$2a$") && !Skip(&cursor, "$2b$") && !Skip(&cursor, "$2y$")) ||
		text[4] < '0' || text[4] > '9' || text[5] < '0' || text[5] > '9' || text[6] != '$')
		return false;
	hash->cost = (uint32_t) ((text[4] - '0') * 10 + text[5] - '0');
	for (cursor.at = text + 7; cursor.at < cursor.end; cursor.at++)
	{
		char c = *cursor.at;

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			  c == '.' || c == '/'))
			return false;
	}
	return hash->cost >= 4 && hash->cost <= HF_BCRYPT_MAX_COST;
}

/* hf_password_read reads a stored hash; see password_core.h. */
void
hf_password_read(const char *text, size_t length, HfPasswordHash *hash)
{
	Cursor cursor = {text, text + length};

	memset(hash, 0, sizeof(*hash));
	if (ReadArgon2id(cursor, hash))
		hash->kind = HF_PASSWORD_ARGON2ID;
	else if (ReadBcrypt(cursor, hash))
		hash->kind = HF_PASSWORD_BCRYPT;
}

/* hf_password_is_current compares with the settings; see password_core.h. */
bool
hf_password_is_current(const HfPasswordHash *hash, uint32_t memory, uint32_t time)
{
	return hash->kind == HF_PASSWORD_ARGON2ID && hash->memory == memory && hash->time == time &&
		   hash->lanes == 1;
}

/* hf_password_make makes a hash; see password_core.h. */
bool
hf_password_make(const char *password, size_t length, uint32_t memory, uint32_t time,
				 char out[crypto_pwhash_STRBYTES])
{
	return crypto_pwhash_str_alg(out, password, length, time, (size_t) memory * 1024,
								 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

/* The bytes of a stored hash. */
typedef struct Stored
{
	uint8_t salt[48];
	size_t salt_length;
	uint8_t hash[64];
	size_t hash_length;
} Stored;

/* Decode reads the last two fields of a hash that hf_password_read has found well-formed. */
static bool
Decode(const char *stored, Stored *bytes)
{
	const char *end = stored + strlen(stored);
	const char *hash = strrchr(stored, '$') + 1;
	const char *salt = hash - 1;

	while (salt[-1] != '$')
		salt--;
	return sodium_base642bin(bytes->salt, sizeof(bytes->salt), salt, (size_t) (hash - 1 - salt),
							 NULL, &bytes->salt_length, NULL,
							 sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
		   sodium_base642bin(bytes->hash, sizeof(bytes->hash), hash, (size_t) (end - hash), NULL,
							 &bytes->hash_length, NULL,
							 sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0;
}

/* CheckOurs computes a hash of one lane and a salt of libsodium's length. */
static HfPasswordStatus
CheckOurs(const HfPasswordHash *hash, const Stored *bytes, const char *password, size_t length)
{
	uint8_t computed[sizeof(bytes->hash)];
	bool same;

	if (crypto_pwhash(computed, bytes->hash_length, password, length, bytes->salt, hash->time,
					  (size_t) hash->memory * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return HF_PASSWORD_NO_MEMORY;
	same = sodium_memcmp(computed, bytes->hash, bytes->hash_length) == 0;
	sodium_memzero(computed, sizeof(computed));
	return same ? HF_PASSWORD_MATCH : HF_PASSWORD_NO_MATCH;
}

/*
 * CheckForeign lets libsodium read the hash again, which is its only way to more lanes or another salt. There a lack of
 * memory looks like a wrong password; so when it does not match, the memory is asked for once more.
 */
static HfPasswordStatus
CheckForeign(const HfPasswordHash *hash, const char *stored, const char *password, size_t length)
{
	char copy[crypto_pwhash_STRBYTES] = {0}; /* as much as libsodium may read */
	void *volatile memory;					 /* volatile: or the compiler leaves both calls out */

	memcpy(copy, stored, strlen(stored));
	if (crypto_pwhash_str_verify(copy, password, length) == 0)
		return HF_PASSWORD_MATCH;
	memory = malloc((size_t) hash->memory * 1024);
	if (memory == NULL)
		return HF_PASSWORD_NO_MEMORY;
	free(memory);
	return HF_PASSWORD_NO_MATCH;
}

/* hf_password_check compares; see password_core.h. */
HfPasswordStatus
hf_password_check(const HfPasswordHash *hash, const char *stored, const char *password,
				  size_t length)
{
	Stored bytes;

	if (!Decode(stored, &bytes))
		return HF_PASSWORD_UNREADABLE;
	if (hash->lanes == 1 && bytes.salt_length == crypto_pwhash_SALTBYTES)
		return CheckOurs(hash, &bytes, password, length);
	return CheckForeign(hash, stored, password, length);
}

/* hf_password_waste spends time; see password_core.h. */
bool
hf_password_waste(const char *password, size_t length, uint32_t memory, uint32_t time)
{
	static const uint8_t salt[crypto_pwhash_SALTBYTES] = "nobody's salt";
	uint8_t out[HF_DIGEST_KEY_SIZE];
	int failed = crypto_pwhash(out, sizeof(out), password, length, salt, time,
							   (size_t) memory * 1024, crypto_pwhash_ALG_ARGON2ID13);

	sodium_memzero(out, sizeof(out));
	return failed == 0;
}

/* hf_password_digest computes a digest; see password_core.h. */
bool
hf_password_digest(const char *text, size_t length, const uint8_t salt[HF_DIGEST_KEY_SALT],
				   uint8_t out[HF_DIGEST_KEY_SIZE])
{
	return crypto_pwhash(out, HF_DIGEST_KEY_SIZE, text, length, salt, HF_ARGON2_MIN_TIME,
						 (size_t) HF_ARGON2_MIN_MEMORY * 1024, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

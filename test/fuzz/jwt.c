/*
 * jwt.c
 *		Tokens: as they come, and, so that the signature lets them pass, signed here.
 */
#include "fuzz.h"
#include "identity/jwt_core.h"

static const unsigned char secret[HF_JWT_MIN_SECRET] = "a secret of thirty-two bytes  :)";

/* Open gives a token to the core; a payload is written only when all is well, and is shorter than the token. */
static HfJwtStatus
Open(const char *token, size_t length, char **payload, size_t *payload_length)
{
	HfJwtKey key;
	HfJwtStatus status;

	PROMISE(hf_jwt_key(secret, sizeof(secret), &key));
	*payload = malloc(length + 1);
	*payload_length = 0;
	status = hf_jwt_open(token, length, &key, *payload, payload_length);
	PROMISE(status != HF_JWT_OK || *payload_length < length);
	return status;
}

/* Signed appends the right signature to "header.payload". */
static char *
Signed(const uint8_t *data, size_t size, size_t *length)
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char *token = malloc(size + 48);

	crypto_auth_hmacsha256_init(&state, secret, sizeof(secret));
	crypto_auth_hmacsha256_update(&state, data, size);
	crypto_auth_hmacsha256_final(&state, mac);
	memcpy(token, data, size);
	token[size] = '.';
	sodium_bin2base64(token + size + 1, 47, mac, sizeof(mac),
					  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	*length = size + 1 + strlen(token + size + 1);
	return token;
}

/* CheckBase64 compares the decoder with libsodium's encoder: one text for one value. */
static void
CheckBase64(const uint8_t *data, size_t size)
{
	unsigned char *bytes = malloc(size * 3 / 4 + 1);
	size_t nbytes;

	if (hf_base64url_decode((const char *) data, size, bytes, &nbytes))
	{
		size_t room = sodium_base64_encoded_len(nbytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
		char *again = malloc(room);

		PROMISE(nbytes <= size * 3 / 4);
		sodium_bin2base64(again, room, bytes, nbytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
		PROMISE(room - 1 == size && memcmp(again, data, size) == 0);
		free(again);
	}
	free(bytes);
}

/* CheckSealed: what is signed here is opened again, and is of the type that is asked for. */
static void
CheckSealed(const uint8_t *data, size_t size)
{
	HfJwtKey key;
	char *token = malloc(hf_jwt_sealed_length(size) + 1);
	char *payload;
	size_t length;

	PROMISE(hf_jwt_key(secret, sizeof(secret), &key));
	hf_jwt_seal((const char *) data, size, &key, token);
	PROMISE(strlen(token) == hf_jwt_sealed_length(size));
	PROMISE(hf_jwt_is_jwt(token, strlen(token)));
	if (size > 0)
	{
		PROMISE(Open(token, strlen(token), &payload, &length) == HF_JWT_OK);
		PROMISE(length == size && memcmp(payload, data, size) == 0);
		free(payload);
	}
	free(token);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *payload;
	char *token;
	char *header = malloc(size + 1);
	const char *found;
	size_t length;

	hf_jwt_is_jwt((const char *) data, size);
	Open((const char *) data, size, &payload, &length);
	free(payload);
	token = Signed(data, size, &length);
	if (Open(token, length, &payload, &length) == HF_JWT_OK)
	{
		free(payload);
		/* the same with another signature is worth nothing */
		token[size + 1] ^= 1;
		PROMISE(Open(token, size + 44, &payload, &length) != HF_JWT_OK);
	}
	free(payload);
	free(token);
	CheckBase64(data, size);
	CheckSealed(data, size);
	memcpy(header, data, size);
	header[size] = '\0';
	if (hf_jwt_bearer(header, &found))
		PROMISE(Inside(found, strlen(found), header, size));
	free(header);
	return 0;
}

/*
 * totp.c
 *		Secrets, codes and backup codes as people type them, and HMAC signatures as services send them.
 */
#include <sodium.h>

#include "fuzz.h"
#include "auth/sha1_core.h"
#include "auth/totp_core.h"

/* CheckBase32: what is decoded is encoded as the digits that were read; what is encoded is decoded again. */
static void
CheckBase32(const uint8_t *data, size_t size)
{
	uint8_t bytes[HF_TOTP_MAX_SECRET];
	char encoded[(HF_TOTP_MAX_SECRET * 8 + 4) / 5 + 1];
	size_t length;
	size_t part = size < sizeof(bytes) ? size : sizeof(bytes);

	if (hf_base32_decode((const char *) data, size, bytes, sizeof(bytes), &length))
	{
		const char *digit = encoded;

		PROMISE(length <= sizeof(bytes));
		hf_base32_encode(bytes, length, encoded);
		for (size_t i = 0; i < size && digit[0] != '\0' && digit[1] != '\0'; i++)
		{
			if (data[i] != ' ' && data[i] != '-')
				PROMISE((data[i] & ~0x20) == (*digit & ~0x20) && *digit++);
		}
	}
	hf_base32_encode(data, part, encoded);
	PROMISE(strlen(encoded) == (part * 8 + 4) / 5);
	PROMISE(hf_base32_decode(encoded, strlen(encoded), bytes, sizeof(bytes), &length));
	PROMISE(length == part && memcmp(bytes, data, part) == 0);
}

/* CheckTotp: a step that matches is within the drift, after the last, and has that code; and nothing is missed. */
static void
CheckTotp(const uint8_t *data, size_t size)
{
	HfTotp totp = {.algorithm = (HfHmac) (data[0] % 3), .digits = 6 + data[1] % 3};
	int drift = data[2] % (HF_TOTP_MAX_DRIFT + 1);
	int64_t now = data[3] << 8 | data[4];
	int64_t last = now + (int8_t) data[5] % 4;
	int64_t given = now + (int8_t) data[6] % 4;
	int64_t step;
	uint32_t code;

	totp.secret_length = size - 7 < sizeof(totp.secret) ? size - 7 : sizeof(totp.secret);
	memcpy(totp.secret, data + 7, totp.secret_length);
	code = hf_totp_code(&totp, (uint64_t) given);
	PROMISE(code < (totp.digits == 6 ? 1000000u : totp.digits == 7 ? 10000000u : 100000000u));
	if (hf_totp_match(&totp, code, now, drift, last, &step))
		PROMISE(step > last && step >= now - drift && step <= now + drift && step >= given &&
				hf_totp_code(&totp, (uint64_t) step) == code);
	else
		PROMISE(given <= last || given < now - drift || given > now + drift || given < 0);
}

/* CheckCodes: what is read of a code has its digits; a backup code is read as it was made. */
static void
CheckCodes(const uint8_t *data, size_t size)
{
	char letters[HF_BACKUP_CODE_LETTERS];
	char made[HF_BACKUP_CODE_LENGTH + 1];
	uint32_t code;

	if (hf_totp_read_code((const char *) data, size, 6, &code))
		PROMISE(code <= 999999);
	if (hf_backup_code_read((const char *) data, size, letters))
	{
		for (int i = 0; i < HF_BACKUP_CODE_LETTERS; i++)
			PROMISE((letters[i] >= '0' && letters[i] <= '9') ||
					(letters[i] >= 'a' && letters[i] <= 'z'));
	}
	hf_backup_code(data, made);
	PROMISE(strlen(made) == HF_BACKUP_CODE_LENGTH && made[5] == '-');
	PROMISE(hf_backup_code_read(made, strlen(made), letters));
	PROMISE(memcmp(letters, made, 5) == 0 && memcmp(letters + 5, made + 6, 5) == 0);
}

/* CheckSignatures: the right one matches, in every encoding; what is decoded is encoded as it was. */
static void
CheckSignatures(const uint8_t *data, size_t size)
{
	HfHmac algorithm = (HfHmac) (data[0] % 3);
	size_t length = hf_hmac_size(algorithm);
	size_t key = data[1] % size;
	uint8_t mac[HF_HMAC_MAX_BYTES];
	uint8_t read[HF_HMAC_MAX_BYTES];
	char text[2 * HF_HMAC_MAX_BYTES + 1];

	hf_hmac_compute(algorithm, data, key, data + key, size - key, mac);
	PROMISE(hf_hmac_matches(algorithm, data, key, data + key, size - key, mac, length));
	PROMISE(!hf_hmac_matches(algorithm, data, key, data + key, size - key, mac, length - 1));
	mac[data[2] % length] ^= 1;
	PROMISE(!hf_hmac_matches(algorithm, data, key, data + key, size - key, mac, length));
	sodium_bin2hex(text, sizeof(text), mac, length);
	PROMISE(hf_signature_decode(HF_ENCODING_HEX, text, strlen(text), read, length));
	PROMISE(memcmp(read, mac, length) == 0);
	PROMISE(!hf_signature_decode(HF_ENCODING_HEX, text, strlen(text) - 2, read, length));
	sodium_bin2base64(text, sizeof(text), mac, length, sodium_base64_VARIANT_ORIGINAL);
	PROMISE(hf_signature_decode(HF_ENCODING_BASE64, text, strlen(text), read, length));
	PROMISE(memcmp(read, mac, length) == 0);
	for (HfEncoding e = HF_ENCODING_HEX; e <= HF_ENCODING_BASE64URL; e++)
		hf_signature_decode(e, (const char *) data, size, read, length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 8)
		return 0;
	CheckBase32(data, size);
	CheckTotp(data, size);
	CheckCodes(data, size);
	CheckSignatures(data, size);
	return 0;
}

/*
 * totp_core.c
 *		One-time passwords: nothing here branches on a secret or on a code that was computed from one.
 */
#include <string.h>

#include <sodium.h>

#include "auth/totp_core.h"

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* Crockford's: no i, l, o, u. What looks like one of them is read as it. */
static const char crockford[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* hf_base32_encode encodes; see totp_core.h. */
void
hf_base32_encode(const uint8_t *data, size_t length, char *out)
{
	unsigned bits = 0;
	int pending = 0;

	for (size_t i = 0; i < length; i++)
	{
		bits = (bits << 8 | data[i]) & 0xfff;
		pending += 8;
		while (pending >= 5)
		{
			pending -= 5;
			*out++ = base32[bits >> pending & 31];
		}
	}
	if (pending > 0)
		*out++ = base32[bits << (5 - pending) & 31];
	*out = '\0';
}

/* Base32Digit is the value of a base32 digit, or -1. */
static int
Base32Digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	return -1;
}

/* hf_base32_decode decodes; see totp_core.h. */
bool
hf_base32_decode(const char *text, size_t length, uint8_t *out, size_t size, size_t *out_length)
{
	unsigned bits = 0;
	int pending = 0;
	size_t used = 0;
	size_t digits = 0;

	while (length > 0 && text[length - 1] == '=')
		length--;
	for (size_t i = 0; i < length; i++)
	{
		int digit = Base32Digit(text[i]);

		if (text[i] == ' ' || text[i] == '-')
			continue;
		if (digit < 0)
			return false;
		digits++;
		bits = (bits << 5 | (unsigned) digit) & 0xfff;
		pending += 5;
		if (pending >= 8)
		{
			if (used == size)
				return false;
			pending -= 8;
			out[used++] = (uint8_t) (bits >> pending);
		}
	}
	*out_length = used;
	/* no number of bytes has this many digits */
	return digits % 8 != 1 && digits % 8 != 3 && digits % 8 != 6;
}

/* hf_totp_code truncates an authentication code as RFC 4226 section 5.3 says. */
uint32_t
hf_totp_code(const HfTotp *totp, uint64_t step)
{
	static const uint32_t moduli[] = {
		[HF_TOTP_MIN_DIGITS] = 1000000, [7] = 10000000, [HF_TOTP_MAX_DIGITS] = 100000000};
	uint8_t counter[8];
	uint8_t mac[HF_HMAC_MAX_BYTES];
	const uint8_t *at;
	uint32_t code;

	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t) (step >> (56 - 8 * i));
	hf_hmac_compute(totp->algorithm, totp->secret, totp->secret_length, counter, sizeof(counter),
					mac);
	at = mac + (mac[hf_hmac_size(totp->algorithm) - 1] & 0x0f);
	code = (uint32_t) (at[0] & 0x7f) << 24 | (uint32_t) at[1] << 16 | (uint32_t) at[2] << 8 | at[3];
	sodium_memzero(mac, sizeof(mac));
	return code % moduli[totp->digits];
}

/* hf_totp_read_code reads what was typed; see totp_core.h. */
bool
hf_totp_read_code(const char *text, size_t length, int digits, uint32_t *code)
{
	uint32_t value = 0;
	int seen = 0;

	for (size_t i = 0; i < length; i++)
	{
		if (text[i] == ' ')
			continue;
		if (text[i] < '0' || text[i] > '9' || ++seen > digits)
			return false;
		value = value * 10 + (uint32_t) (text[i] - '0');
	}
	*code = value;
	return seen == digits;
}

/* hf_totp_match compares with every step that counts; see totp_core.h. */
bool
hf_totp_match(const HfTotp *totp, uint32_t code, int64_t now, int drift, int64_t last,
			  int64_t *step)
{
	int64_t found = -1;

	for (int64_t at = now - drift; at <= now + drift; at++)
	{
		uint32_t expected = hf_totp_code(totp, (uint64_t) at);
		int64_t same = -(int64_t) (sodium_memcmp(&expected, &code, sizeof(code)) == 0);
		int64_t allowed = -(int64_t) (at > last);

		same &= allowed;
		found = (at & same) | (found & ~same);
	}
	*step = found;
	return found >= 0;
}

/* hf_backup_code makes a code; see totp_core.h. */
void
hf_backup_code(const uint8_t *random, char out[HF_BACKUP_CODE_LENGTH + 1])
{
	uint64_t bits = 0;

	for (int i = 0; i < 7; i++)
		bits = bits << 8 | random[i];
	for (int i = 0; i < HF_BACKUP_CODE_LETTERS; i++)
	{
		*out++ = crockford[bits & 31];
		bits >>= 5;
		if (i == HF_BACKUP_CODE_LETTERS / 2 - 1)
			*out++ = '-';
	}
	*out = '\0';
}

/* BackupLetter is the canonical form of a letter, or 0. */
static char
BackupLetter(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char) (c - 'A' + 'a');
	if (c == 'i' || c == 'l')
		return '1';
	if (c == 'o')
		return '0';
	return c != '\0' && strchr(crockford, c) != NULL ? c : '\0';
}

/* hf_backup_code_read reads what was typed; see totp_core.h. */
bool
hf_backup_code_read(const char *text, size_t length, char out[HF_BACKUP_CODE_LETTERS])
{
	int used = 0;

	for (size_t i = 0; i < length; i++)
	{
		char letter;

		if (text[i] == ' ' || text[i] == '-')
			continue;
		letter = BackupLetter(text[i]);
		if (letter == '\0' || used == HF_BACKUP_CODE_LETTERS)
			return false;
		out[used++] = letter;
	}
	return used == HF_BACKUP_CODE_LETTERS;
}

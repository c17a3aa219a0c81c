/*
 * totp.c
 *		The second factor: one-time passwords and backup codes.
 *
 * Nothing is stored here. The caller keeps the secret (sealed), the last step that was accepted, and the digests of the
 * backup codes; and counts failures, without which six digits are guessed in an afternoon.
 */
#include "compat.h"

#include <sodium.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "auth/totp_core.h"
#include "base/clock.h"
#include "errors.h"

#define MAX_LABEL		 255
#define MIN_PERIOD		 15
#define MAX_PERIOD		 120
#define DEFAULT_PERIOD	 30
#define MAX_BACKUP_CODES 50

PG_FUNCTION_INFO_V1(hf_totp_secret);
PG_FUNCTION_INFO_V1(hf_totp_uri);
PG_FUNCTION_INFO_V1(hf_verify_totp);
PG_FUNCTION_INFO_V1(hf_compute_totp);
PG_FUNCTION_INFO_V1(hf_backup_codes);

/* Secret reads a secret into totp. */
static void
Secret(text *value, HfTotp *totp)
{
	bool good = hf_base32_decode(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), totp->secret,
								 sizeof(totp->secret), &totp->secret_length);

	if (!good || totp->secret_length < HF_TOTP_MIN_SECRET)
	{
		sodium_memzero(totp, sizeof(*totp));
		hf_raise_invalid("secret", "is not base32 of 10 to 128 bytes");
	}
}

/* Number reads an argument that has bounds. */
static int
Number(FunctionCallInfo fcinfo, int arg, const char *name, int least, int most)
{
	int value;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid(name, "is null");
	value = PG_GETARG_INT32(arg);
	if (value < least || value > most)
		hf_raise_invalid(name, psprintf("is not from %d to %d", least, most));
	return value;
}

/* Options reads digits and algorithm, which stand in this order. */
static void
Options(FunctionCallInfo fcinfo, int arg, HfTotp *totp)
{
	totp->digits = Number(fcinfo, arg, "digits", HF_TOTP_MIN_DIGITS, HF_TOTP_MAX_DIGITS);
	if (PG_ARGISNULL(arg + 1) ||
		!hf_hmac_find(text_to_cstring(PG_GETARG_TEXT_PP(arg + 1)), &totp->algorithm))
		hf_raise_invalid("algorithm", "is not sha1, sha256 or sha512");
}

/* CurrentStep counts periods since 1970. */
static int64
CurrentStep(int period)
{
	int64 epoch = (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;

	return (hf_clock_now() + epoch) / USECS_PER_SEC / period;
}

/* totp_secret() */
Datum
hf_totp_secret(PG_FUNCTION_ARGS)
{
	uint8 secret[HF_TOTP_SECRET_BYTES];
	char encoded[(HF_TOTP_SECRET_BYTES * 8 + 4) / 5 + 1];
	text *result;

	randombytes_buf(secret, sizeof(secret));
	hf_base32_encode(secret, sizeof(secret), encoded);
	result = cstring_to_text(encoded);
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(encoded, sizeof(encoded));
	PG_RETURN_TEXT_P(result);
}

/* Label reads the name of an account or issuer as UTF-8. The colon separates the two, so neither may have one. */
static char *
Label(FunctionCallInfo fcinfo, int arg, const char *name)
{
	text *value;
	char *label;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid(name, "is null");
	value = PG_GETARG_TEXT_PP(arg);
	if (VARSIZE_ANY_EXHDR(value) == 0 || VARSIZE_ANY_EXHDR(value) > MAX_LABEL)
		hf_raise_invalid(name, "is empty or longer than 255 bytes");
	label = text_to_cstring(value);
	if (strchr(label, ':') != NULL)
		hf_raise_invalid(name, "has a colon");
	return pg_server_to_any(label, strlen(label), PG_UTF8);
}

/* AppendEscaped appends text percent-encoded (RFC 3986). */
static void
AppendEscaped(StringInfo uri, const char *text)
{
	for (; *text != '\0'; text++)
	{
		unsigned char c = (unsigned char) *text;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			strchr("-._~", c) != NULL)
			appendStringInfoChar(uri, (char) c);
		else
			appendStringInfo(uri, "%%%02X", c);
	}
}

/* totp_uri(secret, account, issuer) */
Datum
hf_totp_uri(PG_FUNCTION_ARGS)
{
	HfTotp totp;
	char encoded[(HF_TOTP_MAX_SECRET * 8 + 4) / 5 + 1];
	char *account = Label(fcinfo, 1, "account");
	char *issuer = Label(fcinfo, 2, "issuer");
	StringInfoData uri;
	text *result;

	if (PG_ARGISNULL(0))
		hf_raise_invalid("secret", "is null");
	Secret(PG_GETARG_TEXT_PP(0), &totp);
	hf_base32_encode(totp.secret, totp.secret_length, encoded);
	initStringInfo(&uri);
	appendStringInfoString(&uri, "otpauth://totp/");
	AppendEscaped(&uri, issuer);
	appendStringInfoChar(&uri, ':');
	AppendEscaped(&uri, account);
	appendStringInfo(&uri, "?secret=%s&issuer=", encoded);
	AppendEscaped(&uri, issuer);
	appendStringInfoString(&uri, "&algorithm=SHA1&digits=6&period=30");
	result = cstring_to_text_with_len(uri.data, uri.len);
	sodium_memzero(uri.data, uri.len);
	sodium_memzero(encoded, sizeof(encoded));
	sodium_memzero(&totp, sizeof(totp));
	PG_RETURN_TEXT_P(result);
}

/* totp_verify(secret, code, last_step, drift, digits, algorithm, period): a missing secret costs what a wrong code does. */
Datum
hf_verify_totp(PG_FUNCTION_ARGS)
{
	HfTotp totp = {.secret_length = HF_TOTP_SECRET_BYTES};
	int drift = Number(fcinfo, 3, "drift", 0, HF_TOTP_MAX_DRIFT);
	int period = Number(fcinfo, 6, "period", MIN_PERIOD, MAX_PERIOD);
	uint32_t code = 0;
	int64_t step;
	bool possible;

	Options(fcinfo, 4, &totp);
	if (!PG_ARGISNULL(0))
		Secret(PG_GETARG_TEXT_PP(0), &totp);
	possible = !PG_ARGISNULL(0) && !PG_ARGISNULL(1) &&
			   hf_totp_read_code(VARDATA_ANY(PG_GETARG_TEXT_PP(1)),
								 VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(1)), totp.digits, &code);
	possible &= hf_totp_match(&totp, code, CurrentStep(period), drift,
							  PG_ARGISNULL(2) ? -1 : PG_GETARG_INT64(2), &step);
	sodium_memzero(&totp, sizeof(totp));
	if (!possible)
		PG_RETURN_NULL();
	PG_RETURN_INT64(step);
}

/* totp_code(secret, step, digits, algorithm) */
Datum
hf_compute_totp(PG_FUNCTION_ARGS)
{
	HfTotp totp;
	int64 step = PG_ARGISNULL(1) ? CurrentStep(DEFAULT_PERIOD) : PG_GETARG_INT64(1);
	char *code;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (step < 0)
		hf_raise_invalid("step", "is negative");
	Options(fcinfo, 2, &totp);
	Secret(PG_GETARG_TEXT_PP(0), &totp);
	code = psprintf("%0*u", totp.digits, hf_totp_code(&totp, (uint64_t) step));
	sodium_memzero(&totp, sizeof(totp));
	PG_RETURN_TEXT_P(cstring_to_text(code));
}

/* backup_codes(n) */
Datum
hf_backup_codes(PG_FUNCTION_ARGS)
{
	int n = Number(fcinfo, 0, "n", 1, MAX_BACKUP_CODES);
	Datum *codes = palloc(sizeof(Datum) * n);
	uint8 random[7];
	char code[HF_BACKUP_CODE_LENGTH + 1];

	for (int i = 0; i < n; i++)
	{
		randombytes_buf(random, sizeof(random));
		hf_backup_code(random, code);
		codes[i] = CStringGetTextDatum(code);
	}
	sodium_memzero(random, sizeof(random));
	sodium_memzero(code, sizeof(code));
	PG_RETURN_ARRAYTYPE_P(construct_array(codes, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * jwt_sign.c
 *		Tokens that the database itself signs and checks: for meeting rooms, for other services, and for PostgREST.
 *
 * HS256 and nothing else. A token always expires. The secret of PostgREST is only ever read from its file, by jwt_issue;
 * no argument of SQL, and so no log, holds it.
 */
#include "compat.h"

#include "fmgr.h"
#include "common/int.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "errors.h"
#include "identity/claims_json_core.h"
#include "identity/jwt.h"

#define MAX_SIGNED_LIFE (366 * USECS_PER_DAY)
#define MAX_ISSUED_LIFE USECS_PER_DAY
#define MAX_LEEWAY		(5 * USECS_PER_MINUTE)
#define MAX_EXACT		9007199254740992.0 /* beyond it a double does not hold every second */

PG_FUNCTION_INFO_V1(hf_sign_jwt);
PG_FUNCTION_INFO_V1(hf_issue_jwt);
PG_FUNCTION_INFO_V1(hf_verify_jwt);

/* UnixTime is the current time in seconds since 1970. */
static double
UnixTime(void)
{
	return (double) hf_clock_now() / USECS_PER_SEC +
		   (double) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
}

/* Length reads an interval of whole days and time; a day has 24 hours. */
static int64
Length(FunctionCallInfo fcinfo, int arg, const char *name, int64 least, int64 most,
	   const char *bounds)
{
	const Interval *interval;
	int64 length;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid(name, "is null");
	interval = PG_GETARG_INTERVAL_P(arg);
	if (interval->month != 0 || pg_mul_s64_overflow(interval->day, USECS_PER_DAY, &length) ||
		pg_add_s64_overflow(length, interval->time, &length) || length < least || length > most)
		hf_raise_invalid(name, bounds);
	return length;
}

/* Claim finds a claim. */
static JsonbValue *
Claim(Jsonb *claims, const char *name)
{
	return getKeyJsonValueFromContainer(&claims->root, name, strlen(name), NULL);
}

/* Payload is the claims with the times of their life, in UTF-8. */
static char *
Payload(Jsonb *claims, int64 life)
{
	int64 now = (int64) UnixTime();
	char *text;
	char *with_times;

	if (!JB_ROOT_IS_OBJECT(claims))
		hf_raise_invalid("claims", "is not an object");
	if (Claim(claims, "exp") != NULL || Claim(claims, "iat") != NULL)
		hf_raise_invalid("claims", "has exp or iat, which expires_in decides");
	text = JsonbToCString(NULL, &claims->root, VARSIZE(claims));
	text[strlen(text) - 1] = '\0';
	/* a life of a fraction of a second still ends after it began */
	with_times = psprintf("%s%s\"iat\": " INT64_FORMAT ", \"exp\": " INT64_FORMAT "}", text,
						  JB_ROOT_COUNT(claims) > 0 ? ", " : "", now,
						  now + (life + USECS_PER_SEC - 1) / USECS_PER_SEC);
	return pg_server_to_any(with_times, strlen(with_times), PG_UTF8);
}

/* Sealed is a token as text. */
static text *
Sealed(FunctionCallInfo fcinfo, int64 life, const HfJwtKey *key)
{
	char *payload;
	char *token;

	if (PG_ARGISNULL(0))
		hf_raise_invalid("claims", "is null");
	payload = Payload(PG_GETARG_JSONB_P(0), life);
	if (hf_jwt_sealed_length(strlen(payload)) > HF_JWT_MAX_LENGTH)
		hf_raise_invalid("claims", "is too long");
	token = palloc(hf_jwt_sealed_length(strlen(payload)) + 1);
	hf_jwt_seal(payload, strlen(payload), key, token);
	return cstring_to_text(token);
}

/* Key reads a key given as an argument. */
static void
Key(FunctionCallInfo fcinfo, int arg, HfJwtKey *key)
{
	bytea *secret;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid("key", "is null");
	secret = PG_GETARG_BYTEA_PP(arg);
	if (!hf_jwt_key((unsigned char *) VARDATA_ANY(secret), VARSIZE_ANY_EXHDR(secret), key))
		hf_raise_invalid("key", "is shorter than 32 bytes");
}

/* jwt_sign(claims, key, expires_in) */
Datum
hf_sign_jwt(PG_FUNCTION_ARGS)
{
	int64 life = Length(fcinfo, 2, "expires_in", 1, MAX_SIGNED_LIFE,
						"is not positive, longer than 366 days, or has months");
	HfJwtKey key;
	text *token;

	Key(fcinfo, 1, &key);
	token = Sealed(fcinfo, life, &key);
	sodium_memzero(&key, sizeof(key));
	PG_RETURN_TEXT_P(token);
}

/* jwt_issue(claims, expires_in) */
Datum
hf_issue_jwt(PG_FUNCTION_ARGS)
{
	int64 life = Length(fcinfo, 1, "expires_in", 1, MAX_ISSUED_LIFE,
						"is not positive, longer than 24 hours, or has months");

	PG_RETURN_TEXT_P(Sealed(fcinfo, life, hf_jwt_configured_key()));
}

/* Refuse raises token_invalid. What is wrong is for the developer, and says nothing that the token does not. */
pg_noreturn static void Refuse(const char *reason);

static void
Refuse(const char *reason)
{
	hf_raise("token_invalid", NULL, psprintf("Send a valid token: this one %s.", reason), -1);
}

/* CountMember is the visitor that counts the claims as they are written. */
static bool
CountMember(void *state, const HfJsonMember *member)
{
	uint32 *count = state;

	*count += member->level == 1;
	return true;
}

/* Claims reads a payload. A claim that is given twice disappears in jsonb, so the two are counted. */
static Jsonb *
Claims(char *payload, size_t length)
{
	uint32 count = 0;
	char *server;
	Jsonb *claims;

	if (memchr(payload, '\0', length) != NULL || !pg_verify_mbstr(PG_UTF8, payload, length, true))
		Refuse("does not hold text in UTF-8");
	payload[length] = '\0';
	if (hf_json_visit(payload, length, CountMember, &count) != HF_JSON_OK)
		Refuse("does not hold a JSON object");
	server = pg_any_to_server(payload, length, PG_UTF8);
	claims = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(server)));
	if (JB_ROOT_COUNT(claims) != count)
		Refuse("gives a claim twice");
	return claims;
}

/* Open checks a token's form and signature and returns its claims. */
static Jsonb *
Open(FunctionCallInfo fcinfo)
{
	static const char *const reasons[] = {
		[HF_JWT_MALFORMED] = "is not well-formed",
		[HF_JWT_ALGORITHM] = "is not signed with HS256",
		[HF_JWT_SIGNATURE] = "has a wrong signature",
		[HF_JWT_TYPE] = "is of another type",
	};
	HfJwtKey key;
	HfJwtStatus status;
	text *token;
	char *payload;
	size_t length;

	Key(fcinfo, 1, &key);
	if (PG_ARGISNULL(0))
		Refuse("is missing");
	token = PG_GETARG_TEXT_PP(0);
	payload = palloc(VARSIZE_ANY_EXHDR(token) + 1);
	status = hf_jwt_open(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token), &key, payload, &length);
	sodium_memzero(&key, sizeof(key));
	if (status == HF_JWT_OK && !hf_jwt_is_jwt(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token)))
		status = HF_JWT_TYPE;
	if (status != HF_JWT_OK)
		Refuse(reasons[status]);
	return Claims(payload, length);
}

/* Time reads a claim that is a NumericDate; false when it is absent. */
static bool
Time(Jsonb *claims, const char *name, double *time)
{
	JsonbValue *value = Claim(claims, name);

	if (value == NULL)
		return false;
	if (value->type != jbvNumeric)
		Refuse("has a time that is no number");
	*time = DatumGetFloat8(
		DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
	if (!(*time >= 0 && *time <= MAX_EXACT))
		Refuse("has a time out of range");
	return true;
}

/* CheckTimes compares with the clock; a token without an end is none. */
static void
CheckTimes(Jsonb *claims, double leeway)
{
	double now = UnixTime();
	double time;

	if (Time(claims, "nbf", &time) && time > now + leeway)
		Refuse("is not valid yet");
	if (Time(claims, "iat", &time) && time > now + leeway)
		Refuse("was issued in the future");
	if (!Time(claims, "exp", &time))
		Refuse("never expires");
	if (now >= time + leeway)
		hf_raise("token_expired", NULL, NULL, -1);
}

/* Is compares a JSON string with a text. */
static bool
Is(const JsonbValue *value, const text *wanted)
{
	return value != NULL && value->type == jbvString &&
		   value->val.string.len == VARSIZE_ANY_EXHDR(wanted) &&
		   memcmp(value->val.string.val, VARDATA_ANY(wanted), value->val.string.len) == 0;
}

/* CheckAudience: a token that names an audience is for that one only, and one that is asked for must be named. */
static void
CheckAudience(Jsonb *claims, const text *audience)
{
	JsonbValue *value = Claim(claims, "aud");
	bool found = false;

	if (value == NULL && audience == NULL)
		return;
	if (value == NULL || audience == NULL)
		Refuse("is for another audience");
	if (value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data))
	{
		for (uint32 i = 0; i < JsonContainerSize(value->val.binary.data) && !found; i++)
			found = Is(getIthJsonbValueFromContainer(value->val.binary.data, i), audience);
	}
	else
		found = Is(value, audience);
	if (!found)
		Refuse("is for another audience");
}

/* jwt_verify(token, key, audience, issuer, leeway) */
Datum
hf_verify_jwt(PG_FUNCTION_ARGS)
{
	int64 leeway = Length(fcinfo, 4, "leeway", 0, MAX_LEEWAY,
						  "is negative, longer than 5 minutes, or has months");
	Jsonb *claims = Open(fcinfo);

	CheckAudience(claims, PG_ARGISNULL(2) ? NULL : PG_GETARG_TEXT_PP(2));
	if (!PG_ARGISNULL(3) && !Is(Claim(claims, "iss"), PG_GETARG_TEXT_PP(3)))
		Refuse("is from another issuer");
	CheckTimes(claims, (double) leeway / USECS_PER_SEC);
	PG_RETURN_JSONB_P(claims);
}

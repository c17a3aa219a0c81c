/*
 * jwt.c
 *		Verification of the token in the Authorization header, for servers whose SQL sessions are not trusted to
 *		set request.jwt.claims truthfully.
 *
 * The secret is read from its file at first need, and again after each reload of the configuration. Only its
 * absorbed form stays in memory. A token that has passed is remembered with its payload until another token
 * comes or the secret is read again; its times are not remembered as good but checked at each use (claims.c).
 *
 * Messages name neither the file, nor the token, nor any claim: they reach the client. The server log gets the
 * file's name.
 */
#include "compat.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mb/pg_wchar.h"
#include "storage/fd.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "errors.h"
#include "guc.h"
#include "identity/jwt.h"
#include "identity/request.h"

#define MAX_SECRET 4096

static MemoryContext context = NULL; /* holds header and payload */
static HfJwtKey key;
static char *key_path = NULL;	   /* where key came from, allocated for good, or NULL */
static TimestampTz key_reload = 0; /* PgReloadTime when it was read */
static char *header = NULL;		   /* the raw Authorization header that passed, or NULL */
static Size header_length;
static char *payload = NULL; /* its payload */

/* hf_jwt_init makes the context. */
void
hf_jwt_init(void)
{
	context = AllocSetContextCreate(TopMemoryContext, "holdfast token", ALLOCSET_SMALL_SIZES);
}

/* hf_jwt_required looks at the setting; see jwt.h. */
bool
hf_jwt_required(void)
{
	return hf_jwt_secret_file != NULL && hf_jwt_secret_file[0] != '\0';
}

/* BadFile raises the error of an unusable secret file; without a secret nobody has an identity. */
pg_noreturn static void BadFile(const char *reason);

static void
BadFile(const char *reason)
{
	ereport(ERROR,
			(errcode(ERRCODE_CONFIG_FILE_ERROR), errmsg("holdfast.jwt_secret_file cannot be used"),
			 errdetail_log("File \"%s\" %s.", hf_jwt_secret_file, reason),
			 errhint("The server log says why.")));
	pg_unreachable();
}

/* CheckFile applies the rules for private keys: nobody but the server, or root for it, may read or write it. */
static void
CheckFile(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		BadFile("could not be examined");
	if (!S_ISREG(st.st_mode))
		BadFile("is not a regular file");
	if (st.st_uid != geteuid() && st.st_uid != 0)
		BadFile("must belong to the server's user or to root");
	if ((st.st_mode & (st.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO)) != 0)
		BadFile("is open to others; its mode must be 0600, or 0640 when it belongs to root");
	if (st.st_size > MAX_SECRET)
		BadFile("is longer than 4096 bytes");
}

/* ReadSecret reads the file and returns the secret's length. A line end at the end is not part of it. */
static size_t
ReadSecret(unsigned char *secret, size_t size)
{
	size_t used = 0;
	int fd;

	if (!is_absolute_path(hf_jwt_secret_file))
		BadFile("must be named by an absolute path");
	/* O_NONBLOCK: opening a FIFO must not hang */
	fd = OpenTransientFile(hf_jwt_secret_file, O_RDONLY | O_NONBLOCK | PG_BINARY);
	if (fd < 0)
		BadFile("could not be opened");
	CheckFile(fd);
	for (;;)
	{
		ssize_t got = read(fd, secret + used, size - used);

		if (got > 0)
			used += got;
		if (got == 0)
			break;
		if (got < 0 || used == size)
		{
			sodium_memzero(secret, size);
			BadFile(got < 0 ? "could not be read" : "is longer than 4096 bytes");
		}
	}
	CloseTransientFile(fd);
	if (used > 0 && secret[used - 1] == '\n')
		used--;
	if (used > 0 && secret[used - 1] == '\r')
		used--;
	return used;
}

/* ForgetToken drops the token that passed. */
static void
ForgetToken(void)
{
	header = NULL;
	payload = NULL;
	MemoryContextReset(context);
}

/* ForgetKey drops the key, and the token with it. */
static void
ForgetKey(void)
{
	ForgetToken();
	sodium_memzero(&key, sizeof(key));
	if (key_path != NULL)
		pfree(key_path);
	key_path = NULL;
}

/* hf_jwt_key_is_current tells whether the key is the one to use; see jwt.h. */
bool
hf_jwt_key_is_current(void)
{
	return key_path != NULL && key_reload == PgReloadTime;
}

/* LoadKey makes the key current. */
static void
LoadKey(void)
{
	unsigned char secret[MAX_SECRET + 1];
	size_t length;
	bool good;

	if (hf_jwt_key_is_current() && strcmp(key_path, hf_jwt_secret_file) == 0)
		return;
	ForgetKey();
	length = ReadSecret(secret, sizeof(secret));
	good = hf_jwt_key(secret, length, &key);
	sodium_memzero(secret, sizeof(secret));
	if (!good)
		BadFile("is shorter than 32 bytes");
	key_path = MemoryContextStrdup(TopMemoryContext, hf_jwt_secret_file);
	key_reload = PgReloadTime;
}

/* hf_jwt_configured_key returns the key to sign with; see jwt.h. */
const HfJwtKey *
hf_jwt_configured_key(void)
{
	if (!hf_jwt_required())
		hf_raise("keys_unavailable", NULL,
				 "Set holdfast.jwt_secret_file to the secret of PostgREST.", -1);
	LoadKey();
	return &key;
}

/* Refuse raises the error of a token that did not pass. */
pg_noreturn static void Refuse(const char *reason);

static void
Refuse(const char *reason)
{
	hf_raise("not_authenticated", NULL, psprintf("Send a valid token: this one %s.", reason), -1);
}

/* OpenToken verifies a token and remembers it under its raw header. */
static void
OpenToken(const HfJsonText *raw, const char *token)
{
	static const char *const reasons[] = {
		[HF_JWT_OK] = "is valid",
		[HF_JWT_MALFORMED] = "is not well-formed",
		[HF_JWT_ALGORITHM] = "is not signed with HS256",
		[HF_JWT_SIGNATURE] = "has a wrong signature",
		[HF_JWT_TYPE] = "is of another type",
	};
	size_t length = strlen(token);
	char *opened = palloc(length + 1);
	size_t opened_length;
	HfJwtStatus status = hf_jwt_open(token, length, &key, opened, &opened_length);

	if (status != HF_JWT_OK)
		Refuse(reasons[status]);
	if (memchr(opened, '\0', opened_length) != NULL ||
		!pg_verify_mbstr(PG_UTF8, opened, opened_length, true))
		Refuse("does not hold text in UTF-8");
	opened[opened_length] = '\0';
	opened = pg_any_to_server(opened, opened_length, PG_UTF8);
	payload = MemoryContextStrdup(context, opened);
	header_length = raw->length;
	header = MemoryContextAlloc(context, header_length);
	memcpy(header, raw->data, header_length);
}

/* hf_jwt_payload returns the verified claims; see jwt.h. */
const char *
hf_jwt_payload(void)
{
	const HfJsonText *raw;
	const char *token;

	LoadKey();
	raw = hf_request_header_raw("authorization");
	if (raw == NULL)
		return NULL;
	if (header != NULL && raw->length == header_length &&
		memcmp(raw->data, header, header_length) == 0)
		return payload;
	ForgetToken();
	if (!hf_jwt_bearer(hf_request_header("authorization"), &token))
		return NULL;
	OpenToken(raw, token);
	return payload;
}

/* hf_jwt_check_times compares with the clock; see jwt.h. */
void
hf_jwt_check_times(const HfClaims *claims)
{
	double now;

	if (!claims->has_expires && !claims->has_not_before)
		return;
	now = (double) hf_clock_now() / USECS_PER_SEC +
		  (double) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
	if (claims->has_expires && now >= claims->expires)
		Refuse("has expired");
	if (claims->has_not_before && now < claims->not_before)
		Refuse("is not valid yet");
}

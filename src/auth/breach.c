/*
 * breach.c
 *		password_breached(): looks a password up in a file on this server. Nothing leaves it.
 *
 * The file is opened at each call and read where it is needed, some ten reads of a few bytes. So a new list that takes
 * the old one's name counts at once, and a file that is cut meanwhile is an error and not a crash, which it would be if it
 * were mapped into memory. A list that is named but cannot be used is an error: a check that is silently gone is worse.
 */
#include "compat.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "storage/fd.h"
#include "utils/builtins.h"

#include "auth/breach.h"
#include "auth/breach_core.h"
#include "auth/password.h"
#include "guc.h"

PG_FUNCTION_INFO_V1(hf_password_breached);

/* hf_breach_configured looks at the setting; see breach.h. */
bool
hf_breach_configured(void)
{
	return hf_breach_file != NULL && hf_breach_file[0] != '\0';
}

/* BadFile raises the error of an unusable list. The client learns no path. */
pg_noreturn static void BadFile(const char *reason);

static void
BadFile(const char *reason)
{
	ereport(ERROR,
			(errcode(ERRCODE_CONFIG_FILE_ERROR), errmsg("holdfast.breach_file cannot be used"),
			 errdetail_log("File \"%s\" %s.", hf_breach_file, reason),
			 errhint("The server log says why.")));
	pg_unreachable();
}

/* ReadAt is the reader of the core. */
static bool
ReadAt(void *state, uint64_t offset, uint8_t *out, size_t length)
{
	int fd = *(int *) state;

	while (length > 0)
	{
		ssize_t got = pread(fd, out, length, (off_t) offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		out += got;
		offset += got;
		length -= got;
	}
	return true;
}

/* Find looks a digest up in the file. */
static bool
Find(const uint8 digest[HF_SHA1_BYTES])
{
	HfBreach breach;
	HfBreachStatus status;
	struct stat st;
	bool found = false;
	int fd;

	if (!is_absolute_path(hf_breach_file))
		BadFile("must be named by an absolute path");
	/* O_NONBLOCK: opening a FIFO must not hang */
	fd = OpenTransientFile(hf_breach_file, O_RDONLY | O_NONBLOCK | PG_BINARY);
	if (fd < 0)
		BadFile("could not be opened");
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		BadFile("is not a regular file");
	status = hf_breach_open(&breach, ReadAt, &fd, (uint64_t) st.st_size);
	if (status == HF_BREACH_OK)
		status = hf_breach_find(&breach, digest, &found);
	if (status != HF_BREACH_OK)
		BadFile(status == HF_BREACH_CORRUPT ? "is no list made by holdfast-breach-import"
											: "could not be read");
	CloseTransientFile(fd);
	return found;
}

/* hf_breach_listed looks a password up, as it was typed, in UTF-8; see breach.h. */
bool
hf_breach_listed(const text *password)
{
	char *plain = text_to_cstring(password);
	char *utf8 = pg_server_to_any(plain, strlen(plain), PG_UTF8);
	HfSha1 sha1;
	uint8 digest[HF_SHA1_BYTES];

	hf_sha1_begin(&sha1);
	hf_sha1_add(&sha1, (uint8 *) utf8, strlen(utf8));
	hf_sha1_end(&sha1, digest);
	if (utf8 != plain)
		hf_password_forget(utf8, strlen(utf8));
	hf_password_forget(plain, strlen(plain));
	return Find(digest);
}

/* password_breached(password) */
Datum
hf_password_breached(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || !hf_breach_configured())
		PG_RETURN_NULL();
	PG_RETURN_BOOL(hf_breach_listed(PG_GETARG_TEXT_PP(0)));
}

/*
 * keyfile.c
 *		Files with a root key.
 *
 * The file is as secret as all that was ever sealed, so it must be what nobody else can read, replace or find in a backup:
 *	- a regular file, under this one name: no symbolic link, no second hard link;
 *	- of the server's user with mode 0600 or less, or of root and readable by the server's group (0640);
 *	- in a directory in which nobody but the server's user and root can replace files, and so for all directories above;
 *	- outside of the data directory, which every base backup copies.
 *
 * Nothing here raises or allocates: the postmaster calls it, too.
 */
#include "compat.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "miscadmin.h"

#include "secrets/keyfile.h"

#define MAX_FILE 256

/* IsOurs tells whether a file or directory belongs to the server's user or to root. */
static bool
IsOurs(const struct stat *st)
{
	return st->st_uid == geteuid() || st->st_uid == 0;
}

/* Inside tells whether a directory is another, or lies in it; both without symbolic links. */
static bool
Inside(const char *directory, const char *outer)
{
	size_t length = strlen(outer);

	return strncmp(directory, outer, length) == 0 &&
		   (directory[length] == '\0' || directory[length] == '/');
}

/* CanReplace tells whether somebody else can remove or rename what is in a directory. */
static bool
CanReplace(const struct stat *st)
{
	/* sticky: others may add files, but neither remove nor rename ours */
	return !IsOurs(st) ||
		   ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0 && (st->st_mode & S_ISVTX) == 0);
}

/* CheckDirectory looks at the directory of a file, and at those above. */
static const char *
CheckDirectory(const char *path)
{
	char directory[MAXPGPATH];
	char real[PATH_MAX];
	char data[PATH_MAX];
	struct stat st;

	if (!is_absolute_path(path))
		return "must be named by an absolute path";
	if (strlcpy(directory, path, sizeof(directory)) >= sizeof(directory))
		return "has too long a name";
	get_parent_directory(directory);
	if (realpath(directory, real) == NULL || stat(real, &st) != 0)
		return "is in a directory that cannot be examined";
	if (DataDir != NULL && realpath(DataDir, data) != NULL && Inside(real, data))
		return "is in the data directory, which every base backup copies";
	if (!IsOurs(&st))
		return "is in a directory that belongs neither to the server's user nor to root";
	if (CanReplace(&st))
		return "is in a directory where others may replace it";
	while (strcmp(real, "/") != 0)
	{
		get_parent_directory(real);
		if (stat(real, &st) != 0 || CanReplace(&st))
			return "is below a directory where others may replace what is in it";
	}
	return NULL;
}

/* CheckFile looks at the open file itself, not at its name. */
static const char *
CheckFile(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return "could not be examined";
	if (!S_ISREG(st.st_mode))
		return "is not a regular file";
	if (!IsOurs(&st))
		return "must belong to the server's user or to root";
	if ((st.st_mode & (st.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO)) != 0)
		return "is open to others; its mode must be 0600, or 0640 when it belongs to root";
	if (st.st_nlink != 1)
		return "has a second name (a hard link)";
	if (st.st_size > MAX_FILE)
		return "does not hold a key: 64 hexadecimal digits, or 32 bytes as base64";
	return NULL;
}

/* ReadAll reads a small file; negative when that fails. */
static ssize_t
ReadAll(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t got;

	while (used < size && (got = read(fd, text + used, size - used)) != 0)
	{
		if (got < 0)
		{
			if (errno == EINTR)
				continue;
			return -1;
		}
		used += got;
	}
	return used;
}

/* hf_keyfile_read reads a key; see keyfile.h. */
const char *
hf_keyfile_read(const char *path, unsigned char key[HF_ROOT_KEY_SIZE])
{
	const char *problem = CheckDirectory(path);
	char text[MAX_FILE];
	ssize_t length;
	int fd;

	if (problem != NULL)
		return problem;
	/* O_NONBLOCK: opening a FIFO must not hang */
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
	if (fd < 0)
		return errno == ENOENT	? "does not exist"
			   : errno == ELOOP ? "is a symbolic link"
								: "could not be opened";
	problem = CheckFile(fd);
	if (problem == NULL)
	{
		length = ReadAll(fd, text, sizeof(text));
		if (length < 0)
			problem = "could not be read";
		else if (!hf_root_key_decode(text, length, key))
			problem = "does not hold a key: 64 hexadecimal digits, or 32 bytes as base64";
		sodium_memzero(text, sizeof(text));
	}
	close(fd);
	return problem;
}

/* SyncDirectory makes the name of a new file durable. */
static bool
SyncDirectory(const char *path)
{
	char directory[MAXPGPATH];
	int fd;
	bool good;

	strlcpy(directory, path, sizeof(directory));
	get_parent_directory(directory);
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return false;
	good = fsync(fd) == 0;
	close(fd);
	return good;
}

/* hf_keyfile_write makes a file; see keyfile.h. What could not be completed is removed again. */
const char *
hf_keyfile_write(const char *path, const unsigned char key[HF_ROOT_KEY_SIZE])
{
	const char *problem = CheckDirectory(path);
	char text[HF_ROOT_KEY_TEXT];
	bool written;
	int fd;

	if (problem != NULL)
		return problem;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return errno == EEXIST ? "exists, and a key is never overwritten" : "could not be made";
	hf_root_key_encode(key, text);
	written = write(fd, text, sizeof(text)) == sizeof(text) && fsync(fd) == 0;
	sodium_memzero(text, sizeof(text));
	if (close(fd) != 0 || !written || !SyncDirectory(path))
	{
		unlink(path);
		return "could not be written";
	}
	return NULL;
}

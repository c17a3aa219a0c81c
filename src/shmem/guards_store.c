/*
 * guards_store.c
 *		Locks outlive the server: they are in a file of its data directory.
 *
 * When a transaction that made or cleared a lock ends, either way, the file is written anew, made durable and put in
 * the old one's place before the client hears of the end. So a lock whose transaction has ended is never lost in a
 * crash; what may be lost is the count of failures that did not lead to a lock yet, and all counters of rates. One
 * writer serves all who wait for it.
 *
 * The file holds hashes, and the key that they were made with; who may read it can try names. A file that cannot be read
 * or believed is ignored with a WARNING; the next lock replaces it.
 *
 * Writing happens at the end of a transaction, where nothing may raise: it uses malloc and plain system calls, and what
 * goes wrong is logged and tried again with the next lock. Lock order: store_lock, then one partition at a time.
 */
#include "compat.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/xact.h"
#include "access/xlog.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/timestamp.h"

#include <sodium.h>

#include "shmem/guards.h"
#include "shmem/stats.h"

#define STORE_FOLDER "pg_stat"
#define STORE_FILE	 STORE_FOLDER "/holdfast.locks"
#define STORE_NEW	 STORE_FILE ".new"

/* Beyond this the file is not ours; the largest table's locks are some 350 MB. */
#define LARGEST_FILE (INT64CONST(512) * 1024 * 1024)

static HfGuards *changed = NULL; /* this transaction made or cleared a lock in it */

/* hf_guards_changed notes that the file must be written; see guards.h. */
void
hf_guards_changed(HfGuards *guards)
{
	pg_atomic_fetch_add_u64(&guards->changes, 1);
	changed = guards;
}

/* ListLocks copies all locks, also those that have ended: nothing here reads the clock. There is room for them. */
static uint32
ListLocks(HfGuards *guards, HfStoredLock *locks)
{
	uint32 count = 0;

	for (int i = 0; i < HF_GUARD_PARTS; i++)
	{
		HfGuardPart *part = hf_guards_part(guards, i);
		HfGuardEntry entry;

		LWLockAcquire(&guards->locks[i].lock, LW_SHARED);
		for (uint32 lock = 0; lock < part->locks; lock++)
		{
			hf_guard_lock_at(part, lock, &entry);
			locks[count++] = (HfStoredLock){entry.key, entry.until};
		}
		LWLockRelease(&guards->locks[i].lock);
	}
	return count;
}

/* WriteAll writes bytes to a new file and makes them durable. */
static bool
WriteAll(const char *path, const uint8 *bytes, size_t size)
{
	int fd = BasicOpenFile(path, O_WRONLY | O_CREAT | O_TRUNC | PG_BINARY);
	size_t written = 0;
	bool done;

	if (fd < 0)
		return false;
	while (written < size)
	{
		ssize_t put = write(fd, bytes + written, size - written);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
		{
			if (put == 0)
				errno = ENOSPC;
			break;
		}
		written += put;
	}
	done = written == size && pg_fsync(fd) == 0;
	return close(fd) == 0 && done;
}

/* SyncFolder makes a change of name durable. */
static bool
SyncFolder(const char *path)
{
	int fd = BasicOpenFile(path, O_RDONLY | PG_BINARY);
	bool done = fd >= 0 && pg_fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return done;
}

/* StoreNow writes the file. False, with errno, when that did not work. */
static bool
StoreNow(HfGuards *guards)
{
	size_t room = hf_store_size(hf_guards_part(guards, 0)->max_locks * HF_GUARD_PARTS);
	uint8 *image = malloc(room);
	uint32 count;
	bool done;

	if (image == NULL)
		return false;
	count = ListLocks(guards, hf_store_locks(image));
	hf_store_seal(image, count, GetSystemIdentifier(), guards->key);
	done = WriteAll(STORE_NEW, image, hf_store_size(count)) && rename(STORE_NEW, STORE_FILE) == 0 &&
		   SyncFolder(STORE_FOLDER);
	sodium_memzero(image, hf_store_size(0));
	free(image);
	return done;
}

/* Store sees to it that the file knows the changes up to now. */
static void
Store(HfGuards *guards)
{
	uint64 needed = pg_atomic_read_u64(&guards->changes);
	bool done = true;
	int error = 0;

	LWLockAcquire(&guards->store_lock, LW_EXCLUSIVE);
	if (guards->stored < needed)
	{
		uint64 known = pg_atomic_read_u64(&guards->changes);

		done = StoreNow(guards);
		error = errno;
		hf_stats_count(done ? HF_STAT_STORE_WRITES : HF_STAT_STORE_ERRORS);
		if (done)
			guards->stored = known;
	}
	LWLockRelease(&guards->store_lock);
	errno = error;
	if (!done)
		ereport(LOG,
				(errcode_for_file_access(), errmsg("could not write file \"%s\": %m", STORE_FILE),
				 errdetail("Locks of users and addresses would not survive a restart. It is "
						   "tried again when the next lock is made.")));
}

/* EndTransaction stores what the transaction changed, whichever way it ends. */
static void
EndTransaction(XactEvent event, void *arg)
{
	HfGuards *guards = changed;

	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
		case XACT_EVENT_PRE_PREPARE:
		case XACT_EVENT_PARALLEL_PRE_COMMIT:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PARALLEL_ABORT:
			changed = NULL;
			if (guards != NULL)
				Store(guards);
			break;
		default:
			break;
	}
}

/* hf_guards_store_init asks to be told of the end of transactions. */
void
hf_guards_store_init(void)
{
	RegisterXactCallback(EndTransaction, NULL);
}

/* Ignore says that the file does not count. */
static void
Ignore(const char *reason)
{
	ereport(WARNING, (errmsg("ignoring file \"%s\": it %s", STORE_FILE, reason),
					  errdetail("Whoever was locked out when the server stopped is no more.")));
}

/* ReadStore reads the file into malloc'd memory, or returns NULL when there is none to read. */
static uint8 *
ReadStore(size_t *size)
{
	FILE *file = AllocateFile(STORE_FILE, PG_BINARY_R);
	struct stat st;
	uint8 *image = NULL;

	if (file == NULL)
	{
		if (errno != ENOENT)
			Ignore("could not be opened");
		return NULL;
	}
	if (fstat(fileno(file), &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > LARGEST_FILE)
		Ignore("is no file of locks");
	else if ((image = malloc(st.st_size + 1)) == NULL)
		Ignore("does not fit into memory");
	else
		*size = fread(image, 1, st.st_size, file);
	FreeFile(file);
	return image;
}

/* hf_guards_load brings the locks back; see guards.h. Nobody else is in the table yet. */
void
hf_guards_load(HfGuards *guards)
{
	size_t size;
	uint8 *image = ReadStore(&size);
	uint32 count;
	HfStoreStatus status;
	int64 now = Max(GetCurrentTimestamp(), 0) * INT64CONST(1000);

	if (image == NULL)
		return;
	status = hf_store_open(image, size, GetSystemIdentifier(), guards->key, &count);
	if (status != HF_STORE_OK)
		Ignore(hf_store_reason(status));
	else
	{
		const HfStoredLock *locks = hf_store_locks(image);

		for (uint32 i = 0; i < count; i++)
			hf_guard_restore_lock(hf_guards_part(guards, locks[i].key.high % HF_GUARD_PARTS),
								  locks[i].key, locks[i].until, now);
	}
	sodium_memzero(image, Min(size, hf_store_size(0)));
	free(image);
}

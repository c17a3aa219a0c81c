/*
 * calendar_sweep.c
 *		expire(): tidies holds that have lapsed. Nothing depends on it: a lapsed hold in somebody's way is removed there
 *		and then.
 *
 * The table has no index on kind or expires_at, for that would make every confirm write all indexes. Holds are found
 * by their keys instead: a key is a UUIDv7, so the order of keys is that of creation, and older than the longest life
 * of a hold there is nothing but bookings. How far that is done is remembered in a sequence that belongs to
 * the column hold_key, as the time of a key in microseconds. A sequence, because its value costs no row version and no
 * lock; it is not undone by a rollback, so it must never say more than what holds without our deletes:
 *
 *	- never past the oldest hold that is visible before them, lapsed or not, whatever holdfast.now says; and not at
 *	  all when this transaction has written before, for then it sees deletes of its own;
 *	- never past the real time less the longest life of a hold less an hour, for a hold that is still being written
 *	  has a key from before its commit.
 *
 * A transaction that commits a hold later than that leaves it behind the mark. It stays until it is in somebody's way,
 * or until the sequence is set back to 0; and until then free_slots() takes it for a booking.
 *
 * Several sweeps may run at once: rows that another transaction is working on are left to the next one.
 */
#include "compat.h"

#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "base/uuid_core.h"
#include "calendar/calendar.h"
#include "guc.h"
#include "spi.h"

#define SLACK USECS_PER_HOUR

/* The mark moves in steps of at least this, for each step is a WAL record. */
#define STEP USECS_PER_MINUTE

static const HfQuery oldest_hold = {
	"SELECT hold_key FROM %s WHERE hold_key" HF_GE "$1 AND kind" HF_EQ
	"'busy-tentative' ORDER BY hold_key LIMIT 1",
	1,
	{UUIDOID},
	true,
};

static const HfQuery delete_lapsed = {
	"DELETE FROM %s WHERE ctid" HF_EQ "ANY (ARRAY(SELECT ctid FROM %s WHERE hold_key" HF_GE
	"$1 AND kind" HF_EQ "'busy-tentative' AND expires_at" HF_LE
	"$2 ORDER BY hold_key LIMIT $3 FOR UPDATE SKIP LOCKED))",
	3,
	{UUIDOID, TIMESTAMPTZOID, INT4OID},
	false,
};

static const HfQuery read_mark = {"SELECT last_value FROM %s", 0, {0}, true};

/* FindMark finds the sequence that belongs to hold_key. */
static Oid
FindMark(Oid relid, AttrNumber hold_key)
{
	ListCell *cell;

	foreach (cell, getOwnedSequences(relid))
	{
		Oid table;
		int32 column;

		if (sequenceIsOwned(lfirst_oid(cell), DEPENDENCY_AUTO, &table, &column) &&
			column == hold_key)
			return lfirst_oid(cell);
	}
	return InvalidOid;
}

/* ReadMark reads how far everything is swept. */
static int64
ReadMark(Oid mark)
{
	bool isnull;

	if (!OidIsValid(mark) || hf_spi_run_latest(&read_mark, mark, NULL) != 1)
		return 0;
	return DatumGetInt64(hf_spi_value(0, 1, &isnull));
}

/* Reading carries ReadMark through a change of user. */
typedef struct Reading
{
	Oid mark;
	int64 swept;
} Reading;

/* ReadMarkAsOwner is ReadMark for hf_spi_as_owner: who may read a calendar need not be let near its sequence. */
static void
ReadMarkAsOwner(void *arg)
{
	Reading *reading = arg;

	reading->swept = ReadMark(reading->mark);
}

/* hf_calendar_swept finds the key below which nothing in a calendar is a hold; see calendar.h. */
bool
hf_calendar_swept(Oid relid, pg_uuid_t *key)
{
	/* whose mark was found last: finding it costs more than reading it */
	static Oid last_relid = InvalidOid;
	static Oid last_mark = InvalidOid;
	Reading reading = {last_mark, 0};

	if (relid != last_relid || get_rel_relkind(last_mark) != RELKIND_SEQUENCE)
		reading.mark = FindMark(relid, get_attnum(relid, "hold_key"));
	if (!OidIsValid(reading.mark))
		return false;
	last_relid = relid;
	last_mark = reading.mark;
	hf_spi_open();
	hf_spi_as_owner(reading.mark, ReadMarkAsOwner, &reading);
	hf_spi_close();
	if (reading.swept <= 0)
		return false;
	hf_uuid_v7_floor(key->data, reading.swept);
	return true;
}

/* OldestHold is the key of the first hold from a key on; false when there is none. */
static bool
OldestHold(const HfCalendar *calendar, pg_uuid_t *from)
{
	Datum values[] = {UUIDPGetDatum(from)};
	bool isnull;

	if (hf_spi_run_latest(&oldest_hold, calendar->relid, values) == 0)
		return false;
	*from = *DatumGetUUIDP(hf_spi_value(0, 1, &isnull));
	return true;
}

/* MoveMark moves the mark to where nothing but bookings can be any more. */
static void
MoveMark(Oid mark, int64 swept, const pg_uuid_t *oldest)
{
	pg_uuid_t young;
	int64 limit;

	hf_uuid_v7_at(&young, GetCurrentTimestamp() - (int64) hf_max_hold_life * USECS_PER_SEC - SLACK);
	limit = (int64) hf_uuid_v7_time(young.data);
	if (oldest != NULL)
		limit = Min(limit, (int64) hf_uuid_v7_time(oldest->data) - 1);
	if (limit >= swept + STEP)
		DirectFunctionCall2(setval_oid, ObjectIdGetDatum(mark), Int64GetDatum(limit));
}

/* ReadByKey makes the planner read holds in the order of their keys, however few of the rows it thinks are holds. */
static int
ReadByKey(void)
{
	static const char *const others[] = {"enable_seqscan", "enable_bitmapscan", "enable_sort"};

	return hf_spi_close_ways(others, lengthof(others));
}

/* hf_sweep removes lapsed holds, at most as many as asked; see calendar.h. */
void
hf_sweep(void *arg)
{
	HfSweep *sweep = arg;
	const HfCalendar *calendar = sweep->calendar;
	bool clean = !TransactionIdIsValid(GetTopTransactionIdIfAny());
	Oid mark = FindMark(calendar->relid, calendar->hold_key_attnum);
	pg_uuid_t from;
	int64 swept;
	bool found;
	int settings;

	hf_spi_open();
	settings = ReadByKey();
	swept = ReadMark(mark);
	hf_uuid_v7_floor(from.data, swept);
	found = OldestHold(calendar, &from);
	if (found)
	{
		Datum values[] = {UUIDPGetDatum(&from), TimestampTzGetDatum(hf_clock_now()),
						  Int32GetDatum(sweep->batch)};

		sweep->removed = (int) hf_spi_run_latest(&delete_lapsed, calendar->relid, values);
	}
	if (clean && OidIsValid(mark))
		MoveMark(mark, swept, found ? &from : NULL);
	AtEOXact_GUC(true, settings);
	hf_spi_close();
}

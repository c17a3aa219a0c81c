/*
 * calendar_family.c
 *		What becomes of a batch of holds: confirm, release, extend.
 *
 * Each reads which resources it is about and takes their locks as everybody else does. What counts is what stands there
 * after the locks: a release or a plain confirm asks for it in the condition of its one statement, and reads again
 * only when that did not reach every row; the others read again before they write. Reads and writes run as the
 * caller, so row security decides whose holds exist for them, and on the latest snapshot, whatever the isolation
 * level. A batch changes as a whole or not at all.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "calendar/calendar.h"
#include "errors.h"
#include "guc.h"
#include "locks.h"
#include "spi.h"

#define HOLDS                                                               \
	"organization_id" HF_EQ "$1 AND hold_key" HF_GE "$2 AND hold_key" HF_LE \
	"$3 AND batch_key" HF_EQ "$4 AND kind" HF_EQ "'busy-tentative' "
#define CONFIRM                                               \
	"SET kind = 'busy', expires_at = NULL, replaces = NULL, " \
	"lane = CASE WHEN lane" HF_LT "0 THEN -1 OPERATOR(pg_catalog.-) lane ELSE lane END "

static const HfQuery confirm_holds = {
	"UPDATE %s " CONFIRM "WHERE " HOLDS "AND expires_at" HF_GT "$5",
	5,
	{UUIDOID, UUIDOID, UUIDOID, UUIDOID, TIMESTAMPTZOID},
	false,
};

static const HfQuery confirm_holds_by_name = {
	"UPDATE %s " CONFIRM ", reference = n.new_reference "
	"FROM ROWS FROM (pg_catalog.unnest($6), pg_catalog.unnest($7)) AS n (named_key, new_reference) "
	"WHERE " HOLDS "AND expires_at" HF_GT "$5 AND hold_key" HF_EQ "n.named_key",
	7,
	{UUIDOID, UUIDOID, UUIDOID, UUIDOID, TIMESTAMPTZOID, UUIDARRAYOID, UUIDARRAYOID},
	false,
};

static const HfQuery delete_holds = {
	"DELETE FROM %s WHERE " HOLDS,
	4,
	{UUIDOID, UUIDOID, UUIDOID, UUIDOID},
	false,
};

static const HfQuery extend_holds = {
	"UPDATE %s SET expires_at = $5 WHERE " HOLDS,
	5,
	{UUIDOID, UUIDOID, UUIDOID, UUIDOID, TIMESTAMPTZOID},
	false,
};

/* SameKey compares two keys. */
static bool
SameKey(const pg_uuid_t *a, const pg_uuid_t *b)
{
	return memcmp(a, b, UUID_LEN) == 0;
}

/* LockFamily takes the locks of the batch's resources, and of those of the booking it replaces. */
static void
LockFamily(const HfFamily *family, const HfRemoval *replaced)
{
	pg_uuid_t *others = NULL;
	int other_count = replaced == NULL ? 0 : hf_reference_resources(replaced, &others);
	pg_uuid_t *resources = palloc(sizeof(pg_uuid_t) * (family->count + other_count));
	int count = 0;

	for (int i = 0; i < family->count; i++)
		resources[count++] = family->rows[i].resource;
	for (int i = 0; i < other_count; i++)
		resources[count++] = others[i];
	hf_lock_resources(family->calendar->relid, &family->organization, resources, count);
}

/* BeginFamily finds the batch and takes its locks; what it has read is from before them. */
static void
BeginFamily(HfFamily *family, HfRemoval *replaced)
{
	bool replaces;

	hf_read_family(family);
	if (family->count == 0)
		return;
	replaces = replaced != NULL && family->rows[0].replaces.given;
	if (replaces)
	{
		replaced->calendar = family->calendar;
		replaced->organization = family->organization;
		replaced->reference = family->rows[0].replaces.id;
		replaced->successor = family->batch_key;
	}
	LockFamily(family, replaces ? replaced : NULL);
	family->now = hf_clock_now();
}

/* RaiseTransition says that a batch is no longer a hold. */
static void
RaiseTransition(const HfFamily *family, const char *to)
{
	hf_raise(
		"invalid_transition",
		psprintf("{\"from\": \"%s\", \"to\": \"%s\"}", hf_kind_names[family->rows[0].kind], to),
		NULL, -1);
}

/* CheckHeld raises unless the batch is a hold, lapsed or not. */
static void
CheckHeld(const HfFamily *family, const char *to)
{
	if (family->count == 0)
		hf_raise("hold_not_found", NULL, NULL, -1);
	for (int i = 0; i < family->count; i++)
	{
		if (family->rows[i].kind != HF_TENTATIVE)
			RaiseTransition(family, to);
	}
}

/* LapsesAt is when the hold that the batch is lapses. */
static TimestampTz
LapsesAt(const HfFamily *family)
{
	TimestampTz expires_at = HF_NEVER;

	for (int i = 0; i < family->count; i++)
		expires_at = Min(expires_at, family->rows[i].expires_at);
	return expires_at;
}

/* RaiseExpired says that a hold has lapsed. */
static void
RaiseExpired(TimestampTz expired_at)
{
	StringInfoData details;

	initStringInfo(&details);
	appendStringInfoString(&details, "{\"expired_at\": ");
	hf_json_timestamp(&details, expired_at);
	appendStringInfoChar(&details, '}');
	hf_raise("hold_expired", details.data, NULL, -1);
}

/*
 * CheckLive raises unless the batch is a hold that has not lapsed. One that has lost a row has: somebody's clock was
 * ahead of ours when they removed it, as after a step of the clock or a failover.
 */
static void
CheckLive(const HfFamily *family, const char *to)
{
	TimestampTz expires_at = LapsesAt(family);

	CheckHeld(family, to);
	if (expires_at <= family->now || family->count != family->rows[0].batch_size)
		RaiseExpired(expires_at);
}

/* RunOnFamily runs a query on the batch, from a key on, and returns how many rows it reached. */
static uint64
RunOnFamily(HfFamily *family, const HfQuery *query, const pg_uuid_t *low, Datum *values)
{
	values[0] = UUIDPGetDatum(&family->organization);
	values[1] = UUIDPGetDatum(low);
	values[2] = UUIDPGetDatum(&family->high);
	values[3] = UUIDPGetDatum(&family->batch_key);
	return hf_spi_run_latest(query, family->calendar->relid, values);
}

/*
 * CheckReached raises unless an update reached every row of a live hold. When it did not, the batch is no hold, or no
 * longer, or expire(), which asks for no lock, has taken some of it since we looked; or all of it is still there, and
 * row security keeps the caller from it.
 */
static void
CheckReached(HfFamily *family, uint64 reached, int expected, const char *to)
{
	TimestampTz expires_at = LapsesAt(family);
	bool complete = family->count == family->rows[0].batch_size;

	if (reached == expected && complete)
		return;
	hf_read_family(family);
	if (reached == 0)
		CheckLive(family, to);
	else if (!complete || family->count < expected)
		RaiseExpired(expires_at);
	hf_raise("forbidden", NULL, NULL, -1);
}

/* Occurrences counts the holds of the batch, and lists their keys when there is room. */
static int
Occurrences(const HfFamily *family, Datum *keys)
{
	int count = 0;

	for (int i = 0; i < family->count; i++)
	{
		if (hf_is_guard(&family->rows[i]) ||
			(i > 0 && SameKey(&family->rows[i].hold_key, &family->rows[i - 1].hold_key)))
			continue;
		if (keys != NULL)
			keys[count] = UUIDPGetDatum(&family->rows[i].hold_key);
		count++;
	}
	return count;
}

/* UuidArray makes an array of keys. */
static Datum
UuidArray(Datum *keys, int count)
{
	return PointerGetDatum(construct_array(keys, count, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
}

/* ConfirmByName confirms the batch under the references that the caller gave, and returns how many rows it reached. */
static uint64
ConfirmByName(HfFamily *family, Datum *values)
{
	Datum *keys = palloc(sizeof(Datum) * family->count);
	Datum *names = palloc(sizeof(Datum) * family->count);
	int count = Occurrences(family, keys);

	if (count != family->reference_count)
		hf_raise_invalid("references", "does not have one for each occurrence");
	for (int i = 0; i < count; i++)
		names[i] = UUIDPGetDatum(&family->references[i]);
	values[5] = UuidArray(keys, count);
	values[6] = UuidArray(names, count);
	return RunOnFamily(family, &confirm_holds_by_name, &family->low, values);
}

/* RemoveGuards ends the guards of the batch, whose time the hold itself takes now, and returns how many they were. */
static int
RemoveGuards(HfFamily *family)
{
	pg_uuid_t low = family->low;
	Datum values[4];
	int guards = 0;

	for (int i = 0; i < family->count; i++)
		guards += hf_is_guard(&family->rows[i]);
	hf_key_set_ordinal(low.data, HF_GUARD_ORDINAL);
	if (guards > 0)
		(void) RunOnFamily(family, &delete_holds, &low, values);
	return guards;
}

/* TakeOver removes the booking that the batch replaces, and its guards; it returns how many rows are left. */
static int
TakeOver(HfFamily *family, HfRemoval *replaced)
{
	hf_read_family(family);
	CheckLive(family, hf_kind_names[HF_BUSY]);
	replaced->now = family->now;
	hf_remove_reference(replaced);
	return family->count - RemoveGuards(family);
}

/* hf_confirm makes bookings of the holds of a batch. */
bool
hf_confirm(void *arg)
{
	HfFamily *family = arg;
	HfRemoval replaced = {0};
	Datum values[7];
	int expected;
	uint64 reached;

	hf_spi_open();
	BeginFamily(family, &replaced);
	if (family->count == 0)
		hf_raise("hold_not_found", NULL, NULL, -1);
	expected = family->rows[0].replaces.given ? TakeOver(family, &replaced) : family->count;
	values[4] = TimestampTzGetDatum(family->now);
	if (family->references != NULL)
		reached = ConfirmByName(family, values);
	else
	{
		/* what takes over has just changed its rows */
		reached = family->rows[0].replaces.given ? 0 : hf_confirm_family(family);
		/* all of them, or those that changed since they were read */
		if (reached < expected)
			reached += RunOnFamily(family, &confirm_holds, &family->low, values);
	}
	CheckReached(family, reached, expected, hf_kind_names[HF_BUSY]);
	hf_spi_close();
	return true;
}

/*
 * hf_release ends the holds of a batch; a key that is not there releases nothing. What expire() takes meanwhile is
 * gone as well; what is still there is not the caller's to remove.
 */
bool
hf_release(void *arg)
{
	HfFamily *family = arg;
	Datum values[4];
	uint64 reached = 0;

	hf_spi_open();
	BeginFamily(family, NULL);
	if (family->count > 0)
		reached = hf_delete_family(family);
	/* all of them, or those that changed since they were read */
	if (reached < family->count)
		reached += RunOnFamily(family, &delete_holds, &family->low, values);
	family->released = reached > 0 ? Occurrences(family, NULL) : 0;
	if (reached != family->count)
	{
		hf_read_family(family);
		if (family->count > 0)
		{
			CheckHeld(family, "released");
			hf_raise("forbidden", NULL, NULL, -1);
		}
	}
	hf_spi_close();
	return true;
}

/* hf_extend moves the expiry of a batch, never back and never past the longest life of a hold. */
bool
hf_extend(void *arg)
{
	HfFamily *family = arg;
	TimestampTz last;
	Datum values[5];

	hf_spi_open();
	BeginFamily(family, NULL);
	hf_read_family(family);
	CheckLive(family, hf_kind_names[HF_TENTATIVE]);
	last = family->rows[0].created_at + (int64) hf_max_hold_life * USECS_PER_SEC;
	family->expires_at = Max(family->rows[0].expires_at, Min(family->now + family->ttl, last));
	values[4] = TimestampTzGetDatum(family->expires_at);
	CheckReached(family, RunOnFamily(family, &extend_holds, &family->low, values), family->count,
				 hf_kind_names[HF_TENTATIVE]);
	hf_spi_close();
	return true;
}

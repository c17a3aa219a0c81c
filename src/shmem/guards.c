/*
 * guards.c
 *		rate_limit(), record_failure() and their kin: counters that outlive a transaction that rolls back.
 *
 * A name (bucket and subject) is never kept. It is hashed with SipHash-2-4, 128 bits, under a random key of the server,
 * together with the database; so nobody can choose names that fall together, and memory tells nobody's address.
 *
 * The partitions are apart: a key belongs to one, and a call takes that one's lock, alone, for some tens of
 * nanoseconds. Nothing raises, allocates or reads the clock while it is held.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "common/int.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include <sodium.h>

#include "base/clock.h"
#include "errors.h"
#include "guc.h"
#include "shmem/guards.h"
#include "shmem/shmem.h"

#define NS_PER_USEC		INT64CONST(1000)
#define NS_PER_SEC		(NS_PER_USEC * USECS_PER_SEC)
#define ONE_CALL_PER_US (NS_PER_USEC)

PG_FUNCTION_INFO_V1(hf_rate_limit);
PG_FUNCTION_INFO_V1(hf_enforce_rate_limit);
PG_FUNCTION_INFO_V1(hf_record_failure);
PG_FUNCTION_INFO_V1(hf_clear_failures);
PG_FUNCTION_INFO_V1(hf_is_locked);
PG_FUNCTION_INFO_V1(hf_enforce_unlocked);
PG_FUNCTION_INFO_V1(hf_guards_available);

/* The kinds of keys, which never meet. */
#define KEY_OF_RATE	   'r'
#define KEY_OF_FAILURE 'f'

/* PartSlots is how many slots a partition has. */
static uint32
PartSlots(void)
{
	return (hf_guard_slots + HF_GUARD_PARTS - 1) / HF_GUARD_PARTS;
}

/* hf_guards_shmem_size is the size of our shared memory. */
Size
hf_guards_shmem_size(void)
{
	return add_size(CACHELINEALIGN(sizeof(HfGuards)),
					mul_size(CACHELINEALIGN(hf_guard_part_size(PartSlots())), HF_GUARD_PARTS));
}

/* hf_guards_shmem_make makes an empty table, and puts the locks of before back in. */
void
hf_guards_shmem_make(void *place)
{
	HfGuards *guards = place;

	guards->part_slots = PartSlots();
	guards->part_size = CACHELINEALIGN(hf_guard_part_size(guards->part_slots));
	pg_atomic_init_u64(&guards->changes, 0);
	guards->stored = 0;
	hf_shmem_init_lock(&guards->store_lock);
	for (int i = 0; i < HF_GUARD_PARTS; i++)
	{
		hf_shmem_init_lock(&guards->locks[i].lock);
		hf_guard_part_init(hf_guards_part(guards, i), guards->part_slots);
	}
	if (!pg_strong_random(guards->key, sizeof(guards->key)))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
						errmsg("could not make a random key for the guards")));
	hf_guards_load(guards);
}

/* hf_guards_now reads the clock; see guards.h. */
int64
hf_guards_now(void)
{
	TimestampTz now = hf_clock_now();

	return Max(Min(now, HF_GUARD_LAST_TIME / NS_PER_USEC), 0) * NS_PER_USEC;
}

/* Moment is a time of the core's as a timestamp. */
static TimestampTz
Moment(int64 ns)
{
	return ns / NS_PER_USEC;
}

/* NotNull refuses an argument that is null. */
static void
NotNull(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		hf_raise_invalid(name, "is null");
}

/* PutBytes adds bytes to a name and returns where the next ones go. */
static inline char *
PutBytes(char *to, const void *bytes, Size size)
{
	memcpy(to, bytes, size);
	return to + size;
}

/*
 * Key hashes the name that the first two arguments are. Lengths and kind are part of it, so no two names look alike. A
 * subject that is null is one of its own: callers of whom nothing is known share their limit, rather than have none.
 */
static HfGuardKey
Key(FunctionCallInfo fcinfo, const HfGuards *guards, char kind, const char *scope_name)
{
	text *scope;
	text *subject = PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1);
	uint32 scope_size;
	uint32 subject_size = subject != NULL ? VARSIZE_ANY_EXHDR(subject) : 0;
	char small[256];
	char *name = small;
	char *end;
	Size size;
	HfGuardKey key;

	NotNull(fcinfo, 0, scope_name);
	scope = PG_GETARG_TEXT_PP(0);
	scope_size = VARSIZE_ANY_EXHDR(scope);
	size = 2 + sizeof(Oid) + sizeof(scope_size) + (Size) scope_size + subject_size;
	if (size > sizeof(small))
		name = palloc(size);
	name[0] = kind;
	name[1] = subject != NULL;
	end = PutBytes(name + 2, &MyDatabaseId, sizeof(Oid));
	end = PutBytes(end, &scope_size, sizeof(scope_size));
	end = PutBytes(end, VARDATA_ANY(scope), scope_size);
	if (subject != NULL)
		PutBytes(end, VARDATA_ANY(subject), subject_size);
	StaticAssertStmt(sizeof(key) == crypto_shorthash_siphashx24_BYTES, "the key is the hash");
	crypto_shorthash_siphashx24((unsigned char *) &key, (unsigned char *) name, size, guards->key);
	if (name != small)
		pfree(name);
	return key;
}

/* Enter locks the partition of a key; until Leave nothing may raise. */
static inline HfGuardPart *
Enter(HfGuards *guards, HfGuardKey key, LWLockMode mode)
{
	int part = key.high % HF_GUARD_PARTS;

	LWLockAcquire(&guards->locks[part].lock, mode);
	return hf_guards_part(guards, part);
}

static inline void
Leave(HfGuards *guards, HfGuardKey key)
{
	LWLockRelease(&guards->locks[key.high % HF_GUARD_PARTS].lock);
}

/* Span reads an interval argument in nanoseconds: days have 24 hours and months 30 days. */
static int64
Span(FunctionCallInfo fcinfo, int argument, const char *name)
{
	const Interval *span;
	int64 days;
	int64 usecs;

	NotNull(fcinfo, argument, name);
	span = PG_GETARG_INTERVAL_P(argument);
	days = (int64) span->month * DAYS_PER_MONTH + span->day;
	if (pg_mul_s64_overflow(days, USECS_PER_DAY, &usecs) ||
		pg_add_s64_overflow(usecs, span->time, &usecs) || usecs > HF_GUARD_LONGEST / NS_PER_USEC)
		hf_raise_invalid(name, "is longer than 36 years");
	if (usecs <= 0)
		hf_raise_invalid(name, "is not longer than nothing");
	return usecs * NS_PER_USEC;
}

/* CountCall counts one call against the rate of the four arguments. */
static HfRateAnswer
CountCall(FunctionCallInfo fcinfo)
{
	HfGuards *guards = hf_shmem_require(HF_SHMEM_GUARDS);
	HfGuardKey key = Key(fcinfo, guards, KEY_OF_RATE, "bucket");
	int64 per = Span(fcinfo, 3, "per");
	int64 now;
	HfRate rate;
	HfRateAnswer answer;

	NotNull(fcinfo, 2, "max_calls");
	if (PG_GETARG_INT32(2) < 1)
		hf_raise_invalid("max_calls", "is less than 1");
	if (!hf_rate_make(PG_GETARG_INT32(2), per, &rate) || rate.step < ONE_CALL_PER_US)
		hf_raise_invalid("max_calls", "is more than one call a microsecond");
	now = hf_guards_now();
	answer = hf_guard_rate(Enter(guards, key, LW_EXCLUSIVE), key, now, &rate);
	Leave(guards, key);
	return answer;
}

/* Row makes the composite that a function returns; its shape is looked up once a query. */
static Datum
Row(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc shape = fcinfo->flinfo->fn_extra;

	if (shape == NULL)
	{
		MemoryContext before = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		shape = BlessTupleDesc(shape);
		fcinfo->flinfo->fn_extra = shape;
		MemoryContextSwitchTo(before);
	}
	return HeapTupleGetDatum(heap_form_tuple(shape, values, nulls));
}

/* rate_limit(bucket text, subject text, max_calls int, per interval) */
Datum
hf_rate_limit(PG_FUNCTION_ARGS)
{
	HfRateAnswer answer = CountCall(fcinfo);
	Interval retry_after = {(answer.retry_after + NS_PER_USEC - 1) / NS_PER_USEC, 0, 0};
	Datum values[3];
	bool nulls[3] = {false};

	values[0] = BoolGetDatum(answer.allowed);
	values[1] = Int32GetDatum(answer.remaining);
	values[2] = IntervalPGetDatum(&retry_after);
	return Row(fcinfo, values, nulls);
}

/* RaiseFor raises a word that has a time to wait, given in nanoseconds. */
pg_noreturn static void RaiseFor(const char *word, int64 wait);

static void
RaiseFor(const char *word, int64 wait)
{
	int seconds = (int) Min((wait + NS_PER_SEC - 1) / NS_PER_SEC, PG_INT32_MAX);

	hf_raise(word, psprintf("{\"retry_after_seconds\": %d}", seconds), NULL, seconds);
}

/* enforce_rate_limit(bucket text, subject text, max_calls int, per interval) */
Datum
hf_enforce_rate_limit(PG_FUNCTION_ARGS)
{
	HfRateAnswer answer = CountCall(fcinfo);

	if (!answer.allowed)
		RaiseFor("rate_limited", answer.retry_after);
	PG_RETURN_VOID();
}

/* record_failure(scope text, subject text, max_failures int, lock_for interval) */
Datum
hf_record_failure(PG_FUNCTION_ARGS)
{
	HfGuards *guards = hf_shmem_require(HF_SHMEM_GUARDS);
	HfGuardKey key = Key(fcinfo, guards, KEY_OF_FAILURE, "scope");
	int64 lock_for = Span(fcinfo, 3, "lock_for");
	int64 now;
	HfFailAnswer answer;
	Datum values[2];
	bool nulls[2] = {false};

	NotNull(fcinfo, 2, "max_failures");
	if (PG_GETARG_INT32(2) < 1)
		hf_raise_invalid("max_failures", "is less than 1");
	now = hf_guards_now();
	answer =
		hf_guard_fail(Enter(guards, key, LW_EXCLUSIVE), key, now, PG_GETARG_INT32(2), lock_for);
	Leave(guards, key);
	if (answer.locked_now)
		hf_guards_changed(guards);
	values[0] = Int32GetDatum((int32) answer.failures);
	nulls[1] = answer.locked_until == HF_GUARD_UNLOCKED;
	values[1] = TimestampTzGetDatum(nulls[1] ? 0 : Moment(answer.locked_until));
	return Row(fcinfo, values, nulls);
}

/* clear_failures(scope text, subject text) */
Datum
hf_clear_failures(PG_FUNCTION_ARGS)
{
	HfGuards *guards = hf_shmem_require(HF_SHMEM_GUARDS);
	HfGuardKey key = Key(fcinfo, guards, KEY_OF_FAILURE, "scope");
	int64 now = hf_guards_now();
	bool held = hf_guard_clear(Enter(guards, key, LW_EXCLUSIVE), key, now);

	Leave(guards, key);
	if (held)
		hf_guards_changed(guards);
	PG_RETURN_BOOL(held);
}

/* LockedUntil looks for a lock. */
static int64
LockedUntil(FunctionCallInfo fcinfo, int64 *now)
{
	HfGuards *guards = hf_shmem_require(HF_SHMEM_GUARDS);
	HfGuardKey key = Key(fcinfo, guards, KEY_OF_FAILURE, "scope");
	int64 until;

	*now = hf_guards_now();
	until = hf_guard_locked_until(Enter(guards, key, LW_SHARED), key, *now);
	Leave(guards, key);
	return until;
}

/* is_locked(scope text, subject text) */
Datum
hf_is_locked(PG_FUNCTION_ARGS)
{
	int64 now;
	int64 until = LockedUntil(fcinfo, &now);

	if (until == HF_GUARD_UNLOCKED)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(Moment(until));
}

/* enforce_unlocked(scope text, subject text) */
Datum
hf_enforce_unlocked(PG_FUNCTION_ARGS)
{
	int64 now;
	int64 until = LockedUntil(fcinfo, &now);

	if (until != HF_GUARD_UNLOCKED)
		RaiseFor("locked", until - now);
	PG_RETURN_VOID();
}

/* guards_available() */
Datum
hf_guards_available(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(hf_shmem_part(HF_SHMEM_GUARDS) != NULL);
}

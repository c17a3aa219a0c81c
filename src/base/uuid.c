/*
 * uuid.c
 *		uuid_v7(): always on the wall clock, never on holdfast.now, so that key order is creation order.
 */
#include "compat.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "base/uuid.h"
#include "base/uuid_core.h"

PG_FUNCTION_INFO_V1(hf_uuid_v7);

/* UnixMicroseconds converts from PostgreSQL's epoch. */
static uint64
UnixMicroseconds(TimestampTz when)
{
	return (uint64) (when + (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY);
}

/* hf_uuid_v7_from makes a key; two in the same microsecond, or after a step back of the clock, still ascend. */
void
hf_uuid_v7_from(pg_uuid_t *uuid, const uint8 *random)
{
	static uint64 last = 0;
	uint64 now = UnixMicroseconds(GetCurrentTimestamp());

	/* 4096 fractions for 1000 microseconds: one microsecond is always visible in the key */
	last = now > last ? now : last + 1;
	hf_uuid_v7_make(uuid->data, last, random);
}

/* hf_uuid_v7_next makes a key with random bytes of its own. */
void
hf_uuid_v7_next(pg_uuid_t *uuid)
{
	uint8 random[8];

	if (!pg_strong_random(random, sizeof(random)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random values")));
	hf_uuid_v7_from(uuid, random);
}

/* hf_uuid_v7_at is the lower bound of the keys made at or after a time. */
void
hf_uuid_v7_at(pg_uuid_t *uuid, TimestampTz when)
{
	hf_uuid_v7_floor(uuid->data, UnixMicroseconds(when));
}

/* uuid_v7() */
Datum
hf_uuid_v7(PG_FUNCTION_ARGS)
{
	pg_uuid_t *uuid = palloc(sizeof(pg_uuid_t));

	hf_uuid_v7_next(uuid);
	PG_RETURN_UUID_P(uuid);
}

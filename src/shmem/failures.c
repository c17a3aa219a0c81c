/*
 * failures.c
 *		The ring of failed requests: what was refused by raising, and so left no row behind.
 *
 * hf_raise() calls us before it raises, in a PostgREST request only. We note when, who, what and where, and never a
 * value that the request sent. Nothing here raises, runs SQL or parses a token: the identity is taken as far as it is
 * known, for the fault may be in the identity itself.
 *
 * take_failures() hands a database its own, once: they are gone even when the transaction that took them rolls back.
 */
#include "compat.h"

#include "commands/dbcommands.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lwlock.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "base/clock.h"
#include "errors.h"
#include "guc.h"
#include "identity/claims.h"
#include "identity/request.h"
#include "shmem/failures.h"
#include "shmem/shmem.h"

#define COLUMNS 9

typedef struct HfFailures
{
	LWLock lock;
	HfRing ring; /* and its entries */
} HfFailures;

PG_FUNCTION_INFO_V1(hf_take_failures);

/* hf_failures_shmem_size is the size of our shared memory. */
Size
hf_failures_shmem_size(void)
{
	return add_size(offsetof(HfFailures, ring), hf_ring_size(hf_failure_slots));
}

/* hf_failures_shmem_make makes the ring. */
void
hf_failures_shmem_make(void *place)
{
	HfFailures *failures = place;

	hf_shmem_init_lock(&failures->lock);
	hf_ring_init(&failures->ring, hf_failure_slots);
}

/* Identify notes who asks, as far as it is known. */
static void
Identify(HfFailure *failure)
{
	HfClaims claims;
	pg_uuid_t organization;

	failure->has_organization = hf_claims_peek(&claims, &organization);
	if (failure->has_organization)
		memcpy(failure->organization, organization.data, UUID_LEN);
	failure->has_user = claims.has_user;
	failure->has_actor = claims.has_actor || claims.has_user;
	memcpy(failure->user, claims.user, UUID_LEN);
	memcpy(failure->actor, claims.has_actor ? claims.actor : claims.user, UUID_LEN);
	if (claims.has_role)
		strlcpy(failure->role, claims.role, sizeof(failure->role));
	if (!hf_request_peek_ip(failure->address))
		failure->address[0] = '\0';
}

/* NoteFailure is what hf_raise() calls. */
static void
NoteFailure(const char *word)
{
	HfFailures *failures = hf_shmem_peek(HF_SHMEM_FAILURES);
	const char *path;
	HfFailure failure;

	if (failures == NULL || hf_guc_request("request.method") == NULL)
		return;
	memset(&failure, 0, sizeof(failure));
	failure.at = GetCurrentTimestamp();
	failure.database = MyDatabaseId;
	strlcpy(failure.word, word, sizeof(failure.word));
	path = hf_guc_request("request.path");
	if (path != NULL)
		hf_failure_path(failure.path, path);
	Identify(&failure);
	LWLockAcquire(&failures->lock, LW_EXCLUSIVE);
	hf_ring_push(&failures->ring, &failure);
	LWLockRelease(&failures->lock);
}

/* hf_failures_init has errors.c call us. */
void
hf_failures_init(void)
{
	hf_raise_hook = NoteFailure;
}

/* hf_failures_look copies the head; see failures.h. */
void
hf_failures_look(HfRing *head)
{
	HfFailures *failures = hf_shmem_peek(HF_SHMEM_FAILURES);

	memset(head, 0, sizeof(*head));
	if (failures == NULL)
		return;
	LWLockAcquire(&failures->lock, LW_SHARED);
	*head = failures->ring;
	LWLockRelease(&failures->lock);
}

/* hf_failures_reset_counts sets the numbers to zero, and leaves the entries. */
void
hf_failures_reset_counts(void)
{
	HfFailures *failures = hf_shmem_peek(HF_SHMEM_FAILURES);

	if (failures == NULL)
		return;
	LWLockAcquire(&failures->lock, LW_EXCLUSIVE);
	failures->ring.pushed = failures->ring.dropped = failures->ring.taken = 0;
	LWLockRelease(&failures->lock);
}

/* PutUuid, PutText: a column that may be null. */
static void
PutUuid(Datum *value, bool *null, bool present, const uint8 *bytes)
{
	pg_uuid_t *uuid = palloc(sizeof(pg_uuid_t));

	memcpy(uuid->data, bytes, UUID_LEN);
	*value = UUIDPGetDatum(uuid);
	*null = !present;
}

static void
PutText(Datum *value, bool *null, const char *text)
{
	*value = CStringGetTextDatum(text);
	*null = text[0] == '\0';
}

/* CurrentDatabase is the name of the database, whose failures alone are handed out. */
static Datum
CurrentDatabase(void)
{
	return DirectFunctionCall1(namein, CStringGetDatum(get_database_name(MyDatabaseId)));
}

/* PutFailure adds a row to the result. */
static void
PutFailure(ReturnSetInfo *result, const HfFailure *failure)
{
	Datum values[COLUMNS];
	bool nulls[COLUMNS] = {false};

	values[0] = TimestampTzGetDatum(failure->at);
	values[1] = CurrentDatabase();
	PutText(&values[2], &nulls[2], failure->word);
	PutUuid(&values[3], &nulls[3], failure->has_user, failure->user);
	PutUuid(&values[4], &nulls[4], failure->has_actor, failure->actor);
	PutUuid(&values[5], &nulls[5], failure->has_organization, failure->organization);
	PutText(&values[6], &nulls[6], failure->role);
	nulls[7] = failure->address[0] == '\0';
	values[7] =
		nulls[7] ? (Datum) 0 : DirectFunctionCall1(inet_in, CStringGetDatum(failure->address));
	PutText(&values[8], &nulls[8], failure->path);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* take_failures(max int) */
Datum
hf_take_failures(PG_FUNCTION_ARGS)
{
	HfFailures *failures = hf_shmem_require(HF_SHMEM_FAILURES);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	HfFailure *taken;
	uint32 max;
	uint32 count;

	if (PG_ARGISNULL(0) || PG_GETARG_INT32(0) < 0)
		hf_raise_invalid("max", "is null or negative");
	InitMaterializedSRF(fcinfo, 0);
	max = Min(PG_GETARG_INT32(0), failures->ring.size);
	taken = palloc_extended(sizeof(HfFailure) * (Size) max, MCXT_ALLOC_HUGE);
	LWLockAcquire(&failures->lock, LW_EXCLUSIVE);
	count = hf_ring_take(&failures->ring, MyDatabaseId, max, taken);
	LWLockRelease(&failures->lock);
	for (uint32 i = 0; i < count; i++)
		PutFailure(result, &taken[i]);
	return (Datum) 0;
}

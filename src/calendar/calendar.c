/*
 * calendar.c
 *		SQL boundary of the calendar: unpack, check, lock, write, answer.
 *
 * No function is STRICT: a null gets its word. All run with the rights of the caller, who needs on the calendar what
 * plain SQL would need: SELECT and INSERT and, because a hold that has lapsed is removed from the way, DELETE to hold
 * or block; SELECT and UPDATE to confirm or extend; SELECT and DELETE to release, unblock or expire.
 */
#include "compat.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "base/guarded.h"
#include "base/standby.h"
#include "calendar/calendar.h"
#include "errors.h"
#include "shmem/stats.h"
#include "spi.h"

PG_FUNCTION_INFO_V1(hf_hold);
PG_FUNCTION_INFO_V1(hf_try_hold);
PG_FUNCTION_INFO_V1(hf_confirm_hold);
PG_FUNCTION_INFO_V1(hf_release_hold);
PG_FUNCTION_INFO_V1(hf_extend_hold);
PG_FUNCTION_INFO_V1(hf_block);
PG_FUNCTION_INFO_V1(hf_try_block);
PG_FUNCTION_INFO_V1(hf_unblock);
PG_FUNCTION_INFO_V1(hf_expire);
PG_FUNCTION_INFO_V1(hf_next_free_slots);
PG_FUNCTION_INFO_V1(hf_conflicts);

/* A hold or block on its way, and what is said when it cannot be had. */
typedef struct TakeWork
{
	const HfRequest *request;
	HfTake take;
	char *details; /* of the slot_conflict */
} TakeWork;

/* Take is the guarded work of hold(), block() and their try_ forms. */
static bool
Take(void *arg)
{
	TakeWork *work = arg;

	hf_take_begin(&work->take, work->request);
	if (hf_take(&work->take))
	{
		if (work->request->kind == HF_TENTATIVE)
			hf_stats_count(HF_STAT_HOLDS);
		return true;
	}
	hf_stats_count(HF_STAT_CONFLICTS);
	work->details = hf_conflict_details(&work->take);
	return false;
}

/* TakeContended answers when others were in the way without our learning how: all of it may be free in a moment. */
static void
TakeContended(void *arg, int code)
{
	TakeWork *work = arg;

	work->details = hf_contention_details(work->request);
	hf_raise("slot_conflict", work->details, NULL, 1);
}

/*
 * FamilyContended answers when others were in the way of a change to a batch. That can be a block only when somebody
 * deleted the booking that a hold replaces past unblock(): then its time was open, and others took it.
 */
static void
FamilyContended(void *arg, int code)
{
	if (code == ERRCODE_EXCLUSION_VIOLATION)
		hf_raise("slot_conflict",
				 "{\"conflicts\": [], \"retry_after_seconds\": null, \"alternatives\": []}", NULL,
				 -1);
	hf_raise("request_in_progress", "{\"retry_after_seconds\": 1}",
			 "Another transaction is working on the same times; repeat the request shortly.", 1);
}

/* RaiseConflict raises what stands in the way of a request. */
static void
RaiseConflict(const TakeWork *work)
{
	hf_raise("slot_conflict", work->details, NULL, hf_retry_after(&work->take));
}

/* Forbid refuses to write where nothing may be written, before anything is looked at. */
static void
ForbidReadOnly(const char *function)
{
	hf_forbid_read_only(function);
	PreventCommandIfParallelMode(function);
}

/* UnpackHold unpacks the arguments of hold() and try_hold(). */
static HfRequest *
UnpackHold(FunctionCallInfo fcinfo)
{
	HfRequest *request = palloc0(sizeof(HfRequest));
	Oid relid = hf_arg_calendar(fcinfo, 0);

	request->kind = HF_TENTATIVE;
	request->organization = hf_arg_uuid(fcinfo, 1, "organization_id");
	hf_arg_resources(fcinfo, 2, request);
	hf_arg_occurrences(fcinfo, 3, request);
	request->holder = hf_arg_optional_uuid(fcinfo, 4);
	request->ttl = hf_arg_ttl(fcinfo, 5, false);
	hf_arg_capacities(fcinfo, 6, 7, 8, request);
	request->replaces = hf_arg_optional_uuid(fcinfo, 9);
	request->calendar =
		hf_calendar_open(relid, ACL_SELECT | ACL_INSERT | ACL_DELETE, RowExclusiveLock);
	return request;
}

/* PutHolds returns the holds of an attempt, one row per occurrence; without a batch key nothing is held. */
static void
PutHolds(FunctionCallInfo fcinfo, const TakeWork *work, bool held)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const HfRequest *request = work->request;
	Datum values[4];
	bool nulls[4] = {!held, false, !held, held};

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	values[2] = TimestampTzGetDatum(work->take.made_at + request->ttl);
	values[3] = held ? (Datum) 0 : DirectFunctionCall1(jsonb_in, CStringGetDatum(work->details));
	for (int i = 0; i < request->occurrence_count; i++)
	{
		pg_uuid_t key = work->take.batch_key;

		hf_key_set_ordinal(key.data, i);
		values[0] = UUIDPGetDatum(&key);
		values[1] = hf_span_datum(request->occurrences[i]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* hold(calendar, organization_id, resource_ids, during, holder, ttl, capacities, before, after, replaces) */
Datum
hf_hold(PG_FUNCTION_ARGS)
{
	TakeWork work = {0};

	ForbidReadOnly("holdfast.hold()");
	work.request = UnpackHold(fcinfo);
	if (!hf_guarded(Take, &work, false, TakeContended))
		RaiseConflict(&work);
	PutHolds(fcinfo, &work, true);
	return (Datum) 0;
}

/* try_hold(…): the same, but returns what stands in the way instead of raising it */
Datum
hf_try_hold(PG_FUNCTION_ARGS)
{
	TakeWork work = {0};
	bool held;

	ForbidReadOnly("holdfast.try_hold()");
	work.request = UnpackHold(fcinfo);
	held = hf_guarded(Take, &work, true, TakeContended);
	PutHolds(fcinfo, &work, held);
	return (Datum) 0;
}

/* UnpackBlock unpacks the arguments of block() and try_block(). */
static HfRequest *
UnpackBlock(FunctionCallInfo fcinfo)
{
	HfRequest *request = palloc0(sizeof(HfRequest));
	Oid relid = hf_arg_calendar(fcinfo, 0);

	request->organization = hf_arg_uuid(fcinfo, 1, "organization_id");
	request->resources = palloc(sizeof(pg_uuid_t));
	request->resources[0] = hf_arg_uuid(fcinfo, 2, "resource_id");
	request->occurrences = palloc(sizeof(HfSpan));
	request->occurrences[0] = hf_arg_span(fcinfo, 3);
	request->kind = hf_arg_kind(fcinfo, 4);
	request->reference = hf_arg_optional_uuid(fcinfo, 5);
	request->capacities = palloc(sizeof(int));
	request->capacities[0] = hf_arg_count(fcinfo, 6, "capacity", HF_MAX_CAPACITY);
	request->before = request->after = palloc0(sizeof(int64));
	request->resource_count = request->occurrence_count = 1;
	request->calendar =
		hf_calendar_open(relid, ACL_SELECT | ACL_INSERT | ACL_DELETE, RowExclusiveLock);
	return request;
}

/* block(calendar, organization_id, resource_id, during, kind, reference, capacity) */
Datum
hf_block(PG_FUNCTION_ARGS)
{
	TakeWork work = {0};
	const HfRequest *request;
	pg_uuid_t *key = palloc(sizeof(pg_uuid_t));

	ForbidReadOnly("holdfast.block()");
	work.request = request = UnpackBlock(fcinfo);
	if (!hf_guarded(Take, &work, false, TakeContended))
		RaiseConflict(&work);
	*key = request->reference.given ? request->reference.id : work.take.batch_key;
	PG_RETURN_UUID_P(key);
}

/* try_block(…): the same, but returns what stands in the way instead of raising it, and null when it is done */
Datum
hf_try_block(PG_FUNCTION_ARGS)
{
	TakeWork work = {0};

	ForbidReadOnly("holdfast.try_block()");
	work.request = UnpackBlock(fcinfo);
	if (hf_guarded(Take, &work, true, TakeContended))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(work.details)));
}

/* UnpackFamily unpacks what all functions on a batch begin with. */
static HfFamily *
UnpackFamily(FunctionCallInfo fcinfo)
{
	HfFamily *family = palloc0(sizeof(HfFamily));

	(void) hf_arg_calendar(fcinfo, 0);
	family->organization = hf_arg_uuid(fcinfo, 1, "organization_id");
	family->hold_key = hf_arg_uuid(fcinfo, 2, "hold_key");
	family->context = CurrentMemoryContext;
	return family;
}

/* PutBookings returns the confirmed occurrences of a batch. */
static void
PutBookings(FunctionCallInfo fcinfo, const HfFamily *family)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const HfFamilyRow *last = NULL;
	bool nulls[3] = {false};
	int occurrence = 0;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i < family->count; i++)
	{
		HfFamilyRow *row = &family->rows[i];
		Datum values[3];

		if (hf_is_guard(row) ||
			(last != NULL && memcmp(&row->hold_key, &last->hold_key, UUID_LEN) == 0))
			continue;
		values[0] = UUIDPGetDatum(&row->hold_key);
		values[1] = hf_span_datum(row->booked);
		values[2] = UUIDPGetDatum(family->references == NULL ? &row->reference
															 : &family->references[occurrence]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		last = row;
		occurrence++;
	}
}

/* confirm(calendar, organization_id, hold_key, references) */
Datum
hf_confirm_hold(PG_FUNCTION_ARGS)
{
	HfFamily *family = UnpackFamily(fcinfo);

	ForbidReadOnly("holdfast.confirm()");
	family->references = hf_arg_references(fcinfo, 3, &family->reference_count);
	family->calendar =
		hf_calendar_open(PG_GETARG_OID(0), ACL_SELECT | ACL_UPDATE, RowExclusiveLock);
	(void) hf_guarded(hf_confirm, family, false, FamilyContended);
	PutBookings(fcinfo, family);
	return (Datum) 0;
}

/* release(calendar, organization_id, hold_key) */
Datum
hf_release_hold(PG_FUNCTION_ARGS)
{
	HfFamily *family = UnpackFamily(fcinfo);

	ForbidReadOnly("holdfast.release()");
	family->calendar =
		hf_calendar_open(PG_GETARG_OID(0), ACL_SELECT | ACL_DELETE, RowExclusiveLock);
	(void) hf_guarded(hf_release, family, false, FamilyContended);
	PG_RETURN_INT32(family->released);
}

/* extend(calendar, organization_id, hold_key, ttl) */
Datum
hf_extend_hold(PG_FUNCTION_ARGS)
{
	HfFamily *family = UnpackFamily(fcinfo);

	ForbidReadOnly("holdfast.extend()");
	family->ttl = hf_arg_ttl(fcinfo, 3, true);
	family->calendar =
		hf_calendar_open(PG_GETARG_OID(0), ACL_SELECT | ACL_UPDATE, RowExclusiveLock);
	(void) hf_guarded(hf_extend, family, false, FamilyContended);
	PG_RETURN_TIMESTAMPTZ(family->expires_at);
}

/* unblock(calendar, organization_id, reference) */
Datum
hf_unblock(PG_FUNCTION_ARGS)
{
	HfRemoval removal = {0};
	Oid relid = hf_arg_calendar(fcinfo, 0);

	ForbidReadOnly("holdfast.unblock()");
	removal.organization = hf_arg_uuid(fcinfo, 1, "organization_id");
	removal.reference = hf_arg_uuid(fcinfo, 2, "reference");
	removal.calendar = hf_calendar_open(relid, ACL_SELECT | ACL_DELETE, RowExclusiveLock);
	(void) hf_guarded(hf_remove, &removal, false, FamilyContended);
	PG_RETURN_INT32(removal.removed);
}

/* Sweep is the guarded work of expire(): what has lapsed is nobody's, so it runs as the calendar's owner. */
static bool
Sweep(void *arg)
{
	HfSweep *sweep = arg;

	hf_spi_as_owner(sweep->calendar->relid, hf_sweep, sweep);
	return true;
}

/* expire(calendar, batch) */
Datum
hf_expire(PG_FUNCTION_ARGS)
{
	HfSweep sweep = {0};
	Oid relid = hf_arg_calendar(fcinfo, 0);

	ForbidReadOnly("holdfast.expire()");
	sweep.batch = hf_arg_count(fcinfo, 1, "batch", PG_INT32_MAX);
	sweep.calendar = hf_calendar_open(relid, ACL_SELECT | ACL_DELETE, RowExclusiveLock);
	(void) hf_guarded(Sweep, &sweep, false, FamilyContended);
	PG_RETURN_INT32(sweep.removed);
}

/* next_free(calendar, organization_id, resource_ids, during, capacities, before, after, max_count) */
Datum
hf_next_free_slots(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	HfRequest request = {.kind = HF_TENTATIVE}; /* what a hold could take */
	HfTake take = {0};
	Oid relid = hf_arg_calendar(fcinfo, 0);
	HfSpan wanted;
	HfSpan *found;
	int max;
	int count;

	request.organization = hf_arg_uuid(fcinfo, 1, "organization_id");
	hf_arg_resources(fcinfo, 2, &request);
	wanted = hf_arg_span(fcinfo, 3);
	request.occurrences = &wanted;
	request.occurrence_count = 1;
	hf_arg_capacities(fcinfo, 4, 5, 6, &request);
	max = hf_arg_count(fcinfo, 7, "max_count", HF_MAX_OCCURRENCES);
	request.calendar = hf_calendar_open(relid, ACL_SELECT, AccessShareLock);
	take.request = &request;
	take.now = hf_clock_now();
	found = palloc(sizeof(HfSpan) * max);
	count = hf_find_free(&take, wanted, found, max);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 0; i < count; i++)
	{
		Datum value = hf_span_datum(found[i]);
		bool null = false;

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, &value, &null);
	}
	return (Datum) 0;
}

/* conflicts(calendar, organization_id, resource_ids, during) */
Datum
hf_conflicts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	HfRequest request = {0};
	Oid relid = hf_arg_calendar(fcinfo, 0);

	request.organization = hf_arg_uuid(fcinfo, 1, "organization_id");
	hf_arg_resources(fcinfo, 2, &request);
	hf_arg_occurrences(fcinfo, 3, &request);
	request.calendar = hf_calendar_open(relid, ACL_SELECT, AccessShareLock);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	hf_put_conflicts(&request, PG_GETARG_DATUM(2), PG_GETARG_DATUM(3), rsinfo->setResult,
					 rsinfo->setDesc);
	return (Datum) 0;
}

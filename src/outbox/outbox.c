/*
 * outbox.c
 *		Messages that are delivered after the transaction that wrote them has committed.
 *
 * The life of a message: open, then done or dead. It is open to be leased when it is due and nobody's lease on it runs.
 *
 *	- A lease is a worker's name and a time. It is committed before the worker begins, so nothing is locked while the
 *	  worker works; when the time is over, any other may take the message.
 *	- ack() and fail() count while the name is still the caller's: also late, when nobody has taken the message over, but
 *	  not after. So of two workers that both sent a message, one is told so.
 *	- What is done is never leased again. What is open is leased at least once: whoever sends it passes its id on, so
 *	  that the other side can tell a repetition.
 *
 * Looking for work never waits: rows that others are working on are skipped. Workers need names that no other process
 * has. All run with the caller's rights, on the latest snapshot, whatever the isolation level.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "common/pg_prng.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/args.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "base/standby.h"
#include "base/uuid.h"
#include "errors.h"
#include "outbox/outbox.h"
#include "outbox/outbox_core.h"
#include "spi.h"

#define MAX_TEXT	 255
#define MAX_ERROR	 2000
#define MAX_BATCH	 1000
#define MAX_ATTEMPTS 1000
#define MAX_LEASE	 USECS_PER_DAY
#define MAX_WAIT	 (366 * USECS_PER_DAY)

/* of the result of lease() */
#define LEASE_COLUMNS 6

PG_FUNCTION_INFO_V1(hf_enqueue_message);
PG_FUNCTION_INFO_V1(hf_cancel_message);
PG_FUNCTION_INFO_V1(hf_lease_messages);
PG_FUNCTION_INFO_V1(hf_extend_lease);
PG_FUNCTION_INFO_V1(hf_ack_messages);
PG_FUNCTION_INFO_V1(hf_fail_message);
PG_FUNCTION_INFO_V1(hf_requeue_messages);
PG_FUNCTION_INFO_V1(hf_purge_outbox);

#define OPEN "done_at IS NULL AND dead_at IS NULL"
#define FREE "(leased_until IS NULL OR leased_until" HF_LE

/* the parameters are numbered as in outbox.h */
static const HfQuery insert_message = {
	"INSERT INTO %s (organization_id, id, topic, payload, due_at, dedupe_key, created_at)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organization_id, topic, dedupe_key)"
	" WHERE dedupe_key IS NOT NULL DO NOTHING",
	HF_MESSAGE_VALUES,
	{UUIDOID, UUIDOID, TEXTOID, JSONBOID, TIMESTAMPTZOID, TEXTOID, TIMESTAMPTZOID},
	false,
};

static const HfQuery find_duplicate = {
	"SELECT id FROM %s WHERE organization_id" HF_EQ "$1 AND topic" HF_EQ "$2 AND dedupe_key" HF_EQ
	"$3",
	3,
	{UUIDOID, TEXTOID, TEXTOID},
	true,
};

static const HfQuery delete_waiting = {
	"DELETE FROM %s WHERE organization_id" HF_EQ "$1 AND topic" HF_EQ "$2 AND dedupe_key" HF_EQ
	"$3 AND " OPEN " AND " FREE "$4)",
	4,
	{UUIDOID, TEXTOID, TEXTOID, TIMESTAMPTZOID},
	false,
};

/* One that was taken too often without an answer is given up here: nobody else would. */
static const HfQuery lease_due = {
	"WITH taken AS (UPDATE %s SET"
	" dead_at = CASE WHEN attempts" HF_GE "$6 THEN $5 END,"
	" last_error = CASE WHEN attempts" HF_GE "$6 THEN 'no worker answered' ELSE last_error END,"
	" worker = CASE WHEN attempts" HF_GE "$6 THEN worker ELSE $2 END,"
	" leased_until = CASE WHEN attempts" HF_LT "$6 THEN $4 END,"
	" attempts = CASE WHEN attempts" HF_GE
	"$6 THEN attempts ELSE attempts OPERATOR(pg_catalog.+) 1 END"
	" WHERE ctid" HF_EQ "ANY (ARRAY(SELECT ctid FROM %s WHERE topic" HF_EQ "$1 AND " OPEN
	" AND due_at" HF_LE "$5 AND " FREE
	"$5) ORDER BY due_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED))"
	" RETURNING organization_id, id, payload, attempts, due_at, leased_until, dead_at)"
	" SELECT organization_id, id, payload, attempts, due_at, leased_until FROM taken"
	" WHERE dead_at IS NULL ORDER BY due_at, id",
	6,
	{TEXTOID, TEXTOID, INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID},
	false,
};

static const HfQuery extend_leases = {
	"UPDATE %s SET leased_until = $3 WHERE id" HF_EQ "ANY ($1) AND " OPEN " AND worker" HF_EQ
	"$2 AND leased_until IS NOT NULL RETURNING id",
	3,
	{UUIDARRAYOID, TEXTOID, TIMESTAMPTZOID},
	false,
};

static const HfQuery finish_messages = {
	"UPDATE %s SET done_at = $3, leased_until = NULL WHERE id" HF_EQ "ANY ($1) AND " OPEN
	" AND worker" HF_EQ "$2 AND leased_until IS NOT NULL RETURNING id",
	3,
	{UUIDARRAYOID, TEXTOID, TIMESTAMPTZOID},
	false,
};

static const HfQuery read_attempts = {
	"SELECT attempts FROM %s WHERE id" HF_EQ "$1 AND " OPEN " AND worker" HF_EQ
	"$2 AND leased_until IS NOT NULL FOR NO KEY UPDATE",
	2,
	{UUIDOID, TEXTOID},
	false,
};

static const HfQuery put_back = {
	"UPDATE %s SET due_at = $3, dead_at = $4, last_error = $5, leased_until = NULL WHERE id" HF_EQ
	"$1 AND " OPEN " AND worker" HF_EQ "$2",
	5,
	{UUIDOID, TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID},
	false,
};

static const HfQuery revive_messages = {
	"UPDATE %s SET dead_at = NULL, due_at = $3, attempts = 0, leased_until = NULL"
	" WHERE organization_id" HF_EQ "$1 AND id" HF_EQ "ANY ($2) AND dead_at IS NOT NULL",
	3,
	{UUIDOID, UUIDARRAYOID, TIMESTAMPTZOID},
	false,
};

static const HfQuery delete_done = {
	"DELETE FROM %s WHERE ctid" HF_EQ "ANY (ARRAY(SELECT ctid FROM %s WHERE done_at" HF_LE
	"$1 ORDER BY done_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
	2,
	{TIMESTAMPTZOID, INT4OID},
	false,
};

/* One call: its query, parameters and how many rows it reached. */
typedef struct Work
{
	Oid outbox;
	const HfQuery *query;
	Datum values[7];
	char nulls[8];
	bool in_order; /* see ReadInOrder */
	uint64 count;
	FunctionCallInfo fcinfo;
	void (*take)(struct Work *work); /* takes the result, while SPI is open */
} Work;

/* Contended answers when others were in the way without our learning how. */
static void
Contended(void *arg, int code)
{
	hf_raise("request_in_progress", "{\"retry_after_seconds\": 1}",
			 "Another transaction is working on the same messages; repeat the request shortly.", 1);
}

/*
 * ReadInOrder makes the planner read what is open in the order in which it is due: a plan is kept, and one that sorts is
 * cheap only as long as little is open.
 */
static int
ReadInOrder(void)
{
	static const char *const ways[] = {"enable_sort"};

	return hf_spi_close_ways(ways, lengthof(ways));
}

/* RunQuery is the guarded work of most functions. */
static bool
RunQuery(void *arg)
{
	Work *work = arg;
	int settings = work->in_order ? ReadInOrder() : 0;

	hf_spi_open();
	work->count = hf_spi_run_snapshot(work->query, work->outbox, work->values, work->nulls,
									  GetLatestSnapshot(), 0);
	if (work->in_order)
		AtEOXact_GUC(true, settings);
	if (work->take != NULL)
		work->take(work);
	hf_spi_close();
	return true;
}

/* Run runs the query of a call. */
static void
Run(Work *work)
{
	(void) hf_guarded(RunQuery, work, false, Contended);
}

/* Begin refuses to write where nothing may be written, and reads the outbox. */
static Work
Begin(FunctionCallInfo fcinfo, const char *function, const HfQuery *query)
{
	Work work = {.query = query, .nulls = "       ", .fcinfo = fcinfo};

	hf_forbid_read_only(function);
	PreventCommandIfParallelMode(function);
	if (PG_ARGISNULL(0))
		hf_raise_invalid("outbox", "is null");
	work.outbox = PG_GETARG_OID(0);
	return work;
}

/* Word reads a text of 1 to 255 characters. */
static Datum
Word(FunctionCallInfo fcinfo, int arg, const char *field)
{
	text *value;
	int length;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid(field, "is null");
	value = PG_GETARG_TEXT_PP(arg);
	length = pg_mbstrlen_with_len(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	if (length == 0 || length > MAX_TEXT)
		hf_raise_invalid(field, "does not have 1 to 255 characters");
	return PointerGetDatum(value);
}

/* Uuid reads a key that must be given. */
static Datum
Uuid(FunctionCallInfo fcinfo, int arg, const char *field)
{
	if (PG_ARGISNULL(arg))
		hf_raise_invalid(field, "is null");
	return PG_GETARG_DATUM(arg);
}

/* Keys reads an array of keys: none, or one dimension of at most 1000 without nulls. */
static Datum
Keys(FunctionCallInfo fcinfo, int arg)
{
	ArrayType *array;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid("ids", "is null");
	array = PG_GETARG_ARRAYTYPE_P(arg);
	if (ARR_NDIM(array) > 1)
		hf_raise_invalid("ids", "has more than one dimension");
	if (array_contains_nulls(array))
		hf_raise_invalid("ids", "contains a null");
	if (ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) > MAX_BATCH)
		hf_raise_invalid("ids", "has more than 1000 elements");
	return PointerGetDatum(array);
}

/* Span reads an interval of at most so many microseconds; months have no length. */
static int64
Span(FunctionCallInfo fcinfo, int arg, const char *field, int64 least, int64 most)
{
	const Interval *interval;
	int64 span;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid(field, "is null");
	interval = PG_GETARG_INTERVAL_P(arg);
	if (interval->month != 0)
		hf_raise_invalid(field, "has months or years");
	if (interval->day < -4000 || interval->day > 4000 || interval->time > most ||
		interval->time < -most)
		hf_raise_invalid(field, "is out of range");
	span = interval->day * USECS_PER_DAY + interval->time;
	if (span < least || span > most)
		hf_raise_invalid(field, "is out of range");
	return span;
}

/* PutIds says of each that was asked for whether it is among them. */
static void
PutIds(Work *work)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) work->fcinfo->resultinfo;
	ArrayType *array = DatumGetArrayTypeP(work->values[0]);
	Datum *ids;
	int count;
	bool nulls[2] = {false};

	deconstruct_array(array, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR, &ids, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		Datum values[2] = {ids[i], BoolGetDatum(false)};
		bool isnull;

		for (uint64 row = 0; row < work->count; row++)
		{
			if (memcmp(DatumGetUUIDP(hf_spi_value(row, 1, &isnull)), DatumGetUUIDP(ids[i]),
					   UUID_LEN) == 0)
				values[1] = BoolGetDatum(true);
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* PutRows returns a result as it is. */
static void
PutRows(Work *work)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) work->fcinfo->resultinfo;

	for (uint64 row = 0; row < work->count; row++)
	{
		Datum values[LEASE_COLUMNS];
		bool nulls[LEASE_COLUMNS];

		for (int i = 0; i < LEASE_COLUMNS; i++)
			values[i] = hf_spi_value(row, i + 1, &nulls[i]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* A message to be written, and the key of the one that is there. */
typedef struct Message
{
	Work insert;
	pg_uuid_t id;
} Message;

/*
 * Enqueue writes a message, or finds the one with its dedupe_key. That one may go between the two: cancelled, or
 * purged.
 */
static bool
Enqueue(void *arg)
{
	Message *message = arg;
	Work *insert = &message->insert;
	Datum key[] = {insert->values[HF_MESSAGE_ORGANIZATION], insert->values[HF_MESSAGE_TOPIC],
				   insert->values[HF_MESSAGE_DEDUPE_KEY]};
	bool isnull;

	if (hf_outbox_write(insert->outbox, insert->values,
						insert->nulls[HF_MESSAGE_DEDUPE_KEY] == ' '))
		return true;
	hf_spi_open();
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		if (hf_spi_run_snapshot(&insert_message, insert->outbox, insert->values, insert->nulls,
								GetLatestSnapshot(), 0) == 1)
			break;
		if (hf_spi_run_latest(&find_duplicate, insert->outbox, key) > 0)
		{
			message->id = *DatumGetUUIDP(hf_spi_value(0, 1, &isnull));
			break;
		}
	}
	hf_spi_close();
	return true;
}

/* enqueue(outbox, topic, payload, due_at, dedupe_key, organization_id) */
Datum
hf_enqueue_message(PG_FUNCTION_ARGS)
{
	Message *message = palloc0(sizeof(Message));
	Work *work = &message->insert;
	TimestampTz now = hf_clock_now();

	*work = Begin(fcinfo, "holdfast.enqueue()", &insert_message);
	work->values[HF_MESSAGE_ORGANIZATION] = Uuid(fcinfo, 5, "organization_id");
	work->values[HF_MESSAGE_TOPIC] = Word(fcinfo, 1, "topic");
	if (PG_ARGISNULL(2))
		hf_raise_invalid("payload", "is null");
	if (!PG_ARGISNULL(3) && TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(3)))
		hf_raise_invalid("due_at", "is infinite");
	hf_uuid_v7_next(&message->id);
	work->values[HF_MESSAGE_ID] = UUIDPGetDatum(&message->id);
	work->values[HF_MESSAGE_PAYLOAD] = PG_GETARG_DATUM(2);
	work->values[HF_MESSAGE_DUE] = PG_ARGISNULL(3) ? TimestampTzGetDatum(now) : PG_GETARG_DATUM(3);
	work->nulls[HF_MESSAGE_DEDUPE_KEY] = PG_ARGISNULL(4) ? 'n' : ' ';
	work->values[HF_MESSAGE_DEDUPE_KEY] =
		PG_ARGISNULL(4) ? (Datum) 0 : Word(fcinfo, 4, "dedupe_key");
	work->values[HF_MESSAGE_CREATED] = TimestampTzGetDatum(now);
	(void) hf_guarded(Enqueue, message, false, Contended);
	PG_RETURN_UUID_P(&message->id);
}

/* cancel_message(outbox, organization_id, topic, dedupe_key) */
Datum
hf_cancel_message(PG_FUNCTION_ARGS)
{
	Work work = Begin(fcinfo, "holdfast.cancel_message()", &delete_waiting);

	work.values[0] = Uuid(fcinfo, 1, "organization_id");
	work.values[1] = Word(fcinfo, 2, "topic");
	work.values[2] = Word(fcinfo, 3, "dedupe_key");
	work.values[3] = TimestampTzGetDatum(hf_clock_now());
	Run(&work);
	PG_RETURN_BOOL(work.count > 0);
}

/* lease(outbox, topic, worker, batch, lease_for, max_attempts) */
Datum
hf_lease_messages(PG_FUNCTION_ARGS)
{
	Work work = Begin(fcinfo, "holdfast.lease()", &lease_due);
	TimestampTz now = hf_clock_now();

	work.values[0] = Word(fcinfo, 1, "topic");
	work.values[1] = Word(fcinfo, 2, "worker");
	work.values[2] = Int32GetDatum(hf_arg_count(fcinfo, 3, "batch", MAX_BATCH));
	work.values[3] = TimestampTzGetDatum(now + Span(fcinfo, 4, "lease_for", 1, MAX_LEASE));
	work.values[4] = TimestampTzGetDatum(now);
	work.values[5] = Int32GetDatum(hf_arg_count(fcinfo, 5, "max_attempts", MAX_ATTEMPTS));
	work.in_order = true;
	work.take = PutRows;
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	Run(&work);
	return (Datum) 0;
}

/* extend_lease(outbox, ids, worker, lease_for) */
Datum
hf_extend_lease(PG_FUNCTION_ARGS)
{
	Work work = Begin(fcinfo, "holdfast.extend_lease()", &extend_leases);

	work.values[0] = Keys(fcinfo, 1);
	work.values[1] = Word(fcinfo, 2, "worker");
	work.values[2] =
		TimestampTzGetDatum(hf_clock_now() + Span(fcinfo, 3, "lease_for", 1, MAX_LEASE));
	work.take = PutIds;
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	Run(&work);
	return (Datum) 0;
}

/* ack(outbox, ids, worker) */
Datum
hf_ack_messages(PG_FUNCTION_ARGS)
{
	Work work = Begin(fcinfo, "holdfast.ack()", &finish_messages);

	work.values[0] = Keys(fcinfo, 1);
	work.values[1] = Word(fcinfo, 2, "worker");
	work.values[2] = TimestampTzGetDatum(hf_clock_now());
	work.take = PutIds;
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	Run(&work);
	return (Datum) 0;
}

/* An attempt that failed, and what becomes of the message. */
typedef struct Failure
{
	Oid outbox;
	Datum id;
	Datum worker;
	Datum error; /* 0 for none */
	int max_attempts;
	int64 backoff;
	int64 max_backoff;
	bool accepted;
	bool dead;
	int attempts;
	TimestampTz due_at;
} Failure;

/* Fail is the guarded work of fail(). */
static bool
Fail(void *arg)
{
	Failure *failure = arg;
	Datum lease[] = {failure->id, failure->worker};
	TimestampTz now = hf_clock_now();
	bool isnull;

	hf_spi_open();
	failure->accepted = hf_spi_run_latest(&read_attempts, failure->outbox, lease) == 1;
	if (failure->accepted)
	{
		Datum values[5] = {failure->id, failure->worker};
		char nulls[] = "     ";

		failure->attempts = DatumGetInt32(hf_spi_value(0, 1, &isnull));
		failure->dead = failure->attempts >= failure->max_attempts;
		failure->due_at =
			now + hf_outbox_backoff(failure->attempts, failure->backoff, failure->max_backoff,
									pg_prng_uint64(&pg_global_prng_state));
		values[2] = TimestampTzGetDatum(failure->dead ? now : failure->due_at);
		values[3] = TimestampTzGetDatum(now);
		nulls[3] = failure->dead ? ' ' : 'n';
		values[4] = failure->error;
		nulls[4] = failure->error == 0 ? 'n' : ' ';
		(void) hf_spi_run_snapshot(&put_back, failure->outbox, values, nulls, GetLatestSnapshot(),
								   0);
	}
	hf_spi_close();
	return true;
}

/* ErrorText reads what a worker says went wrong, cut to a length that fits. */
static Datum
ErrorText(FunctionCallInfo fcinfo, int arg)
{
	text *value;

	if (PG_ARGISNULL(arg))
		return (Datum) 0;
	value = PG_GETARG_TEXT_PP(arg);
	return PointerGetDatum(cstring_to_text_with_len(
		VARDATA_ANY(value), pg_mbcliplen(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), MAX_ERROR)));
}

/* fail(outbox, id, worker, error, max_attempts, backoff, max_backoff) */
Datum
hf_fail_message(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Failure failure = {.outbox = Begin(fcinfo, "holdfast.fail()", NULL).outbox};
	Datum values[4];
	bool nulls[4] = {false};

	failure.id = Uuid(fcinfo, 1, "id");
	failure.worker = Word(fcinfo, 2, "worker");
	failure.error = ErrorText(fcinfo, 3);
	failure.max_attempts = hf_arg_count(fcinfo, 4, "max_attempts", MAX_ATTEMPTS);
	failure.backoff = Span(fcinfo, 5, "backoff", 1, MAX_WAIT);
	failure.max_backoff = Span(fcinfo, 6, "max_backoff", 1, MAX_WAIT);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	(void) hf_guarded(Fail, &failure, false, Contended);
	values[0] = BoolGetDatum(failure.accepted);
	values[1] = Int32GetDatum(failure.attempts);
	values[2] = TimestampTzGetDatum(failure.due_at);
	values[3] = BoolGetDatum(failure.dead);
	nulls[1] = nulls[3] = !failure.accepted;
	nulls[2] = !failure.accepted || failure.dead;
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	return (Datum) 0;
}

/* requeue(outbox, organization_id, ids) */
Datum
hf_requeue_messages(PG_FUNCTION_ARGS)
{
	Work work = Begin(fcinfo, "holdfast.requeue()", &revive_messages);

	work.values[0] = Uuid(fcinfo, 1, "organization_id");
	work.values[1] = Keys(fcinfo, 2);
	work.values[2] = TimestampTzGetDatum(hf_clock_now());
	Run(&work);
	PG_RETURN_INT32((int32) work.count);
}

/* purge_outbox(outbox, keep, batch) */
Datum
hf_purge_outbox(PG_FUNCTION_ARGS)
{
	Work work = Begin(fcinfo, "holdfast.purge_outbox()", &delete_done);

	work.values[0] =
		TimestampTzGetDatum(hf_clock_now() - Span(fcinfo, 1, "keep", 0, 10 * MAX_WAIT));
	work.values[1] = Int32GetDatum(hf_arg_count(fcinfo, 2, "batch", PG_INT32_MAX));
	Run(&work);
	PG_RETURN_INT32((int32) work.count);
}

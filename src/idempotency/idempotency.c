/*
 * idempotency.c
 *		Requests that a client may repeat: the first does the work, the others get its answer.
 *
 * A key is (organization, actor, operation, key). begin_request takes its transaction lock without waiting,
 * then looks for a stored response; finish_request stores it. So:
 *
 *	- at most one transaction works on a key; any other is told so at once (request_in_progress), and a
 *	  repetition of finished work never is, since it keeps no lock;
 *	- the response is committed with the work itself, or not at all: a request that failed left nothing and
 *	  may be repeated;
 *	- the look-up happens after the lock and on a snapshot of its own, so it sees what the previous holder of
 *	  the lock committed, in every isolation level.
 *
 * Between the two calls the digest of the request waits in the transaction's memory. It counts only as long as
 * the lock is held, which a rolled-back savepoint ends.
 *
 * The store is read and written with the caller's rights: whoever may call these functions can reach no more
 * than their own privileges and policies on the store allow. An RPC that uses them is a SECURITY DEFINER
 * function of the store's owner.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "base/clock.h"
#include "base/create.h"
#include "base/digest_core.h"
#include "base/plain.h"
#include "errors.h"
#include "locks.h"
#include "spi.h"

#define KEY_MAX_LENGTH	 255
#define KEEP_FOR		 (24 * USECS_PER_HOUR)
#define RETRY_IN_SECONDS 1

PG_FUNCTION_INFO_V1(hf_create_idempotency);
PG_FUNCTION_INFO_V1(hf_begin_request);
PG_FUNCTION_INFO_V1(hf_finish_request);
PG_FUNCTION_INFO_V1(hf_reap_requests);

/* The four columns of a key, in the order of the primary key and of every statement's parameters. */
enum
{
	ORGANIZATION,
	ACTOR,
	OPERATION,
	KEY,
	KEY_COLUMNS
};

/* One request: its store, its key, and the digest of both, which names its lock. */
typedef struct Request
{
	Oid store;
	Datum key[KEY_COLUMNS];
	uint8 digest[HF_DIGEST_SIZE];
} Request;

/* A request between begin and finish. */
typedef struct Pending
{
	uint8 request[HF_DIGEST_SIZE];
	uint8 body[HF_DIGEST_SIZE];
	bool
		replaces; /* there is a row with this key already: one that has outlived its time, or our own */
	struct Pending *next;
} Pending;

static Pending *pending = NULL; /* in TopTransactionContext */

static const HfQuery find_query = {
	"SELECT request_hash, response, created_at OPERATOR(pg_catalog.>) $5 FROM %s WHERE organization_id OPERATOR(pg_catalog.=) $1"
	" AND actor OPERATOR(pg_catalog.=) $2 AND operation OPERATOR(pg_catalog.=) $3"
	" AND key OPERATOR(pg_catalog.=) $4",
	5,
	{UUIDOID, UUIDOID, TEXTOID, TEXTOID, TIMESTAMPTZOID},
	true};

/* The row that may be in the way is one that has outlived its 24 hours. */
static const HfQuery store_query = {
	"INSERT INTO %s (organization_id, actor, operation, key, request_hash, response, created_at)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7)"
	" ON CONFLICT (organization_id, actor, operation, key) DO UPDATE SET"
	" created_at = excluded.created_at, request_hash = excluded.request_hash,"
	" response = excluded.response",
	7,
	{UUIDOID, UUIDOID, TEXTOID, TEXTOID, BYTEAOID, JSONBOID, TIMESTAMPTZOID},
	false};

static const HfQuery reap_query = {"DELETE FROM %s WHERE ctid OPERATOR(pg_catalog.=) ANY (ARRAY("
								   "SELECT ctid FROM %s WHERE created_at OPERATOR(pg_catalog.<=) $1"
								   " ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
								   2,
								   {TIMESTAMPTZOID, INT4OID},
								   false};

/* as create_idempotency() makes it */
static const HfColumn store_columns[] = {
	{"organization_id", UUIDOID},	{"actor", UUIDOID},
	{"operation", TEXTOID},			{"key", TEXTOID},
	{"request_hash", BYTEAOID},		{"response", JSONBOID},
	{"created_at", TIMESTAMPTZOID},
};

/* A row is written without the executor only where none can be in its way: the key is locked, and was looked for since. */
static const HfShape store_shape = {
	store_columns, lengthof(store_columns), ACL_INSERT | ACL_SELECT | ACL_UPDATE, {0}};

/* %s is the store. */
static const char *const create_commands[] = {
	"CREATE TABLE %s ("
	" organization_id uuid NOT NULL,"
	" actor uuid NOT NULL,"
	" operation text NOT NULL CHECK (operation <> ''),"
	" key text NOT NULL CHECK (key <> '' AND length(key) <= 255),"
	" request_hash bytea NOT NULL CHECK (length(request_hash) = 32),"
	" response jsonb NOT NULL,"
	" created_at timestamptz NOT NULL,"
	" PRIMARY KEY (organization_id, actor, operation, key))",
	"CREATE INDEX ON %s (created_at)",
	"ALTER TABLE %s ENABLE ROW LEVEL SECURITY",
	"CREATE POLICY owner_only ON %s USING (false) WITH CHECK (false)",
	"COMMENT ON POLICY owner_only ON %s IS 'Stored responses are read and written by functions of the"
	" table''s owner; nobody else has business here.'",
	"COMMENT ON TABLE %s IS 'Responses to requests that a client may repeat, kept for 24 hours; written"
	" by holdfast.finish_request().'",
	"COMMENT ON COLUMN %s.organization_id IS 'Tenant of the request; the nil UUID when it had none.'",
	"COMMENT ON COLUMN %s.actor IS 'Who sent the request; the nil UUID when nobody was authenticated.'",
	"COMMENT ON COLUMN %s.operation IS 'What was asked for; keys of different operations are independent.'",
	"COMMENT ON COLUMN %s.key IS 'The Idempotency-Key that the client chose.'",
	"COMMENT ON COLUMN %s.request_hash IS 'BLAKE2b-256 of the request; another request under the same"
	" key is refused.'",
	"COMMENT ON COLUMN %s.response IS 'What the first request was answered.'",
	"COMMENT ON COLUMN %s.created_at IS 'When the work was done; the row counts for 24 hours.'",
};

/* ForgetPending drops the list with the memory it lives in. */
static void
ForgetPending(void *arg)
{
	pending = NULL;
}

/* FindPending returns the entry of a request, or NULL. */
static Pending *
FindPending(const Request *request)
{
	for (Pending *entry = pending; entry != NULL; entry = entry->next)
	{
		if (memcmp(entry->request, request->digest, HF_DIGEST_SIZE) == 0)
			return entry;
	}
	return NULL;
}

/* RememberPending keeps the digest of a request's body, and what was found, until the end of the transaction. */
static void
RememberPending(const Request *request, const uint8 *body, bool replaces)
{
	Pending *entry = FindPending(request);

	if (entry == NULL)
	{
		if (pending == NULL)
		{
			MemoryContextCallback *callback =
				MemoryContextAllocZero(TopTransactionContext, sizeof(MemoryContextCallback));

			callback->func = ForgetPending;
			MemoryContextRegisterResetCallback(TopTransactionContext, callback);
		}
		entry = MemoryContextAllocZero(TopTransactionContext, sizeof(Pending));
		memcpy(entry->request, request->digest, HF_DIGEST_SIZE);
		entry->next = pending;
		pending = entry;
	}
	memcpy(entry->body, body, HF_DIGEST_SIZE);
	entry->replaces = replaces;
}

/* UuidOrNil is an argument, or the nil UUID in the place of NULL. */
static Datum
UuidOrNil(FunctionCallInfo fcinfo, int arg)
{
	return PG_ARGISNULL(arg) ? UUIDPGetDatum(palloc0(sizeof(pg_uuid_t))) : PG_GETARG_DATUM(arg);
}

/* CheckedText is an argument that must have 1 to 255 characters. */
static Datum
CheckedText(FunctionCallInfo fcinfo, int arg, const char *field)
{
	text *value;
	int length;

	if (PG_ARGISNULL(arg))
		hf_raise_invalid(field, "must not be null");
	value = PG_GETARG_TEXT_PP(arg);
	length = pg_mbstrlen_with_len(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	if (length == 0)
		hf_raise_invalid(field, "must not be empty");
	if (length > KEY_MAX_LENGTH)
		hf_raise_invalid(field, "must not be longer than 255 characters");
	return PointerGetDatum(value);
}

/* DigestText adds a text value to a digest. */
static void
DigestText(HfDigest *digest, char tag, Datum value)
{
	text *content = DatumGetTextPP(value);

	hf_digest_part(digest, tag, VARDATA_ANY(content), VARSIZE_ANY_EXHDR(content));
}

/*
 * ReadRequest reads the first five arguments of begin_request and finish_request; false when there is no key,
 * so that the caller did not ask for anything to be kept.
 */
static bool
ReadRequest(FunctionCallInfo fcinfo, Request *request)
{
	HfDigest digest;

	if (PG_ARGISNULL(0))
		hf_raise_invalid("store", "must not be null");
	request->store = PG_GETARG_OID(0);
	request->key[ORGANIZATION] = UuidOrNil(fcinfo, 1);
	request->key[ACTOR] = UuidOrNil(fcinfo, 2);
	request->key[OPERATION] = CheckedText(fcinfo, 3, "operation");
	if (PG_ARGISNULL(4))
		return false;
	request->key[KEY] = CheckedText(fcinfo, 4, "idempotency_key");

	hf_digest_start(&digest, 'r');
	hf_digest_part(&digest, 's', &request->store, sizeof(Oid));
	hf_digest_part(&digest, 'u', DatumGetUUIDP(request->key[ORGANIZATION]), UUID_LEN);
	hf_digest_part(&digest, 'u', DatumGetUUIDP(request->key[ACTOR]), UUID_LEN);
	DigestText(&digest, 't', request->key[OPERATION]);
	DigestText(&digest, 't', request->key[KEY]);
	hf_digest_finish(&digest, request->digest);
	return true;
}

/* DigestScalar adds one JSON value; a number counts by value, so 1.0 and 1.00 are the same request. */
static void
DigestScalar(HfDigest *digest, const JsonbValue *value)
{
	char *number;

	switch (value->type)
	{
		case jbvNull:
			hf_digest_part(digest, '0', NULL, 0);
			break;
		case jbvString:
			hf_digest_part(digest, 's', value->val.string.val, value->val.string.len);
			break;
		case jbvNumeric:
			number = numeric_normalize(value->val.numeric);
			hf_digest_part(digest, 'n', number, strlen(number));
			break;
		case jbvBool:
			hf_digest_part(digest, value->val.boolean ? 't' : 'f', NULL, 0);
			break;
		default:
			elog(ERROR, "unexpected jsonb value type %d", value->type);
	}
}

/* DigestBody makes the digest of a request's body. Keys of an object are sorted and unique in a jsonb. */
static void
DigestBody(Jsonb *body, uint8 *out)
{
	HfDigest digest;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue value;

	hf_digest_start(&digest, 'b');
	it = JsonbIteratorInit(&body->root);
	while ((token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		switch (token)
		{
			case WJB_KEY:
				hf_digest_part(&digest, 'k', value.val.string.val, value.val.string.len);
				break;
			case WJB_VALUE:
			case WJB_ELEM:
				DigestScalar(&digest, &value);
				break;
			case WJB_BEGIN_ARRAY:
				hf_digest_part(&digest, value.val.array.rawScalar ? '.' : '[', NULL, 0);
				break;
			case WJB_BEGIN_OBJECT:
				hf_digest_part(&digest, '{', NULL, 0);
				break;
			default:
				hf_digest_part(&digest, token == WJB_END_ARRAY ? ']' : '}', NULL, 0);
				break;
		}
	}
	hf_digest_finish(&digest, out);
}

/*
 * FindResponse looks up the stored response of a request; NULL when there is none that still counts. *found: there is one,
 * whether it counts or not.
 */
static Jsonb *
FindResponse(const Request *request, const uint8 *body, bool *found)
{
	MemoryContext caller = CurrentMemoryContext;
	Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
	Jsonb *response = NULL;
	bool matches = true;
	bool isnull;
	Datum values[KEY_COLUMNS + 1];

	memcpy(values, request->key, sizeof(request->key));
	values[KEY_COLUMNS] = TimestampTzGetDatum(hf_clock_now() - KEEP_FOR);
	hf_spi_open();
	*found = hf_spi_run_snapshot(&find_query, request->store, values, NULL, snapshot, 1) > 0;
	if (*found && DatumGetBool(hf_spi_value(0, 3, &isnull)))
	{
		bytea *stored = DatumGetByteaPP(hf_spi_value(0, 1, &isnull));
		Datum kept = hf_spi_value(0, 2, &isnull);
		MemoryContext previous = MemoryContextSwitchTo(caller);

		matches = VARSIZE_ANY_EXHDR(stored) == HF_DIGEST_SIZE &&
				  memcmp(VARDATA_ANY(stored), body, HF_DIGEST_SIZE) == 0;
		response = DatumGetJsonbPCopy(kept);
		MemoryContextSwitchTo(previous);
	}
	hf_spi_close();
	UnregisterSnapshot(snapshot);
	if (!matches)
		hf_raise("idempotency_mismatch", NULL, NULL, -1);
	return response;
}

/* JsonbNull is JSON's null. */
static Jsonb *
JsonbNull(void)
{
	JsonbValue value = {.type = jbvNull};

	return JsonbValueToJsonb(&value);
}

/* begin_request(store, organization_id, actor, operation, key, request) */
Datum
hf_begin_request(PG_FUNCTION_ARGS)
{
	Request request;
	uint8 body[HF_DIGEST_SIZE];
	uint64 lock;
	bool locked;
	bool found;
	Jsonb *response;

	if (!ReadRequest(fcinfo, &request))
		PG_RETURN_NULL();
	DigestBody(PG_ARGISNULL(5) ? JsonbNull() : PG_GETARG_JSONB_P(5), body);
	lock = hf_digest_key(request.digest);
	locked = hf_lock_try(HF_LOCK_REQUEST, lock);
	response = FindResponse(&request, body, &found);
	if (response != NULL)
	{
		if (locked)
			hf_lock_give(HF_LOCK_REQUEST, lock);
		PG_RETURN_JSONB_P(response);
	}
	if (!locked)
	{
		char details[64];

		snprintf(details, sizeof(details), "{\"retry_after_seconds\": %d}", RETRY_IN_SECONDS);
		hf_raise("request_in_progress", details, NULL, RETRY_IN_SECONDS);
	}
	RememberPending(&request, body, found);
	PG_RETURN_NULL();
}

/* finish_request(store, organization_id, actor, operation, key, response) */
Datum
hf_finish_request(PG_FUNCTION_ARGS)
{
	Request request;
	Pending *entry;
	bytea *body;
	Datum values[KEY_COLUMNS + 3];
	bool no_nulls[KEY_COLUMNS + 3] = {false};

	if (!ReadRequest(fcinfo, &request))
		PG_RETURN_VOID();
	entry = FindPending(&request);
	if (entry == NULL || !hf_lock_held(HF_LOCK_REQUEST, hf_digest_key(request.digest)))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("finish_request() without begin_request() in the same transaction")));
	body = palloc(VARHDRSZ + HF_DIGEST_SIZE);
	SET_VARSIZE(body, VARHDRSZ + HF_DIGEST_SIZE);
	memcpy(VARDATA(body), entry->body, HF_DIGEST_SIZE);

	memcpy(values, request.key, sizeof(request.key));
	values[KEY_COLUMNS] = PointerGetDatum(body);
	values[KEY_COLUMNS + 1] = PG_ARGISNULL(5) ? JsonbPGetDatum(JsonbNull()) : PG_GETARG_DATUM(5);
	values[KEY_COLUMNS + 2] = TimestampTzGetDatum(hf_clock_now());
	if (entry->replaces || !hf_plain_write(&store_shape, request.store, values, no_nulls))
	{
		hf_spi_open();
		(void) hf_spi_run(&store_query, request.store, values, NULL, 0);
		hf_spi_close();
	}
	entry->replaces = true;
	PG_RETURN_VOID();
}

/* reap_requests(store, batch) */
Datum
hf_reap_requests(PG_FUNCTION_ARGS)
{
	Datum values[2];
	uint64 reaped;

	if (PG_ARGISNULL(0))
		hf_raise_invalid("store", "must not be null");
	if (PG_ARGISNULL(1) || PG_GETARG_INT32(1) < 1)
		hf_raise_invalid("batch", "must be at least 1");
	values[0] = TimestampTzGetDatum(hf_clock_now() - KEEP_FOR);
	values[1] = PG_GETARG_DATUM(1);
	hf_spi_open();
	reaped = hf_spi_run(&reap_query, PG_GETARG_OID(0), values, NULL, 0);
	hf_spi_close();
	PG_RETURN_INT32((int32) reaped);
}

/* create_idempotency(name) */
Datum
hf_create_idempotency(PG_FUNCTION_ARGS)
{
	HfCreation creation;
	const char *table;

	hf_create_begin(&creation, PG_GETARG_DATUM(0), PG_ARGISNULL(0));
	table = hf_create_name(&creation, creation.relname);
	hf_create_run(create_commands, lengthof(create_commands), table, NULL);
	hf_create_close_off(table);
	PG_RETURN_OID(hf_create_end(&creation));
}

/*
 * seal_json.c
 *		audit_proof(), and the JSON that leaves the server: a row, its path to the root of its batch, the batch, and the
 *		path of the batch to a head of the chain. docs/audit_format.md says how to check it without the database.
 */
#include "compat.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "audit/seal.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(hf_make_audit_proof);

#define UNIX_EPOCH	  ((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)
#define SEALED_WITHIN 60 /* seconds, as the platform's job seals */

/* hf_seal_json_hash appends a hash as a string of hex digits. */
void
hf_seal_json_hash(StringInfo out, const HfMerkleHash *hash)
{
	appendStringInfoChar(out, '"');
	for (int i = 0; i < HF_MERKLE_HASH_SIZE; i++)
		appendStringInfo(out, "%02x", hash->bytes[i]);
	appendStringInfoChar(out, '"');
}

/* hf_seal_json_uuid appends a UUID as a string. */
void
hf_seal_json_uuid(StringInfo out, const uint8 *uuid)
{
	appendStringInfo(
		out, "\"%s\"",
		DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum((const pg_uuid_t *) uuid))));
}

/* hf_seal_json_header appends a batch; 64-bit ids are strings, because many readers of JSON round large numbers. */
void
hf_seal_json_header(StringInfo out, const HfSeal *seal)
{
	const HfSealHeader *header = &seal->header;

	appendStringInfo(out, "{\"batch\": " UINT64_FORMAT ", \"log\": ", header->batch);
	hf_seal_json_uuid(out, header->log);
	appendStringInfo(
		out,
		", \"cluster\": \"" INT64_FORMAT "\", \"sealed_by\": \"" INT64_FORMAT
		"\", \"from_transaction\": \"" UINT64_FORMAT "\", \"to_transaction\": \"" UINT64_FORMAT
		"\", \"row_count\": " UINT64_FORMAT ", \"sealed_at\": ",
		(int64) header->cluster, (int64) header->sealed_by, header->from, header->to, header->rows);
	hf_json_timestamp(out, header->sealed_at - UNIX_EPOCH);
	appendStringInfoString(out, ", \"root\": ");
	hf_seal_json_hash(out, &header->root);
	appendStringInfoString(out, ", \"history\": ");
	hf_seal_json_hash(out, &header->history);
	appendStringInfoString(out, ", \"previous\": ");
	hf_seal_json_hash(out, &header->previous);
	appendStringInfoString(out, ", \"head\": ");
	hf_seal_json_hash(out, &seal->head);
	appendStringInfoChar(out, '}');
}

/* hf_seal_json_finish makes a jsonb of the text. */
Datum
hf_seal_json_finish(StringInfo out)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out->data));
}

/* AppendPath appends the place of a leaf in its tree and the path from there to the root. */
static void
AppendPath(StringInfo out, const HfMerklePath *path)
{
	appendStringInfo(out,
					 "{\"index\": " UINT64_FORMAT ", \"count\": " UINT64_FORMAT ", \"path\": [",
					 path->index, path->tree.count);
	for (int i = 0; i < path->length; i++)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		hf_seal_json_hash(out, &path->hashes[i]);
	}
	appendStringInfoString(out, "]}");
}

/* Broken says that what is stored is not what was sealed. */
pg_noreturn static void Broken(uint64 batch);
static void
Broken(uint64 batch)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("the audit log is not what batch " UINT64_FORMAT " sealed", batch),
					errhint("verify_audit() names what was changed.")));
}

/* FindIndex finds the place of a row among the leaves of its batch. */
static uint64
FindIndex(const HfSealLog *log, const HfSealHeader *header, const HfRow *wanted)
{
	HfRows *rows = hf_rows_open(log, header->cluster, header->from, header->to, false);
	uint64 index = 0;
	HfRow row;

	for (; hf_rows_next(rows, &row); index++)
	{
		if (memcmp(&row.id, &wanted->id, sizeof(pg_uuid_t)) == 0 &&
			memcmp(&row.organization, &wanted->organization, sizeof(pg_uuid_t)) == 0)
			break;
	}
	hf_rows_close(rows);
	return index;
}

/* FindRowPath finds the path of a row to the root of its batch. */
static void
FindRowPath(const HfSealLog *log, const HfSeal *seal, const HfRow *wanted, HfMerklePath *path)
{
	const HfSealHeader *header = &seal->header;
	HfRows *rows;
	HfRow row;

	hf_merkle_path_start(path, FindIndex(log, header, wanted));
	rows = hf_rows_open(log, header->cluster, header->from, header->to, false);
	while (hf_rows_next(rows, &row))
		hf_merkle_path_add(path, &row.leaf);
	hf_rows_close(rows);
	if (!hf_merkle_path_finish(path) ||
		!hf_merkle_verify(&wanted->leaf, path->index, header->rows, path->hashes, path->length,
						  &header->root))
		Broken(header->batch);
}

/* FindBatchPath finds the path of a batch to the history of a later one. */
static void
FindBatchPath(const HfSealLog *log, const HfSeal *seal, const HfSeal *later, HfMerklePath *path)
{
	HfCursor cursor = hf_seal_read_heads(log, later->header.batch);
	HfMerkleHash leaf;

	hf_merkle_path_start(path, seal->header.batch - 1);
	while (hf_seal_next_head(cursor, &leaf))
		hf_merkle_path_add(path, &leaf);
	hf_spi_cursor_close(cursor);
	hf_merkle_leaf(&seal->head, sizeof(seal->head), &leaf);
	if (!hf_merkle_path_finish(path) ||
		!hf_merkle_verify(&leaf, path->index, later->header.batch - 1, path->hashes, path->length,
						  &later->header.history))
		Broken(later->header.batch);
}

/* FindLater finds the batch that a proof leads to: the one that was asked for, or the last. */
static void
FindLater(const HfSealLog *log, const HfSeal *seal, FunctionCallInfo fcinfo, HfSeal *later)
{
	if (PG_ARGISNULL(2))
	{
		(void) hf_seal_last(log, later);
		return;
	}
	if (PG_GETARG_INT64(2) < (int64) seal->header.batch)
		hf_raise_invalid("head_batch", "is before the batch that holds the row");
	if (!hf_seal_get(log, (uint64) PG_GETARG_INT64(2), later))
		hf_raise_invalid("head_batch", "is no batch of this log");
}

/* AppendProof finds a row, and appends all that proves it. */
static void
AppendProof(StringInfo out, const HfSealLog *log, FunctionCallInfo fcinfo)
{
	HfSeal seal;
	HfSeal later;
	HfMerklePath *path = palloc(sizeof(HfMerklePath));
	HfRow row;
	uint64 cluster;
	char *description =
		hf_rows_describe(log, PG_GETARG_DATUM(3), PG_GETARG_DATUM(1), &row, &cluster);

	if (description == NULL)
		hf_raise("audit_row_not_found", NULL, NULL, -1);
	if (!hf_seal_covering(log, cluster, row.transaction, &seal))
		hf_raise("not_sealed_yet", psprintf("{\"retry_after_seconds\": %d}", SEALED_WITHIN), NULL,
				 SEALED_WITHIN);
	FindLater(log, &seal, fcinfo, &later);

	appendStringInfo(
		out, "{\"format\": \"holdfast-audit-proof-1\", \"row\": %s, \"leaf\": ", description);
	hf_seal_json_hash(out, &row.leaf);
	FindRowPath(log, &seal, &row, path);
	appendStringInfoString(out, ", \"in_batch\": ");
	AppendPath(out, path);
	appendStringInfoString(out, ", \"batch\": ");
	hf_seal_json_header(out, &seal);
	if (later.header.batch != seal.header.batch)
	{
		FindBatchPath(log, &seal, &later, path);
		appendStringInfoString(out, ", \"in_history\": ");
		AppendPath(out, path);
		appendStringInfoString(out, ", \"later\": ");
		hf_seal_json_header(out, &later);
	}
	appendStringInfoChar(out, '}');
}

/* audit_proof(log, id, head_batch, organization_id) */
Datum
hf_make_audit_proof(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext old;
	HfSealLog log;
	StringInfoData out;

	if (PG_ARGISNULL(1))
		hf_raise_invalid("id", "must not be null");
	if (PG_ARGISNULL(3))
		hf_raise_invalid("organization_id", "must not be null");
	hf_seal_open(&log, fcinfo, false);
	old = MemoryContextSwitchTo(caller);
	initStringInfo(&out);
	MemoryContextSwitchTo(old);
	AppendProof(&out, &log, fcinfo);
	hf_seal_close(&log);
	return hf_seal_json_finish(&out);
}

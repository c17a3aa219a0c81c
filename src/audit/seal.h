/*
 * seal.h
 *		Sealed audit logs: what the parts of seal_*.c share.
 *
 * Beside a log NAME stands NAME_seals with one row for each batch of sealed rows. seal_core.h has the bytes.
 */
#ifndef HOLDFAST_SEAL_H
#define HOLDFAST_SEAL_H

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/uuid.h"

#include "audit/seal_core.h"
#include "base/create.h"
#include "spi.h"

/* One batch, as it is stored. */
typedef struct HfSeal
{
	HfSealHeader header;
	HfMerkleHash head;
	HfMerkleTree past; /* the tree of the heads of all batches before */
	bool past_fits;	   /* what is stored of it has the right size */
	uint8 *marks;	   /* of the rows' leaves, in their order; NULL when there are none */
	uint64 mark_count;
} HfSeal;

/* seal_table.c: makes NAME_seals for a log that is being created. */
extern void hf_seal_create(const HfCreation *creation);

/*
 * seal_table.c: opens a log for sealing or checking: all that follows, until hf_seal_close, is read on one snapshot that
 * was taken in here, and an error, not a smaller log, where row security would hide a row from the caller. lock: wait
 * until nobody else is sealing, first.
 */
typedef struct HfSealLog
{
	Oid log;
	Oid seals;
	int nesting;
} HfSealLog;

extern void hf_seal_open(HfSealLog *log, FunctionCallInfo fcinfo, bool lock);
extern void hf_seal_close(HfSealLog *log);

/* seal_table.c: what is stored. False when there is no such batch. */
extern bool hf_seal_last(const HfSealLog *log, HfSeal *seal);
extern bool hf_seal_get(const HfSealLog *log, uint64 batch, HfSeal *seal);
extern bool
hf_seal_covering(const HfSealLog *log, uint64 cluster, uint64 transaction, HfSeal *seal);
extern void hf_seal_store(const HfSealLog *log, const HfSeal *seal);

/* seal_table.c: all batches, or those from one on to another, in their order. */
extern HfCursor hf_seal_read_all(const HfSealLog *log, uint64 from, uint64 to);
extern bool hf_seal_next(HfCursor cursor, HfSeal *seal);

/* seal_table.c: the heads of the batches before one, as leaves of the tree of history. */
extern HfCursor hf_seal_read_heads(const HfSealLog *log, uint64 before);
extern bool hf_seal_next_head(HfCursor cursor, HfMerkleHash *leaf);

/* seal_table.c: the first transaction of a cluster that no batch holds. */
extern uint64 hf_seal_position(const HfSealLog *log, uint64 cluster);

/*
 * seal_rows.c: rows of a log. What a row is called in a report, and its leaf; with_content: also whether its values are
 * what its digest says. Values live until the next row.
 */
typedef enum HfRowContent
{
	HF_ROW_SOUND,
	HF_ROW_CHANGED, /* not what the digest says */
	HF_ROW_ERASED	/* gone, with the salt */
} HfRowContent;

typedef struct HfRow
{
	pg_uuid_t organization;
	pg_uuid_t id;
	bool has_subject;
	pg_uuid_t subject;
	uint64 transaction;
	HfMerkleHash leaf;
	HfRowContent content;
} HfRow;

typedef struct HfRows HfRows;

/* The rows of a cluster with transaction ids in [from, to), in the order of their leaves. */
extern HfRows *
hf_rows_open(const HfSealLog *log, uint64 cluster, uint64 from, uint64 to, bool with_content);
extern bool hf_rows_next(HfRows *rows, HfRow *row);
extern void hf_rows_close(HfRows *rows);

/* seal_rows.c: the next cluster that has rows, from one on (as a signed number); false: there is none. */
extern bool hf_rows_next_cluster(const HfSealLog *log, int64 from, int64 *cluster);

/* seal_rows.c: the first transaction of this cluster that may still write: no row below it can come any more. */
extern uint64 hf_rows_horizon(void);

/* seal_rows.c: one row as JSON, as a proof shows it; NULL when there is none. Also its leaf and where it was written. */
extern char *
hf_rows_describe(const HfSealLog *log, Datum organization, Datum id, HfRow *row, uint64 *cluster);

/* seal_json.c: parts of a proof, appended to a JSON text. */
extern void hf_seal_json_hash(StringInfo out, const HfMerkleHash *hash);
extern void hf_seal_json_uuid(StringInfo out, const uint8 *uuid);
extern void hf_seal_json_header(StringInfo out, const HfSeal *seal);
extern Datum hf_seal_json_finish(StringInfo out);

#endif

/*
 * audit_log.h
 *		Writing rows of an audit log, and what such a table looks like.
 */
#ifndef HOLDFAST_AUDIT_LOG_H
#define HOLDFAST_AUDIT_LOG_H

#include "lib/stringinfo.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "audit/audit_core.h"

/* The columns of a log, in the order of create_audit_log(). */
enum
{
	HF_AUDIT_ORGANIZATION,
	HF_AUDIT_ID,
	HF_AUDIT_OCCURRED_AT,
	HF_AUDIT_USER,
	HF_AUDIT_ACTOR,
	HF_AUDIT_ROLE,
	HF_AUDIT_CATEGORY,
	HF_AUDIT_ACTION,
	HF_AUDIT_ENTITY_TYPE,
	HF_AUDIT_ENTITY_ID,
	HF_AUDIT_SUBJECT,
	HF_AUDIT_OLD_VALUES,
	HF_AUDIT_NEW_VALUES,
	HF_AUDIT_DETAILS,
	HF_AUDIT_STATUS,
	HF_AUDIT_ERROR,
	HF_AUDIT_ADDRESS,
	HF_AUDIT_USER_AGENT,
	HF_AUDIT_REQUEST_ID,
	HF_AUDIT_TRANSACTION,
	HF_AUDIT_CLUSTER,
	HF_AUDIT_SALT,
	HF_AUDIT_DIGEST,
	HF_AUDIT_COLUMNS
};

typedef struct HfAuditColumnType
{
	const char *name;
	Oid type;
	bool required;
} HfAuditColumnType;

extern const HfAuditColumnType hf_audit_columns[HF_AUDIT_COLUMNS];

/*
 * One row to be written: the columns that are set. hf_audit_add() fills in the others: id, occurred_at, transaction_id,
 * cluster, salt and digest for all rows, and who, when they are not set: organization, user, actor, role, address,
 * user agent and request id as the current request has them. A column that is set may be null.
 */
typedef struct HfAuditEntry
{
	Datum values[HF_AUDIT_COLUMNS];
	bool nulls[HF_AUDIT_COLUMNS];
	bool set[HF_AUDIT_COLUMNS];
	/* old_values and new_values are encoded in hf_audit_content() already */
	bool content_made;
} HfAuditEntry;

extern void hf_audit_set(HfAuditEntry *entry, int column, Datum value);
extern void hf_audit_set_text(HfAuditEntry *entry, int column, const char *value);

/*
 * A writer writes to one log, whose owner it acts as; the caller has checked that it may. Between begin and end
 * the entries' values must stay in memory that the writer's batch context holds: allocate them there.
 */
typedef struct HfAuditWriter HfAuditWriter;

extern HfAuditWriter *hf_audit_begin(Oid log);
extern MemoryContext hf_audit_memory(HfAuditWriter *writer);
extern StringInfo hf_audit_content(HfAuditWriter *writer);
extern StringInfo hf_audit_scratch(HfAuditWriter *writer);
extern const uint8 *hf_audit_secret(HfAuditWriter *writer);
extern void hf_audit_add(HfAuditWriter *writer, const HfAuditEntry *entry);
extern void hf_audit_end(HfAuditWriter *writer);

/* begin, add and end for one entry; returns the row's id. */
extern pg_uuid_t *hf_audit_write(Oid log, const HfAuditEntry *entry);

/* Whether a table is an audit log; hf_audit_check() raises invalid_input when it is none. */
extern bool hf_audit_is_log(Oid relid);
extern void hf_audit_check(Oid relid);

/* Appends the encoding of a value to a content: NULL is an absent one. */
extern void hf_audit_encode(StringInfo content, Jsonb *json);
extern void hf_audit_encode_value(StringInfo content, const JsonbValue *value);
extern void hf_audit_encode_text(StringInfo content, char tag, const char *data, int length);

extern void hf_audit_init(void);

#endif

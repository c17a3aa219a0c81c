/*
 * audit_table.h
 *		What is known of an audit log, as a table; inside of audit_*.c.
 */
#ifndef HOLDFAST_AUDIT_TABLE_H
#define HOLDFAST_AUDIT_TABLE_H

#include "utils/rel.h"

#include "audit/audit_core.h"

typedef struct HfAuditLog
{
	Oid relid;
	bool known;	 /* what follows is true now */
	bool is_log; /* has the columns */
	bool direct; /* rows can be written without the executor */
	bool has_secret;
	uint8 secret[HF_AUDIT_SECRET_SIZE];
} HfAuditLog;

/* What is known of a table; good until the next call. */
extern HfAuditLog *hf_audit_find(Relation rel);

/* The name of the table that holds a log's secret, without its schema. */
extern char *hf_audit_secret_name(const char *log);

/* Tells whoever caches something by table (audit_plan.c) that a table has changed; InvalidOid: all of them. */
extern void hf_audit_plan_forget(Oid relid);

/* The log that erase_audit() is at work on, or InvalidOid: nothing else may change a row. */
extern Oid hf_audit_erasing;

#endif

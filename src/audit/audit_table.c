/*
 * audit_table.c
 *		Audit logs as tables: how they are told from others, and how they may be written.
 *
 * A log is known by its columns. What was learnt of it is kept until the table changes.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

#include <sodium.h>

#include "audit/audit_log.h"
#include "audit/audit_table.h"
#include "base/known.h"
#include "base/plain.h"
#include "errors.h"
#include "guc.h"

PG_FUNCTION_INFO_V1(hf_is_audit_log_sql);

const HfAuditColumnType hf_audit_columns[HF_AUDIT_COLUMNS] = {
	{"organization_id", UUIDOID, true},
	{"id", UUIDOID, true},
	{"occurred_at", TIMESTAMPTZOID, true},
	{"user_id", UUIDOID, false},
	{"actor_id", UUIDOID, false},
	{"role", TEXTOID, false},
	{"category", TEXTOID, true},
	{"action", TEXTOID, true},
	{"entity_type", TEXTOID, false},
	{"entity_id", TEXTOID, false},
	{"subject_id", UUIDOID, false},
	{"old_values", JSONBOID, false},
	{"new_values", JSONBOID, false},
	{"details", JSONBOID, false},
	{"status", TEXTOID, true},
	{"error_message", TEXTOID, false},
	{"ip_address", INETOID, false},
	{"user_agent", TEXTOID, false},
	{"request_id", TEXTOID, false},
	{"transaction_id", XID8OID, true},
	{"cluster", INT8OID, true},
	{"salt", BYTEAOID, false},
	{"digest", BYTEAOID, true},
};

StaticAssertDecl(offsetof(HfAuditLog, known) == offsetof(HfKnownEntry, known),
				 "entries begin alike");

static HfKnown logs = {"holdfast audit logs", sizeof(HfAuditLog)};

/* RelationChanged is the relcache callback: plans of what is audited are kept elsewhere. */
static void
RelationChanged(Datum arg, Oid relid)
{
	hf_audit_plan_forget(relid);
}

/* NamespaceChanged is the syscache callback: rows and logs are named with their schemas. */
static void
NamespaceChanged(Datum arg, int cacheid, uint32 hashvalue)
{
	hf_audit_plan_forget(InvalidOid);
}

/* hf_audit_init registers the callbacks. */
void
hf_audit_init(void)
{
	if (sodium_init() < 0)
		ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not initialize libsodium")));
	hf_known_init(&logs);
	CacheRegisterRelcacheCallback(RelationChanged, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, NamespaceChanged, (Datum) 0);
}

/* hf_audit_secret_name is NAME_redaction. */
char *
hf_audit_secret_name(const char *log)
{
	return psprintf("%s_redaction", log);
}

/* HasColumns tells whether all columns are there; *exactly: and nothing else, in our order. */
static bool
HasColumns(Relation rel, bool *exactly)
{
	TupleDesc desc = RelationGetDescr(rel);

	*exactly = desc->natts == HF_AUDIT_COLUMNS;
	for (int i = 0; i < HF_AUDIT_COLUMNS; i++)
	{
		const HfAuditColumnType *column = &hf_audit_columns[i];
		AttrNumber attnum = get_attnum(RelationGetRelid(rel), column->name);

		if (attnum == InvalidAttrNumber ||
			TupleDescAttr(desc, attnum - 1)->atttypid != column->type)
			return false;
		if (attnum != i + 1 || TupleDescAttr(desc, attnum - 1)->attnotnull != column->required ||
			TupleDescAttr(desc, attnum - 1)->attgenerated != '\0')
			*exactly = false;
	}
	return true;
}

/* HasPlainIndexes tells whether every index is one of columns, which is filled as rows come. */
static bool
HasPlainIndexes(Relation rel)
{
	List *indexes = RelationGetIndexList(rel);
	ListCell *cell;
	bool plain = true;

	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), AccessShareLock);

		plain &= index->rd_index->indimmediate && !index->rd_index->indisexclusion &&
				 heap_attisnull(index->rd_indextuple, Anum_pg_index_indexprs, NULL);
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	return plain;
}

/* Learn looks at a table. */
static void
Learn(HfAuditLog *log, Relation rel)
{
	TupleConstr *constraints = RelationGetDescr(rel)->constr;
	bool exactly;

	log->has_secret = false;
	log->is_log = HasColumns(rel, &exactly);
	log->direct = log->is_log && exactly && rel->rd_rel->relkind == RELKIND_RELATION &&
				  rel->rd_rel->relam == HEAP_TABLE_AM_OID && !rel->rd_rel->relispartition &&
				  (constraints == NULL || constraints->num_check == 0) &&
				  !hf_fires_on_insert(rel->trigdesc) && rel->rd_rules == NULL &&
				  HasPlainIndexes(rel);
	log->known = true;
}

/* hf_audit_find learns what is not known; see audit_table.h. */
HfAuditLog *
hf_audit_find(Relation rel)
{
	HfAuditLog *log = (HfAuditLog *) hf_known_find(&logs, RelationGetRelid(rel));

	if (!log->known)
		Learn(log, rel);
	return log;
}

/* hf_audit_is_log looks at the columns; see audit_log.h. */
bool
hf_audit_is_log(Oid relid)
{
	Relation rel = try_relation_open(relid, AccessShareLock);
	bool is_log;

	if (rel == NULL)
		return false;
	is_log = (rel->rd_rel->relkind == RELKIND_RELATION ||
			  rel->rd_rel->relkind == RELKIND_PARTITIONED_TABLE) &&
			 hf_audit_find(rel)->is_log;
	relation_close(rel, NoLock);
	return is_log;
}

/* hf_audit_check refuses another table; see audit_log.h. */
void
hf_audit_check(Oid relid)
{
	if (!hf_audit_is_log(relid))
		hf_raise_invalid("log", "is not a table made by create_audit_log()");
}

/* is_audit_log(rel) */
Datum
hf_is_audit_log_sql(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(hf_audit_is_log(PG_GETARG_OID(0)));
}

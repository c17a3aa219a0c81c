/*
 * quota_table.c
 *		What is known of the tables of a quota: which they are, and whether consume() may do without the executor.
 *
 * Kept per table of accounts until the relation cache says that one of the four has changed. Privileges and row security
 * depend on the user and are asked for in every call.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "base/known.h"
#include "base/row_checks.h"
#include "errors.h"
#include "guc.h"
#include "quota/quota.h"
#include "quota/quota_table.h"

typedef struct Column
{
	const char *name;
	Oid type;
} Column;

/* The columns that consume() reads and writes, where create_quota() puts them. */
static const Column account_columns[HF_ACCOUNT_COLUMNS] = {
	{"organization_id", UUIDOID},
	{"account", UUIDOID},
	{"balance", INT4OID},
	{"available", INT4OID},
	{"period_starts_at", TIMESTAMPTZOID},
	{"period_ends_at", TIMESTAMPTZOID},
};

static const Column ledger_columns[HF_LEDGER_COLUMNS] = {
	{"organization_id", UUIDOID},
	{"account", UUIDOID},
	{"id", UUIDOID},
	{"period_starts_at", TIMESTAMPTZOID},
	{"kind", TEXTOID},
	{"amount", INT4OID},
	{"reference", UUIDOID},
	{"reason", TEXTOID},
	{"actor", UUIDOID},
	{"created_at", TIMESTAMPTZOID},
};

/* DependsOn tells whether what is known of a quota hangs on one of the tables beside the accounts. */
static bool
DependsOn(const HfKnownEntry *entry, Oid relid)
{
	const HfQuotaTables *tables = (const HfQuotaTables *) entry;

	return tables->ledger == relid || tables->periods == relid || tables->alerts == relid;
}

StaticAssertDecl(offsetof(HfQuotaTables, known) == offsetof(HfKnownEntry, known),
				 "entries begin alike");

static HfKnown quotas = {"holdfast quotas", sizeof(HfQuotaTables), DependsOn};

/* hf_quota_init listens for changes. */
void
hf_quota_init(void)
{
	hf_known_init(&quotas);
}

/* Side finds a table beside the accounts. */
static Oid
Side(Oid accounts, const char *suffix)
{
	char *name = get_rel_name(accounts);
	Oid side = InvalidOid;

	if (name != NULL)
		side = get_relname_relid(psprintf("%s_%s", name, suffix), get_rel_namespace(accounts));
	if (!OidIsValid(side))
		hf_raise_invalid("quota", "is not a table made by create_quota()");
	return side;
}

/* HasColumns tells whether a table begins with the given columns, and has all others that are needed filled in. */
static bool
HasColumns(Relation rel, const Column *columns, int count, bool all)
{
	TupleDesc desc = RelationGetDescr(rel);

	if (all ? desc->natts != count : desc->natts < count)
		return false;
	for (int i = 0; i < count; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (att->attisdropped || att->atttypid != columns[i].type ||
			strcmp(NameStr(att->attname), columns[i].name) != 0)
			return false;
	}
	return true;
}

/* IsNotNull tells whether a predicate is that one column is not null, or there is none. */
static bool
IsNotNull(List *predicate)
{
	Node *test = predicate == NIL ? NULL : (Node *) linitial(predicate);

	return predicate == NIL ||
		   (list_length(predicate) == 1 && IsA(test, NullTest) &&
			((NullTest *) test)->nulltesttype == IS_NOT_NULL && IsA(((NullTest *) test)->arg, Var));
}

/* HasPlainIndexes tells whether every index is a btree of columns that is checked at once. */
static bool
HasPlainIndexes(Relation rel)
{
	List *indexes = RelationGetIndexList(rel);
	ListCell *cell;
	bool plain = true;

	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), AccessShareLock);

		plain = plain && index->rd_rel->relam == BTREE_AM_OID && index->rd_index->indimmediate &&
				!index->rd_index->indisexclusion && RelationGetIndexExpressions(index) == NIL &&
				IsNotNull(RelationGetIndexPredicate(index));
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	return plain;
}

/* IsPlain tells whether writing to a table without the executor leaves nothing out. */
static bool
IsPlain(Relation rel)
{
	const TupleConstr *constr = RelationGetDescr(rel)->constr;

	return rel->rd_rel->relkind == RELKIND_RELATION &&
		   rel->rd_rel->relpersistence == RELPERSISTENCE_PERMANENT &&
		   rel->rd_tableam == GetHeapamTableAmRoutine() && rel->rd_rules == NULL &&
		   !rel->rd_rel->relispartition && rel->trigdesc == NULL && HasPlainIndexes(rel) &&
		   !(constr != NULL && constr->has_generated_stored);
}

/* IsOurKey tells whether an index is that of the accounts' key. */
static bool
IsOurKey(Oid relid)
{
	Relation index = index_open(relid, AccessShareLock);
	Form_pg_index form = index->rd_index;
	bool ours = form->indnkeyatts == 2 && form->indkey.values[0] == HF_ACCOUNT_ORGANIZATION + 1 &&
				form->indkey.values[1] == HF_ACCOUNT_ID + 1;

	index_close(index, AccessShareLock);
	return ours;
}

/* CompileChecks compiles the constraints of a table; NULL when it asks for the executor. */
static HfChecks *
CompileChecks(Oid relid, const Column *columns, int count, bool all, Oid *primary)
{
	Relation rel = table_open(relid, AccessShareLock);
	HfChecks *checks = NULL;

	*primary = hf_compat_primary_key(rel);
	if (OidIsValid(*primary) && IsPlain(rel) && HasColumns(rel, columns, count, all))
		checks = hf_checks_compile(rel);
	table_close(rel, NoLock);
	return checks;
}

/* Learn fills an entry in. */
static void
Learn(HfQuotaTables *tables)
{
	Oid key;

	tables->ledger = Side(tables->accounts, "ledger");
	tables->periods = Side(tables->accounts, "periods");
	tables->alerts = Side(tables->accounts, "alerts");
	/* before the tables are looked at, so that an invalidation meanwhile is not lost */
	tables->known = true;
	hf_checks_free(tables->account_checks);
	hf_checks_free(tables->ledger_checks);
	tables->account_checks = tables->ledger_checks = NULL;
	tables->account_checks = CompileChecks(tables->accounts, account_columns, HF_ACCOUNT_COLUMNS,
										   false, &tables->primary);
	if (tables->account_checks != NULL && !IsOurKey(tables->primary))
	{
		hf_checks_free(tables->account_checks);
		tables->account_checks = NULL;
	}
	tables->ledger_checks =
		CompileChecks(tables->ledger, ledger_columns, HF_LEDGER_COLUMNS, true, &key);
}

/* hf_quota_tables returns what is known of a quota. */
const HfQuotaTables *
hf_quota_tables(Oid accounts)
{
	HfQuotaTables *tables = (HfQuotaTables *) hf_known_find(&quotas, accounts);

	if (!tables->known)
		Learn(tables);
	return tables;
}

/* hf_quota_find finds the tables of a quota. */
void
hf_quota_find(HfQuota *quota, Oid accounts)
{
	const HfQuotaTables *tables = hf_quota_tables(accounts);

	quota->accounts = accounts;
	quota->ledger = tables->ledger;
	quota->periods = tables->periods;
	quota->alerts = tables->alerts;
}

/* MayUse tells whether the current user has privileges on a table, and no row security. */
static bool
MayUse(Oid relid, AclMode mode)
{
	return pg_class_aclmask(relid, GetUserId(), mode, ACLMASK_ALL) == mode &&
		   check_enable_rls(relid, InvalidOid, true) != RLS_ENABLED;
}

/*
 * hf_quota_is_direct tells whether this call may do without the executor: nothing about the tables or the user asks for
 * it, nor does a module that watches the executor's permission checks; and the transaction is one that sees the latest.
 */
bool
hf_quota_is_direct(const HfQuotaTables *tables)
{
	return hf_direct_insert && tables->account_checks != NULL && tables->ledger_checks != NULL &&
		   ExecutorCheckPerms_hook == NULL && !IsolationUsesXactSnapshot() &&
		   MayUse(tables->accounts, ACL_SELECT | ACL_UPDATE) && MayUse(tables->ledger, ACL_INSERT);
}

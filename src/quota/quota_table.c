/*
 * quota_table.c
 *		What is known of the tables of a quota: which they are, and whether consume() may do without the executor.
 *
 * Kept per table of accounts until the relation cache says that one of the four has changed. Privileges and row security
 * depend on the user and are asked for in every call.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "base/known.h"
#include "base/plain.h"
#include "errors.h"
#include "quota/quota.h"
#include "quota/quota_table.h"

/* The columns that consume() reads and writes, where create_quota() puts them. */
static const HfColumn account_columns[HF_ACCOUNT_COLUMNS] = {
	{"organization_id", UUIDOID},
	{"account", UUIDOID},
	{"balance", INT4OID},
	{"available", INT4OID},
	{"period_starts_at", TIMESTAMPTZOID},
	{"period_ends_at", TIMESTAMPTZOID},
};

static const HfColumn ledger_columns[HF_LEDGER_COLUMNS] = {
	{"organization_id", UUIDOID},
	{"account", UUIDOID},
	{"id", UUIDOID},
	{"period_starts_at", TIMESTAMPTZOID},
	{"kind", TEXTOID},
	{"amount", INT4OID},
	{"reference", UUIDOID},
	{"reason", TEXTOID, true},
	{"actor", UUIDOID, true},
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
CompileChecks(Oid relid, const HfColumn *columns, int count, bool all, Oid *primary)
{
	Relation rel = table_open(relid, AccessShareLock);
	HfChecks *checks = NULL;

	*primary = hf_compat_primary_key(rel);
	if (OidIsValid(*primary))
		checks = hf_plain_checks(rel, columns, count, all);
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

/*
 * hf_quota_is_direct tells whether this call may do without the executor: nothing about the tables or the user asks for
 * it, nor does a module that watches the executor's permission checks; and the transaction is one that sees the latest.
 */
bool
hf_quota_is_direct(const HfQuotaTables *tables)
{
	return tables->account_checks != NULL && tables->ledger_checks != NULL &&
		   !IsolationUsesXactSnapshot() &&
		   hf_plain_may(tables->accounts, ACL_SELECT | ACL_UPDATE) &&
		   hf_plain_may(tables->ledger, ACL_INSERT);
}

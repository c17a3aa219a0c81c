/*
 * standby.c
 *		What writes is refused on a standby by a word of the contract, read_only.
 *
 * PostgreSQL's own refusal (25006, to PostgREST a 405) does not tell a client that another server would do. So a
 * statement that writes, within a request, raises the word before the executor would refuse it. Statements of those who
 * have no claims, and transactions that are read-only on the primary, keep PostgreSQL's error.
 *
 * Takes no locks.
 */
#include "compat.h"

#include "access/xlog.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/plannodes.h"

#include "base/standby.h"
#include "errors.h"
#include "guc.h"

static ExecutorStart_hook_type previous_start = NULL;

/* Writes tells whether a statement changes or locks rows. */
static bool
Writes(const PlannedStmt *statement)
{
	return statement->commandType != CMD_SELECT || statement->hasModifyingCTE ||
		   statement->rowMarks != NIL;
}

/* StartExecutor is the hook. On a primary RecoveryInProgress() is one look at a variable. */
static void
StartExecutor(QueryDesc *query, int flags)
{
	if (RecoveryInProgress() && (flags & EXEC_FLAG_EXPLAIN_ONLY) == 0 &&
		Writes(query->plannedstmt) && hf_guc_request("request.jwt.claims") != NULL)
		hf_raise("read_only", NULL, NULL, -1);
	if (previous_start != NULL)
		previous_start(query, flags);
	else
		standard_ExecutorStart(query, flags);
}

/* hf_forbid_read_only refuses a function that writes; see standby.h. */
void
hf_forbid_read_only(const char *function)
{
	if (RecoveryInProgress())
		hf_raise("read_only", NULL, NULL, -1);
	PreventCommandIfReadOnly(function);
}

/* hf_standby_init installs the hook. */
void
hf_standby_init(void)
{
	previous_start = ExecutorStart_hook;
	ExecutorStart_hook = StartExecutor;
}

/*
 * overlap_policy.c
 *		Whether row security lets the caller write a row.
 *
 * The executor checks policies after BEFORE triggers. A guard that answered first would tell whoever may not
 * write a row whether its time is taken: the busy times of another tenant. So before it speaks of a conflict it
 * asks here, and keeps silent where the executor is about to refuse the row.
 *
 * The policies' own expressions are run, with the row's values in the place of its columns, in a query of the
 * caller's: subqueries in them are under the privileges and policies of the caller, as they will be. This happens
 * on the way to an error only.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "catalog/pg_authid.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "rewrite/rewriteHandler.h"
#include "rewrite/rewriteManip.h"
#include "rewrite/rowsecurity.h"
#include "tcop/dest.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "overlap/overlap_policy.h"

/* AppliesTo tells whether a policy is for a command and for the current user. */
static bool
AppliesTo(const RowSecurityPolicy *policy, char command)
{
	Oid *roles = (Oid *) ARR_DATA_PTR(policy->roles);

	if (policy->polcmd != '*' && policy->polcmd != command)
		return false;
	for (int i = 0; i < ARR_DIMS(policy->roles)[0]; i++)
	{
		if (roles[i] == ACL_ID_PUBLIC || has_privs_of_role(GetUserId(), roles[i]))
			return true;
	}
	return false;
}

/* Condition is one expression of all policies: one permissive has to hold, and every restrictive one. */
static Expr *
Condition(Relation rel, bool update)
{
	List *permissive = NIL;
	List *all = NIL;
	ListCell *cell;

	foreach (cell, rel->rd_rsdesc->policies)
	{
		RowSecurityPolicy *policy = lfirst(cell);
		Expr *check = policy->with_check_qual != NULL ? policy->with_check_qual : policy->qual;

		if (check == NULL || !AppliesTo(policy, update ? 'w' : 'a'))
			continue;
		if (policy->permissive)
			permissive = lappend(permissive, copyObject(check));
		else
			all = lappend(all, copyObject(check));
	}
	if (permissive == NIL)
		return (Expr *) makeBoolConst(false, false);
	return makeBoolExpr(AND_EXPR, lcons(makeBoolExpr(OR_EXPR, permissive, -1), all), -1);
}

/* RowValues is the row as a list of constants, one per column. */
static List *
RowValues(TupleTableSlot *row)
{
	List *values = NIL;

	for (int i = 0; i < row->tts_tupleDescriptor->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(row->tts_tupleDescriptor, i);
		Const *value =
			att->attisdropped
				? makeNullConst(INT4OID, -1, InvalidOid)
				: makeConst(att->atttypid, att->atttypmod, att->attcollation, att->attlen,
							row->tts_values[i], row->tts_isnull[i], att->attbyval);

		values = lappend(values, makeTargetEntry((Expr *) value, i + 1, NULL, false));
	}
	return values;
}

/* PolicyQuery is SELECT condition, over the row's values. */
static Query *
PolicyQuery(Relation rel, TupleTableSlot *row, bool update)
{
	Query *query = makeNode(Query);
	ParseState *state = make_parsestate(NULL);
	RangeTblEntry *rte =
		addRangeTableEntryForRelation(state, rel, AccessShareLock, NULL, false, false)->p_rte;
	Node *condition;

	query->commandType = CMD_SELECT;
	query->querySource = QSRC_ORIGINAL;
	query->canSetTag = true;
	query->jointree = makeFromExpr(NIL, NULL);
	condition = hf_compat_replace_vars((Node *) Condition(rel, update), rte, RowValues(row),
									   &query->hasSubLinks);
	query->hasSubLinks |= checkExprHasSubLink(condition);
	query->targetList =
		list_make1(makeTargetEntry((Expr *) condition, 1, pstrdup("allowed"), false));
	free_parsestate(state);
	AcquireRewriteLocks(query, true, false);
	return linitial_node(Query, QueryRewrite(query));
}

/* Where the one value of the query goes. */
typedef struct Answer
{
	DestReceiver receiver;
	bool allowed;
} Answer;

/* ReceiveAnswer takes the value; NULL is no. */
static bool
ReceiveAnswer(TupleTableSlot *slot, DestReceiver *self)
{
	bool isnull;
	Datum value = slot_getattr(slot, 1, &isnull);

	((Answer *) self)->allowed = !isnull && DatumGetBool(value);
	return true;
}

/* StartAnswer and EndAnswer have nothing to do. */
static void
StartAnswer(DestReceiver *self, int operation, TupleDesc desc)
{
}

static void
EndAnswer(DestReceiver *self)
{
}

/* hf_policy_allows asks as the current user, on the snapshot of the statement. */
bool
hf_policy_allows(Relation rel, TupleTableSlot *row, bool update)
{
	Answer answer = {{ReceiveAnswer, StartAnswer, EndAnswer, EndAnswer, DestNone}, false};
	PlannedStmt *plan;
	QueryDesc *run;

	if (check_enable_rls(RelationGetRelid(rel), InvalidOid, true) != RLS_ENABLED)
		return true;
	plan = pg_plan_query(PolicyQuery(rel, row, update), "row security policies", 0, NULL);
	run = CreateQueryDesc(plan, "row security policies", GetActiveSnapshot(), InvalidSnapshot,
						  &answer.receiver, NULL, NULL, 0);
	ExecutorStart(run, 0);
	hf_compat_executor_run(run);
	ExecutorFinish(run);
	ExecutorEnd(run);
	FreeQueryDesc(run);
	return answer.allowed;
}

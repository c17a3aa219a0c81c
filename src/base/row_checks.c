/*
 * row_checks.c
 *		The CHECK constraints of a table, compiled once for writing without the executor.
 *
 * The executor reads and compiles them anew for every statement, which costs a fifth of a hold. Kept here until the
 * table changes. Only expressions of built-in functions and types can be kept so: those never change under us.
 */
#include "compat.h"

#include "access/transam.h"
#include "access/tupdesc.h"
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "base/row_checks.h"

struct HfChecks
{
	MemoryContext context; /* of all of it */
	int count;
	char **names;
	ExprState **states;
};

/* IsForeign tells whether a function is not built in. */
static bool
IsForeign(Oid function, void *context)
{
	return function >= FirstNormalObjectId;
}

/* HasForeignParts tells whether an expression uses anything that is not built in. */
static bool
HasForeignParts(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, CoerceToDomain) || check_functions_in_node(node, IsForeign, context))
		return true;
	return expression_tree_walker(node, HasForeignParts, context);
}

/* hf_checks_free forgets compiled constraints. */
void
hf_checks_free(HfChecks *checks)
{
	if (checks != NULL)
		MemoryContextDelete(checks->context);
}

/* hf_checks_compile compiles the constraints of a table, or returns NULL when they cannot be kept. */
HfChecks *
hf_checks_compile(Relation rel)
{
	const TupleConstr *constr = RelationGetDescr(rel)->constr;
	int count = constr == NULL ? 0 : constr->num_check;
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "holdfast checks", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	HfChecks *checks = palloc0(sizeof(HfChecks));

	checks->context = context;
	checks->names = palloc(sizeof(char *) * (count + 1));
	checks->states = palloc(sizeof(ExprState *) * (count + 1));
	for (int i = 0; i < count; i++)
	{
		Expr *expression = stringToNode(constr->check[i].ccbin);

		if (HasForeignParts((Node *) expression, NULL))
		{
			MemoryContextSwitchTo(old);
			MemoryContextDelete(context);
			return NULL;
		}
		checks->names[i] = pstrdup(constr->check[i].ccname);
		checks->states[i] = ExecInitExpr(expression_planner(expression), NULL);
		checks->count++;
	}
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, CacheMemoryContext);
	return checks;
}

/* hf_checks_run raises what the executor would raise when a row violates a constraint. */
void
hf_checks_run(const HfChecks *checks, Relation rel, TupleTableSlot *slot, ExprContext *econtext)
{
	econtext->ecxt_scantuple = slot;
	for (int i = 0; i < checks->count; i++)
	{
		if (!ExecCheck(checks->states[i], econtext))
			ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
							errmsg("new row for relation \"%s\" violates check constraint \"%s\"",
								   RelationGetRelationName(rel), checks->names[i]),
							errtableconstraint(rel, checks->names[i])));
	}
}

/*
 * overlap_live.c
 *		The condition of prevent_overlap(): which rows take time.
 *
 * It is one expression, parsed as such and never pasted as it came: what goes into the constraint is printed from
 * the parsed tree. Names in it are found as the caller would find them, and printed qualified.
 */
#include "compat.h"

#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_clause.h"
#include "parser/parse_collate.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"

#include "errors.h"
#include "overlap/overlap_live.h"
#include "spi.h"

/* Expression parses a text that has to be one expression and nothing else. */
static Node *
Expression(const char *text)
{
	List *statements = raw_parser(text, RAW_PARSE_PLPGSQL_EXPR);
	SelectStmt *select = (SelectStmt *) linitial_node(RawStmt, statements)->stmt;
	ResTarget *target;

	if (!IsA(select, SelectStmt) || list_length(select->targetList) != 1 ||
		select->distinctClause != NIL || select->fromClause != NIL || select->whereClause != NULL ||
		select->groupClause != NIL || select->havingClause != NULL || select->windowClause != NIL ||
		select->sortClause != NIL || select->limitOffset != NULL || select->limitCount != NULL ||
		select->lockingClause != NIL || select->op != SETOP_NONE)
		hf_raise_invalid("live", "must be one condition");
	target = linitial_node(ResTarget, select->targetList);
	if (target->name != NULL || target->indirection != NIL)
		hf_raise_invalid("live", "must be one condition");
	return target->val;
}

/* Condition analyses the expression over the table's columns. */
static Node *
Condition(Relation rel, const char *live)
{
	ParseState *state = make_parsestate(NULL);
	ParseNamespaceItem *item;
	Node *condition;

	item = addRangeTableEntryForRelation(state, rel, AccessShareLock, NULL, false, true);
	addNSItemToQuery(state, item, false, true, true);
	condition = transformWhereClause(state, Expression(live), EXPR_KIND_INDEX_PREDICATE, "WHERE");
	assign_expr_collations(state, condition);
	free_parsestate(state);
	return condition;
}

/* IsAboutTheText tells errors of the condition from those of the server. */
static bool
IsAboutTheText(int sqlerrcode)
{
	int category = ERRCODE_TO_CATEGORY(sqlerrcode);

	return category == ERRCODE_TO_CATEGORY(ERRCODE_SYNTAX_ERROR) ||
		   category == ERRCODE_TO_CATEGORY(ERRCODE_FEATURE_NOT_SUPPORTED) ||
		   category == ERRCODE_TO_CATEGORY(ERRCODE_DATA_EXCEPTION);
}

/* hf_overlap_live checks and prints the condition. */
char *
hf_overlap_live(Relation rel, const char *live)
{
	MemoryContext context = CurrentMemoryContext;
	Node *volatile condition = NULL;
	ListCell *cell;
	int path;
	char *text;

	PG_TRY();
	{
		condition = Condition(rel, live);
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (!IsAboutTheText(error->sqlerrcode))
			PG_RE_THROW();
		FlushErrorState();
		hf_raise_invalid("live", error->message);
	}
	PG_END_TRY();
	foreach (cell, pull_var_clause(condition, 0))
	{
		if (lfirst_node(Var, cell)->varattno <= 0)
			hf_raise_invalid("live",
							 "must name columns of the table, not the row or what the system adds");
	}
	if (contain_mutable_functions(condition))
		hf_raise_invalid("live", "calls a function that is not immutable");

	path = hf_spi_pin_search_path();
	text = deparse_expression(
		condition, deparse_context_for(RelationGetRelationName(rel), RelationGetRelid(rel)), false,
		false);
	hf_spi_unpin_search_path(path);
	return text;
}

/*
 * plain.h
 *		Writing to tables of create_*() functions without the executor, where that leaves nothing out.
 */
#ifndef HOLDFAST_PLAIN_H
#define HOLDFAST_PLAIN_H

#include "compat.h"

#include "executor/tuptable.h"
#include "utils/acl.h"
#include "utils/rel.h"
#include "utils/reltrigger.h"

#include "base/row_checks.h"

/* A column, where create_*() puts it. */
typedef struct HfColumn
{
	const char *name;
	Oid type;
	bool optional; /* rows that are written so may have null here */
} HfColumn;

/* A kind of table. */
typedef struct HfShape
{
	const HfColumn *columns; /* all that it has */
	int count;
	AclMode mode; /* what the statement instead of it asks for */
	AttrNumber unless
		[4]; /* columns, and then 0, of the unique index that refuses a row without an error, if there is one */
} HfShape;

/* Whether a table is an ordinary one of the heap, without rules and columns that are computed. */
extern bool hf_is_plain_table(Relation rel);

/* Whether such a statement fires anything, foreign keys included. */
extern bool hf_fires_on_insert(const TriggerDesc *triggers);
extern bool hf_fires_on_delete(const TriggerDesc *triggers);
extern bool hf_fires_on_update(const TriggerDesc *triggers);

/*
 * The constraints of a table that begins with these columns (all: has no others); NULL where writing to it takes the executor:
 * because of triggers, rules, indexes of expressions, or constraints of the user's own.
 */
extern HfChecks *hf_plain_checks(Relation rel, const HfColumn *columns, int count, bool all);

/* Whether the current user may do this to a table, and neither row security nor a module asks for the executor. */
extern bool hf_plain_may(Oid relid, AclMode mode);

/* Adds the row in a slot, whose values are all there, to a table whose constraints are these. */
extern void hf_plain_insert(Relation rel, TupleTableSlot *slot, const HfChecks *checks);

/* Adds a row that is in its table to the indexes. */
extern void hf_plain_insert_into_indexes(Relation rel, TupleTableSlot *slot);

/* Raises what a constraint has against the row in a slot. */
extern void hf_plain_check(const HfChecks *checks, Relation rel, TupleTableSlot *slot);

/*
 * Writes a row of all columns to a table of that shape. False: nothing is written, and the executor has to do it, because
 * of the table, the user, the isolation level, or a row that is perhaps in the way.
 */
extern bool hf_plain_write(const HfShape *shape, Oid relid, const Datum *values, const bool *nulls);

extern void hf_plain_init(void);

#endif

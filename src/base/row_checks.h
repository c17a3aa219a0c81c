/*
 * row_checks.h
 *		The CHECK constraints of a table that is written without the executor, compiled once.
 */
#ifndef HOLDFAST_ROW_CHECKS_H
#define HOLDFAST_ROW_CHECKS_H

#include "compat.h"

#include "executor/tuptable.h"
#include "nodes/execnodes.h"
#include "utils/rel.h"

typedef struct HfChecks HfChecks;

/* NULL when a check asks for the executor. */
extern HfChecks *hf_checks_compile(Relation rel);
extern void hf_checks_free(HfChecks *checks);
extern void
hf_checks_run(const HfChecks *checks, Relation rel, TupleTableSlot *slot, ExprContext *econtext);

#endif

/*
 * overlap_policy.h
 *		Whether row security lets the caller write a row.
 */
#ifndef HOLDFAST_OVERLAP_POLICY_H
#define HOLDFAST_OVERLAP_POLICY_H

#include "executor/tuptable.h"
#include "utils/relcache.h"

/* Evaluates the WITH CHECK side of the caller's policies on a row, as the executor will after the triggers. */
extern bool hf_policy_allows(Relation rel, TupleTableSlot *row, bool update);

#endif

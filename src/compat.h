/*
 * compat.h
 *		The one place that knows what differs between PostgreSQL 15, 16, 17 and 18.
 */
#ifndef HOLDFAST_COMPAT_H
#define HOLDFAST_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 150000
#error "holdfast needs PostgreSQL 15 or newer"
#endif

/* 16 moves the macros of variable-length values out of postgres.h */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* 18 says so before the declaration and no more behind it */
#if PG_VERSION_NUM < 180000
#define pg_noreturn pg_attribute_noreturn()
#endif

/* 17 lets LockHeldByMe() look for stronger locks too */
#if PG_VERSION_NUM >= 170000
#define hf_compat_lock_held(tag, mode) LockHeldByMe(tag, mode, false)
#else
#define hf_compat_lock_held(tag, mode) LockHeldByMe(tag, mode)
#endif

/* 16 has one ownership check for every kind of object */
#if PG_VERSION_NUM >= 160000
#define hf_compat_owns_relation(relid, user) object_ownercheck(RelationRelationId, relid, user)
#define hf_compat_owns_schema(schema, user)	 object_ownercheck(NamespaceRelationId, schema, user)
#else
#define hf_compat_owns_relation(relid, user) pg_class_ownercheck(relid, user)
#define hf_compat_owns_schema(schema, user)	 pg_namespace_ownercheck(schema, user)
#endif

/* 18 counts index scans for EXPLAIN */
#if PG_VERSION_NUM >= 180000
#define hf_compat_index_beginscan(heap, index, snapshot, nkeys) \
	index_beginscan(heap, index, snapshot, NULL, nkeys, 0)
#else
#define hf_compat_index_beginscan(heap, index, snapshot, nkeys) \
	index_beginscan(heap, index, snapshot, nkeys, 0)
#endif

/* 16 adds a context for soft errors */
#if PG_VERSION_NUM >= 160000
#define hf_compat_make_range(type, lower, upper) make_range(type, lower, upper, false, NULL)
#else
#define hf_compat_make_range(type, lower, upper) make_range(type, lower, upper, false)
#endif

/* Speculative: report a conflict with an arbiter instead of raising it. 16 adds onlySummarizing. */
#if PG_VERSION_NUM >= 160000
#define hf_compat_insert_index_tuples(result, slot, estate, conflict, arbiters) \
	ExecInsertIndexTuples(result, slot, estate, false, true, conflict, arbiters, false)
#else
#define hf_compat_insert_index_tuples(result, slot, estate, conflict, arbiters) \
	ExecInsertIndexTuples(result, slot, estate, false, true, conflict, arbiters)
#endif

/* Adds a row to the indexes; one that breaks a constraint is an error. 16 knows of summarizing ones, which an update may be for alone. */
#if PG_VERSION_NUM >= 160000
#define hf_compat_index_row(result, slot, estate) \
	ExecInsertIndexTuples(result, slot, estate, false, false, NULL, NIL, false)
#else
#define hf_compat_index_row(result, slot, estate) \
	ExecInsertIndexTuples(result, slot, estate, false, false, NULL, NIL)
#endif

/* Whether an update has to be entered into the indexes; 16 knows of summarizing ones. */
#if PG_VERSION_NUM >= 160000
#define HF_COMPAT_UPDATE_INDEXES	   TU_UpdateIndexes
#define hf_compat_has_indexes(indexes) ((indexes) != TU_None)
#else
#define HF_COMPAT_UPDATE_INDEXES	   bool
#define hf_compat_has_indexes(indexes) (indexes)
#endif

/* 18 can ask for a deferrable primary key too */
#if PG_VERSION_NUM >= 180000
#define hf_compat_primary_key(rel) RelationGetPrimaryKeyIndex(rel, true)
#else
#define hf_compat_primary_key(rel) RelationGetPrimaryKeyIndex(rel)
#endif

/* From 17 on a library that was not preloaded can have shared memory too */
#if PG_VERSION_NUM >= 170000
#include "storage/dsm_registry.h"
#define hf_compat_named_segment(name, size, make) \
	GetNamedDSMSegment(name, size, make, &(bool){false})
#else
#define hf_compat_named_segment(name, size, make) NULL
#endif

/* 18 can ignore a row of the caller's */
#if PG_VERSION_NUM >= 180000
#define hf_compat_check_index_constraints(result, slot, estate, conflict, arbiters) \
	ExecCheckIndexConstraints(result, slot, estate, conflict, NULL, arbiters)
#else
#define hf_compat_check_index_constraints(result, slot, estate, conflict, arbiters) \
	ExecCheckIndexConstraints(result, slot, estate, conflict, arbiters)
#endif

/* 18 can leave room before a tuple */
#if PG_VERSION_NUM >= 180000
#define hf_compat_form_minimal_tuple(desc, values, nulls) \
	heap_form_minimal_tuple(desc, values, nulls, 0)
#else
#define hf_compat_form_minimal_tuple(desc, values, nulls) \
	heap_form_minimal_tuple(desc, values, nulls)
#endif

/* 18 tells old and new rows apart in RETURNING, and always runs a query description once */
#if PG_VERSION_NUM >= 180000
#define hf_compat_replace_vars(node, rte, targets, has_sublinks)                           \
	ReplaceVarsFromTargetList(node, 1, 0, rte, targets, 0, REPLACEVARS_SUBSTITUTE_NULL, 0, \
							  has_sublinks)
#define hf_compat_executor_run(query) ExecutorRun(query, ForwardScanDirection, 0)
#else
#define hf_compat_replace_vars(node, rte, targets, has_sublinks)                        \
	ReplaceVarsFromTargetList(node, 1, 0, rte, targets, REPLACEVARS_SUBSTITUTE_NULL, 0, \
							  has_sublinks)
#define hf_compat_executor_run(query) ExecutorRun(query, ForwardScanDirection, 0, true)
#endif

#endif

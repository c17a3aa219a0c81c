/*
 * spi.h
 *		Kept SPI plans over tables named by the caller; all SPI of holdfast goes through spi.c.
 */
#ifndef HOLDFAST_SPI_H
#define HOLDFAST_SPI_H

#include "utils/snapshot.h"

#define HF_QUERY_MAX_ARGS 24

/* Operators by their full name: whatever the caller's search_path is, and some queries run as another user. */
#define HF_EQ " OPERATOR(pg_catalog.=) "
#define HF_NE " OPERATOR(pg_catalog.<>) "
#define HF_LT " OPERATOR(pg_catalog.<) "
#define HF_LE " OPERATOR(pg_catalog.<=) "
#define HF_GT " OPERATOR(pg_catalog.>) "
#define HF_GE " OPERATOR(pg_catalog.>=) "

/*
 * HfQuery is one statement, written once as static data. %s in the text stands for the quoted, schema-qualified
 * name of the table that the call is about (it may occur more than once). The plan is kept per (query, table).
 */
typedef struct HfQuery
{
	const char *text;
	int nargs;
	Oid argtypes[HF_QUERY_MAX_ARGS];
	bool read_only; /* true: run on the caller's snapshot; false: on a new one */
} HfQuery;

/* Between hf_spi_open and hf_spi_close the results of hf_spi_run can be read from SPI_tuptable. */
extern void hf_spi_open(void);
extern void hf_spi_close(void);

/* Runs a query on a table (InvalidOid when it names none) and returns the number of rows. nulls may be NULL. */
extern uint64
hf_spi_run(const HfQuery *query, Oid relid, const Datum *values, const char *nulls, long limit);

/* The same on a snapshot of the caller's choice, whatever the isolation level. */
extern uint64 hf_spi_run_snapshot(const HfQuery *query, Oid relid, const Datum *values,
								  const char *nulls, Snapshot snapshot, long limit);

/* The same on the latest snapshot: after a lock, what counts is what is committed now. */
extern uint64 hf_spi_run_latest(const HfQuery *query, Oid relid, const Datum *values);

/* Takes a row of a result: it lives until the next. */
typedef void (*HfRowCallback)(void *arg, const Datum *values, const bool *nulls);

/* Runs a query that reads, on the caller's snapshot, and hands its rows over one by one without keeping them. */
extern void hf_spi_each(const HfQuery *query, Oid relid, const Datum *values,
						HfRowCallback callback, void *arg);

/*
 * A query read in portions. It runs on the active snapshot; a portion lives until the next one or until hf_spi_close, and 0
 * rows are the end.
 */
typedef struct PortalData *HfCursor;
extern HfCursor hf_spi_cursor_open(const HfQuery *query, Oid relid, const Datum *values);
extern uint64 hf_spi_cursor_fetch(HfCursor cursor, long rows);
extern void hf_spi_cursor_close(HfCursor cursor);

/* Runs text that is not kept, for set-up functions; the text must be built with quoted identifiers. */
extern uint64 hf_spi_run_text(const char *text, bool read_only);

/* Between the two, names resolve as in a function with SET search_path = pg_catalog, pg_temp. */
extern int hf_spi_pin_search_path(void);
extern void hf_spi_unpin_search_path(int level);

/*
 * Closes ways to the planner ("enable_sort") for what is run until AtEOXact_GUC(true, level), and JIT with them: a plan that
 * still has to take such a way looks so dear that it would be compiled each time.
 */
extern int hf_spi_close_ways(const char *const *ways, int count);

/* A column (from 1) of a row (from 0) of the last result. */
extern Datum hf_spi_value(uint64 row, int column, bool *isnull);

/* All columns of a row at once. */
extern void hf_spi_row(uint64 row, Datum *values, bool *nulls);

/* Runs callback as the owner of a table, with row security off, and returns to the caller's identity. */
typedef void (*HfOwnerCallback)(void *arg);
extern void hf_spi_as_owner(Oid relid, HfOwnerCallback callback, void *arg);

/* The quoted, schema-qualified name of a relation, as used in query texts. */
extern char *hf_spi_relation_name(Oid relid);

extern void hf_spi_init(void);

#endif

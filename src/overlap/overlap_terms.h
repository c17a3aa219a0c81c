/*
 * overlap_terms.h
 *		What prevent_overlap() was asked for, checked and quoted, and the SQL that it comes to.
 */
#ifndef HOLDFAST_OVERLAP_TERMS_H
#define HOLDFAST_OVERLAP_TERMS_H

#include "access/attnum.h"
#include "datatype/timestamp.h"

typedef struct HfProtection
{
	Oid relid;
	const char *table;	/* quoted and qualified */
	int columns;		/* of the resource */
	AttrNumber *attnum; /* per column of the resource */
	const char **name;	/* the same, as a plain name */
	const char **equal; /* the same, the operator to compare with */
	const char *starts; /* quoted */
	const char *ends;	/* quoted */
	const char *ends_name;
	Oid type; /* of starts and ends: timestamptz, timestamp or date */
	bool starts_not_null;
	const char *buffer; /* literal, or NULL for none */
	const char *live;	/* condition over the table's columns, or NULL */
} HfProtection;

/* The expression of the range that a row takes, buffer included. */
extern char *hf_overlap_range(const HfProtection *protection);

/* The condition under which a row takes time, or NULL when every row does. */
extern char *hf_overlap_condition(const HfProtection *protection);

#endif

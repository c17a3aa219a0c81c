/*
 * overlap_terms.c
 *		The SQL that a protection comes to: which time a row takes, and whether it takes any.
 */
#include "compat.h"

#include "catalog/pg_type.h"

#include "overlap/overlap_terms.h"

/* hf_overlap_range chooses the range type that needs no conversion, unless a buffer makes one necessary. */
char *
hf_overlap_range(const HfProtection *p)
{
	if (p->buffer == NULL)
		return psprintf("%s(%s, %s, '[)')",
						p->type == TIMESTAMPTZOID ? "tstzrange"
						: p->type == TIMESTAMPOID ? "tsrange"
												  : "daterange",
						p->starts, p->ends);
	if (p->type == TIMESTAMPTZOID)
		return psprintf("tsrange(timezone('UTC', %s), timezone('UTC', %s) + %s, '[)')", p->starts,
						p->ends, p->buffer);
	return psprintf("tsrange(%s::timestamp, %s::timestamp + %s, '[)')", p->starts, p->ends,
					p->buffer);
}

/* hf_overlap_condition leaves out rows that have no start yet. */
char *
hf_overlap_condition(const HfProtection *p)
{
	if (p->starts_not_null)
		return p->live != NULL ? psprintf("(%s)", p->live) : NULL;
	if (p->live == NULL)
		return psprintf("(%s IS NOT NULL)", p->starts);
	return psprintf("((%s) AND %s IS NOT NULL)", p->live, p->starts);
}

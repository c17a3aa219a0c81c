/*
 * known.h
 *		What is known of tables, one entry each, until the relation cache says that they have changed.
 */
#ifndef HOLDFAST_KNOWN_H
#define HOLDFAST_KNOWN_H

#include "utils/hsearch.h"

/* Every entry begins so. */
typedef struct HfKnownEntry
{
	Oid relid;	/* the key */
	bool known; /* the rest is true now; who finds it false fills the entry in */
} HfKnownEntry;

/* The entries of one kind; static data of the file that fills them in. */
typedef struct HfKnown
{
	const char *name;
	Size size;											 /* of an entry */
	bool (*depends)(const HfKnownEntry *entry, Oid rel); /* on which other relations; may be NULL */
	HTAB *entries;
} HfKnown;

/* From here on, changes are noticed; for _PG_init. */
extern void hf_known_init(HfKnown *known);

/* The entry of a table, a new one of zeros if need be. It stays where it is. */
extern HfKnownEntry *hf_known_find(HfKnown *known, Oid relid);

#endif

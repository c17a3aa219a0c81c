/*
 * known.c
 *		What is known of tables, until the relation cache says that they have changed; see known.h.
 *
 * The callback may run at any moment and only marks: an entry may be in use.
 */
#include "compat.h"

#include "utils/inval.h"
#include "utils/memutils.h"

#include "base/known.h"

/* RelationChanged is the relcache callback. */
static void
RelationChanged(Datum arg, Oid relid)
{
	HfKnown *known = (HfKnown *) DatumGetPointer(arg);
	HASH_SEQ_STATUS scan;
	HfKnownEntry *entry;

	if (known->entries == NULL)
		return;
	hash_seq_init(&scan, known->entries);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		if (relid == InvalidOid || entry->relid == relid ||
			(known->depends != NULL && known->depends(entry, relid)))
			entry->known = false;
	}
}

/* hf_known_init registers the callback; see known.h. */
void
hf_known_init(HfKnown *known)
{
	CacheRegisterRelcacheCallback(RelationChanged, PointerGetDatum(known));
}

/* hf_known_find finds or makes an entry; see known.h. */
HfKnownEntry *
hf_known_find(HfKnown *known, Oid relid)
{
	HfKnownEntry *entry;
	bool found;

	if (known->entries == NULL)
	{
		HASHCTL control = {0};

		control.keysize = sizeof(Oid);
		control.entrysize = known->size;
		control.hcxt = TopMemoryContext;
		known->entries =
			hash_create(known->name, 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	entry = hash_search(known->entries, &relid, HASH_ENTER, &found);
	if (!found)
		memset((char *) entry + sizeof(Oid), 0, known->size - sizeof(Oid));
	return entry;
}

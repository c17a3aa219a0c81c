/*
 * calendar_keys.c
 *		What a scan of a calendar's exclusion constraint's index asks for: the blocks of many resources at once.
 *
 * A GiST scan weighs each entry by the functions in its keys, where index_rescan() puts those of the operator classes. Ours
 * take their place, for two reasons. They know a list of ids: one scan finds what a scan for each resource would, which goes
 * down from the root anew and weighs all of it. And they compare entries where they are stored; the classes, which are made for
 * any range and any way to compare, cost three times as much.
 *
 * What is stored: for a UUID the least and the greatest of all below an entry (btree_gist), for a range the smallest one
 * around them. In a leaf these are of the block itself.
 */
#include "compat.h"

#include "access/gist.h"
#include "access/relscan.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/rangetypes.h"
#include "utils/rel.h"

#include "calendar/calendar_keys.h"

/* hf_ids_find finds the place of an id; see calendar_keys.h. */
int
hf_ids_find(const HfIds *ids, const pg_uuid_t *id)
{
	int first = 0;
	int end = ids->count;

	while (first < end)
	{
		int middle = first + (end - first) / 2;

		if (memcmp(&ids->ids[middle], id, UUID_LEN) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

/* hf_range_span reads a range: after its type's OID, the bounds and a byte of flags. */
HfSpan
hf_range_span(Datum range)
{
	const char *data = VARDATA_ANY(DatumGetPointer(range));
	TimestampTz bounds[2];

	if (VARSIZE_ANY_EXHDR(DatumGetPointer(range)) != sizeof(Oid) + sizeof(bounds) + 1)
		elog(ERROR, "a block of a calendar has no end");
	memcpy(bounds, data + sizeof(Oid), sizeof(bounds));
	return (HfSpan){bounds[0], bounds[1]};
}

/* IsAny tells whether an entry is one of the ids that are asked for, or may lead to one. */
static Datum
IsAny(PG_FUNCTION_ARGS)
{
	const GISTENTRY *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	const pg_uuid_t *bounds = DatumGetUUIDP(entry->key);
	const HfIds *ids = (const HfIds *) PG_GETARG_POINTER(1);
	int place = hf_ids_find(ids, &bounds[0]);

	*(bool *) PG_GETARG_POINTER(4) = false; /* no recheck */
	PG_RETURN_BOOL(place < ids->count && memcmp(&ids->ids[place], &bounds[1], UUID_LEN) <= 0);
}

/* Overlaps tells whether an entry overlaps the time that is asked for, or may lead to one that does. */
static Datum
Overlaps(PG_FUNCTION_ARGS)
{
	const GISTENTRY *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	HfSpan span = hf_range_span(entry->key);
	const HfSpan *within = (const HfSpan *) PG_GETARG_POINTER(1);

	*(bool *) PG_GETARG_POINTER(4) = false; /* no recheck */
	PG_RETURN_BOOL(span.from < within->to && span.to > within->from);
}

/* IsIdPair tells whether a column of an index is of UUIDs, stored in pairs. */
static bool
IsIdPair(Relation index, AttrNumber column)
{
	return index->rd_opcintype[column - 1] == UUIDOID &&
		   TupleDescAttr(RelationGetDescr(index), column - 1)->attlen == 2 * UUID_LEN;
}

/* hf_index_is_readable tells whether an index is stored as above. */
bool
hf_index_is_readable(Relation index)
{
	return IsIdPair(index, HF_INDEX_ORGANIZATION) && IsIdPair(index, HF_INDEX_RESOURCE) &&
		   TupleDescAttr(RelationGetDescr(index), HF_INDEX_DURING - 1)->atttypid == TSTZRANGEOID;
}

/* hf_index_begin begins a scan anew; see calendar_keys.h. */
void
hf_index_begin(IndexScanDesc scan, const HfWanted *wanted)
{
	/* what tells most entries apart first: each is weighed against the keys in their order */
	ScanKeyData keys[HF_INDEX_KEYS] = {
		{.sk_attno = HF_INDEX_RESOURCE, .sk_argument = PointerGetDatum(&wanted->resources)},
		{.sk_attno = HF_INDEX_DURING, .sk_argument = PointerGetDatum(&wanted->within)},
		{.sk_attno = HF_INDEX_ORGANIZATION, .sk_argument = PointerGetDatum(&wanted->organization)},
	};

	index_rescan(scan, keys, HF_INDEX_KEYS, NULL, 0);
	for (int i = 0; i < HF_INDEX_KEYS; i++)
		scan->keyData[i].sk_func.fn_addr =
			scan->keyData[i].sk_attno == HF_INDEX_DURING ? Overlaps : IsAny;
}

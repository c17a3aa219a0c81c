/*
 * calendar_table.c
 *		What is known of a calendar's table: whether it is one, and how it may be written.
 *
 * Kept per table until the relation cache says that the table, or one of its indexes, has changed. Privileges and row
 * security depend on the user and are asked for in every call.
 */
#include "compat.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "base/known.h"
#include "base/plain.h"
#include "calendar/calendar.h"
#include "calendar/calendar_keys.h"
#include "errors.h"
#include "guc.h"

static const struct
{
	const char *name;
	Oid type;
} columns[HF_COLUMNS] = {
	{"organization_id", UUIDOID},
	{"resource_id", UUIDOID},
	{"lane", INT2OID},
	{"during", TSTZRANGEOID},
	{"starts_at", TIMESTAMPTZOID},
	{"ends_at", TIMESTAMPTZOID},
	{"kind", TEXTOID},
	{"hold_key", UUIDOID},
	{"batch_key", UUIDOID},
	{"reference", UUIDOID},
	{"holder", UUIDOID},
	{"replaces", UUIDOID},
	{"expires_at", TIMESTAMPTZOID},
	{"created_at", TIMESTAMPTZOID},
	{"batch_size", INT2OID},
};

StaticAssertDecl(offsetof(HfCalendar, known) == offsetof(HfKnownEntry, known),
				 "entries begin alike");

static HfKnown calendars = {"holdfast calendars", sizeof(HfCalendar)};

/* hf_calendar_init listens for changes. */
void
hf_calendar_init(void)
{
	hf_known_init(&calendars);
}

/* FindColumns looks for the columns of a calendar; *in_order: it has just these, as create_calendar() makes them. */
static bool
FindColumns(TupleDesc tupdesc, AttrNumber *attnums, bool *in_order)
{
	*in_order = tupdesc->natts == HF_COLUMNS;
	for (int i = 0; i < HF_COLUMNS; i++)
	{
		attnums[i] = InvalidAttrNumber;
		for (int a = 0; a < tupdesc->natts; a++)
		{
			Form_pg_attribute att = TupleDescAttr(tupdesc, a);

			if (!att->attisdropped && att->atttypid == columns[i].type &&
				strcmp(NameStr(att->attname), columns[i].name) == 0)
				attnums[i] = att->attnum;
		}
		if (attnums[i] == InvalidAttrNumber)
			return false;
		if (attnums[i] != i + 1)
			*in_order = false;
	}
	return true;
}

/* HasKeys tells whether the first columns of an index are the given ones. */
static bool
HasKeys(Relation index, const AttrNumber *attnums, const int *keys, int count)
{
	if (index->rd_index->indnkeyatts < count)
		return false;
	for (int i = 0; i < count; i++)
	{
		if (index->rd_index->indkey.values[i] != attnums[keys[i]])
			return false;
	}
	return true;
}

/* IsOurExclusion tells whether an index is that of the calendar's exclusion constraint. */
static bool
IsOurExclusion(Relation index, const AttrNumber *attnums)
{
	static const int keys[] = {HF_COL_ORGANIZATION, HF_COL_RESOURCE, HF_COL_LANE, HF_COL_DURING};
	Form_pg_index form = index->rd_index;

	return form->indisexclusion && form->indimmediate && form->indisvalid &&
		   form->indnkeyatts == lengthof(keys) && RelationGetIndexPredicate(index) == NIL &&
		   HasKeys(index, attnums, keys, lengthof(keys));
}

/* IsOurPrimary tells whether an index is that of the calendar's primary key. */
static bool
IsOurPrimary(Relation index, const AttrNumber *attnums)
{
	static const int keys[] = {HF_COL_ORGANIZATION, HF_COL_HOLD_KEY};

	return index->rd_index->indisprimary && HasKeys(index, attnums, keys, lengthof(keys));
}

/* FindIndexes looks for the two; false when an index is checked at the end of the transaction. */
static bool
FindIndexes(Relation rel, const AttrNumber *attnums, HfCalendar *calendar)
{
	List *indexes = RelationGetIndexList(rel);
	ListCell *cell;
	bool immediate = true;

	calendar->exclusion = calendar->primary = InvalidOid;
	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), AccessShareLock);

		if (IsOurExclusion(index, attnums))
			calendar->exclusion = RelationGetRelid(index);
		if (IsOurPrimary(index, attnums))
			calendar->primary = RelationGetRelid(index);
		if (!index->rd_index->indimmediate)
			immediate = false;
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	return immediate;
}

/* RequiresNullable tells whether a column that a block may leave null must not be null here. */
static bool
RequiresNullable(TupleDesc tupdesc)
{
	static const int nullable[] = {HF_COL_HOLDER, HF_COL_REPLACES, HF_COL_EXPIRES};

	for (int i = 0; i < lengthof(nullable); i++)
	{
		if (TupleDescAttr(tupdesc, nullable[i])->attnotnull)
			return true;
	}
	return false;
}

/* IsPlain tells whether inserting without the executor leaves nothing out, for a table with a calendar's columns. */
static bool
IsPlain(Relation rel)
{
	return hf_is_plain_table(rel) && !hf_fires_on_insert(rel->trigdesc) &&
		   !RequiresNullable(RelationGetDescr(rel));
}

/*
 * Covers tells whether the exclusion constraint's index has the hold keys too, is stored as we know it, and a read of it alone
 * leaves nothing of the table out.
 */
static bool
Covers(Relation rel, Oid exclusion, AttrNumber hold_key)
{
	Relation index;
	bool covers;

	if (!OidIsValid(exclusion) || rel->rd_rel->relkind != RELKIND_RELATION ||
		rel->rd_tableam != GetHeapamTableAmRoutine() || rel->rd_rel->relhassubclass)
		return false;
	index = index_open(exclusion, AccessShareLock);
	covers = index->rd_index->indnatts > index->rd_index->indnkeyatts &&
			 index->rd_index->indkey.values[index->rd_index->indnkeyatts] == hold_key &&
			 hf_index_is_readable(index);
	index_close(index, AccessShareLock);
	return covers;
}

/* Learn fills an entry in; false when the table is no calendar. */
static bool
Learn(HfCalendar *calendar, Relation rel)
{
	AttrNumber attnums[HF_COLUMNS];
	bool in_order;
	bool immediate;

	/* first, so that an invalidation while we look is not lost */
	calendar->known = true;
	if ((rel->rd_rel->relkind != RELKIND_RELATION &&
		 rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE) ||
		!FindColumns(RelationGetDescr(rel), attnums, &in_order))
	{
		calendar->known = false;
		return false;
	}
	immediate = FindIndexes(rel, attnums, calendar);
	hf_checks_free(calendar->checks);
	calendar->checks = NULL;
	if (in_order && immediate && IsPlain(rel))
		calendar->checks = hf_checks_compile(rel);
	calendar->notes_deletes = hf_fires_on_delete(rel->trigdesc);
	calendar->notes_updates = hf_fires_on_update(rel->trigdesc);
	calendar->hold_key_attnum = attnums[HF_COL_HOLD_KEY];
	calendar->expires_attnum = attnums[HF_COL_EXPIRES];
	calendar->covers = Covers(rel, calendar->exclusion, calendar->hold_key_attnum);
	return true;
}

/*
 * hf_calendar_open locks a calendar's table until the end of the transaction, checks that it is a calendar and that
 * the current user has every privilege of mode on it, and returns what is known of it.
 */
const HfCalendar *
hf_calendar_open(Oid relid, AclMode mode, LOCKMODE lockmode)
{
	Relation rel = try_relation_open(relid, lockmode);
	HfCalendar *calendar;

	if (rel == NULL)
		hf_raise_invalid("calendar", "does not exist");
	calendar = (HfCalendar *) hf_known_find(&calendars, relid);
	if (!calendar->known && !Learn(calendar, rel))
		hf_raise_invalid("calendar", "is not a table made by create_calendar()");
	if (pg_class_aclmask(relid, GetUserId(), mode, ACLMASK_ALL) != mode)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, RelationGetRelationName(rel));
	relation_close(rel, NoLock);
	return calendar;
}

/*
 * hf_calendar_is_direct tells whether this call may do without the executor: nothing about the table or the
 * user asks for it, nor does a module that watches the executor's permission checks, as auditing modules do.
 */
bool
hf_calendar_is_direct(const HfCalendar *calendar)
{
	return hf_direct_insert && calendar->checks != NULL && OidIsValid(calendar->exclusion) &&
		   OidIsValid(calendar->primary) && ExecutorCheckPerms_hook == NULL &&
		   check_enable_rls(calendar->relid, InvalidOid, true) != RLS_ENABLED;
}

/*
 * hf_calendar_read_direct returns what is known of a table, where this call may read the exclusion constraint's index
 * without the executor; NULL where it must not, or it is no calendar.
 */
const HfCalendar *
hf_calendar_read_direct(Relation rel)
{
	Oid relid = RelationGetRelid(rel);
	HfCalendar *calendar;

	if (!hf_direct_insert || ExecutorCheckPerms_hook != NULL ||
		pg_class_aclmask(relid, GetUserId(), ACL_SELECT, ACLMASK_ALL) != ACL_SELECT ||
		check_enable_rls(relid, InvalidOid, true) == RLS_ENABLED)
		return NULL;
	calendar = (HfCalendar *) hf_known_find(&calendars, relid);
	if (!calendar->known && !Learn(calendar, rel))
		return NULL;
	return calendar->covers ? calendar : NULL;
}

/*
 * overlap.c
 *		prevent_overlap() and allow_overlap(): the exclusion constraint and the trigger of a table.
 *
 * Everything made here is an ordinary object of the table, which pg_dump carries. The constraint is made of
 * built-in operators and functions only, since whoever writes to the table has to be allowed to execute them.
 * A buffer is added to the end of the range. Adding an interval to a timestamptz is not immutable (a day may
 * have 23 hours), so the times are first taken to UTC, and days and months are refused.
 *
 * Set-up runs with the caller's rights, and only the table's owner may call it. The search for rows that overlap
 * already runs as the owner too, without row security, so that no row is overlooked.
 */
#include "compat.h"

#include "access/attnum.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_index.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parser/parse_func.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "errors.h"
#include "overlap/overlap_live.h"
#include "overlap/overlap_report.h"
#include "overlap/overlap_terms.h"
#include "spi.h"

PG_FUNCTION_INFO_V1(hf_prevent_overlap);
PG_FUNCTION_INFO_V1(hf_allow_overlap);

/* GuardFunction is the OID of overlap_guard(), which lives beside the function that is being called. */
static Oid
GuardFunction(FunctionCallInfo fcinfo)
{
	char *schema = get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid));

	return LookupFuncName(list_make2(makeString(schema), makeString("overlap_guard")), 0, NULL,
						  false);
}

/* CheckOwner refuses everybody but the owner of a table. */
static void
CheckOwner(Oid relid)
{
	char *name = get_rel_name(relid);

	if (name == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("relation with OID %u does not exist", relid)));
	if (!hf_compat_owns_relation(relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, get_relkind_objtype(get_rel_relkind(relid)), name);
}

/* CheckTable refuses what has rows that a constraint does not see. */
static void
CheckTable(Oid relid)
{
	char kind = get_rel_relkind(relid);
	char *name = get_rel_name(relid);

	if (kind == RELKIND_PARTITIONED_TABLE)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("table \"%s\" is partitioned", name),
						errhint("Where all rows of a resource are in one partition, protect each "
								"partition by itself.")));
	if (kind != RELKIND_RELATION)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE), errmsg("\"%s\" is not a table", name)));
	if (find_inheritance_children(relid, NoLock) != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("table \"%s\" has children", name),
				 errhint("No constraint of it sees their rows. Use one table.")));
}

/* ColumnOf finds a column of the table. */
static AttrNumber
ColumnOf(Oid relid, const char *field, const char *column)
{
	AttrNumber attnum = get_attnum(relid, column);

	if (attnum <= 0)
		hf_raise_invalid(field, psprintf("the table has no column \"%s\"", column));
	return attnum;
}

/* EqualityOf is the operator by which btree_gist indexes a column. */
static char *
EqualityOf(Oid relid, AttrNumber attnum, const char *column)
{
	Oid type = getBaseType(get_atttype(relid, attnum));
	Oid opclass = GetDefaultOpClass(type, GIST_AM_OID);
	Oid equality = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
	HeapTuple tuple;
	char *schema;

	if (!OidIsValid(opclass) || !OidIsValid(equality) ||
		get_op_opfamily_strategy(equality, get_opclass_family(opclass)) == InvalidStrategy)
		hf_raise_invalid("resource",
						 psprintf("column \"%s\" is of a type without equality in GiST", column));
	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(equality));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", equality);
	schema = get_namespace_name(((Form_pg_operator) GETSTRUCT(tuple))->oprnamespace);
	ReleaseSysCache(tuple);
	return psprintf("OPERATOR(%s.%s)", quote_identifier(schema), get_opname(equality));
}

/* ReadResource reads the columns of the resource. */
static void
ReadResource(HfProtection *p, ArrayType *resource)
{
	Datum *names;
	bool *nulls;

	if (ARR_NDIM(resource) > 1)
		hf_raise_invalid("resource", "must be a list of columns");
	deconstruct_array(resource, NAMEOID, NAMEDATALEN, false, TYPALIGN_CHAR, &names, &nulls,
					  &p->columns);
	if (p->columns == 0 || p->columns >= INDEX_MAX_KEYS)
		hf_raise_invalid("resource", "must name at least one column, and fewer than 32");
	p->attnum = palloc(p->columns * sizeof(AttrNumber));
	p->name = palloc(p->columns * sizeof(char *));
	p->equal = palloc(p->columns * sizeof(char *));
	for (int i = 0; i < p->columns; i++)
	{
		if (nulls[i])
			hf_raise_invalid("resource", "must not contain null");
		p->name[i] = pstrdup(NameStr(*DatumGetName(names[i])));
		p->attnum[i] = ColumnOf(p->relid, "resource", p->name[i]);
		p->equal[i] = EqualityOf(p->relid, p->attnum[i], p->name[i]);
		for (int j = 0; j < i; j++)
		{
			if (p->attnum[j] == p->attnum[i])
				hf_raise_invalid("resource", "must not name a column twice");
		}
	}
}

/* ReadTimes reads the columns of the range. */
static void
ReadTimes(HfProtection *p, Relation rel, const char *starts, const char *ends)
{
	AttrNumber start = ColumnOf(p->relid, "starts", starts);
	AttrNumber end = ColumnOf(p->relid, "ends", ends);

	p->type = getBaseType(get_atttype(p->relid, start));
	if (p->type != TIMESTAMPTZOID && p->type != TIMESTAMPOID && p->type != DATEOID)
		hf_raise_invalid("starts", "must be of type timestamptz, timestamp or date");
	if (start == end || getBaseType(get_atttype(p->relid, end)) != p->type)
		hf_raise_invalid("ends", "must be another column of the same type as starts");
	p->starts = quote_identifier(starts);
	p->ends = quote_identifier(ends);
	p->ends_name = ends;
	p->starts_not_null = TupleDescAttr(RelationGetDescr(rel), start - 1)->attnotnull;
}

/* BufferLiteral turns a buffer into hours, minutes, seconds and microseconds; NULL when there is none. */
static char *
BufferLiteral(const Interval *buffer)
{
	int64 time = buffer->time;

	if (buffer->month != 0 || buffer->day != 0)
		hf_raise_invalid("buffer", "must be in hours, minutes or seconds");
	if (time < 0)
		hf_raise_invalid("buffer", "must not be negative");
	if (time == 0)
		return NULL;
	return psprintf("'" INT64_FORMAT ":%02d:%02d.%06d'::interval", time / USECS_PER_HOUR,
					(int) (time / USECS_PER_MINUTE % MINS_PER_HOUR),
					(int) (time / USECS_PER_SEC % SECS_PER_MINUTE), (int) (time % USECS_PER_SEC));
}

/* SameResource compares the key of a constraint's index with the columns of a resource. */
static bool
SameResource(const HfProtection *p, Oid index)
{
	HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	Form_pg_index form;
	bool same;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_index) GETSTRUCT(tuple);
	same = form->indnkeyatts == p->columns + 1;
	for (int i = 0; same && i < p->columns; i++)
	{
		same = false;
		for (int j = 0; j < p->columns; j++)
			same |= form->indkey.values[i] == p->attnum[j];
	}
	ReleaseSysCache(tuple);
	return same;
}

/* CheckUnprotected refuses to protect the same resource twice. */
static void
CheckUnprotected(const HfProtection *p, Relation rel, Oid guard)
{
	TriggerDesc *triggers = rel->trigdesc;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		Trigger *trigger = &triggers->triggers[i];
		Oid constraint;

		if (trigger->tgfoid != guard || trigger->tgnargs != 1)
			continue;
		constraint = get_relation_constraint_oid(p->relid, trigger->tgargs[0], true);
		if (OidIsValid(constraint) && SameResource(p, get_constraint_index(constraint)))
			ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
							errmsg("table \"%s\" is already protected by constraint \"%s\"",
								   RelationGetRelationName(rel), trigger->tgargs[0]),
							errhint("Call allow_overlap() first to protect it otherwise.")));
	}
}

/* Protect makes the constraint, then the trigger. */
static void
Protect(const HfProtection *p, Oid guard)
{
	char *condition = hf_overlap_condition(p);
	StringInfoData key;
	StringInfoData label;
	char *constraint;

	initStringInfo(&key);
	initStringInfo(&label);
	for (int i = 0; i < p->columns; i++)
	{
		appendStringInfo(&key, "%s WITH %s, ", quote_identifier(p->name[i]), p->equal[i]);
		appendStringInfo(&label, "%s%s", i > 0 ? "_" : "", p->name[i]);
	}
	constraint = ChooseRelationName(get_rel_name(p->relid), label.data, "no_overlap",
									get_rel_namespace(p->relid), true);
	hf_spi_open();
	(void) hf_spi_run_text(
		psprintf("ALTER TABLE %s ADD CONSTRAINT %s EXCLUDE USING gist (%s(%s) WITH &&)%s%s",
				 p->table, quote_identifier(constraint), key.data, hf_overlap_range(p),
				 condition != NULL ? " WHERE " : "", condition != NULL ? condition : ""),
		false);
	(void) hf_spi_run_text(
		psprintf(
			"CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s(%s)",
			quote_identifier(makeObjectName("zz", label.data, "no_overlap")), p->table,
			quote_qualified_identifier(get_namespace_name(get_func_namespace(guard)),
									   get_func_name(guard)),
			quote_literal_cstr(constraint)),
		false);
	hf_spi_close();
}

/* RequiredName is an argument that must not be null. */
static char *
RequiredName(FunctionCallInfo fcinfo, int arg, const char *field)
{
	if (PG_ARGISNULL(arg))
		hf_raise_invalid(field, "must not be null");
	return pstrdup(NameStr(*PG_GETARG_NAME(arg)));
}

/* prevent_overlap(rel, resource, starts, ends, live, buffer) */
Datum
hf_prevent_overlap(PG_FUNCTION_ARGS)
{
	HfProtection p = {0};
	Oid guard = GuardFunction(fcinfo);
	Interval none = {0};
	Relation rel;
	int path;

	if (PG_ARGISNULL(0))
		hf_raise_invalid("rel", "must not be null");
	if (PG_ARGISNULL(1))
		hf_raise_invalid("resource", "must not be null");
	p.relid = PG_GETARG_OID(0);
	CheckOwner(p.relid);
	CheckTable(p.relid);
	rel = table_open(p.relid, AccessExclusiveLock);
	p.table = hf_spi_relation_name(p.relid);
	ReadResource(&p, PG_GETARG_ARRAYTYPE_P(1));
	ReadTimes(&p, rel, RequiredName(fcinfo, 2, "starts"), RequiredName(fcinfo, 3, "ends"));
	p.buffer = BufferLiteral(PG_ARGISNULL(5) ? &none : PG_GETARG_INTERVAL_P(5));
	if (!PG_ARGISNULL(4))
		p.live = hf_overlap_live(rel, text_to_cstring(PG_GETARG_TEXT_PP(4)));
	CheckUnprotected(&p, rel, guard);

	path = hf_spi_pin_search_path();
	hf_overlap_report(&p, rel);
	table_close(rel, NoLock);
	Protect(&p, guard);
	hf_spi_unpin_search_path(path);
	PG_RETURN_VOID();
}

/* allow_overlap(rel) */
Datum
hf_allow_overlap(PG_FUNCTION_ARGS)
{
	Oid relid;
	Oid guard = GuardFunction(fcinfo);
	Relation rel;
	char *table;
	List *commands = NIL;
	ListCell *command;

	if (PG_ARGISNULL(0))
		hf_raise_invalid("rel", "must not be null");
	relid = PG_GETARG_OID(0);
	CheckOwner(relid);
	rel = table_open(relid, AccessExclusiveLock);
	table = hf_spi_relation_name(relid);
	for (int i = 0; rel->trigdesc != NULL && i < rel->trigdesc->numtriggers; i++)
	{
		Trigger *trigger = &rel->trigdesc->triggers[i];

		if (trigger->tgfoid != guard || trigger->tgnargs != 1)
			continue;
		commands = lappend(
			commands, psprintf("DROP TRIGGER %s ON %s", quote_identifier(trigger->tgname), table));
		if (OidIsValid(get_relation_constraint_oid(relid, trigger->tgargs[0], true)))
			commands = lappend(commands, psprintf("ALTER TABLE %s DROP CONSTRAINT %s", table,
												  quote_identifier(trigger->tgargs[0])));
	}
	if (commands == NIL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("table \"%s\" is not protected by prevent_overlap()",
							   RelationGetRelationName(rel))));
	table_close(rel, NoLock);
	hf_spi_open();
	foreach (command, commands)
		(void) hf_spi_run_text(lfirst(command), false);
	hf_spi_close();
	PG_RETURN_VOID();
}

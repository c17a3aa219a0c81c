/*
 * subjects.c
 *		subject_id(): the row of a table that stands for the caller, such as the client or the specialist that
 *		somebody is. A policy compares with it and needs no subquery.
 *
 * track_subjects() puts triggers on the table; their arguments name the two columns, and they void what is cached
 * here (live.c). The table is read as its owner, whatever its policies say, so the query states organization and
 * user itself.
 *
 * Two more arguments name a table of roles and a role: then a row stands only for who holds that role now. This is the
 * one place where it is asked, so no policy and no body can forget it. Finding the role watches the tables of roles,
 * and a change there voids what is cached here too.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "base/live.h"
#include "identity/claims.h"
#include "identity/holders.h"
#include "spi.h"

#define MAX_SUBJECTS 4096

PG_FUNCTION_INFO_V1(hf_subject_id);

typedef struct Subject
{
	HfLiveKey key;
	bool exists;
	pg_uuid_t id;
} Subject;

/* What one call site answered last. The id is handed out by reference and never written again. */
typedef struct Memo
{
	uint64 generation;
	HfLiveKey key;
	pg_uuid_t *id; /* NULL: no row */
} Memo;

/* The query of one table. Plans are kept by its address, so it is never freed. */
typedef struct Table
{
	Oid relid;
	HfQuery *query;
} Table;

static MemoryContext context = NULL; /* holds subjects */
static HTAB *subjects = NULL;
static uint64 subjects_generation = 0;
static HTAB *tables = NULL;

/* How a table is asked, as its trigger says. */
typedef struct Tracking
{
	const HfQuery *query;
	const char *roles; /* the table of roles, or NULL: no role is needed */
	const char *role;
} Tracking;

/* A look-up in the course of running. */
typedef struct Step
{
	const HfQuery *query;
	const HfLiveKey *key;
	Snapshot snapshot;
	Subject result;
} Step;

/* RunStep runs as the table's owner. */
static void
RunStep(void *arg)
{
	Step *step = arg;
	Datum values[2] = {UUIDPGetDatum(&step->key->organization), UUIDPGetDatum(&step->key->user)};
	uint64 rows;
	bool isnull;

	hf_spi_open();
	rows = hf_spi_run_snapshot(step->query, step->key->relid, values, NULL, step->snapshot, 2);
	if (rows > 1)
		ereport(ERROR, (errcode(ERRCODE_CARDINALITY_VIOLATION),
						errmsg("more than one row of \"%s\" stands for the same user",
							   get_rel_name(step->key->relid)),
						errhint("Make organization and user unique in the table.")));
	step->result.exists = rows == 1;
	if (rows == 1)
	{
		Datum id = hf_spi_value(0, 1, &isnull);

		step->result.exists = !isnull;
		if (!isnull)
			step->result.id = *DatumGetUUIDP(id);
	}
	hf_spi_close();
}

/* QueryOf returns the query of a table whose trigger names these columns. */
static const HfQuery *
QueryOf(Oid relid, const char *user_column, const char *id_column)
{
	StringInfoData text;
	Table *table;
	HfQuery *query;
	bool found;

	if (tables == NULL)
	{
		HASHCTL control = {.keysize = sizeof(Oid), .entrysize = sizeof(Table)};

		tables = hash_create("holdfast subject tables", 16, &control, HASH_ELEM | HASH_BLOBS);
	}
	initStringInfo(&text);
	appendStringInfo(&text,
					 "SELECT s.%s FROM %%s s WHERE s.organization_id OPERATOR(pg_catalog.=) $1",
					 quote_identifier(id_column));
	appendStringInfo(&text, " AND s.%s OPERATOR(pg_catalog.=) $2", quote_identifier(user_column));
	table = hash_search(tables, &relid, HASH_FIND, NULL);
	if (table != NULL && strcmp(table->query->text, text.data) == 0)
		return table->query;
	query = MemoryContextAllocZero(TopMemoryContext, sizeof(HfQuery));
	query->text = MemoryContextStrdup(TopMemoryContext, text.data);
	query->nargs = 2;
	query->argtypes[0] = UUIDOID;
	query->argtypes[1] = UUIDOID;
	query->read_only = true;
	table = hash_search(tables, &relid, HASH_ENTER, &found);
	table->query = query;
	return query;
}

/* CheckColumn makes sure that a column is there and a uuid. */
static void
CheckColumn(Oid relid, const char *column)
{
	AttrNumber number = get_attnum(relid, column);

	if (number == InvalidAttrNumber || get_atttype(relid, number) != UUIDOID)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
						errmsg("table \"%s\" has no column \"%s\" of type uuid",
							   get_rel_name(relid), column),
						errhint("After renaming columns call track_subjects() again.")));
}

/* OpenTable checks that a table is tracked, watches it, and returns how it is asked. */
static Tracking
OpenTable(Oid relid)
{
	Relation rel = hf_live_open(relid);
	const Trigger *trigger = hf_live_trigger(rel, "subjects");
	Tracking tracking = {NULL, NULL, NULL};

	if (trigger == NULL || (trigger->tgnargs != 3 && trigger->tgnargs != 5))
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("subjects of \"%s\" are not tracked", RelationGetRelationName(rel)),
						errhint("Call track_subjects() for it.")));
	CheckColumn(relid, "organization_id");
	CheckColumn(relid, trigger->tgargs[1]);
	CheckColumn(relid, trigger->tgargs[2]);
	hf_live_watch(rel);
	tracking.query = QueryOf(relid, trigger->tgargs[1], trigger->tgargs[2]);
	if (trigger->tgnargs == 5)
	{
		tracking.roles = trigger->tgargs[3];
		tracking.role = trigger->tgargs[4];
	}
	table_close(rel, NoLock);
	return tracking;
}

/* Reset empties the cache. */
static void
Reset(uint64 generation)
{
	HASHCTL control = {0};

	subjects = NULL;
	if (context == NULL)
		context =
			AllocSetContextCreate(TopMemoryContext, "holdfast subjects", ALLOCSET_DEFAULT_SIZES);
	MemoryContextReset(context);
	control.keysize = sizeof(HfLiveKey);
	control.entrysize = sizeof(Subject);
	control.hcxt = context;
	subjects =
		hash_create("holdfast subjects", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	subjects_generation = generation;
}

/* Find looks a key up at this generation. That there is no row is remembered too. */
static Subject
Find(const HfLiveKey *key, uint64 generation)
{
	Step step = {.key = key};
	Tracking tracking;
	Subject *subject;

	if (subjects == NULL || subjects_generation != generation)
		Reset(generation);
	subject = hash_search(subjects, key, HASH_FIND, NULL);
	if (subject != NULL)
		return *subject;
	tracking = OpenTable(key->relid);
	step.query = tracking.query;
	step.snapshot = hf_live_snapshot();
	hf_spi_as_owner(key->relid, RunStep, &step);
	if (step.result.exists && tracking.roles != NULL)
		step.result.exists =
			hf_holders_have(tracking.roles, &key->organization, &key->user, tracking.role);
	step.result.key = *key;
	if (hf_live_generation_seen() != generation)
		return step.result;
	if (hash_get_num_entries(subjects) >= MAX_SUBJECTS)
		Reset(generation);
	subject = hash_search(subjects, key, HASH_ENTER, NULL);
	*subject = step.result;
	return step.result;
}

/* Remember looks a key up and makes it the memo of a call site. */
static void
Remember(FmgrInfo *flinfo, Memo *memo, const HfLiveKey *key, uint64 generation)
{
	Subject subject = Find(key, generation);

	memo->generation = 0;
	if (!subject.exists)
		memo->id = NULL;
	else if (memo->id == NULL || memcmp(memo->id, &subject.id, UUID_LEN) != 0)
	{
		memo->id = MemoryContextAlloc(flinfo->fn_mcxt, sizeof(pg_uuid_t));
		*memo->id = subject.id;
	}
	memo->key = *key;
	memo->generation = hf_live_generation_seen() == generation ? generation : 0;
}

/* subject_id(rel regclass) */
Datum
hf_subject_id(PG_FUNCTION_ARGS)
{
	Memo *memo = fcinfo->flinfo->fn_extra;
	pg_uuid_t user;
	pg_uuid_t organization;
	HfLiveKey key;
	uint64 generation;

	if (!hf_claims_user(&user) || !hf_claims_organization(&organization))
		PG_RETURN_NULL();
	if (memo == NULL)
	{
		memo = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Memo));
		fcinfo->flinfo->fn_extra = memo;
	}
	hf_live_key(&key, PG_GETARG_OID(0), &organization, &user);
	generation = hf_live_generation();
	if (memo->generation != generation || memcmp(&memo->key, &key, sizeof(key)) != 0)
		Remember(fcinfo->flinfo, memo, &key, generation);
	if (memo->id == NULL)
		PG_RETURN_NULL();
	PG_RETURN_UUID_P(memo->id);
}

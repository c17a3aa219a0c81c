/*
 * holders.c
 *		Who holds which roles and permissions, read from tables made by create_roles(), and kept.
 *
 * Three tables: NAME says which user has which role, NAME_hierarchy which role inherits which, NAME_permissions
 * which role has which permission. Rows of the nil organization count in every organization. All three are read
 * as their owners, whatever their policies say, so a policy on NAME may itself ask has_role() without recursion;
 * therefore every query states user and organization itself, and names operators by their schema.
 *
 * The answer for a (table, organization, user) is kept until one of the tables changes; see live.c. Nothing here knows
 * who is asking: claims.c asks for super admins to find that out.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

#include "guc.h"
#include "identity/holders.h"
#include "spi.h"

#define MAX_HOLDERS		1024
#define SUPER_ADMIN		"super_admin"
#define PLATFORM_OWNER	"holdfast_owner"
#define PLATFORM_SCHEMA "holdfast_private"
#define PLATFORM_ROLES	"roles_table"

static const HfQuery roles_query = {
	"SELECT r.role FROM %s r"
	" WHERE r.organization_id OPERATOR(pg_catalog.=) ANY ($1) AND r.user_id OPERATOR(pg_catalog.=) $2",
	2,
	{UUIDARRAYOID, UUIDOID},
	true};

/* UNION drops what was found already, so a cycle ends. */
static const HfQuery hierarchy_query = {
	"WITH RECURSIVE held (role) AS ("
	"SELECT given.role FROM pg_catalog.unnest($2) AS given (role)"
	" UNION SELECT h.inherits FROM held, %s h"
	" WHERE h.role OPERATOR(pg_catalog.=) held.role"
	" AND h.organization_id OPERATOR(pg_catalog.=) ANY ($1))"
	" SELECT held.role FROM held",
	2,
	{UUIDARRAYOID, TEXTARRAYOID},
	true};

static const HfQuery permissions_query = {
	"SELECT p.permission FROM %s p"
	" WHERE p.organization_id OPERATOR(pg_catalog.=) ANY ($1) AND p.role OPERATOR(pg_catalog.=) ANY ($2)",
	2,
	{UUIDARRAYOID, TEXTARRAYOID},
	true};

static MemoryContext context = NULL; /* holds holders and their names */
static HTAB *holders = NULL;
static uint64 holders_generation = 0;

/* A query in the course of loading a holder. */
typedef struct Step
{
	const HfQuery *query;
	Oid relid;
	Datum values[2];
	Snapshot snapshot;
	HfNames result;
	MemoryContext into;
} Step;

/* RunStep runs as the table's owner and copies the names out. */
static void
RunStep(void *arg)
{
	Step *step = arg;
	MemoryContext old;

	hf_spi_open();
	step->result.count =
		(int) hf_spi_run_snapshot(step->query, step->relid, step->values, NULL, step->snapshot, 0);
	old = MemoryContextSwitchTo(step->into);
	step->result.list = palloc(sizeof(char *) * (step->result.count + 1));
	for (int i = 0; i < step->result.count; i++)
	{
		bool isnull;

		step->result.list[i] = TextDatumGetCString(hf_spi_value(i, 1, &isnull));
	}
	MemoryContextSwitchTo(old);
	hf_spi_close();
}

/* ReadNames runs one query of a table and returns its names in the current memory context. */
static HfNames
ReadNames(const HfQuery *query, Oid relid, Datum first, Datum second, Snapshot snapshot)
{
	Step step = {query, relid, {first, second}, snapshot, {0, NULL}, CurrentMemoryContext};

	hf_spi_as_owner(relid, RunStep, &step);
	return step.result;
}

/* HfNamesArray makes a text[] of names. */
static Datum
HfNamesArray(const HfNames *names)
{
	Datum *elements = palloc(sizeof(Datum) * (names->count + 1));

	for (int i = 0; i < names->count; i++)
		elements[i] = CStringGetTextDatum(names->list[i]);
	return PointerGetDatum(
		construct_array(elements, names->count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* OrganizationsArray makes the uuid[] of an organization and of the nil one. */
static Datum
OrganizationsArray(const pg_uuid_t *organization)
{
	pg_uuid_t everywhere = {{0}};
	Datum elements[2] = {UUIDPGetDatum(organization), UUIDPGetDatum(&everywhere)};

	return PointerGetDatum(construct_array(elements, 2, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
}

/* WatchTable opens one of the three tables, checks that it is one, and watches it. */
static void
WatchTable(Oid relid, const char *word)
{
	Relation rel = hf_live_open(relid);

	if (hf_live_trigger(rel, word) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a table of %s", RelationGetRelationName(rel), word),
				 errdetail("It lacks the trigger that calls invalidate_lookups(), or the trigger "
						   "does not fire always."),
				 errhint("Make tables of roles with create_roles().")));
	hf_live_watch(rel);
	table_close(rel, NoLock);
}

/* Sibling finds and watches the table beside a table of roles whose name ends in _WORD. */
static Oid
Sibling(Oid roles, const char *word)
{
	char *name = psprintf("%s_%s", get_rel_name(roles), word);
	Oid relid = get_relname_relid(name, get_rel_namespace(roles));

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE), errmsg("table \"%s\" does not exist", name),
				 errdetail("It belongs to the table of roles \"%s\".", get_rel_name(roles))));
	WatchTable(relid, word);
	return relid;
}

/* Load reads the roles and permissions of a key into the current memory context. */
static HfHolder *
Load(const HfLiveKey *key)
{
	HfHolder *holder = palloc0(sizeof(HfHolder));
	Datum organizations = OrganizationsArray(&key->organization);
	Oid hierarchy;
	Oid permissions;
	Snapshot snapshot;

	holder->key = *key;
	WatchTable(key->relid, "roles");
	hierarchy = Sibling(key->relid, "hierarchy");
	permissions = Sibling(key->relid, "permissions");
	snapshot = hf_live_snapshot();
	holder->roles = ReadNames(&roles_query, key->relid, organizations,
							  UUIDPGetDatum(&holder->key.user), snapshot);
	if (holder->roles.count == 0)
		return holder;
	holder->roles = ReadNames(&hierarchy_query, hierarchy, organizations,
							  HfNamesArray(&holder->roles), snapshot);
	holder->permissions = ReadNames(&permissions_query, permissions, organizations,
									HfNamesArray(&holder->roles), snapshot);
	return holder;
}

/* Reset empties the cache. */
static void
Reset(uint64 generation)
{
	HASHCTL control = {0};

	holders = NULL;
	if (context == NULL)
		context = AllocSetContextCreate(TopMemoryContext, "holdfast roles", ALLOCSET_DEFAULT_SIZES);
	MemoryContextReset(context);
	control.keysize = sizeof(HfLiveKey);
	control.entrysize = sizeof(HfHolder);
	control.hcxt = context;
	holders = hash_create("holdfast roles", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	holders_generation = generation;
}

/* KeepNames copies names into the cache. */
static HfNames
KeepNames(const HfNames *names)
{
	HfNames kept = {names->count, MemoryContextAlloc(context, sizeof(char *) * (names->count + 1))};

	for (int i = 0; i < names->count; i++)
		kept.list[i] = MemoryContextStrdup(context, names->list[i]);
	return kept;
}

/* hf_holders_find looks in the cache first; see holders.h. */
const HfHolder *
hf_holders_find(const HfLiveKey *key, uint64 generation)
{
	HfHolder *holder;
	HfHolder *loaded;
	HfNames roles;
	HfNames permissions;

	if (holders == NULL || holders_generation != generation)
		Reset(generation);
	holder = hash_search(holders, key, HASH_FIND, NULL);
	if (holder != NULL)
		return holder;
	loaded = Load(key);
	if (hf_live_generation_seen() != generation)
		return loaded;
	if (hash_get_num_entries(holders) >= MAX_HOLDERS)
	{
		/* Starting over is crude, but bounded and rare: a thousand people on one connection. */
		Reset(generation);
	}
	roles = KeepNames(&loaded->roles);
	permissions = KeepNames(&loaded->permissions);
	holder = hash_search(holders, key, HASH_ENTER, NULL);
	holder->roles = roles;
	holder->permissions = permissions;
	return holder;
}

/* hf_names_contain compares them all; see holders.h. */
bool
hf_names_contain(const HfNames *names, const char *name, Size length)
{
	for (int i = 0; i < names->count; i++)
	{
		if (strncmp(names->list[i], name, length) == 0 && names->list[i][length] == '\0')
			return true;
	}
	return false;
}

/* NamedTable finds the table of a text, or InvalidOid. */
static Oid
NamedTable(const char *text)
{
	char *copy = pstrdup(text);
	List *parts;
	Oid schema;
	Oid relid = InvalidOid;

	/* Schema and table, nothing less: the search path is the caller's to choose. */
	if (SplitIdentifierString(copy, '.', &parts) && list_length(parts) == 2)
	{
		schema = get_namespace_oid(linitial(parts), true);
		if (OidIsValid(schema))
			relid = get_relname_relid(lsecond(parts), schema);
	}
	return relid;
}

/* hf_holders_have asks a table by its name; see holders.h. */
bool
hf_holders_have(const char *table, const pg_uuid_t *organization, const pg_uuid_t *user,
				const char *role)
{
	Oid relid = NamedTable(table);
	HfLiveKey key;

	if (!OidIsValid(relid))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("table of roles %s does not exist", table),
						errhint("After renaming it call track_subjects() again.")));
	hf_live_key(&key, relid, organization, user);
	return hf_names_contain(&hf_holders_find(&key, hf_live_generation_seen())->roles, role,
							strlen(role));
}

/*
 * PlatformTable finds the table of roles of the installed platform, or InvalidOid: the table whose rows the domain
 * holdfast_private.roles_table is over. That names the table by its OID, so it follows when the table or its schema is
 * renamed, and a dump brings it along, as it does not a setting of the database. Both schema and domain must belong to
 * the platform's owner, or anybody who may create a schema could name a table of their own.
 */
static Oid
PlatformTable(void)
{
	Oid owner = get_role_oid(PLATFORM_OWNER, true);
	Oid schema = get_namespace_oid(PLATFORM_SCHEMA, true);
	HeapTuple tuple;
	Oid relid = InvalidOid;

	if (!OidIsValid(owner) || !OidIsValid(schema))
		return InvalidOid;
	tuple = SearchSysCache2(TYPENAMENSP, CStringGetDatum(PLATFORM_ROLES), ObjectIdGetDatum(schema));
	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	if (((Form_pg_type) GETSTRUCT(tuple))->typowner == owner &&
		hf_compat_owns_schema(schema, owner))
		relid = get_typ_typrelid(((Form_pg_type) GETSTRUCT(tuple))->typbasetype);
	ReleaseSysCache(tuple);
	return relid;
}

/* SuperAdminTable finds where super admins are looked for: in the table of the setting, else in the platform's. */
static Oid
SuperAdminTable(void)
{
	Oid relid;

	if (hf_roles_table != NULL && hf_roles_table[0] != '\0')
		return NamedTable(hf_roles_table);
	relid = PlatformTable();
	return OidIsValid(relid) ? relid : NamedTable("public.user_roles");
}

/* IsRolesTable tells whether a table can be read live. */
static bool
IsRolesTable(Oid relid)
{
	Relation rel = try_table_open(relid, AccessShareLock);
	bool result;

	if (rel == NULL)
		return false;
	result = hf_live_trigger(rel, "roles") != NULL;
	table_close(rel, AccessShareLock);
	return result;
}

/* hf_holders_super_admin asks the table of the setting; see holders.h. */
bool
hf_holders_super_admin(const pg_uuid_t *user)
{
	static HfLiveKey last;
	static uint64 last_generation = 0;
	static bool last_answer;
	Oid relid = SuperAdminTable();
	HfLiveKey key;
	uint64 generation;

	if (!OidIsValid(relid))
		return false;
	hf_live_key(&key, relid, NULL, user);
	generation = hf_live_generation();
	if (last_generation == generation && memcmp(&last, &key, sizeof(key)) == 0)
		return last_answer;
	if (!IsRolesTable(relid))
		return false;
	last_generation = 0;
	last_answer = hf_names_contain(&hf_holders_find(&key, generation)->roles, SUPER_ADMIN,
								   sizeof(SUPER_ADMIN) - 1);
	if (hf_live_generation_seen() == generation)
	{
		last = key;
		last_generation = generation;
	}
	return last_answer;
}

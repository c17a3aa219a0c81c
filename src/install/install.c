/*
 * install.c
 *		install() and upgrade(): the platform's scripts, run outside any extension script.
 *
 * The scripts of all chosen modules run as the role holdfast_owner, in the caller's transaction (install_run.c).
 * Two installations of one database wait for each other: each locks the extension first.
 */
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

#include "install/install_core.h"
#include "install/install_files.h"
#include "install/install_run.h"
#include "spi.h"

#define OWNER	"holdfast_owner"
#define PRIVATE "holdfast_private"

PG_FUNCTION_INFO_V1(hf_install);
PG_FUNCTION_INFO_V1(hf_upgrade);

/* RunNames runs a kept query whose arguments are names or texts; NULL ends them. */
static uint64
RunNames(const HfQuery *query, const char *first, const char *second, const char *third,
		 const char *fourth)
{
	const char *arguments[4] = {first, second, third, fourth};
	Datum values[4];

	for (int i = 0; i < query->nargs; i++)
		values[i] = CStringGetTextDatum(arguments[i]);
	return hf_spi_run(query, InvalidOid, values, NULL, 0);
}

/* ResultText reads a text of the last result. */
static char *
ResultText(uint64 row, int column)
{
	bool isnull;
	Datum value = hf_spi_value(row, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* Prepare makes the roles and schemas, or checks that a superuser has done so. */
static void
Prepare(const char *schema)
{
	static const HfQuery prepare = {
		"SELECT holdfast.prepare_platform($1::name)", 1, {TEXTOID}, false};
	Oid owner = get_role_oid(OWNER, true);

	if (superuser())
		RunNames(&prepare, schema, NULL, NULL, NULL);
	else if (!OidIsValid(owner) || !has_privs_of_role(GetUserId(), owner) ||
			 !OidIsValid(get_namespace_oid(PRIVATE, true)))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("the platform is installed by a superuser, or by a member of the "
						"role " OWNER " in a database that a superuser has prepared"),
				 errhint("Let a superuser run: SELECT holdfast.prepare_platform(%s); GRANT " OWNER
						 " TO %s;",
						 quote_literal_cstr(schema),
						 quote_identifier(GetUserNameFromId(GetUserId(), false)))));
}

/* BecomeOwner switches to the role that everything belongs to. */
static void
BecomeOwner(Oid *user, int *context)
{
	GetUserIdAndSecContext(user, context);
	SetUserIdAndSecContext(get_role_oid(OWNER, false), *context | SECURITY_LOCAL_USERID_CHANGE);
}

/* PlatformExists tells whether the core module is there. */
static bool
PlatformExists(void)
{
	Oid private = get_namespace_oid(PRIVATE, true);

	return OidIsValid(private) && OidIsValid(get_relname_relid("modules", private));
}

/* InstalledVersion is the recorded version of a module, or NULL; it checks the API schema on the way. */
static char *
InstalledVersion(const char *module, const char *schema)
{
	static const HfQuery read = {
		"SELECT m.api_schema::text, max(m.version) FILTER (WHERE m.module = $1)"
		" FROM " PRIVATE ".modules m GROUP BY m.api_schema",
		1,
		{TEXTOID},
		false}; /* on a new snapshot: we may have waited for another installation */
	char *installed;

	if (!PlatformExists() || RunNames(&read, module, NULL, NULL, NULL) == 0)
		return NULL;
	installed = ResultText(0, 1);
	if (strcmp(installed, schema) != 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the platform of this database is in schema \"%s\"", installed),
						errhint("A database holds one platform; name that schema, or use another "
								"database.")));
	return ResultText(0, 2);
}

/* CheckKernel refuses to go on with the extension's SQL of another version than the library's. */
static void
CheckKernel(void)
{
	static const HfQuery read = {"SELECT e.extversion FROM pg_catalog.pg_extension e"
								 " WHERE e.extname = 'holdfast' AND e.extversion <> $1",
								 1,
								 {TEXTOID},
								 false};

	if (RunNames(&read, HOLDFAST_VERSION, NULL, NULL, NULL) > 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the extension is of version %s, the library is %s",
							   ResultText(0, 1), HOLDFAST_VERSION),
						errhint("Run ALTER EXTENSION holdfast UPDATE first.")));
}

/* Record writes down what has been installed. */
static void
Record(const HfModule *module, const char *schema)
{
	static const HfQuery write = {
		"INSERT INTO " PRIVATE ".modules AS m (module, version, checksum, api_schema)"
		" VALUES ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'), $4)"
		" ON CONFLICT (module) DO UPDATE"
		" SET version = excluded.version, checksum = excluded.checksum, upgraded_at = now()",
		4,
		{TEXTOID, TEXTOID, TEXTOID, TEXTOID},
		false};

	RunNames(&write, module->name, HOLDFAST_VERSION, module->script.text, schema);
}

/* PlaceModule puts a module behind those it requires. */
static void
PlaceModule(List *modules, HfModule *module, List **order)
{
	ListCell *cell;

	if (module->mark == 2)
		return;
	if (module->mark == 1)
		ereport(ERROR, (errcode(ERRCODE_CONFIG_FILE_ERROR),
						errmsg("module \"%s\" requires itself", module->name)));
	module->mark = 1;
	foreach (cell, module->needs)
	{
		HfModule *need = hf_install_find(modules, lfirst(cell));

		if (need == NULL)
			ereport(ERROR, (errcode(ERRCODE_CONFIG_FILE_ERROR),
							errmsg("module \"%s\" requires module \"%s\", which does not exist",
								   module->name, (char *) lfirst(cell))));
		PlaceModule(modules, need, order);
	}
	module->mark = 2;
	*order = lappend(*order, module);
}

/* UnknownModule raises, and lists what there is. */
static void
UnknownModule(List *modules, const char *name)
{
	StringInfoData names;
	ListCell *cell;

	initStringInfo(&names);
	foreach (cell, modules)
		appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
						 ((HfModule *) lfirst(cell))->name);
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("there is no module \"%s\"", name),
					errhint("Modules are %s.",
							names.len > 0 ? names.data : "not in the share directory")));
}

/* Choose returns the named modules and all they require, in an order that respects it. */
static List *
Choose(List *modules, ArrayType *names)
{
	List *order = NIL;
	Datum *values;
	bool *nulls;
	int count;

	deconstruct_array(names, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		char *name = nulls[i] ? pstrdup("") : TextDatumGetCString(values[i]);
		HfModule *module = hf_install_find(modules, name);
		ListCell *cell;

		if (module != NULL)
			PlaceModule(modules, module, &order);
		else if (strcmp(name, "all") == 0)
		{
			foreach (cell, modules)
				PlaceModule(modules, lfirst(cell), &order);
		}
		else
			UnknownModule(modules, name);
	}
	return order;
}

/*
 * Begin refuses what cannot be, and makes installations of one database wait for each other until the
 * transaction ends. Scripts name the schema in many ways, quoted and not: it has to be a plain identifier.
 * What runs from here on, up to End, sees pg_catalog only, whatever the caller's search_path.
 */
static int
Begin(const char *schema)
{
	int nest;

	if (creating_extension)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("the platform cannot be installed by an extension script"),
						errdetail("Its objects would become members of the extension.")));
	if (strcmp(quote_identifier(schema), schema) != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_SCHEMA_NAME),
						errmsg("the platform cannot be in schema \"%s\"", schema),
						errhint("Choose a name of lower case letters, digits and underscores.")));
	LockDatabaseObject(ExtensionRelationId, get_extension_oid("holdfast", false), 0, ExclusiveLock);
	nest = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	hf_spi_open();
	return nest;
}

/* End closes what Begin opened. */
static void
End(int nest)
{
	hf_spi_close();
	AtEOXact_GUC(true, nest);
}

/* Report adds a row to the result. */
static void
Report(ReturnSetInfo *rsinfo, const char *module, const char *action)
{
	Datum values[3] = {CStringGetTextDatum(module), CStringGetTextDatum(HOLDFAST_VERSION),
					   CStringGetTextDatum(action)};
	bool nulls[3] = {false};

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* Close takes every right away that nobody recorded, grants what is recorded, and tells PostgREST. */
static void
Close(ArrayType *relations, ArrayType *functions)
{
	static const HfQuery close = {
		"SELECT " PRIVATE ".close_objects($1, $2)", 2, {OIDARRAYOID, OIDARRAYOID}, false};
	Datum values[2] = {PointerGetDatum(relations), PointerGetDatum(functions)};
	Oid user;
	int context;

	BecomeOwner(&user, &context);
	hf_spi_run(&close, InvalidOid, values, NULL, 0);
	SetUserIdAndSecContext(user, context);
	hf_spi_run_text("SELECT * FROM holdfast.grant_api_roles()", false);
	hf_spi_run_text("NOTIFY pgrst, 'reload schema'", false);
}

/* Owned lists what the owner has before a run, so that what is new can be told. */
static ArrayType *
Owned(const HfQuery *query)
{
	bool isnull;

	hf_spi_run(query, InvalidOid, NULL, NULL, 0);
	return DatumGetArrayTypePCopy(hf_spi_value(0, 1, &isnull));
}

/* Run runs rounds of scripts as the owner, records the modules, and closes what they made. */
static void
Run(List *rounds, List *modules, const char *schema)
{
	static const HfQuery relations = {"SELECT ARRAY(SELECT oid FROM pg_catalog.pg_class"
									  " WHERE relowner = '" OWNER "'::pg_catalog.regrole)",
									  0,
									  {0},
									  false};
	static const HfQuery functions = {"SELECT ARRAY(SELECT oid FROM pg_catalog.pg_proc"
									  " WHERE proowner = '" OWNER "'::pg_catalog.regrole)",
									  0,
									  {0},
									  false};
	ArrayType *old_relations = Owned(&relations);
	ArrayType *old_functions = Owned(&functions);
	ListCell *cell;
	Oid user;
	int context;

	BecomeOwner(&user, &context);
	foreach (cell, rounds)
		hf_install_run(lfirst(cell), schema);
	foreach (cell, modules)
		Record(lfirst(cell), schema);
	SetUserIdAndSecContext(user, context);
	Close(old_relations, old_functions);
}

/* AddScript appends a script to a list. */
static List *
AddScript(List *scripts, const char *label, HfSlice text)
{
	HfScript *script = palloc(sizeof(HfScript));

	script->label = label;
	script->text = text;
	return lappend(scripts, script);
}

/* install(api_schema name, VARIADIC modules text[]) */
Datum
hf_install(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char *schema;
	int nest;
	List *modules;
	List *order;
	List *scripts = NIL;
	List *fresh = NIL;
	ListCell *cell;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("api_schema and modules may not be null")));
	InitMaterializedSRF(fcinfo, 0);
	schema = pstrdup(NameStr(*PG_GETARG_NAME(0)));
	modules = hf_install_modules();
	order = Choose(modules, PG_GETARG_ARRAYTYPE_P(1));
	if (hf_install_find(modules, schema) != NULL && !OidIsValid(get_namespace_oid(schema, true)))
		ereport(ERROR, (errcode(ERRCODE_INVALID_SCHEMA_NAME),
						errmsg("there is no schema \"%s\", but a module of that name", schema),
						errhint("The schema comes first: SELECT holdfast.install('public', %s);",
								quote_literal_cstr(schema))));
	nest = Begin(schema);
	CheckKernel();
	foreach (cell, order)
	{
		HfModule *module = lfirst(cell);
		char *version = InstalledVersion(module->name, schema);

		if (version == NULL)
		{
			scripts = AddScript(scripts, module->name, module->script);
			fresh = lappend(fresh, module);
		}
		else if (strcmp(version, HOLDFAST_VERSION) != 0)
			ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
							errmsg("module \"%s\" is installed in version %s, the library is %s",
								   module->name, version, HOLDFAST_VERSION),
							errhint("Run SELECT holdfast.upgrade(%s) first.",
									quote_literal_cstr(schema))));
		Report(rsinfo, module->name, version == NULL ? "installed" : "unchanged");
	}
	if (scripts != NIL)
	{
		Prepare(schema);
		Run(list_make1(scripts), fresh, schema);
	}
	else
	{
		ereport(NOTICE, (errmsg("nothing to install: all of it is installed already")));
		/* Roles made since get what is theirs. */
		hf_spi_run_text("SELECT * FROM holdfast.grant_api_roles()", false);
	}
	End(nest);
	return (Datum) 0;
}

/* NextStep is the first step of a way from a version to the library's, or NULL when there is none. */
static char *
NextStep(const char *module, const char *from, int depth)
{
	ListCell *cell;

	check_stack_depth();
	foreach (cell, depth < 100 ? hf_install_steps(module, from) : NIL)
	{
		char *to = lfirst(cell);

		if (strcmp(to, HOLDFAST_VERSION) == 0 || NextStep(module, to, depth + 1) != NULL)
			return to;
	}
	return NULL;
}

/* CheckStep refuses a step that says nothing: what stands before the first part is not run. */
static void
CheckStep(HfSlice step, const char *label)
{
	HfModulePart part;

	if (!hf_module_next_part(&step, &part))
		ereport(ERROR, (errcode(ERRCODE_CONFIG_FILE_ERROR),
						errmsg("the upgrade script \"%s\" has no part", label),
						errhint("Statements stand behind a line \"-- >>> PHASE FILE\".")));
}

/* Collect appends the steps of a module to the rounds they belong to: the n-th step to the n-th round. */
static List *
Collect(List *rounds, const HfModule *module, const char *version)
{
	for (int round = 0; strcmp(version, HOLDFAST_VERSION) != 0; round++)
	{
		char *to = NextStep(module->name, version, 0);
		char *label;
		HfSlice step;

		if (to == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("there is no upgrade of module \"%s\" from version %s to version %s",
							module->name, version, HOLDFAST_VERSION)));
		label = psprintf("%s--%s--%s", module->name, version, to);
		step = hf_install_read_step(module->name, version, to);
		CheckStep(step, label);
		if (round == list_length(rounds))
			rounds = lappend(rounds, NIL);
		lfirst(list_nth_cell(rounds, round)) = AddScript(list_nth(rounds, round), label, step);
		version = to;
	}
	return rounds;
}

/* SameScript tells whether a module was installed from the very script that is there now. */
static bool
SameScript(const HfModule *module)
{
	static const HfQuery compare = {
		"SELECT 1 FROM " PRIVATE ".modules m WHERE m.module = $1"
		" AND m.checksum = encode(sha256(convert_to($2, 'UTF8')), 'hex')",
		2,
		{TEXTOID, TEXTOID},
		false};

	return RunNames(&compare, module->name, module->script.text, NULL, NULL) == 1;
}

/* InstalledModules are the modules that are recorded, and all they require by now, in an order that respects it. */
static List *
InstalledModules(List *modules)
{
	static const HfQuery read = {
		"SELECT m.module FROM " PRIVATE ".modules m ORDER BY m.module", 0, {0}, false};
	uint64 count = hf_spi_run(&read, InvalidOid, NULL, NULL, 0);
	List *order = NIL;

	for (uint64 i = 0; i < count; i++)
	{
		char *name = ResultText(i, 1);
		HfModule *module = hf_install_find(modules, name);

		if (module == NULL)
			ereport(
				ERROR,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("module \"%s\" is installed, and the library has no script of it", name)));
		PlaceModule(modules, module, &order);
	}
	return order;
}

/* AddFresh appends the scripts of modules that are new to the last round, in which their users come to need them. */
static List *
AddFresh(List *rounds, List *fresh)
{
	ListCell *cell;

	if (rounds == NIL)
		rounds = list_make1(NIL);
	foreach (cell, fresh)
	{
		HfModule *module = lfirst(cell);

		lfirst(list_last_cell(rounds)) = AddScript(llast(rounds), module->name, module->script);
	}
	return rounds;
}

/* upgrade(api_schema name) */
Datum
hf_upgrade(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char *schema = pstrdup(NameStr(*PG_GETARG_NAME(0)));
	List *rounds = NIL;
	List *behind = NIL;
	List *fresh = NIL;
	ListCell *cell;
	int nest;

	InitMaterializedSRF(fcinfo, 0);
	nest = Begin(schema);
	CheckKernel();
	if (!PlatformExists())
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the platform is not installed in this database"),
						errhint("Run SELECT holdfast.install() first.")));
	foreach (cell, InstalledModules(hf_install_modules()))
	{
		HfModule *module = lfirst(cell);
		char *version = InstalledVersion(module->name, schema);
		bool current = version != NULL && strcmp(version, HOLDFAST_VERSION) == 0;

		if (version == NULL)
			fresh = lappend(fresh, module);
		else if (!current && !SameScript(module))
			rounds = Collect(rounds, module, version);
		else if (current && !SameScript(module))
			ereport(NOTICE, (errmsg("module \"%s\" was installed from another script of the same "
									"version",
									module->name)));
		if (!current)
			behind = lappend(behind, module);
		Report(rsinfo, module->name,
			   version == NULL ? "installed"
			   : current	   ? "unchanged"
							   : "upgraded");
	}
	if (fresh != NIL)
		rounds = AddFresh(rounds, fresh);
	if (behind != NIL)
	{
		Prepare(schema);
		Run(rounds, behind, schema);
	}
	else
		ereport(NOTICE, (errmsg("nothing to upgrade: every module is of the library's version")));
	End(nest);
	return (Datum) 0;
}

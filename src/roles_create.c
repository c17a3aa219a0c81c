/*
 * roles_create.c
 *		create_roles(): the three tables that has_role() and has_permission() read.
 */
#include "compat.h"

#include "catalog/namespace.h"
#include "fmgr.h"
#include "nodes/makefuncs.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

#include "errors.h"
#include "spi.h"

PG_FUNCTION_INFO_V1(hf_create_roles);

typedef struct TableKind
{
	const char *word;	/* argument of the triggers, by which roles.c knows the table */
	const char *suffix; /* of its name */
	const char *const *commands;
} TableKind;

/* In all commands %1$s is the table's name, %2$s the word. */
static const char *const roles_commands[] = {
	"CREATE TABLE %1$s ("
	" organization_id uuid NOT NULL,"
	" user_id uuid NOT NULL,"
	" role text NOT NULL CHECK (role <> ''),"
	" granted_by uuid DEFAULT holdfast.actor_id(),"
	" granted_at timestamptz NOT NULL DEFAULT now(),"
	" reason text,"
	" PRIMARY KEY (organization_id, user_id, role))",
	"COMMENT ON TABLE %1$s IS 'Who has which role. Asked by holdfast.has_role(), live.'",
	"COMMENT ON COLUMN %1$s.organization_id IS 'Where the role counts; the nil UUID: everywhere.'",
	"COMMENT ON COLUMN %1$s.user_id IS 'Who has the role: sub of the person''s token.'",
	"COMMENT ON COLUMN %1$s.role IS 'The name of the role.'",
	"COMMENT ON COLUMN %1$s.granted_by IS 'Who gave it: act.sub or sub of the token it was given with.'",
	"COMMENT ON COLUMN %1$s.granted_at IS 'When it was given.'",
	"COMMENT ON COLUMN %1$s.reason IS 'Why it was given.'",
	NULL,
};

static const char *const hierarchy_commands[] = {
	"CREATE TABLE %1$s ("
	" organization_id uuid NOT NULL,"
	" role text NOT NULL CHECK (role <> ''),"
	" inherits text NOT NULL CHECK (inherits <> '' AND inherits <> role),"
	" PRIMARY KEY (organization_id, role, inherits))",
	"COMMENT ON TABLE %1$s IS 'Which role includes which other. Whoever writes here can make any role"
	" stand for any other within the organization. Cycles do no harm.'",
	"COMMENT ON COLUMN %1$s.organization_id IS 'Where this counts; the nil UUID: everywhere.'",
	"COMMENT ON COLUMN %1$s.role IS 'The role that includes the other.'",
	"COMMENT ON COLUMN %1$s.inherits IS 'The role that is included, with all that it includes itself.'",
	NULL,
};

static const char *const permissions_commands[] = {
	"CREATE TABLE %1$s ("
	" organization_id uuid NOT NULL,"
	" role text NOT NULL CHECK (role <> ''),"
	" permission text NOT NULL CHECK (permission <> ''),"
	" PRIMARY KEY (organization_id, role, permission))",
	"COMMENT ON TABLE %1$s IS 'Which role has which permission. Asked by holdfast.has_permission(), live.'",
	"COMMENT ON COLUMN %1$s.organization_id IS 'Where this counts; the nil UUID: everywhere.'",
	"COMMENT ON COLUMN %1$s.role IS 'The name of the role.'",
	"COMMENT ON COLUMN %1$s.permission IS 'What the role may do.'",
	NULL,
};

/*
 * Before and after each statement: what a trigger of the user's own asks in between must be fresh too. Logical
 * replication fires no triggers for statements, hence one for rows that only it fires.
 */
static const char *const common_commands[] = {
	"ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY",
	"REVOKE ALL ON %1$s FROM PUBLIC",
	"CREATE TRIGGER holdfast_lookups_before BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$s"
	" FOR EACH STATEMENT EXECUTE FUNCTION holdfast.invalidate_lookups('%2$s')",
	"CREATE TRIGGER holdfast_lookups_after AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$s"
	" FOR EACH STATEMENT EXECUTE FUNCTION holdfast.invalidate_lookups('%2$s')",
	"CREATE TRIGGER holdfast_lookups_replica AFTER INSERT OR UPDATE OR DELETE ON %1$s"
	" FOR EACH ROW EXECUTE FUNCTION holdfast.invalidate_lookups('%2$s')",
	"ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_lookups_before",
	"ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_lookups_after",
	"ALTER TABLE %1$s ENABLE REPLICA TRIGGER holdfast_lookups_replica",
	NULL,
};

static const TableKind kinds[] = {
	{"roles", "", roles_commands},
	{"hierarchy", "_hierarchy", hierarchy_commands},
	{"permissions", "_permissions", permissions_commands},
};

/* The roles that Supabase's default privileges give everything on a new table, TRUNCATE included. */
static const char *const outsiders[] = {"anon", "authenticated"};

/* RunCommands runs a list of commands over a table. */
static void
RunCommands(const char *const *commands, const char *table, const char *word)
{
	for (; *commands != NULL; commands++)
		(void) hf_spi_run_text(psprintf(*commands, table, word), false);
}

/* CreateTable makes one of the three tables, closed to everybody. */
static void
CreateTable(const TableKind *kind, const char *table)
{
	RunCommands(kind->commands, table, kind->word);
	RunCommands(common_commands, table, kind->word);
	for (int i = 0; i < lengthof(outsiders); i++)
	{
		if (OidIsValid(get_role_oid(outsiders[i], true)))
			(void) hf_spi_run_text(psprintf("REVOKE ALL ON %s FROM %s", table, outsiders[i]),
								   false);
	}
}

/* create_roles(name text) */
Datum
hf_create_roles(PG_FUNCTION_ARGS)
{
	RangeVar *name;
	Oid schema;
	int path;

	if (PG_ARGISNULL(0))
		hf_raise_invalid("name", "must not be null");
	name = makeRangeVarFromNameList(textToQualifiedNameList(PG_GETARG_TEXT_PP(0)));
	schema = RangeVarGetCreationNamespace(name);
	if (strlen(name->relname) + strlen("_permissions") >= NAMEDATALEN)
		hf_raise_invalid("name", "is too long");
	path = hf_spi_pin_search_path();
	hf_spi_open();
	for (int i = 0; i < lengthof(kinds); i++)
		CreateTable(&kinds[i],
					quote_qualified_identifier(get_namespace_name(schema),
											   psprintf("%s%s", name->relname, kinds[i].suffix)));
	hf_spi_close();
	hf_spi_unpin_search_path(path);
	PG_RETURN_OID(get_relname_relid(name->relname, schema));
}

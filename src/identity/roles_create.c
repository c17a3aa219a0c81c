/*
 * roles_create.c
 *		create_roles(): the three tables that has_role() and has_permission() read.
 */
#include "compat.h"

#include "fmgr.h"

#include "base/create.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(hf_create_roles);

typedef struct TableKind
{
	const char *word;	/* argument of the triggers, by which holders.c knows the table */
	const char *suffix; /* of its name */
	const char *const *commands;
	int count;
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
};

/*
 * Before and after each statement: what a trigger of the user's own asks in between must be fresh too. Logical
 * replication fires no triggers for statements, hence one for rows that only it fires.
 */
static const char *const common_commands[] = {
	"ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY",
	"CREATE TRIGGER holdfast_lookups_before BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$s"
	" FOR EACH STATEMENT EXECUTE FUNCTION holdfast.invalidate_lookups('%2$s')",
	"CREATE TRIGGER holdfast_lookups_after AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$s"
	" FOR EACH STATEMENT EXECUTE FUNCTION holdfast.invalidate_lookups('%2$s')",
	"CREATE TRIGGER holdfast_lookups_replica AFTER INSERT OR UPDATE OR DELETE ON %1$s"
	" FOR EACH ROW EXECUTE FUNCTION holdfast.invalidate_lookups('%2$s')",
	"ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_lookups_before",
	"ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_lookups_after",
	"ALTER TABLE %1$s ENABLE REPLICA TRIGGER holdfast_lookups_replica",
};

static const TableKind kinds[] = {
	{"roles", "", roles_commands, lengthof(roles_commands)},
	{"hierarchy", "_hierarchy", hierarchy_commands, lengthof(hierarchy_commands)},
	{"permissions", "_permissions", permissions_commands, lengthof(permissions_commands)},
};

/* create_roles(name text) */
Datum
hf_create_roles(PG_FUNCTION_ARGS)
{
	HfCreation creation;

	hf_create_begin(&creation, PG_GETARG_DATUM(0), PG_ARGISNULL(0));
	if (strlen(creation.relname) + strlen("_permissions") >= NAMEDATALEN)
		hf_raise_invalid("name", "is too long");
	for (int i = 0; i < lengthof(kinds); i++)
	{
		const char *table =
			hf_create_name(&creation, psprintf("%s%s", creation.relname, kinds[i].suffix));

		hf_create_run(kinds[i].commands, kinds[i].count, table, kinds[i].word);
		hf_create_run(common_commands, lengthof(common_commands), table, kinds[i].word);
		hf_create_close_off(table);
	}
	PG_RETURN_OID(hf_create_end(&creation));
}

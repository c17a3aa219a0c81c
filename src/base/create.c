/*
 * create.c
 *		Making tables under a name of the caller's choice, closed to everybody but their owner.
 */
#include "compat.h"

#include "catalog/namespace.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

#include "base/create.h"
#include "errors.h"
#include "spi.h"

/* hf_create_begin reads the name; see create.h. */
void
hf_create_begin(HfCreation *creation, Datum name, bool isnull)
{
	RangeVar *range;

	if (isnull)
		hf_raise_invalid("name", "must not be null");
	range = makeRangeVarFromNameList(textToQualifiedNameList(DatumGetTextPP(name)));
	creation->schema = RangeVarGetCreationNamespace(range);
	creation->schema_name = get_namespace_name(creation->schema);
	creation->relname = range->relname;
	creation->path = hf_spi_pin_search_path();
	hf_spi_open();
}

/* hf_create_name qualifies a name; see create.h. */
const char *
hf_create_name(const HfCreation *creation, const char *relname)
{
	return quote_qualified_identifier(creation->schema_name, relname);
}

/* hf_create_run runs statements; see create.h. */
void
hf_create_run(const char *const *commands, int count, const char *first, const char *second)
{
	for (int i = 0; i < count; i++)
		(void) hf_spi_run_text(psprintf(commands[i], first, second), false);
}

/* hf_create_close_off revokes; see create.h. */
void
hf_create_close_off(const char *relation)
{
	uint64 count = hf_spi_run_text(
		psprintf(
			"SELECT DISTINCT a.grantee FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a"
			" WHERE c.oid = %s::pg_catalog.regclass AND a.grantee <> c.relowner",
			quote_literal_cstr(relation)),
		false);
	Oid *grantees = palloc(sizeof(Oid) * (count + 1));
	bool isnull;

	for (uint64 i = 0; i < count; i++)
		grantees[i] = DatumGetObjectId(hf_spi_value(i, 1, &isnull));
	for (uint64 i = 0; i < count; i++)
		(void) hf_spi_run_text(
			psprintf("REVOKE ALL ON TABLE %s FROM %s", relation,
					 OidIsValid(grantees[i])
						 ? quote_identifier(GetUserNameFromId(grantees[i], false))
						 : "PUBLIC"),
			false);
}

/* hf_create_end finds the table; see create.h. */
Oid
hf_create_end(const HfCreation *creation)
{
	hf_spi_close();
	hf_spi_unpin_search_path(creation->path);
	return get_relname_relid(creation->relname, creation->schema);
}

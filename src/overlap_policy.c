/*
 * overlap_policy.c
 *		Whether row security lets the caller write a row.
 *
 * The executor checks policies after BEFORE triggers. A guard that answered first would tell whoever may not
 * write a row whether its time is taken: the busy times of another tenant. So before it speaks of a conflict it
 * asks here, and keeps silent where the executor is about to refuse the row.
 *
 * The policies are run from their text, as a dump would restore them, over the row in the place of the table.
 * This happens on the way to an error only.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "overlap_policy.h"
#include "spi.h"

/* A policy without any expression takes part in nothing; $1 is the table, $2 the command. */
static const HfQuery policies_query = {
	"SELECT polpermissive,"
	" pg_catalog.pg_get_expr(coalesce(polwithcheck, polqual), polrelid)"
	" FROM pg_catalog.pg_policy WHERE polrelid OPERATOR(pg_catalog.=) $1"
	" AND polcmd::pg_catalog.text OPERATOR(pg_catalog.=) ANY ('{*}'::pg_catalog.text[] || $2)"
	" AND coalesce(polwithcheck, polqual) IS NOT NULL"
	" AND (0::pg_catalog.oid OPERATOR(pg_catalog.=) ANY (polroles) OR EXISTS (SELECT FROM"
	" pg_catalog.unnest(polroles) r WHERE pg_catalog.pg_has_role(r, 'USAGE')))"
	" ORDER BY polname",
	2,
	{OIDOID, TEXTOID},
	false};

/* Condition is one expression of all policies: one permissive has to hold, and every restrictive one. */
static char *
Condition(Relation rel, bool update)
{
	Datum values[2] = {ObjectIdGetDatum(RelationGetRelid(rel)),
					   CStringGetTextDatum(update ? "w" : "a")};
	uint64 policies = hf_spi_run(&policies_query, InvalidOid, values, NULL, 0);
	StringInfoData permissive;
	StringInfoData restrictive;

	initStringInfo(&permissive);
	initStringInfo(&restrictive);
	appendStringInfoString(&permissive, "(false");
	for (uint64 i = 0; i < policies; i++)
	{
		bool isnull;
		bool permits = DatumGetBool(hf_spi_value(i, 1, &isnull));
		char *expression = TextDatumGetCString(hf_spi_value(i, 2, &isnull));

		appendStringInfo(permits ? &permissive : &restrictive, permits ? " OR (%s)" : " AND (%s)",
						 expression);
	}
	appendStringInfo(&permissive, ")%s", restrictive.data);
	return permissive.data;
}

/* RowLiteral is a row as a literal of the table's own type. */
static char *
RowLiteral(Relation rel, HeapTuple row)
{
	Datum value = heap_copy_tuple_as_datum(row, RelationGetDescr(rel));

	return quote_literal_cstr(OidOutputFunctionCall(F_RECORD_OUT, value));
}

/* hf_policy_allows asks as the current user. */
bool
hf_policy_allows(Relation rel, HeapTuple row, bool update)
{
	bool isnull = true;
	bool allowed = false;

	if (check_enable_rls(RelationGetRelid(rel), InvalidOid, true) != RLS_ENABLED)
		return true;
	hf_spi_open();
	if (hf_spi_run_text(psprintf("SELECT %s FROM (SELECT (%s::%s).*) AS %s", Condition(rel, update),
								 RowLiteral(rel, row), hf_spi_relation_name(RelationGetRelid(rel)),
								 quote_identifier(RelationGetRelationName(rel))),
						false) > 0)
		allowed = DatumGetBool(hf_spi_value(0, 1, &isnull)) && !isnull;
	hf_spi_close();
	return allowed;
}

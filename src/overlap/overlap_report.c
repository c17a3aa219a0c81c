/*
 * overlap_report.c
 *		The rows that stand in the way of prevent_overlap().
 *
 * The search sorts the rows of each resource by start and looks for one that starts before an earlier one has
 * ended: n log n, where a self-join would compare all with all. Only the rows that are shown look for a partner.
 */
#include "compat.h"

#include "access/sysattr.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "errors.h"
#include "overlap/overlap_report.h"
#include "spi.h"

#define ROWS_SHOWN 10

typedef struct Report
{
	const char *query;
	MemoryContext context;
	int64 count;
	char *rows; /* JSON, or NULL */
} Report;

/* RunReport reads a count and, if there is one, a list. */
static void
RunReport(void *arg)
{
	Report *report = arg;
	bool isnull;

	hf_spi_open();
	(void) hf_spi_run_text(report->query, false);
	report->count = DatumGetInt64(hf_spi_value(0, 1, &isnull));
	if (report->count > 0)
	{
		Datum rows = hf_spi_value(0, 2, &isnull);

		if (!isnull)
			report->rows = MemoryContextStrdup(report->context, TextDatumGetCString(rows));
	}
	hf_spi_close();
}

/* TakesTime is the condition for rows that could be in somebody's way. */
static char *
TakesTime(const HfProtection *p)
{
	StringInfoData text;
	char *condition = hf_overlap_condition(p);

	initStringInfo(&text);
	appendStringInfoString(&text, condition != NULL ? condition : "true");
	for (int i = 0; i < p->columns; i++)
		appendStringInfo(&text, " AND %s IS NOT NULL", quote_identifier(p->name[i]));
	return text.data;
}

/* RowKey is an expression for what names a row: its primary key, or its place in the table. */
static char *
RowKey(Relation rel)
{
	Bitmapset *key = RelationGetIndexAttrBitmap(rel, INDEX_ATTR_BITMAP_PRIMARY_KEY);
	StringInfoData text;
	int member = -1;

	if (bms_is_empty(key))
		return "jsonb_build_object('ctid', t.ctid::text)";
	initStringInfo(&text);
	while ((member = bms_next_member(key, member)) >= 0)
	{
		const char *column = NameStr(
			TupleDescAttr(RelationGetDescr(rel), member + FirstLowInvalidHeapAttributeNumber - 1)
				->attname);

		appendStringInfo(&text, "%s%s, t.%s", text.len > 0 ? ", " : "", quote_literal_cstr(column),
						 quote_identifier(column));
	}
	return psprintf("jsonb_build_object(%s)", text.data);
}

/* OverlapQuery counts the rows that overlap an earlier one, and shows the first of them with such a partner. */
static char *
OverlapQuery(const HfProtection *p, Relation rel)
{
	StringInfoData columns;
	StringInfoData group;
	StringInfoData join;

	initStringInfo(&columns);
	initStringInfo(&group);
	initStringInfo(&join);
	for (int i = 0; i < p->columns; i++)
	{
		appendStringInfo(&columns, ", %s AS r%d", quote_identifier(p->name[i]), i);
		appendStringInfo(&group, "%sr%d", i > 0 ? ", " : "", i);
		appendStringInfo(&join, "a.r%d %s b.r%d AND ", i, p->equal[i], i);
	}
	return psprintf(
		"WITH live AS MATERIALIZED ("
		"SELECT t.ctid AS tid, %s AS during%s FROM %s t WHERE %s"
		"), clashing AS ("
		"SELECT *, row_number() OVER (ORDER BY lower(during), tid) AS n FROM ("
		"SELECT *, max(coalesce(upper(during), 'infinity')) OVER (PARTITION BY %s"
		" ORDER BY lower(during), tid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy"
		" FROM live) l WHERE busy > lower(during)"
		"), shown AS MATERIALIZED ("
		"SELECT a.n, a.tid, (SELECT b.tid FROM live b WHERE %sa.during && b.during AND a.tid <> b.tid"
		" ORDER BY lower(b.during), b.tid LIMIT 1) AS other FROM clashing a WHERE a.n <= %d"
		") SELECT (SELECT count(*) FROM clashing), (SELECT jsonb_agg(jsonb_build_object("
		"'index', n - 1, 'start_time', t.%s, 'end_time', t.%s, 'rows', jsonb_build_array("
		"(SELECT %s FROM %s t WHERE t.ctid = s.other), %s)) ORDER BY n)::text"
		" FROM shown s JOIN %s t ON t.ctid = s.tid)",
		hf_overlap_range(p), columns.data, p->table, TakesTime(p), group.data, join.data,
		ROWS_SHOWN, p->starts, p->ends, RowKey(rel), p->table, RowKey(rel), p->table);
}

/* hf_overlap_report looks as the owner of the table, who sees every row. */
void
hf_overlap_report(const HfProtection *p, Relation rel)
{
	Report report = {.context = CurrentMemoryContext};

	report.query = psprintf("SELECT count(*) FROM %s WHERE %s AND %s <= %s", p->table, TakesTime(p),
							p->ends, p->starts);
	hf_spi_as_owner(p->relid, RunReport, &report);
	if (report.count > 0)
		hf_raise_invalid(
			p->ends_name,
			psprintf(INT64_FORMAT " existing rows end before or when they start", report.count));

	report.query = OverlapQuery(p, rel);
	hf_spi_as_owner(p->relid, RunReport, &report);
	if (report.count > 0)
		hf_raise("slot_conflict",
				 psprintf("{\"count\": " INT64_FORMAT ", \"conflicts\": %s, "
						  "\"retry_after_seconds\": null, \"alternatives\": []}",
						  report.count, report.rows),
				 "These rows overlap already, and nothing was changed. Correct them, or leave them "
				 "out with live, and call prevent_overlap() again.",
				 -1);
}

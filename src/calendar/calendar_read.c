/*
 * calendar_read.c
 *		conflicts(): what stands in the way of some ranges, as the caller may see it.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "calendar/calendar.h"
#include "spi.h"

#define COLUMNS 11

/* Shadows are left out: what they wait for, and their guards, stand in the lane itself. */
static const HfQuery conflicting_blocks = {
	"SELECT (w.n OPERATOR(pg_catalog.-) 1)::pg_catalog.int4, b.resource_id, b.lane, b.during, "
	"b.starts_at, b.ends_at, b.kind, b.hold_key, b.reference, b.holder, b.expires_at "
	"FROM pg_catalog.unnest($3) WITH ORDINALITY AS w (span, n) CROSS JOIN pg_catalog.unnest($2) AS r (id) "
	"JOIN %s AS b ON b.organization_id" HF_EQ "$1 AND b.resource_id" HF_EQ "r.id "
	"AND b.during OPERATOR(pg_catalog.&&) w.span "
	"WHERE b.lane" HF_GE "0 AND (b.kind" HF_NE "'busy-tentative' OR b.expires_at" HF_GT "$4) "
	"ORDER BY w.n, b.resource_id, b.lane, b.during",
	4,
	{UUIDOID, UUIDARRAYOID, TSTZRANGEARRAYOID, TIMESTAMPTZOID},
	true,
};

/* hf_put_conflicts puts what stands in the way of a request. */
void
hf_put_conflicts(const HfRequest *request, Datum resources, Datum spans, Tuplestorestate *result,
				 TupleDesc desc)
{
	Datum args[] = {UUIDPGetDatum(&request->organization), resources, spans,
					TimestampTzGetDatum(hf_clock_now())};
	uint64 count;

	hf_spi_open();
	count = hf_spi_run(&conflicting_blocks, request->calendar->relid, args, NULL, 0);
	for (uint64 row = 0; row < count; row++)
	{
		Datum values[COLUMNS];
		bool nulls[COLUMNS];

		for (int i = 0; i < COLUMNS; i++)
			values[i] = hf_spi_value(row, i + 1, &nulls[i]);
		tuplestore_putvalues(result, desc, values, nulls);
	}
	hf_spi_close();
}

/*
 * calendar_create.c
 *		create_calendar(): the table that every block of a calendar is a row of.
 *
 * - One exclusion constraint over organization, resource, lane and time: it alone makes a double booking impossible.
 * - Nothing is indexed that confirm changes, so that a confirm is a HOT update; the space that fillfactor leaves is
 *	 for it. expire() finds holds by the btree on hold_key instead (calendar_sweep.c).
 * - The constraint's index has the hold key along, which never changes: so free_slots() reads the index alone, and the
 *	 key tells it which blocks may be holds that have lapsed (slots.c).
 * - The primary key has resource and lane behind the hold key, because a hold of several resources is several rows.
 * - References of the caller's own are in a partial index: by default a reference is the hold key, which the primary
 *	 key finds, and such a confirm touches no index.
 */
#include "compat.h"

#include "commands/defrem.h"
#include "fmgr.h"

#include "base/create.h"

PG_FUNCTION_INFO_V1(hf_create_calendar);

/* %1$s is the table, qualified and quoted. */
static const char *const table_commands[] = {
	"CREATE TABLE %1$s ("
	" organization_id uuid NOT NULL,"
	" resource_id uuid NOT NULL,"
	" lane smallint NOT NULL DEFAULT 0,"
	" during tstzrange NOT NULL,"
	" starts_at timestamptz NOT NULL,"
	" ends_at timestamptz NOT NULL,"
	" kind text NOT NULL CHECK (kind IN ('busy', 'busy-tentative', 'busy-unavailable')),"
	" hold_key uuid NOT NULL,"
	" batch_key uuid NOT NULL,"
	" reference uuid NOT NULL,"
	" holder uuid,"
	" replaces uuid,"
	" expires_at timestamptz,"
	" created_at timestamptz NOT NULL DEFAULT holdfast.clock(),"
	" batch_size smallint NOT NULL DEFAULT 1,"
	" CHECK ((kind = 'busy-tentative') = (expires_at IS NOT NULL)),"
	" CHECK ((lower(during) <= starts_at AND starts_at < ends_at AND ends_at <= upper(during)) IS TRUE),"
	" PRIMARY KEY (organization_id, hold_key, resource_id, lane),"
	" EXCLUDE USING gist (organization_id WITH =, resource_id WITH =, lane WITH =, during WITH &&) INCLUDE (hold_key)"
	") WITH (fillfactor = 90)",
	"CREATE INDEX ON %1$s (hold_key)",
	"CREATE INDEX ON %1$s (organization_id, reference) WHERE reference <> hold_key",
	"ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY",
	"COMMENT ON TABLE %1$s IS 'Everything that occupies time, one row per resource and occurrence: holds, bookings, "
	"time off. The exclusion constraint makes a double booking impossible. Write through hold(), confirm(), block() "
	"and their like.'",
	"COMMENT ON COLUMN %1$s.organization_id IS 'The tenant.'",
	"COMMENT ON COLUMN %1$s.resource_id IS 'Who or what is busy: a specialist, a client, a room.'",
	"COMMENT ON COLUMN %1$s.lane IS 'Which of the resource''s lanes: a resource of capacity n has the lanes 0 to "
	"n - 1. Below 0: a hold that waits for the booking it replaces to leave lane -1 - lane.'",
	"COMMENT ON COLUMN %1$s.during IS 'The time that is occupied, buffers included.'",
	"COMMENT ON COLUMN %1$s.starts_at IS 'Start of the appointment, without buffers.'",
	"COMMENT ON COLUMN %1$s.ends_at IS 'End of the appointment, without buffers.'",
	"COMMENT ON COLUMN %1$s.kind IS 'busy: a booking; busy-tentative: a hold, which counts until expires_at; "
	"busy-unavailable: time off, or a busy time of another calendar.'",
	"COMMENT ON COLUMN %1$s.hold_key IS 'The key of the occurrence, of all its resources; a UUIDv7, made on the wall "
	"clock.'",
	"COMMENT ON COLUMN %1$s.batch_key IS 'The hold key of the first occurrence of the batch.'",
	"COMMENT ON COLUMN %1$s.reference IS 'What the block belongs to, such as a booking: what confirm() or block() was "
	"given, else the hold key.'",
	"COMMENT ON COLUMN %1$s.holder IS 'Who asked for the hold.'",
	"COMMENT ON COLUMN %1$s.replaces IS 'Of a hold: the reference of the booking that it takes the place of when "
	"confirmed.'",
	"COMMENT ON COLUMN %1$s.expires_at IS 'Of a hold: when it stops counting.'",
	"COMMENT ON COLUMN %1$s.created_at IS 'When the block was made, by holdfast.clock().'",
	"COMMENT ON COLUMN %1$s.batch_size IS 'Of how many rows the batch was made: a hold that has lost one cannot be "
	"confirmed, whatever the clock says.'",
};

/* %1$s is the sequence, %2$s the table. */
static const char *const sequence_commands[] = {
	"CREATE SEQUENCE %1$s MINVALUE 0 START WITH 0 OWNED BY %2$s.hold_key",
	"COMMENT ON SEQUENCE %1$s IS 'How far expire() is done with the hold keys, in microseconds since 1970. Set it "
	"back to 0 to make the next sweep look at everything.'",
};

/* SequenceName derives a name that leaves room for the suffix. */
static char *
SequenceName(const char *table)
{
	return makeObjectName(table, NULL, "swept");
}

/* create_calendar(name) */
Datum
hf_create_calendar(PG_FUNCTION_ARGS)
{
	HfCreation creation;
	const char *table;
	const char *sequence;

	hf_create_begin(&creation, PG_GETARG_DATUM(0), PG_ARGISNULL(0));
	table = hf_create_name(&creation, creation.relname);
	sequence = hf_create_name(&creation, SequenceName(creation.relname));
	hf_create_run(table_commands, lengthof(table_commands), table, NULL);
	hf_create_run(sequence_commands, lengthof(sequence_commands), sequence, table);
	hf_create_close_off(table);
	hf_create_close_off(sequence);
	PG_RETURN_OID(hf_create_end(&creation));
}

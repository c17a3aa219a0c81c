/*
 * outbox_create.c
 *		create_outbox(): the table of messages that are to be delivered once they are committed.
 *
 * - Who looks for work reads one partial index, of the messages that are open. Taking a lease, giving it back and
 *	 extending it change nothing that is indexed, and are HOT updates in the space that fillfactor leaves: as much as
 *	 the rows take, because a batch is often all that is on a page. (Only a failed attempt moves due_at.) A message that is leased stays in that index: there are never more of them than
 *	 workers can hold.
 * - A message that is done leaves the partial indexes, and stays for its dedupe_key until purge_outbox() deletes it.
 */
#include "compat.h"

#include "fmgr.h"

#include "base/create.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(hf_create_outbox);

/* so that the suffix fits */
#define MAX_NAME 55

/* %1$s is the table, qualified and quoted. */
static const char *const table_commands[] = {
	"CREATE TABLE %1$s ("
	" organization_id uuid NOT NULL,"
	" id uuid NOT NULL,"
	" topic text NOT NULL,"
	" payload jsonb NOT NULL,"
	" due_at timestamptz NOT NULL,"
	" dedupe_key text,"
	" attempts int NOT NULL DEFAULT 0,"
	" worker text,"
	" leased_until timestamptz,"
	" last_error text,"
	" created_at timestamptz NOT NULL,"
	" done_at timestamptz,"
	" dead_at timestamptz,"
	" CHECK (done_at IS NULL OR dead_at IS NULL),"
	" PRIMARY KEY (organization_id, id)"
	") WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)",
	"CREATE INDEX ON %1$s (topic, due_at) WHERE done_at IS NULL AND dead_at IS NULL",
	"CREATE INDEX ON %1$s (id) WHERE done_at IS NULL AND dead_at IS NULL",
	"CREATE UNIQUE INDEX ON %1$s (organization_id, topic, dedupe_key) WHERE dedupe_key IS NOT NULL",
	"CREATE INDEX ON %1$s (done_at) WHERE done_at IS NOT NULL",
	"CREATE INDEX ON %1$s (organization_id, dead_at) WHERE dead_at IS NOT NULL",
	"ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY",
	"CREATE POLICY owner_only ON %1$s USING (false) WITH CHECK (false)",
	"COMMENT ON POLICY owner_only ON %1$s IS 'Messages are read and written by functions of the table''s owner; nobody "
	"else has business here.'",
	"COMMENT ON TABLE %1$s IS 'Messages that are delivered after the transaction that wrote them has committed, and not "
	"otherwise. Write through enqueue(), lease(), ack(), fail() and their like.'",
	"COMMENT ON COLUMN %1$s.organization_id IS 'The tenant.'",
	"COMMENT ON COLUMN %1$s.id IS 'Key of the message, a UUIDv7. What a worker passes on so that others can tell a "
	"repetition.'",
	"COMMENT ON COLUMN %1$s.topic IS 'What kind of worker it is for.'",
	"COMMENT ON COLUMN %1$s.payload IS 'What the worker needs to know.'",
	"COMMENT ON COLUMN %1$s.due_at IS 'Not before this; after an attempt that failed, when to try again.'",
	"COMMENT ON COLUMN %1$s.dedupe_key IS 'A second message of the topic with this key is not written as long as this row "
	"is there: until it is done, and from then on until it is purged.'",
	"COMMENT ON COLUMN %1$s.attempts IS 'How often it was leased.'",
	"COMMENT ON COLUMN %1$s.worker IS 'Who has, or had last, the lease.'",
	"COMMENT ON COLUMN %1$s.leased_until IS 'Until then nobody else gets it; null: nobody has it.'",
	"COMMENT ON COLUMN %1$s.last_error IS 'What the worker said of the last attempt that failed.'",
	"COMMENT ON COLUMN %1$s.created_at IS 'When it was written.'",
	"COMMENT ON COLUMN %1$s.done_at IS 'When it was acknowledged.'",
	"COMMENT ON COLUMN %1$s.dead_at IS 'When it was given up; requeue() brings it back.'",
};

/* %1$s is the sequence, %2$s the table. */
static const char *const sequence_commands[] = {
	"CREATE SEQUENCE %1$s MINVALUE 0 START WITH 0 OWNED BY %2$s.created_at",
	"COMMENT ON SEQUENCE %1$s IS 'When enable_wakeup() last had somebody woken up, in milliseconds since 1970.'",
};

/* create_outbox(name) */
Datum
hf_create_outbox(PG_FUNCTION_ARGS)
{
	HfCreation creation;
	const char *table;
	const char *sequence;

	hf_create_begin(&creation, PG_GETARG_DATUM(0), PG_ARGISNULL(0));
	if (strlen(creation.relname) > MAX_NAME)
		hf_raise_invalid("name", "is longer than 55 bytes, which leaves no room for _wakeup");
	table = hf_create_name(&creation, creation.relname);
	sequence = hf_create_name(&creation, psprintf("%s_wakeup", creation.relname));
	hf_create_run(table_commands, lengthof(table_commands), table, NULL);
	hf_create_run(sequence_commands, lengthof(sequence_commands), sequence, table);
	hf_create_close_off(table);
	hf_create_close_off(sequence);
	PG_RETURN_OID(hf_create_end(&creation));
}

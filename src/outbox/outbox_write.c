/*
 * outbox_write.c
 *		Writing a message to an outbox without the executor (base/plain.c).
 */
#include "compat.h"

#include "catalog/pg_type.h"

#include "base/plain.h"
#include "outbox/outbox.h"

/* as create_outbox() makes it */
enum
{
	ORGANIZATION,
	ID,
	TOPIC,
	PAYLOAD,
	DUE,
	DEDUPE_KEY,
	ATTEMPTS,
	WORKER,
	LEASED,
	LAST_ERROR,
	CREATED,
	DONE,
	DEAD,
	COLUMNS
};

static const HfColumn columns[COLUMNS] = {
	{"organization_id", UUIDOID},
	{"id", UUIDOID},
	{"topic", TEXTOID},
	{"payload", JSONBOID},
	{"due_at", TIMESTAMPTZOID},
	{"dedupe_key", TEXTOID, true},
	{"attempts", INT4OID},
	{"worker", TEXTOID, true},
	{"leased_until", TIMESTAMPTZOID, true},
	{"last_error", TEXTOID, true},
	{"created_at", TIMESTAMPTZOID},
	{"done_at", TIMESTAMPTZOID, true},
	{"dead_at", TIMESTAMPTZOID, true},
};

static const HfShape shape = {
	columns, COLUMNS, ACL_INSERT | ACL_SELECT, {ORGANIZATION + 1, TOPIC + 1, DEDUPE_KEY + 1}};

/* hf_outbox_write writes a message; see outbox.h. */
bool
hf_outbox_write(Oid outbox, const Datum *values, bool has_dedupe_key)
{
	Datum row[COLUMNS] = {0};
	bool nulls[COLUMNS] = {0};

	row[ORGANIZATION] = values[HF_MESSAGE_ORGANIZATION];
	row[ID] = values[HF_MESSAGE_ID];
	row[TOPIC] = values[HF_MESSAGE_TOPIC];
	row[PAYLOAD] = values[HF_MESSAGE_PAYLOAD];
	row[DUE] = values[HF_MESSAGE_DUE];
	row[DEDUPE_KEY] = values[HF_MESSAGE_DEDUPE_KEY];
	nulls[DEDUPE_KEY] = !has_dedupe_key;
	row[ATTEMPTS] = Int32GetDatum(0);
	nulls[WORKER] = nulls[LEASED] = nulls[LAST_ERROR] = true;
	row[CREATED] = values[HF_MESSAGE_CREATED];
	nulls[DONE] = nulls[DEAD] = true;
	return hf_plain_write(&shape, outbox, row, nulls);
}

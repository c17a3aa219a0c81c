/*
 * calendar_remove.c
 *		The end of bookings and blocks, by their reference.
 *
 * When a booking goes, holds that wait in its shadow to replace it (calendar_take.c) move into its lane at once, in
 * the same transaction: otherwise their time would be open to others until they are confirmed. Only the booking's own
 * blocks are the caller's to remove; the moving runs as the table's owner.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "calendar/calendar.h"
#include "locks.h"
#include "spi.h"

/* A reference is mostly the hold key, which the primary key finds; others are in an index of their own. */
#define NO_HOLD "AND kind" HF_NE "'busy-tentative' "
#define BY_KEY                                                                             \
	"FROM %s WHERE organization_id" HF_EQ "$1 AND hold_key" HF_EQ "$2 AND reference" HF_EQ \
	"$2 " NO_HOLD
#define BY_REFERENCE                                                                        \
	"FROM %s WHERE organization_id" HF_EQ "$1 AND reference" HF_EQ "$2 AND reference" HF_NE \
	"hold_key " NO_HOLD
#define IN_LANE "organization_id" HF_EQ "$1 AND resource_id" HF_EQ "$2 AND lane" HF_EQ

static const HfQuery resources_of_reference = {
	"SELECT resource_id " BY_KEY "UNION SELECT resource_id " BY_REFERENCE,
	2,
	{UUIDOID, UUIDOID},
	true,
};

static const HfQuery delete_by_key = {
	"DELETE " BY_KEY "RETURNING resource_id, lane, during",
	2,
	{UUIDOID, UUIDOID},
	false,
};

static const HfQuery delete_by_reference = {
	"DELETE " BY_REFERENCE "RETURNING resource_id, lane, during",
	2,
	{UUIDOID, UUIDOID},
	false,
};

/* Those that have lapsed stay where they are: others may have taken the place of their guards. */
static const HfQuery shadows_of_block = {
	"SELECT hold_key, batch_key, during FROM %s WHERE " IN_LANE
	"$3 AND during OPERATOR(pg_catalog.&&) $4 "
	"AND replaces" HF_EQ "$5 AND batch_key" HF_NE "$6 AND expires_at" HF_GT "$7",
	7,
	{UUIDOID, UUIDOID, INT2OID, TSTZRANGEOID, UUIDOID, UUIDOID, TIMESTAMPTZOID},
	true,
};

static const HfQuery delete_guards_of_shadow = {
	"DELETE FROM %s WHERE " IN_LANE "$3 AND during OPERATOR(pg_catalog.<@) $4 "
	"AND batch_key" HF_EQ "$5 AND kind" HF_EQ "'busy-tentative'",
	5,
	{UUIDOID, UUIDOID, INT2OID, TSTZRANGEOID, UUIDOID},
	false,
};

static const HfQuery move_shadow = {
	"UPDATE %s SET lane = $4 WHERE " IN_LANE "$3 AND hold_key" HF_EQ "$5",
	5,
	{UUIDOID, UUIDOID, INT2OID, INT2OID, UUIDOID},
	false,
};

static const HfQuery shrink_batch = {
	"UPDATE %s SET batch_size = batch_size OPERATOR(pg_catalog.-) $5 "
	"WHERE organization_id" HF_EQ "$1 AND hold_key" HF_GE "$2 AND hold_key" HF_LE
	"$3 AND batch_key" HF_EQ "$4",
	5,
	{UUIDOID, UUIDOID, UUIDOID, UUIDOID, INT2OID},
	false,
};

/* One block that was removed. */
typedef struct RemovedBlock
{
	const HfRemoval *removal;
	Datum resource;
	Datum lane;
	Datum during;
} RemovedBlock;

/* Copied reads a value that has to outlive the next query. */
static Datum
Copied(uint64 row, int column, bool by_value, int length)
{
	bool isnull;

	return datumCopy(hf_spi_value(row, column, &isnull), by_value, length);
}

/* ShadowOf is the lane in which holds wait for a block to go. */
static Datum
ShadowOf(const RemovedBlock *block)
{
	return Int16GetDatum((int16) HF_SHADOW(DatumGetInt16(block->lane)));
}

/* ShrinkBatch notes in the rows of a batch that it has no longer as many of them. */
static void
ShrinkBatch(const RemovedBlock *block, Datum batch_key, int16 by)
{
	pg_uuid_t low = *DatumGetUUIDP(batch_key);
	pg_uuid_t high = low;
	Datum values[] = {UUIDPGetDatum(&block->removal->organization), UUIDPGetDatum(&low),
					  UUIDPGetDatum(&high), batch_key, Int16GetDatum(by)};

	hf_key_set_ordinal(low.data, 0);
	hf_key_set_ordinal(high.data, PG_UINT16_MAX);
	(void) hf_spi_run_latest(&shrink_batch, block->removal->calendar->relid, values);
}

/* MoveShadow moves one hold into the lane that has become free. */
static void
MoveShadow(const RemovedBlock *block, Datum hold_key, Datum batch_key, Datum during)
{
	Oid relid = block->removal->calendar->relid;
	Datum organization = UUIDPGetDatum(&block->removal->organization);
	Datum guards[] = {organization, block->resource, block->lane, during, batch_key};
	Datum shadow[] = {organization, block->resource, ShadowOf(block), block->lane, hold_key};

	uint64 gone = hf_spi_run_latest(&delete_guards_of_shadow, relid, guards);

	(void) hf_spi_run_latest(&move_shadow, relid, shadow);
	if (gone > 0)
		ShrinkBatch(block, batch_key, (int16) gone);
}

/* MoveShadows moves the holds that waited in the shadow of a block. */
static void
MoveShadows(void *arg)
{
	const RemovedBlock *block = arg;
	const HfRemoval *removal = block->removal;
	Datum values[] = {UUIDPGetDatum(&removal->organization),
					  block->resource,
					  ShadowOf(block),
					  block->during,
					  UUIDPGetDatum(&removal->reference),
					  UUIDPGetDatum(&removal->successor),
					  TimestampTzGetDatum(removal->now)};
	uint64 count = hf_spi_run_latest(&shadows_of_block, removal->calendar->relid, values);
	Datum *rows = palloc(sizeof(Datum) * 3 * (count + 1));

	for (uint64 row = 0; row < count; row++)
	{
		rows[3 * row] = Copied(row, 1, false, UUID_LEN);
		rows[3 * row + 1] = Copied(row, 2, false, UUID_LEN);
		rows[3 * row + 2] = Copied(row, 3, false, -1);
	}
	for (uint64 row = 0; row < count; row++)
		MoveShadow(block, rows[3 * row], rows[3 * row + 1], rows[3 * row + 2]);
}

/* DeleteBy deletes blocks by one of the two ways to find them, and returns the list with them added. */
static List *
DeleteBy(const HfRemoval *removal, const HfQuery *query, List *blocks)
{
	Datum values[] = {UUIDPGetDatum(&removal->organization), UUIDPGetDatum(&removal->reference)};
	uint64 count = hf_spi_run_latest(query, removal->calendar->relid, values);

	for (uint64 row = 0; row < count; row++)
	{
		RemovedBlock *block = palloc(sizeof(RemovedBlock));

		block->removal = removal;
		block->resource = Copied(row, 1, false, UUID_LEN);
		block->lane = Copied(row, 2, true, sizeof(int16));
		block->during = Copied(row, 3, false, -1);
		blocks = lappend(blocks, block);
	}
	return blocks;
}

/* hf_remove_reference removes everything that goes by a reference; the caller holds the locks. */
void
hf_remove_reference(HfRemoval *removal)
{
	List *blocks = NIL;
	ListCell *cell;

	blocks = DeleteBy(removal, &delete_by_key, blocks);
	blocks = DeleteBy(removal, &delete_by_reference, blocks);
	/* only now: a shadow may lie behind several of them */
	foreach (cell, blocks)
		hf_spi_as_owner(removal->calendar->relid, MoveShadows, lfirst(cell));
	removal->removed = list_length(blocks);
}

/* hf_reference_resources lists the resources of a reference. */
int
hf_reference_resources(const HfRemoval *removal, pg_uuid_t **resources)
{
	Datum values[] = {UUIDPGetDatum(&removal->organization), UUIDPGetDatum(&removal->reference)};
	uint64 count = hf_spi_run_latest(&resources_of_reference, removal->calendar->relid, values);
	bool isnull;

	*resources = palloc_extended(sizeof(pg_uuid_t) * (count + 1), MCXT_ALLOC_HUGE);
	for (uint64 row = 0; row < count; row++)
		(*resources)[row] = *DatumGetUUIDP(hf_spi_value(row, 1, &isnull));
	return (int) count;
}

/* hf_remove ends what goes by a reference. */
bool
hf_remove(void *arg)
{
	HfRemoval *removal = arg;
	pg_uuid_t *resources;
	int count;

	hf_spi_open();
	count = hf_reference_resources(removal, &resources);
	hf_lock_resources(removal->calendar->relid, &removal->organization, resources, count);
	removal->now = hf_clock_now();
	hf_remove_reference(removal);
	hf_spi_close();
	return true;
}

/*
 * keyring.c
 *		Finding, making, rewrapping and destroying the keys of a keyring.
 *
 * Every row is one key: of the keyring itself ('data' seals, 'index' blinds) or of a subject. Versions count rotations: rotate
 * makes the next 'data' key, and a subject whose newest key has an older version gets a new one at its next use.
 *
 * The keyring's name is a UUID in the arguments of its triggers, so it survives renaming and dumping. A wrapped key is bound to
 * that name and to all that its row says about it.
 *
 * Locks. Keys of the keyring itself are made under its HF_LOCK_KEYRING, so there is one of each version. A key of a subject is
 * made under a shared lock that shred takes alone: after shred has it, no key of the subject is left uncommitted, and whoever
 * comes later sees the destroyed ones. Makers do not wait for one another, so two transactions that meet the same subjects in
 * another order cannot deadlock; at worst a new subject has two keys, which shred both destroys.
 *
 * What this transaction itself has written is used but never kept: after a rollback nobody may seal with a key that is not
 * stored. What others have written is read with a snapshot of this moment, in every isolation level.
 */
#include "compat.h"

#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "base/digest_core.h"
#include "base/live.h"
#include "base/uuid.h"
#include "errors.h"
#include "locks.h"
#include "secrets/keyring.h"
#include "secrets/rootkey.h"
#include "spi.h"

#define SUBJECT_STRIPES 1024

/* A keyring whose table has been looked at. */
typedef struct Ring
{
	Oid relid;
	uint64 generation;
	uint8 name[HF_KEY_ID_SIZE];
} Ring;

/* A row of it. */
typedef struct Row
{
	HfKeyPlace place;
	bool destroyed;
	bool our_own; /* written by this transaction */
	uint8 root[HF_ROOT_KEY_ID_SIZE];
	uint8 wrapped[HF_WRAPPED_SIZE];
} Row;

#define COLUMNS "SELECT id, key_type, key_version, subject, root_key, wrapped, xmin FROM %s WHERE "

static const HfQuery by_id = {COLUMNS "id" HF_EQ "$1", 1, {UUIDOID}, true};
static const HfQuery newest_of_ring = {COLUMNS "subject IS NULL AND key_type" HF_EQ
											   "$1 ORDER BY key_version DESC LIMIT 1",
									   1,
									   {TEXTOID},
									   true};
static const HfQuery newest_of_subject = {
	COLUMNS "subject" HF_EQ "$1 ORDER BY key_version DESC, id DESC LIMIT 1", 1, {UUIDOID}, true};
static const HfQuery other_roots = {
	COLUMNS "root_key" HF_NE "$1 AND destroyed_at IS NULL LIMIT $2 FOR UPDATE SKIP LOCKED",
	2,
	{BYTEAOID, INT4OID},
	false};

static const HfQuery insert_key = {
	"INSERT INTO %s (id, key_type, key_version, algorithm, subject, root_key, wrapped, created_at, destroyed_at)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	9,
	{UUIDOID, TEXTOID, INT4OID, TEXTOID, UUIDOID, BYTEAOID, BYTEAOID, TIMESTAMPTZOID,
	 TIMESTAMPTZOID},
	false};
static const HfQuery mark_rotated = {"UPDATE %s SET rotated_at = $1 WHERE rotated_at IS NULL"
									 " AND destroyed_at IS NULL AND key_type" HF_NE "'index'",
									 1,
									 {TIMESTAMPTZOID},
									 false};
static const HfQuery store_wrapped = {"UPDATE %s SET root_key = $2, wrapped = $3 WHERE id" HF_EQ
									  "$1",
									  3,
									  {UUIDOID, BYTEAOID, BYTEAOID},
									  false};
static const HfQuery destroy_subject = {
	"UPDATE %s SET root_key = NULL, wrapped = NULL, destroyed_at = $2 WHERE subject" HF_EQ
	"$1 AND destroyed_at IS NULL",
	2,
	{UUIDOID, TIMESTAMPTZOID},
	false};

static Ring last; /* the one used last */

/* NotAKeyring raises the error of a table that create_keyring() has not made. */
pg_noreturn static void NotAKeyring(Oid relid);

static void
NotAKeyring(Oid relid)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_WRONG_OBJECT_TYPE), errmsg("\"%s\" is not a keyring", get_rel_name(relid)),
		 errhint("create_keyring() makes one; its triggers must be there, and ENABLE ALWAYS.")));
	pg_unreachable();
}

/* Open checks a keyring and its caller, and watches it. */
static Ring
Open(Oid relid)
{
	uint64 generation = hf_live_generation();
	const Trigger *trigger;
	Relation rel;

	if (last.relid == relid && last.generation == generation)
	{
		if (!hf_compat_owns_relation(relid, GetUserId()))
			aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, get_rel_name(relid));
		return last;
	}
	rel = hf_live_open(relid);
	if (!hf_compat_owns_relation(relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, RelationGetRelationName(rel));
	trigger = hf_live_trigger(rel, "keyring");
	if (trigger == NULL || trigger->tgnargs != 2)
		NotAKeyring(relid);
	last.relid = InvalidOid;
	memcpy(last.name,
		   DatumGetUUIDP(DirectFunctionCall1(uuid_in, CStringGetDatum(trigger->tgargs[1]))),
		   HF_KEY_ID_SIZE);
	hf_live_watch(rel);
	table_close(rel, NoLock);
	last.relid = relid;
	last.generation = generation;
	return last;
}

/* Corrupt raises the error of a row that cannot be what holdfast wrote. */
pg_noreturn static void Corrupt(Oid keyring);

static void
Corrupt(Oid keyring)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_DATA_CORRUPTED),
		 errmsg("a key of keyring \"%s\" is damaged", get_rel_name(keyring)),
		 errdetail(
			 "It does not open with the root key that it names, or its row has been changed.")));
	pg_unreachable();
}

/* ReadBytes copies a bytea of a fixed length. */
static void
ReadBytes(Oid keyring, Datum value, uint8 *out, Size size)
{
	bytea *bytes = DatumGetByteaPP(value);

	if (VARSIZE_ANY_EXHDR(bytes) != size)
		Corrupt(keyring);
	memcpy(out, VARDATA_ANY(bytes), size);
}

/* ReadRow reads a row of the last result. */
static void
ReadRow(const Ring *ring, uint64 number, Row *row)
{
	bool isnull;
	Datum value;

	memset(row, 0, sizeof(*row));
	memcpy(row->place.keyring, ring->name, HF_KEY_ID_SIZE);
	memcpy(row->place.id, DatumGetUUIDP(hf_spi_value(number, 1, &isnull)), HF_KEY_ID_SIZE);
	row->place.type = *VARDATA_ANY(DatumGetTextPP(hf_spi_value(number, 2, &isnull)));
	row->place.version = (uint32) DatumGetInt32(hf_spi_value(number, 3, &isnull));
	value = hf_spi_value(number, 4, &isnull);
	row->place.has_subject = !isnull;
	if (!isnull)
		memcpy(row->place.subject, DatumGetUUIDP(value), HF_KEY_ID_SIZE);
	value = hf_spi_value(number, 5, &row->destroyed);
	if (!row->destroyed)
		ReadBytes(ring->relid, value, row->root, sizeof(row->root));
	value = hf_spi_value(number, 6, &row->destroyed);
	if (!row->destroyed)
		ReadBytes(ring->relid, value, row->wrapped, sizeof(row->wrapped));
	row->our_own = TransactionIdIsCurrentTransactionId(
		DatumGetTransactionId(hf_spi_value(number, 7, &isnull)));
}

/* Find looks one row up with a snapshot of this moment; runs as the owner. */
static bool
Find(const Ring *ring, const HfQuery *query, Datum name, Row *row)
{
	bool found;

	hf_spi_open();
	found = hf_spi_run_snapshot(query, ring->relid, &name, NULL, hf_live_snapshot(), 1) == 1;
	if (found)
		ReadRow(ring, 0, row);
	hf_spi_close();
	return found;
}

/* Unwrap opens a key. Without its root key, the log says which one that is. */
static void
Unwrap(const Ring *ring, const Row *row, HfDataKey *key)
{
	uint8 wrapping[HF_DATA_KEY_SIZE];
	bool good;

	if (!hf_root_key_derive_named(row->root, HF_PURPOSE_WRAP, wrapping))
	{
		char name[HF_ROOT_KEY_ID_SIZE * 2 + 1];

		if (hf_root_key_present())
			ereport(LOG_SERVER_ONLY,
					(errmsg("keyring \"%s\" needs another root key", get_rel_name(ring->relid)),
					 errdetail("A key is wrapped by root key %s.",
							   sodium_bin2hex(name, sizeof(name), row->root, sizeof(row->root))),
					 errhint("Name its file in holdfast.previous_root_key_file and reload.")));
		hf_raise("keys_unavailable", NULL, NULL, -1);
	}
	good = hf_key_unwrap(wrapping, &row->place, row->wrapped, key->bytes);
	sodium_memzero(wrapping, sizeof(wrapping));
	if (!good)
		Corrupt(ring->relid);
	memcpy(key->id.data, row->place.id, UUID_LEN);
	memcpy(key->subject.data, row->place.subject, UUID_LEN);
	key->has_subject = row->place.has_subject;
	key->version = (int32) row->place.version;
}

/* BytesDatum is a copy of bytes as a bytea. */
static Datum
BytesDatum(const uint8 *bytes, Size size)
{
	bytea *value = palloc(VARHDRSZ + size);

	SET_VARSIZE(value, VARHDRSZ + size);
	memcpy(VARDATA(value), bytes, size);
	return PointerGetDatum(value);
}

/* WrapBytes wraps a key by the root key of now, and writes both as values. */
static void
WrapBytes(const HfKeyPlace *place, const uint8 *bytes, Datum *root, Datum *wrapped)
{
	uint8 wrapping[HF_DATA_KEY_SIZE];
	uint8 id[HF_ROOT_KEY_ID_SIZE];
	uint8 nonce[HF_NONCE_SIZE];
	uint8 out[HF_WRAPPED_SIZE];

	if (!pg_strong_random(nonce, sizeof(nonce)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random values")));
	hf_root_key_current(id);
	hf_root_key_derive(HF_PURPOSE_WRAP, wrapping);
	hf_key_wrap(wrapping, place, nonce, bytes, out);
	sodium_memzero(wrapping, sizeof(wrapping));
	*root = BytesDatum(id, sizeof(id));
	*wrapped = BytesDatum(out, sizeof(out));
}

/* Insert writes a row: a new key, or (key is NULL) the mark of a subject that is to have none. */
static void
Insert(const Ring *ring, const char *type, int32 version, const pg_uuid_t *subject, HfDataKey *key)
{
	HfKeyPlace place = {.type = type[0], .version = (uint32) version};
	pg_uuid_t id;
	Datum now = TimestampTzGetDatum(hf_clock_now());
	Datum values[9];
	char nulls[10] = "         ";

	hf_uuid_v7_next(&id);
	memcpy(place.keyring, ring->name, HF_KEY_ID_SIZE);
	memcpy(place.id, id.data, HF_KEY_ID_SIZE);
	if (subject != NULL)
	{
		place.has_subject = true;
		memcpy(place.subject, subject->data, HF_KEY_ID_SIZE);
	}
	values[0] = UUIDPGetDatum(&id);
	values[1] = CStringGetTextDatum(type);
	values[2] = Int32GetDatum(version);
	values[3] = CStringGetTextDatum(type[0] == 'i' ? "blake2b" : "xchacha20-poly1305");
	values[4] = UUIDPGetDatum(subject);
	nulls[4] = subject == NULL ? 'n' : ' ';
	values[7] = now;
	if (key == NULL)
	{
		nulls[5] = nulls[6] = 'n';
		values[8] = now;
	}
	else
	{
		nulls[8] = 'n';
		if (!pg_strong_random(key->bytes, sizeof(key->bytes)))
			ereport(ERROR,
					(errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random values")));
		WrapBytes(&place, key->bytes, &values[5], &values[6]);
		key->id = id;
		key->has_subject = subject != NULL;
		memcpy(key->subject.data, place.subject, UUID_LEN);
		key->version = version;
	}
	hf_spi_open();
	(void) hf_spi_run(&insert_key, ring->relid, values, nulls, 0);
	hf_spi_close();
}

/* StripeOf is the key of a subject's lock. */
static uint64
StripeOf(const Ring *ring, const pg_uuid_t *subject)
{
	HfDigest digest;
	uint8 out[HF_DIGEST_SIZE];

	hf_digest_start(&digest, 'k');
	hf_digest_part(&digest, 'u', subject, UUID_LEN);
	hf_digest_finish(&digest, out);
	return (uint64) ring->relid << 32 | hf_digest_key(out) % SUBJECT_STRIPES;
}

/* What one look-up is about; it runs as the keyring's owner. */
typedef struct Step
{
	Ring ring;
	HfKeyUse use;
	pg_uuid_t name;
	HfDataKey *key;
	HfKeyState state;
	bool keep;
	int32 number; /* version, batch or count */
} Step;

/* Take uses a row that was found. */
static void
Take(Step *step, const Row *row)
{
	step->state = row->destroyed ? HF_KEY_DESTROYED : HF_KEY_USABLE;
	step->keep = !row->our_own;
	if (!row->destroyed)
		Unwrap(&step->ring, row, step->key);
}

/* FindOrMakeOfRing finds the newest key of the keyring itself, or makes the first. */
static void
FindOrMakeOfRing(void *arg)
{
	Step *step = arg;
	const char *type = step->use == HF_KEY_TO_BLIND ? "index" : "data";
	Datum name = CStringGetTextDatum(type);
	Row row;

	if (!Find(&step->ring, &newest_of_ring, name, &row))
	{
		hf_lock_take(HF_LOCK_KEYRING, step->ring.relid);
		if (!Find(&step->ring, &newest_of_ring, name, &row))
		{
			step->state = HF_KEY_USABLE;
			step->keep = false;
			Insert(&step->ring, type, 1, NULL, step->key);
			return;
		}
	}
	Take(step, &row);
}

/* FindOrMakeOfSubject finds the key of a subject in the version in number, or makes it. */
static void
FindOrMakeOfSubject(void *arg)
{
	Step *step = arg;
	Datum name = UUIDPGetDatum(&step->name);
	bool locked = false;
	Row row;

	for (;;)
	{
		bool found = Find(&step->ring, &newest_of_subject, name, &row);

		if (found && (row.destroyed || (int32) row.place.version >= step->number))
			break;
		if (locked)
		{
			step->state = HF_KEY_USABLE;
			step->keep = false;
			Insert(&step->ring, "subject", step->number, &step->name, step->key);
			return;
		}
		hf_lock_share(HF_LOCK_SUBJECT, StripeOf(&step->ring, &step->name));
		locked = true;
	}
	Take(step, &row);
}

/* FindById finds one key. */
static void
FindById(void *arg)
{
	Step *step = arg;
	Row row;

	step->state = HF_KEY_UNKNOWN;
	if (Find(&step->ring, &by_id, UUIDPGetDatum(&step->name), &row))
		Take(step, &row);
}

/* Look answers from the cache, or runs a step and keeps what it found. */
static HfKeyState
Look(Step *step, HfOwnerCallback callback)
{
	uint64 generation = step->ring.generation;

	if (hf_keycache_find(generation, step->ring.relid, step->use, &step->name, step->key))
		return HF_KEY_USABLE;
	hf_spi_as_owner(step->ring.relid, callback, step);
	if (step->state == HF_KEY_USABLE && step->keep && hf_live_generation_seen() == generation)
		hf_keycache_keep(generation, step->ring.relid, step->use, &step->name, step->key);
	return step->state;
}

/* hf_keyring_to_seal finds or makes a key; see keyring.h. */
void
hf_keyring_to_seal(Oid keyring, const pg_uuid_t *subject, HfDataKey *key)
{
	Step step = {.use = HF_KEY_TO_SEAL, .key = key};

	step.ring = Open(keyring);
	(void) Look(&step, FindOrMakeOfRing);
	if (subject == NULL)
		return;
	step.ring = Open(keyring);
	step.name = *subject;
	step.number = key->version;
	if (Look(&step, FindOrMakeOfSubject) == HF_KEY_DESTROYED)
		hf_raise("key_destroyed", NULL, NULL, -1);
}

/* hf_keyring_to_open finds a key; see keyring.h. */
HfKeyState
hf_keyring_to_open(Oid keyring, const pg_uuid_t *id, HfDataKey *key)
{
	Step step = {.use = HF_KEY_TO_OPEN, .name = *id, .key = key};

	step.ring = Open(keyring);
	return Look(&step, FindById);
}

/* hf_keyring_to_blind finds or makes the key for blind indexes; see keyring.h. */
void
hf_keyring_to_blind(Oid keyring, HfDataKey *key)
{
	Step step = {.use = HF_KEY_TO_BLIND, .key = key};

	step.ring = Open(keyring);
	(void) Look(&step, FindOrMakeOfRing);
}

/* Rotate runs as the owner. */
static void
Rotate(void *arg)
{
	Step *step = arg;
	Datum name = CStringGetTextDatum("data");
	Datum now = TimestampTzGetDatum(hf_clock_now());
	Row row;

	hf_lock_take(HF_LOCK_KEYRING, step->ring.relid);
	step->number =
		Find(&step->ring, &newest_of_ring, name, &row) ? (int32) row.place.version + 1 : 1;
	hf_spi_open();
	(void) hf_spi_run_latest(&mark_rotated, step->ring.relid, &now);
	hf_spi_close();
	Insert(&step->ring, "data", step->number, NULL, step->key);
}

/* hf_keyring_rotate makes the next version; see keyring.h. */
int32
hf_keyring_rotate(Oid keyring)
{
	HfDataKey key;
	Step step = {.key = &key};

	step.ring = Open(keyring);
	hf_spi_as_owner(keyring, Rotate, &step);
	sodium_memzero(&key, sizeof(key));
	return step.number;
}

/* Rewrap runs as the owner. */
static void
Rewrap(void *arg)
{
	Step *step = arg;
	uint8 id[HF_ROOT_KEY_ID_SIZE];
	Datum find[2];
	Row *rows;
	int32 count;

	hf_root_key_current(id);
	find[0] = BytesDatum(id, sizeof(id));
	find[1] = Int32GetDatum(step->number);
	hf_spi_open();
	count = (int32) hf_spi_run(&other_roots, step->ring.relid, find, NULL, 0);
	rows = palloc(sizeof(Row) * Max(count, 1));
	for (int32 i = 0; i < count; i++)
		ReadRow(&step->ring, i, &rows[i]);
	for (int32 i = 0; i < count; i++)
	{
		Datum values[3];

		values[0] = UUIDPGetDatum((pg_uuid_t *) rows[i].place.id);
		Unwrap(&step->ring, &rows[i], step->key);
		WrapBytes(&rows[i].place, step->key->bytes, &values[1], &values[2]);
		sodium_memzero(step->key, sizeof(*step->key));
		(void) hf_spi_run(&store_wrapped, step->ring.relid, values, NULL, 0);
	}
	hf_spi_close();
	step->number = count;
}

/* hf_keyring_rewrap wraps keys anew; see keyring.h. */
int32
hf_keyring_rewrap(Oid keyring, int32 batch)
{
	HfDataKey key;
	Step step = {.key = &key, .number = batch};

	step.ring = Open(keyring);
	hf_spi_as_owner(keyring, Rewrap, &step);
	return step.number;
}

/* Shred runs as the owner. */
static void
Shred(void *arg)
{
	Step *step = arg;
	Datum values[2];
	Row row;

	values[0] = UUIDPGetDatum(&step->name);
	values[1] = TimestampTzGetDatum(hf_clock_now());
	hf_lock_take(HF_LOCK_SUBJECT, StripeOf(&step->ring, &step->name));
	hf_spi_open();
	step->number = (int32) hf_spi_run_latest(&destroy_subject, step->ring.relid, values);
	hf_spi_close();
	if (!Find(&step->ring, &newest_of_subject, values[0], &row))
		Insert(&step->ring, "subject", 1, &step->name, NULL);
}

/* hf_keyring_shred destroys keys; see keyring.h. */
int32
hf_keyring_shred(Oid keyring, const pg_uuid_t *subject)
{
	Step step = {.name = *subject};

	step.ring = Open(keyring);
	hf_spi_as_owner(keyring, Shred, &step);
	return step.number;
}

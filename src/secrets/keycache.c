/*
 * keycache.c
 *		The data keys that a backend has unwrapped.
 *
 * The bytes of the keys lie in one piece of memory from libsodium: locked where the limits of the process allow it, between
 * guard pages, left out of core dumps. The rest is an ordinary hash table.
 *
 * All is zeroed as soon as a change of any watched table has been noticed (live.c): at the next look-up, and at the end of each
 * transaction, so that a backend which never seals again does not keep a key that was destroyed. When it is full the oldest
 * key makes room.
 */
#include "compat.h"

#include "access/xact.h"
#include "storage/ipc.h"
#include "utils/hsearch.h"

#include "base/live.h"
#include "secrets/keycache.h"

#define MAX_KEYS 256

typedef struct EntryKey
{
	Oid keyring;
	uint32 use;
	pg_uuid_t name;
} EntryKey;

typedef struct Entry
{
	EntryKey key;
	int slot;
	HfDataKey what; /* its bytes are zeros; they are in the slot */
} Entry;

typedef uint8 Slot[HF_DATA_KEY_SIZE];

static Slot *slots = NULL; /* sodium_malloc */
static EntryKey owners[MAX_KEYS];
static int used = 0; /* slots that have ever been filled since the last wipe */
static int next = 0; /* the one to fill next */
static HTAB *entries = NULL;
static uint64 kept_at = 0;

/* Wipe zeroes everything. It allocates nothing, for it also runs where nothing may fail. */
static void
Wipe(void)
{
	if (used == 0)
		return;
	sodium_memzero(slots, sizeof(Slot) * MAX_KEYS);
	for (int i = 0; i < used; i++)
		(void) hash_search(entries, &owners[i], HASH_REMOVE, NULL);
	used = 0;
	next = 0;
}

/* AtTransactionEnd wipes when something was noticed since the keys were kept. */
static void
AtTransactionEnd(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			if (kept_at != hf_live_generation_seen())
				Wipe();
			break;
		default:
			break;
	}
}

/* AtExit wipes when the process ends. */
static void
AtExit(int code, Datum arg)
{
	Wipe();
}

/* hf_keycache_init listens to the ends of transactions. */
void
hf_keycache_init(void)
{
	RegisterXactCallback(AtTransactionEnd, NULL);
}

/* MakeRoom gets memory at first use. */
static void
MakeRoom(void)
{
	if (slots != NULL)
		return;
	if (entries == NULL)
	{
		HASHCTL control = {.keysize = sizeof(EntryKey), .entrysize = sizeof(Entry)};

		entries = hash_create("holdfast data keys", MAX_KEYS, &control, HASH_ELEM | HASH_BLOBS);
	}
	slots = sodium_malloc(sizeof(Slot) * MAX_KEYS);
	if (slots == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
						errdetail("Data keys could not be given protected memory.")));
	on_proc_exit(AtExit, (Datum) 0);
}

/* MakeKey fills the key of an entry, padding included, for it is hashed as bytes. */
static void
MakeKey(EntryKey *key, Oid keyring, HfKeyUse use, const pg_uuid_t *name)
{
	memset(key, 0, sizeof(*key));
	key->keyring = keyring;
	key->use = use;
	key->name = *name;
}

/* hf_keycache_find copies a key; see keycache.h. */
bool
hf_keycache_find(uint64 generation, Oid keyring, HfKeyUse use, const pg_uuid_t *name,
				 HfDataKey *key)
{
	EntryKey wanted;
	const Entry *entry;

	if (kept_at != generation)
		Wipe();
	if (used == 0)
		return false;
	MakeKey(&wanted, keyring, use, name);
	entry = hash_search(entries, &wanted, HASH_FIND, NULL);
	if (entry == NULL)
		return false;
	*key = entry->what;
	memcpy(key->bytes, slots[entry->slot], HF_DATA_KEY_SIZE);
	return true;
}

/* hf_keycache_keep keeps a key; see keycache.h. */
void
hf_keycache_keep(uint64 generation, Oid keyring, HfKeyUse use, const pg_uuid_t *name,
				 const HfDataKey *key)
{
	EntryKey wanted;
	Entry *entry;
	bool found;

	if (kept_at != generation)
		Wipe();
	MakeRoom();
	MakeKey(&wanted, keyring, use, name);
	if (hash_search(entries, &wanted, HASH_FIND, NULL) != NULL)
		return;
	if (used == MAX_KEYS)
	{
		(void) hash_search(entries, &owners[next], HASH_REMOVE, NULL);
		sodium_memzero(slots[next], HF_DATA_KEY_SIZE);
	}
	entry = hash_search(entries, &wanted, HASH_ENTER, &found);
	entry->slot = next;
	entry->what = *key;
	sodium_memzero(entry->what.bytes, HF_DATA_KEY_SIZE);
	memcpy(slots[next], key->bytes, HF_DATA_KEY_SIZE);
	owners[next] = wanted;
	kept_at = generation;
	used = Max(used, next + 1);
	next = (next + 1) % MAX_KEYS;
}

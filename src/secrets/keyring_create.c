/*
 * keyring_create.c
 *		create_keyring(): the table of data keys.
 *
 * Its triggers name the keyring (a UUID) and void what backends have unwrapped (live.c). A new key of a subject voids nothing:
 * nobody can have kept that there is none.
 */
#include "compat.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/create.h"
#include "base/uuid.h"
#include "errors.h"
#include "secrets/keyring.h"
#include "secrets/rootkey.h"

PG_FUNCTION_INFO_V1(hf_create_keyring);

/* %1$s is the table, %2$s the keyring's UUID. */
static const char *const create_commands[] = {
	"CREATE TABLE %1$s ("
	" id uuid NOT NULL PRIMARY KEY,"
	" key_type text NOT NULL CHECK (key_type IN ('data', 'subject', 'index')),"
	" key_version int NOT NULL CHECK (key_version > 0),"
	" algorithm text NOT NULL,"
	" subject uuid,"
	" root_key bytea CHECK (length(root_key) = 8),"
	" wrapped bytea CHECK (length(wrapped) = 72),"
	" created_at timestamptz NOT NULL,"
	" rotated_at timestamptz,"
	" destroyed_at timestamptz,"
	" CHECK ((key_type = 'subject') = (subject IS NOT NULL)),"
	" CHECK ((destroyed_at IS NULL) = (wrapped IS NOT NULL)),"
	" CHECK ((wrapped IS NULL) = (root_key IS NULL)))"
	/* what is destroyed shall not lie about: any dead row makes autovacuum come */
	" WITH (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0)",
	"CREATE UNIQUE INDEX ON %1$s (key_type, key_version) WHERE subject IS NULL",
	"CREATE INDEX ON %1$s (subject, key_version, id) WHERE subject IS NOT NULL",
	"ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY",
	"CREATE POLICY owner_only ON %1$s USING (false) WITH CHECK (false)",
	"COMMENT ON POLICY owner_only ON %1$s IS 'Keys are used by functions of the table''s owner; nobody else"
	" has business here.'",
	"COMMENT ON TABLE %1$s IS 'Data keys of holdfast.seal(), wrapped by the root key, which is in a file outside of the"
	" database.'",
	"COMMENT ON COLUMN %1$s.id IS 'Names the key; every sealed value begins with it.'",
	"COMMENT ON COLUMN %1$s.key_type IS 'data: seals what is of no subject; subject: seals what is of one; index: for"
	" blind_index().'",
	"COMMENT ON COLUMN %1$s.key_version IS 'Counts rotations.'",
	"COMMENT ON COLUMN %1$s.algorithm IS 'What the key is used with.'",
	"COMMENT ON COLUMN %1$s.subject IS 'Whose data the key seals, where that is one person''s.'",
	"COMMENT ON COLUMN %1$s.root_key IS 'Names the root key that it is wrapped by; null once destroyed.'",
	"COMMENT ON COLUMN %1$s.wrapped IS 'The key, encrypted; null once destroyed.'",
	"COMMENT ON COLUMN %1$s.created_at IS 'When it was made.'",
	"COMMENT ON COLUMN %1$s.rotated_at IS 'Since when nothing new is sealed with it; null while it is in use.'",
	"COMMENT ON COLUMN %1$s.destroyed_at IS 'When shred() destroyed it; what it sealed is gone.'",
	"CREATE TRIGGER holdfast_keys_changed"
	" AFTER DELETE OR UPDATE OF id, key_type, key_version, subject, root_key, wrapped, destroyed_at ON %1$s"
	" FOR EACH ROW EXECUTE FUNCTION holdfast.invalidate_lookups('keyring', '%2$s')",
	"CREATE TRIGGER holdfast_keys_rotated AFTER INSERT ON %1$s FOR EACH ROW"
	" WHEN (NEW.key_type = 'data')"
	" EXECUTE FUNCTION holdfast.invalidate_lookups('keyring', '%2$s')",
	"CREATE TRIGGER holdfast_keys_truncated AFTER TRUNCATE ON %1$s"
	" FOR EACH STATEMENT EXECUTE FUNCTION holdfast.invalidate_lookups('keyring', '%2$s')",
	"ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_keys_changed",
	"ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_keys_rotated",
	"ALTER TABLE %1$s ENABLE ALWAYS TRIGGER holdfast_keys_truncated",
};

/* RandomUuid draws a name for a keyring. */
static const char *
RandomUuid(void)
{
	pg_uuid_t uuid;

	hf_uuid_v7_next(&uuid);
	return DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&uuid)));
}

/* create_keyring(name text) */
Datum
hf_create_keyring(PG_FUNCTION_ARGS)
{
	HfCreation creation;
	const char *table;
	Oid keyring;

	hf_create_begin(&creation, PG_GETARG_DATUM(0), PG_ARGISNULL(0));
	table = hf_create_name(&creation, creation.relname);
	hf_create_run(create_commands, lengthof(create_commands), table, RandomUuid());
	hf_create_close_off(table);
	keyring = hf_create_end(&creation);
	/* Where there is a root key, the first keys are there from the start; else they are made at first use. */
	if (hf_root_key_present())
	{
		HfDataKey key;

		hf_keyring_to_seal(keyring, NULL, &key);
		hf_keyring_to_blind(keyring, &key);
		sodium_memzero(&key, sizeof(key));
	}
	PG_RETURN_OID(keyring);
}

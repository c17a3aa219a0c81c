/*
 * rootkey.c
 *		The root key in the memory of a backend.
 *
 * Each backend reads the file at first need and again after a reload of the configuration. The key lies in memory of
 * libsodium's: locked where the limits of the process allow it, between guard pages, and left out of core dumps. The postmaster
 * only checks that the file can be used and forgets what it read, so no child inherits a key that it does not need.
 *
 * Nothing that a client sees names the file or says what is wrong with it; the server log does.
 */
#include "compat.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "errors.h"
#include "guc.h"
#include "secrets/keyfile.h"
#include "secrets/rootkey.h"

PG_FUNCTION_INFO_V1(hf_generate_root_key);
PG_FUNCTION_INFO_V1(hf_keys_available);
PG_FUNCTION_INFO_V1(hf_root_key_problem);

/* One of the two files. */
typedef struct Source
{
	const char *name;	/* of the setting */
	char **path;		/* the setting */
	unsigned char *key; /* sodium_malloc, or NULL */
	unsigned char id[HF_ROOT_KEY_ID_SIZE];
	bool loaded;
	char *loaded_path;		/* where key came from */
	TimestampTz loaded_at;	/* PgReloadTime when it was read */
	TimestampTz complained; /* PgReloadTime when the log was last told of a problem */
	bool has_complained;
} Source;

static Source current = {"holdfast.root_key_file", &hf_root_key_file};
static Source previous = {"holdfast.previous_root_key_file", &hf_previous_root_key_file};

/* IsSet looks at the setting. */
static bool
IsSet(const Source *source)
{
	return *source->path != NULL && (*source->path)[0] != '\0';
}

/* Forget drops a key. */
static void
Forget(Source *source)
{
	if (source->key != NULL)
		sodium_memzero(source->key, HF_ROOT_KEY_SIZE);
	sodium_memzero(source->id, sizeof(source->id));
	source->loaded = false;
}

/* Wipe runs when the process ends. */
static void
Wipe(int code, Datum source)
{
	Forget((Source *) DatumGetPointer(source));
}

/* Read reads a file and returns NULL, or why it cannot be used. */
static const char *
Read(Source *source)
{
	const char *problem;

	Forget(source);
	if (source->key == NULL)
	{
		source->key = sodium_malloc(HF_ROOT_KEY_SIZE);
		if (source->key == NULL)
			return "has no memory to be kept in";
		sodium_memzero(source->key, HF_ROOT_KEY_SIZE);
		on_proc_exit(Wipe, PointerGetDatum(source));
	}
	problem = hf_keyfile_read(*source->path, source->key);
	if (problem == NULL)
		hf_root_key_name(source->key, source->id);
	return problem;
}

/* Complain tells the server log. */
static void
Complain(int level, const char *setting, const char *path, const char *problem)
{
	ereport(level, (errcode(ERRCODE_CONFIG_FILE_ERROR), errmsg("%s cannot be used", setting),
					errdetail("File \"%s\" %s.", path, problem),
					errhint("What is sealed stays closed until this is put right and the "
							"configuration reloaded.")));
}

/* ComplainOnce tells the server log, once a reload. */
static void
ComplainOnce(Source *source, const char *problem)
{
	if (source->has_complained && source->complained == PgReloadTime)
		return;
	source->has_complained = true;
	source->complained = PgReloadTime;
	Complain(LOG_SERVER_ONLY, source->name, *source->path, problem);
}

/* Load makes the key of a source current; NULL, or why there is none. */
static const char *
Load(Source *source)
{
	const char *problem;

	if (!IsSet(source))
	{
		Forget(source);
		return "is not set";
	}
	if (source->loaded && source->loaded_at == PgReloadTime &&
		strcmp(source->loaded_path, *source->path) == 0)
		return NULL;
	problem = Read(source);
	if (problem != NULL)
	{
		ComplainOnce(source, problem);
		return problem;
	}
	if (source->loaded_path != NULL)
		pfree(source->loaded_path);
	source->loaded_path = NULL;
	source->loaded_path = MemoryContextStrdup(TopMemoryContext, *source->path);
	source->loaded_at = PgReloadTime;
	source->loaded = true;
	return NULL;
}

/* CheckFile is what the postmaster does: it looks, and warns, and keeps nothing. */
static void
CheckFile(const char *setting, const char *path)
{
	unsigned char key[HF_ROOT_KEY_SIZE];
	const char *problem;

	if (path == NULL || path[0] == '\0')
		return;
	problem = hf_keyfile_read(path, key);
	sodium_memzero(key, sizeof(key));
	if (problem != NULL)
		Complain(WARNING, setting, path, problem);
}

/* FileNamed has the postmaster say in the log when a file named from now on cannot be used; others do at need. */
static void
FileNamed(const char *setting, const char *path)
{
	/* while the server starts, libsodium is not set up yet: hf_root_key_init looks */
	if (IsPostmasterEnvironment && !IsUnderPostmaster &&
		!process_shared_preload_libraries_in_progress)
		CheckFile(setting, path);
}

/* hf_root_key_init sets libsodium up, and looks at the files when the server starts. A bad file never stops it. */
void
hf_root_key_init(void)
{
	if (sodium_init() < 0)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("libsodium could not be set up")));
	hf_guc_root_key_named = FileNamed;
	if (process_shared_preload_libraries_in_progress)
	{
		CheckFile(current.name, *current.path);
		CheckFile(previous.name, *previous.path);
	}
}

/* Require raises keys_unavailable without a root key. */
static void
Require(void)
{
	if (Load(&current) != NULL)
		hf_raise("keys_unavailable", NULL, NULL, -1);
}

/* Derive derives from a loaded source. */
static void
Derive(const Source *source, const char *purpose, unsigned char *out)
{
	if (!hf_root_key_subkey(source->key, purpose, out))
		elog(ERROR, "could not derive a key for \"%s\"", purpose);
}

/* hf_root_key_present tells whether there is a key; see rootkey.h. */
bool
hf_root_key_present(void)
{
	return Load(&current) == NULL;
}

/* hf_root_key_derive derives from the root key; see rootkey.h. */
void
hf_root_key_derive(const char *purpose, unsigned char out[HF_ROOT_KEY_SIZE])
{
	Require();
	Derive(&current, purpose, out);
}

/* hf_root_key_current names the root key; see rootkey.h. */
void
hf_root_key_current(unsigned char id[HF_ROOT_KEY_ID_SIZE])
{
	Require();
	memcpy(id, current.id, HF_ROOT_KEY_ID_SIZE);
}

/* hf_root_key_derive_named derives from either key; see rootkey.h. */
bool
hf_root_key_derive_named(const unsigned char id[HF_ROOT_KEY_ID_SIZE], const char *purpose,
						 unsigned char out[HF_ROOT_KEY_SIZE])
{
	Source *sources[] = {&current, &previous};

	for (int i = 0; i < lengthof(sources); i++)
	{
		if (IsSet(sources[i]) && Load(sources[i]) == NULL &&
			memcmp(sources[i]->id, id, HF_ROOT_KEY_ID_SIZE) == 0)
		{
			Derive(sources[i], purpose, out);
			return true;
		}
	}
	return false;
}

/* RequireSuperuser refuses everybody else, whatever EXECUTE they have. */
static void
RequireSuperuser(const char *function)
{
	if (!superuser())
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("only a superuser may call %s()", function)));
}

/* generate_root_key(file text) */
Datum
hf_generate_root_key(PG_FUNCTION_ARGS)
{
	char *path = PG_ARGISNULL(0) ? *current.path : text_to_cstring(PG_GETARG_TEXT_PP(0));
	unsigned char key[HF_ROOT_KEY_SIZE];
	unsigned char id[HF_ROOT_KEY_ID_SIZE];
	char name[HF_ROOT_KEY_ID_SIZE * 2 + 1];
	const char *problem;

	RequireSuperuser("generate_root_key");
	if (path == NULL || path[0] == '\0')
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("holdfast.root_key_file is not set"),
						errhint("Set it in postgresql.conf, reload, and call this again.")));
	if (!pg_strong_random(key, sizeof(key)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random values")));
	problem = hf_keyfile_write(path, key);
	hf_root_key_name(key, id);
	sodium_memzero(key, sizeof(key));
	if (problem != NULL)
		ereport(ERROR, (errcode(ERRCODE_CONFIG_FILE_ERROR),
						errmsg("the root key was not made: file \"%s\" %s", path, problem)));
	sodium_bin2hex(name, sizeof(name), id, sizeof(id));
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* keys_available() */
Datum
hf_keys_available(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(hf_root_key_present());
}

/* SourceProblem is what is wrong with a setting, or NULL. */
static const char *
SourceProblem(Source *source)
{
	const char *problem = Load(source);

	if (problem == NULL)
		return NULL;
	if (!IsSet(source))
		return psprintf("%s is not set", source->name);
	return psprintf("%s: file \"%s\" %s", source->name, *source->path, problem);
}

/* FileProblem is what is wrong with a file, or NULL. */
static const char *
FileProblem(const char *path)
{
	unsigned char key[HF_ROOT_KEY_SIZE];
	const char *problem = hf_keyfile_read(path, key);

	sodium_memzero(key, sizeof(key));
	return problem == NULL ? NULL : psprintf("file \"%s\" %s", path, problem);
}

/* root_key_problem(file text) */
Datum
hf_root_key_problem(PG_FUNCTION_ARGS)
{
	const char *problem;

	RequireSuperuser("root_key_problem");
	if (!PG_ARGISNULL(0))
		problem = FileProblem(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	else
	{
		problem = SourceProblem(&current);
		if (problem == NULL && IsSet(&previous))
			problem = SourceProblem(&previous);
	}
	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}

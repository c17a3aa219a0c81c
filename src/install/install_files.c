/*
 * install_files.c
 *		Finding and reading the platform's scripts: SHAREDIR/extension/holdfast.platform.NAME.sql, and
 *		holdfast.platform.NAME--FROM--TO.sql for upgrades.
 *
 * File names are made of module names and versions only, both checked, so nothing outside the folder can be named.
 */
#include "compat.h"

#include <sys/stat.h>

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/fd.h"

#include "install/install_files.h"

#define PREFIX	   "holdfast.platform."
#define SUFFIX	   ".sql"
#define MAX_SCRIPT (16 * 1024 * 1024)

/* ScriptFolder is where the scripts are. */
static char *
ScriptFolder(void)
{
	char share[MAXPGPATH];

	get_share_path(my_exec_path, share);
	return psprintf("%s/extension", share);
}

/* ReadScript reads a whole file, which is in UTF-8, in the database's encoding. */
static HfSlice
ReadScript(const char *file)
{
	char *path = psprintf("%s/%s", ScriptFolder(), file);
	FILE *stream = AllocateFile(path, PG_BINARY_R);
	struct stat st;
	char *text;
	size_t length;
	HfSlice script;

	if (stream == NULL || fstat(fileno(stream), &st) != 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not open file \"%s\": %m", path)));
	if (st.st_size > MAX_SCRIPT)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("file \"%s\" is larger than a script can be", path)));
	text = palloc(st.st_size + 1);
	length = fread(text, 1, st.st_size, stream);
	if (ferror(stream))
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not read file \"%s\": %m", path)));
	FreeFile(stream);
	text[length] = '\0';
	script.text = pg_any_to_server(text, length, PG_UTF8);
	script.length = strlen(script.text);
	return script;
}

/* ScriptName returns what stands between prefix and suffix in a file name, or NULL. */
static char *
ScriptName(const char *file)
{
	size_t length = strlen(file);
	size_t prefix = strlen(PREFIX);
	size_t suffix = strlen(SUFFIX);

	if (length <= prefix + suffix || strncmp(file, PREFIX, prefix) != 0 ||
		strcmp(file + length - suffix, SUFFIX) != 0)
		return NULL;
	return pnstrdup(file + prefix, length - prefix - suffix);
}

/* ScriptNames lists the scripts of the folder. */
static List *
ScriptNames(void)
{
	char *folder = ScriptFolder();
	DIR *dir = AllocateDir(folder);
	struct dirent *entry;
	List *names = NIL;

	while ((entry = ReadDir(dir, folder)) != NULL)
	{
		char *name = ScriptName(entry->d_name);

		if (name != NULL)
			names = lappend(names, name);
	}
	FreeDir(dir);
	return names;
}

/* ReadModule reads one module and its header. */
static HfModule *
ReadModule(const char *name)
{
	HfModule *module = palloc0(sizeof(HfModule));
	HfSlice value;
	HfSlice need;

	module->name = pstrdup(name);
	module->script = ReadScript(psprintf(PREFIX "%s" SUFFIX, name));
	if (!hf_module_header(module->script, "module", &value) || value.length != strlen(name) ||
		memcmp(value.text, name, value.length) != 0)
		ereport(ERROR, (errcode(ERRCODE_CONFIG_FILE_ERROR),
						errmsg("the script of module \"%s\" does not open with its name", name)));
	if (hf_module_header(module->script, "requires", &value))
	{
		while (hf_module_next_name(&value, &need))
			module->needs = lappend(module->needs, pnstrdup(need.text, need.length));
	}
	return module;
}

/* CompareModules orders modules by name. */
static int
CompareModules(const ListCell *a, const ListCell *b)
{
	return strcmp(((HfModule *) lfirst(a))->name, ((HfModule *) lfirst(b))->name);
}

/* hf_install_modules; see install_files.h. */
List *
hf_install_modules(void)
{
	List *modules = NIL;
	ListCell *cell;

	foreach (cell, ScriptNames())
	{
		if (hf_module_name_valid(lfirst(cell)))
			modules = lappend(modules, ReadModule(lfirst(cell)));
	}
	list_sort(modules, CompareModules);
	return modules;
}

/* hf_install_find; see install_files.h. */
HfModule *
hf_install_find(List *modules, const char *name)
{
	ListCell *cell;

	foreach (cell, modules)
	{
		HfModule *module = lfirst(cell);

		if (strcmp(module->name, name) == 0)
			return module;
	}
	return NULL;
}

/* hf_install_steps; see install_files.h. */
List *
hf_install_steps(const char *module, const char *from)
{
	char *start = psprintf("%s--%s--", module, from);
	List *versions = NIL;
	ListCell *cell;

	foreach (cell, ScriptNames())
	{
		char *name = lfirst(cell);

		if (strncmp(name, start, strlen(start)) == 0)
			versions = lappend(versions, pstrdup(name + strlen(start)));
	}
	return versions;
}

/* hf_install_read_step; see install_files.h. */
HfSlice
hf_install_read_step(const char *module, const char *from, const char *to)
{
	return ReadScript(psprintf(PREFIX "%s--%s--%s" SUFFIX, module, from, to));
}

/*
 * install_files.h
 *		The platform's scripts in the share directory.
 */
#ifndef HOLDFAST_INSTALL_FILES_H
#define HOLDFAST_INSTALL_FILES_H

#include "nodes/pg_list.h"

#include "install/install_core.h"

/* One module, read from holdfast.platform.NAME.sql. */
typedef struct HfModule
{
	char *name;
	HfSlice script; /* in the database's encoding */
	List *needs;	/* names of other modules, char * */
	int mark;		/* for sorting: 0 not seen, 1 being visited, 2 placed */
} HfModule;

/* Every module of the share directory, ordered by name. */
extern List *hf_install_modules(void);

/* The module of a name, or NULL. */
extern HfModule *hf_install_find(List *modules, const char *name);

/* The versions that a module can go to from one version by a script NAME--FROM--TO. */
extern List *hf_install_steps(const char *module, const char *from);

/* The script of such a step. */
extern HfSlice hf_install_read_step(const char *module, const char *from, const char *to);

#endif

/*
 * install_run.h
 *		Running the platform's scripts.
 */
#ifndef HOLDFAST_INSTALL_RUN_H
#define HOLDFAST_INSTALL_RUN_H

#include "nodes/pg_list.h"

#include "install/install_core.h"

/* One script to run: a module's own, or a step of its upgrade. */
typedef struct HfScript
{
	const char *label; /* for messages: the module, and the step if it is one */
	HfSlice text;
} HfScript;

/* Runs a list of HfScript in the transaction of an open SPI connection, as the current user. */
extern void hf_install_run(List *scripts, const char *schema);

#endif

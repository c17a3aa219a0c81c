/*
 * install_core.h
 *		The format of a platform module's script, as scripts/assemble writes it.
 *
 * A script opens with comment lines, among them "-- module: NAME" and, optionally, "-- requires: a, b". Then
 * come parts, each behind a line "-- >>> PHASE FILE". Nothing is copied: the slices point into the text.
 */
#ifndef HOLDFAST_INSTALL_CORE_H
#define HOLDFAST_INSTALL_CORE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct HfSlice
{
	const char *text;
	size_t length;
} HfSlice;

typedef struct HfModulePart
{
	int phase;	  /* index into hf_phases, -1 when the phase is unknown */
	HfSlice file; /* where the part came from, for messages */
	HfSlice body; /* its SQL */
} HfModulePart;

extern const char *const hf_phases[];
extern const int hf_phase_count;

/* Reports whether a module name is one: lower case letters and underscores, at most 48. */
extern bool hf_module_name_valid(const char *name);

/* Finds "-- KEY: value" in the opening comment lines and returns the trimmed value; false when absent. */
extern bool hf_module_header(HfSlice script, const char *key, HfSlice *value);

/* Takes the next word off a comma-separated list; false at its end. */
extern bool hf_module_next_name(HfSlice *list, HfSlice *name);

/* Takes the next part off a script; false at its end. */
extern bool hf_module_next_part(HfSlice *script, HfModulePart *part);

#endif

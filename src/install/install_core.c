/*
 * install_core.c
 *		Reading the script of a platform module; see install_core.h for the format.
 */
#include <string.h>

#include "install/install_core.h"

#define MAX_MODULE_NAME 48

static const char marker[] = "-- >>> ";

/* What comes first is there for what comes later: every table before any constraint, and so on. */
const char *const hf_phases[] = {"types",	  "tables", "constraints", "indexes",
								 "functions", "rpc",	"views",	   "triggers",
								 "policies",  "grants", "data",		   "jobs"};
const int hf_phase_count = sizeof(hf_phases) / sizeof(hf_phases[0]);

/* IsSpace knows the white space that can stand in a line. */
static bool
IsSpace(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Trim drops white space at both ends. */
static HfSlice
Trim(HfSlice slice)
{
	while (slice.length > 0 && IsSpace(slice.text[0]))
	{
		slice.text++;
		slice.length--;
	}
	while (slice.length > 0 && IsSpace(slice.text[slice.length - 1]))
		slice.length--;
	return slice;
}

/* Skip drops the first characters. */
static HfSlice
Skip(HfSlice slice, size_t count)
{
	slice.text += count;
	slice.length -= count;
	return slice;
}

/* StartsWith compares the first characters. */
static bool
StartsWith(HfSlice slice, const char *prefix)
{
	size_t length = strlen(prefix);

	return slice.length >= length && memcmp(slice.text, prefix, length) == 0;
}

/* TakeLine takes the next line, without its end, off a text. */
static bool
TakeLine(HfSlice *text, HfSlice *line)
{
	const char *end;

	if (text->length == 0)
		return false;
	end = memchr(text->text, '\n', text->length);
	line->text = text->text;
	line->length = end != NULL ? (size_t) (end - text->text) : text->length;
	*text = Skip(*text, line->length + (end != NULL ? 1 : 0));
	return true;
}

/* hf_module_name_valid; see install_core.h. */
bool
hf_module_name_valid(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= MAX_MODULE_NAME &&
		   strspn(name, "abcdefghijklmnopqrstuvwxyz_") == length;
}

/* hf_module_header; see install_core.h. */
bool
hf_module_header(HfSlice script, const char *key, HfSlice *value)
{
	HfSlice line;

	while (TakeLine(&script, &line) && StartsWith(line, "--") && !StartsWith(line, marker))
	{
		line = Trim(Skip(line, 2));
		if (StartsWith(line, key) && StartsWith(Skip(line, strlen(key)), ":"))
		{
			*value = Trim(Skip(line, strlen(key) + 1));
			return true;
		}
	}
	return false;
}

/* hf_module_next_name; see install_core.h. */
bool
hf_module_next_name(HfSlice *list, HfSlice *name)
{
	while (list->length > 0)
	{
		const char *comma = memchr(list->text, ',', list->length);
		size_t length = comma != NULL ? (size_t) (comma - list->text) : list->length;

		name->text = list->text;
		name->length = length;
		*list = Skip(*list, length + (comma != NULL ? 1 : 0));
		*name = Trim(*name);
		if (name->length > 0)
			return true;
	}
	return false;
}

/* FindPhase is the index of a phase, or -1. */
static int
FindPhase(HfSlice name)
{
	for (int i = 0; i < hf_phase_count; i++)
	{
		if (strlen(hf_phases[i]) == name.length &&
			memcmp(hf_phases[i], name.text, name.length) == 0)
			return i;
	}
	return -1;
}

/* ReadMarker reads the phase and the file from what stands behind a marker. */
static void
ReadMarker(HfSlice line, HfModulePart *part)
{
	HfSlice phase = Trim(line);
	const char *space = memchr(phase.text, ' ', phase.length);

	part->file = phase;
	if (space != NULL)
	{
		phase.length = (size_t) (space - phase.text);
		part->file = Trim(Skip(part->file, phase.length));
	}
	part->phase = FindPhase(phase);
}

/* hf_module_next_part; see install_core.h. */
bool
hf_module_next_part(HfSlice *script, HfModulePart *part)
{
	HfSlice line;
	HfSlice rest;

	do
	{
		if (!TakeLine(script, &line))
			return false;
	} while (!StartsWith(line, marker));
	ReadMarker(Skip(line, strlen(marker)), part);

	part->body = *script;
	part->body.length = 0;
	rest = *script;
	while (TakeLine(&rest, &line) && !StartsWith(line, marker))
	{
		*script = rest;
		part->body.length = (size_t) (rest.text - part->body.text);
	}
	return true;
}

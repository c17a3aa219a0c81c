/*
 * errors.h
 *		Raising the errors of the contract (errors_core.c); nothing else in holdfast makes a SQLSTATE.
 */
#ifndef HOLDFAST_ERRORS_H
#define HOLDFAST_ERRORS_H

#include "datatype/timestamp.h"
#include "lib/stringinfo.h"

/* Called with the word before an error is raised, unless NULL; must not raise itself. */
extern void (*hf_raise_hook)(const char *word);

/*
 * hf_raise raises the error of a word. details is the text of a JSON object or NULL; hint is NULL for the
 * word's own; retry_after is in seconds, negative when there is none to give.
 */
pg_noreturn extern void
hf_raise(const char *word, const char *details, const char *hint, int retry_after);

/* hf_raise_invalid raises invalid_input for one argument. Neither text may hold the client's value. */
pg_noreturn extern void hf_raise_invalid(const char *field, const char *reason);

/* hf_json_timestamp appends a timestamp as a JSON string in UTC, whatever the session's TimeZone. */
extern void hf_json_timestamp(StringInfo buf, TimestampTz value);

#endif

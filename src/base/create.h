/*
 * create.h
 *		What the functions share that make tables under a name of the caller's choice: create_calendar() and its like.
 */
#ifndef HOLDFAST_CREATE_H
#define HOLDFAST_CREATE_H

typedef struct HfCreation
{
	char *relname; /* the name that was asked for, without its schema */
	const char *schema_name;
	Oid schema;
	int path;
} HfCreation;

/* Reads the name (a text, or NULL) and opens SPI, with a search path that the caller cannot choose. */
extern void hf_create_begin(HfCreation *creation, Datum name, bool isnull);

/* The quoted, schema-qualified name of a relation that is made beside it. */
extern const char *hf_create_name(const HfCreation *creation, const char *relname);

/* Runs statements, each with %1$s = first and %2$s = second. */
extern void
hf_create_run(const char *const *commands, int count, const char *first, const char *second);

/*
 * Takes every right on a new table or sequence from everybody but its owner, whatever default privileges gave: on
 * Supabase anon and authenticated may do all there is to every table that somebody makes, TRUNCATE included, which
 * row security has no say in.
 */
extern void hf_create_close_off(const char *relation);

/* Closes SPI and returns the table that was asked for. */
extern Oid hf_create_end(const HfCreation *creation);

#endif

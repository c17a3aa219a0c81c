/*
 * install_run.c
 *		Running the platform's scripts: phase by phase over all of them, and each statement on its own, so that
 *		an error names the module, the file and the line.
 */
#include "compat.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"

#include "install/install_run.h"
#include "spi.h"

/* What an error message tells of the statement that failed. */
typedef struct Place
{
	const char *label;
	HfSlice file;
	const char *text; /* the part being parsed, NULL once it is */
	int line;
} Place;

/* ErrorPlace adds the place to an error, and points a syntax error into the part it is in. */
static void
ErrorPlace(void *arg)
{
	Place *place = arg;
	int position = geterrposition();

	if (place->text != NULL && position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery(place->text);
	}
	if (place->line > 0)
		errcontext("module \"%s\", file %.*s, statement at line %d", place->label,
				   (int) place->file.length, place->file.text, place->line);
	else
		errcontext("module \"%s\", file %.*s", place->label, (int) place->file.length,
				   place->file.text);
}

/* WithSchema puts the API schema's name in place of @api@. */
static char *
WithSchema(HfSlice body, const char *schema)
{
	static const char mark[] = "@api@";
	const char *end = body.text + body.length;
	StringInfoData text;

	initStringInfo(&text);
	for (const char *p = body.text; p < end;)
	{
		if (end - p >= strlen(mark) && memcmp(p, mark, strlen(mark)) == 0)
		{
			appendStringInfoString(&text, schema);
			p += strlen(mark);
		}
		else
			appendStringInfoChar(&text, *p++);
	}
	return text.data;
}

/* SkipComments is where a statement begins, behind white space and -- comments. */
static const char *
SkipComments(const char *text)
{
	for (;;)
	{
		text += strspn(text, " \t\r\n");
		if (strncmp(text, "--", 2) != 0)
			return text;
		text += strcspn(text, "\n");
	}
}

/* RunStatement runs one statement of a part. */
static void
RunStatement(const char *text, RawStmt *statement, Place *place)
{
	const char *start = text + statement->stmt_location;
	const char *end = start + (statement->stmt_len > 0 ? statement->stmt_len : strlen(start));

	start = SkipComments(start);
	place->line = 1;
	for (const char *p = text; p < start; p++)
		place->line += *p == '\n';
	hf_spi_run_text(pnstrdup(start, end - start), false);
	place->line = 0;
}

/* RunPart runs one part of a script. */
static void
RunPart(const HfScript *script, const HfModulePart *part, const char *schema)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "holdfast install", ALLOCSET_DEFAULT_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(context);
	Place place = {script->label, part->file, WithSchema(part->body, schema), 0};
	ErrorContextCallback callback = {error_context_stack, ErrorPlace, &place};
	const char *text = place.text;
	List *statements;
	ListCell *cell;

	error_context_stack = &callback;
	statements = pg_parse_query(text);
	place.text = NULL;
	foreach (cell, statements)
		RunStatement(text, lfirst_node(RawStmt, cell), &place);
	error_context_stack = callback.previous;
	MemoryContextSwitchTo(previous);
	MemoryContextDelete(context);
}

/* RunPhase runs one phase of all scripts. */
static void
RunPhase(List *scripts, int phase, const char *schema)
{
	ListCell *cell;

	foreach (cell, scripts)
	{
		HfScript *script = lfirst(cell);
		HfSlice rest = script->text;
		HfModulePart part;

		while (hf_module_next_part(&rest, &part))
		{
			if (part.phase < 0)
				ereport(ERROR, (errcode(ERRCODE_CONFIG_FILE_ERROR),
								errmsg("module \"%s\" has a part in no known phase: %.*s",
									   script->label, (int) part.file.length, part.file.text)));
			if (part.phase == phase)
				RunPart(script, &part, schema);
		}
	}
}

/* hf_install_run runs scripts phase by phase. */
void
hf_install_run(List *scripts, const char *schema)
{
	for (int phase = 0; phase < hf_phase_count; phase++)
		RunPhase(scripts, phase, schema);
}

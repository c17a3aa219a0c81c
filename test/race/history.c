/*
 * history.c
 *		What was asked, when, and what was answered: one line of COPY text for each attempt.
 *
 * The lines go to a temporary file, so that recording costs neither the server nor much memory, and into
 * race.history when the clients are done.
 */
#include <string.h>
#include <time.h>

#include "race.h"

static FILE *file;
static int64_t lines = 0;

static const char *const op_names[OP_COUNT] = {"hold",	  "try_hold", "block",	 "confirm",
											   "release", "extend",	  "unblock", "look"};
static const char *const bracket_names[BRACKET_COUNT] = {"none", "commit", "rollback",
														 "repeatable read"};
static const char *const outcome_names[] = {"ok", "refused", "undone", "unknown"};

void
history_open(void)
{
	file = tmpfile();
	if (file == NULL)
		die("could not make a temporary file");
}

/* organization_text is the id of an organization. */
const char *
organization_text(int organization)
{
	static char text[UUID_TEXT];

	snprintf(text, sizeof(text), "0a000000-0000-4000-8000-%012x", organization + 1);
	return text;
}

/* holder_text is the id that marks the rows of one attempt. */
const char *
holder_text(int64_t holder)
{
	static char text[UUID_TEXT];

	snprintf(text, sizeof(text), "0b000000-0000-4000-8000-%012llx", (unsigned long long) holder);
	return text;
}

/* claim_resources renders the resources as uuid[]: the epoch, then the number, as setup.sql reads them. */
const char *
claim_resources(const Claim *claim)
{
	static char text[MAX_RESOURCES * UUID_TEXT + 3];
	char *p = text;

	for (int i = 0; i < claim->resource_count; i++)
		p += sprintf(p, "%c%08x-0000-4000-8000-%012x", i == 0 ? '{' : ',', (unsigned) claim->epoch,
					 (unsigned) claim->resources[i]);
	strcpy(p, "}");
	return text;
}

/* claim_ranges renders the occurrences as tstzrange[]: quarter hours of the day after tomorrow. */
const char *
claim_ranges(const Claim *claim)
{
	static char text[MAX_OCCURRENCES * 64 + 3];
	static time_t day = 0;
	char *p = text;

	if (day == 0)
		day = (time(NULL) / 86400 + 2) * 86400;
	*p++ = '{';
	for (int i = 0; i < claim->count; i++)
	{
		const Range *range = &claim->ranges[i];
		time_t from = day + range->first * CELL_MINUTES * 60;
		time_t to = from + range->cells * CELL_MINUTES * 60;

		p += strftime(p, 40, i == 0 ? "\"[%F %T+00," : ",\"[%F %T+00,", gmtime(&from));
		p += strftime(p, 40, "%F %T+00)\"", gmtime(&to));
	}
	strcpy(p, "}");
	return text;
}

/* claim_keys renders the known hold keys as uuid[]. */
const char *
claim_keys(const Claim *claim)
{
	static char text[MAX_OCCURRENCES * UUID_TEXT + 3];
	char *p = text;

	*p++ = '{';
	for (int i = 0; i < claim->count; i++)
	{
		if (claim->keys[i][0] != '\0')
			p += sprintf(p, "%s%s", p[-1] == '{' ? "" : ",", claim->keys[i]);
	}
	strcpy(p, "}");
	return text;
}

/* WriteTime writes a column that holds a time, or null for 0. */
static void
WriteTime(int64_t us)
{
	time_t seconds = us / 1000000;
	char text[32];

	if (us == 0)
	{
		fputs("\\N\t", file);
		return;
	}
	strftime(text, sizeof(text), "%F %T", gmtime(&seconds));
	fprintf(file, "%s.%06d+00\t", text, (int) (us % 1000000));
}

/* WriteEscaped writes a text column as COPY wants it, or null. */
static void
WriteEscaped(const char *text)
{
	if (text == NULL || text[0] == '\0')
	{
		fputs("\\N", file);
		return;
	}
	for (; *text != '\0'; text++)
	{
		if (*text == '\\')
			fputs("\\\\", file);
		else if (*text == '\n')
			fputs("\\n", file);
		else if (*text == '\t')
			fputs("\\t", file);
		else
			fputc(*text, file);
	}
}

/* history_add writes down an attempt and its answer. */
void
history_add(const Client *client)
{
	const Attempt *now = &client->now;
	const Claim *claim = &now->claim;

	fprintf(file, "%lld\t%d\t%s\t%s\t%d\t", (long long) now->id, client->number, op_names[now->op],
			bracket_names[now->bracket], claim->calendar);
	fprintf(file, "%s\t%lld\t", organization_text(claim->organization), (long long) claim->holder);
	fprintf(file, "%s\t%s\t", claim_resources(claim), claim_ranges(claim));
	fprintf(file, "%s\t%d\t", claim_keys(claim), now->occurrence + 1);
	WriteTime(now->invoked);
	WriteTime(now->returned);
	fprintf(file, "%s\t", outcome_names[now->outcome]);
	WriteTime(now->expires);
	fprintf(file, "%d\t%d\t", now->rows, now->busy);
	if (claim->replaces != 0)
		fprintf(file, "%lld\t%d\t", (long long) claim->replaces, claim->replaced_occurrence + 1);
	else
		fputs("\\N\t\\N\t", file);
	WriteEscaped(now->sqlstate);
	fputc('\t', file);
	WriteEscaped(now->word);
	fputc('\t', file);
	WriteEscaped(now->detail);
	fputc('\n', file);
	lines++;
}

/* history_load copies the lines into race.history and returns how many there are. */
int64_t
history_load(PGconn *connection)
{
	char buffer[65536];
	size_t length;
	PGresult *result = PQexec(connection, "COPY race.history FROM STDIN");

	if (PQresultStatus(result) != PGRES_COPY_IN)
		die("could not load the history: %s", PQerrorMessage(connection));
	PQclear(result);
	rewind(file);
	while ((length = fread(buffer, 1, sizeof(buffer), file)) > 0)
	{
		if (PQputCopyData(connection, buffer, (int) length) != 1)
			die("could not load the history: %s", PQerrorMessage(connection));
	}
	PQputCopyEnd(connection, NULL);
	while ((result = PQgetResult(connection)) != NULL)
	{
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			die("could not load the history: %s", PQerrorMessage(connection));
		PQclear(result);
	}
	return lines;
}

/*
 * client.c
 *		One client: a connection, one request at a time, and what it makes of the answer.
 *
 * A request is up to three steps: BEGIN, the statement, COMMIT or ROLLBACK. Its outcome is known only when the
 * last one is answered. When the connection goes first, the outcome is unknown: the client makes sure that its
 * old backend is gone, connects again and looks what became of the request.
 */
#include <stdlib.h>
#include <string.h>

#include "race.h"

static const char *const begin_texts[BRACKET_COUNT] = {
	NULL, "BEGIN", "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1"};

/* Every expires_at travels as microseconds since 1970. */
#define EXPIRES "(extract(epoch FROM expires_at) * 1000000)::int8"

static const char *const texts[OP_COUNT] = {
	[OP_HOLD] = "SELECT hold_key, " EXPIRES " FROM %s($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	[OP_TRY_HOLD] = "SELECT hold_key, " EXPIRES ", conflict"
					" FROM holdfast.try_hold($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	[OP_BLOCK] = "SELECT holdfast.block($1, $2, $3, $4, 'busy-unavailable', $5)",
	[OP_CONFIRM] = "SELECT hold_key FROM holdfast.confirm($1, $2, $3)",
	[OP_RELEASE] = "SELECT %s($1, $2, $3)",
	[OP_EXTEND] = "SELECT " EXPIRES " FROM holdfast.extend($1, $2, $3, $4) AS expires_at",
	[OP_UNBLOCK] = "SELECT holdfast.unblock($1, $2, $3)",
	[OP_LOOK] =
		"SELECT count(*), count(*) FILTER (WHERE kind <> 'busy-tentative'), max(" EXPIRES "),"
		" array_to_string(array_agg(DISTINCT hold_key), ',')"
		" FROM race.calendar_%s WHERE organization_id = $1 AND resource_id = ANY ($2::uuid[])"
		" AND NOT race.is_guard(kind, hold_key)"
		" AND (holder = $3::uuid OR reference = $3::uuid OR hold_key = ANY ($4::uuid[]))"};

/* StatementName is the name a statement is prepared under. */
static const char *
StatementName(Op op, int calendar)
{
	static char name[16];

	snprintf(name, sizeof(name), "s%d_%d", op, op == OP_LOOK ? calendar : 0);
	return name;
}

/* StatementText is the statement of a request. */
static const char *
StatementText(Op op, int calendar)
{
	static char text[512];
	char calendar_text[2] = {(char) ('0' + calendar), '\0'};

	snprintf(text, sizeof(text), texts[op],
			 op == OP_HOLD		? options.hold_function
			 : op == OP_RELEASE ? options.release_function
								: calendar_text);
	return text;
}

/* Prepare prepares a statement on a new connection. */
static void
Prepare(PGconn *connection, Op op, int calendar)
{
	const char *text = StatementText(op, calendar);
	PGresult *result;

	result = PQprepare(connection, StatementName(op, calendar), text, 0, NULL);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		die("could not prepare \"%s\": %s", text, PQerrorMessage(connection));
	PQclear(result);
}

/*
 * client_open connects. Odd clients write through the executor, even ones directly where that applies. Through a pool there is
 * neither a setting nor a prepared statement of one's own.
 */
void
client_open(Client *client)
{
	char name[32];

	snprintf(name, sizeof(name), "race client %d", client->number);
	client->connection = connect_or_die(name);
	client->backend = PQbackendPID(client->connection);
	client->busy = false;
	if (options.pooled)
		return;
	PQclear(PQexec(client->connection, client->number % 2 != 0
										   ? "SET holdfast.direct_insert = off"
										   : "SET holdfast.direct_insert = on"));
	if (client->number % 8 == 3 && !options.simple)
		PQclear(
			PQexec(client->connection, "SET default_transaction_isolation = 'repeatable read'"));
	for (Op op = 0; op < OP_LOOK; op++)
	{
		if (!options.simple || op == OP_HOLD || op == OP_RELEASE)
			Prepare(client->connection, op, 0);
	}
	Prepare(client->connection, OP_LOOK, 0);
	Prepare(client->connection, OP_LOOK, 1);
}

/* ResourceSettings renders one property of the claim's resources as an array. */
static const char *
ResourceSettings(const Claim *claim, char *text, char property)
{
	char *p = text;

	for (int i = 0; i < claim->resource_count; i++)
	{
		const Resource *resource = &resources[claim->resources[i]];

		*p++ = i == 0 ? '{' : ',';
		if (property == 'c')
			p += sprintf(p, "%d", resource->capacity);
		else
			p += sprintf(p, "%d min",
						 (property == 'b' ? resource->before : resource->after) * CELL_MINUTES);
	}
	strcpy(p, "}");
	return text;
}

/* SendStatement sends the request itself. */
static int
SendStatement(Client *client)
{
	const Attempt *now = &client->now;
	const Claim *claim = &now->claim;
	const char *values[10];
	char calendar[16], ttl[32], capacities[64], before[128], after[128], resource[64], range[128];
	const char *list;
	int count = 3;

	snprintf(calendar, sizeof(calendar), "%u", calendar_oids[claim->calendar]);
	snprintf(ttl, sizeof(ttl), "%d milliseconds", now->ttl_ms);
	values[0] = calendar;
	values[1] = organization_text(claim->organization);
	values[2] = claim->keys[now->occurrence];
	switch (now->op)
	{
		case OP_HOLD:
		case OP_TRY_HOLD:
			values[2] = claim_resources(claim);
			values[3] = claim_ranges(claim);
			values[4] = holder_text(claim->holder);
			values[5] = ttl;
			values[6] = ResourceSettings(claim, capacities, 'c');
			values[7] = ResourceSettings(claim, before, 'b');
			values[8] = ResourceSettings(claim, after, 'a');
			values[9] = claim->replaces != 0 ? claim->replaced_key : NULL;
			count = 10;
			break;
		case OP_BLOCK:
			/* One of each: the arrays without their braces and quotes. */
			list = claim_resources(claim);
			snprintf(resource, sizeof(resource), "%.*s", (int) strlen(list) - 2, list + 1);
			list = claim_ranges(claim);
			snprintf(range, sizeof(range), "%.*s", (int) strlen(list) - 4, list + 2);
			values[2] = resource;
			values[3] = range;
			values[4] = holder_text(claim->holder);
			count = 5;
			break;
		case OP_EXTEND:
			values[3] = ttl;
			count = 4;
			break;
		case OP_UNBLOCK:
			if (claim->is_block)
				values[2] = holder_text(claim->holder);
			break;
		case OP_LOOK:
			values[0] = organization_text(claim->organization);
			values[1] = claim_resources(claim);
			values[2] = holder_text(claim->holder);
			values[3] = claim_keys(claim);
			count = 4;
			break;
		default:
			break;
	}
	if (options.pooled)
		return PQsendQueryParams(client->connection, StatementText(now->op, claim->calendar), count,
								 NULL, values, NULL, NULL, 0);
	return PQsendQueryPrepared(client->connection, StatementName(now->op, claim->calendar), count,
							   values, NULL, NULL, 0);
}

/* LearnRows takes in the rows of the statement. */
static void
LearnRows(Attempt *now, const PGresult *result)
{
	switch (now->op)
	{
		case OP_HOLD:
		case OP_TRY_HOLD:
			now->rows = PQntuples(result);
			if (now->op == OP_TRY_HOLD && now->rows > 0 && !PQgetisnull(result, 0, 2))
			{
				/* The same details that hold's error has. */
				now->outcome = OUTCOME_REFUSED;
				strcpy(now->word, "conflict");
				now->detail = strdup(PQgetvalue(result, 0, 2));
			}
			for (int i = 0; i < now->rows && i < MAX_OCCURRENCES; i++)
				snprintf(now->claim.keys[i], UUID_TEXT, "%s", PQgetvalue(result, i, 0));
			now->expires = now->rows > 0 ? strtoll(PQgetvalue(result, 0, 1), NULL, 10) : 0;
			break;
		case OP_BLOCK:
			snprintf(now->claim.keys[0], UUID_TEXT, "%s", holder_text(now->claim.holder));
			break;
		case OP_EXTEND:
			now->rows = PQntuples(result);
			now->expires = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
			break;
		case OP_CONFIRM:
			now->rows = PQntuples(result);
			break;
		case OP_LOOK:
			now->rows = atoi(PQgetvalue(result, 0, 0));
			now->busy = atoi(PQgetvalue(result, 0, 1));
			now->expires = strtoll(PQgetvalue(result, 0, 2), NULL, 10);
			break;
		default:
			now->rows = atoi(PQgetvalue(result, 0, 0));
			break;
	}
}

/* LearnError takes in an error. Class 57 and 08 say nothing about the outcome; anything else says none. */
static void
LearnError(Attempt *now, const PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *word = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);

	if (sqlstate == NULL || strncmp(sqlstate, "57P", 3) == 0 || strncmp(sqlstate, "08", 2) == 0)
	{
		now->outcome = OUTCOME_UNKNOWN;
		return;
	}
	now->outcome = OUTCOME_REFUSED;
	snprintf(now->sqlstate, sizeof(now->sqlstate), "%s", sqlstate);
	snprintf(now->word, sizeof(now->word), "%s", word != NULL ? word : "");
	free(now->detail);
	now->detail = detail != NULL ? strdup(detail) : NULL;
}

/* Resolve finds out, on a new connection, what became of a request whose answer was lost. */
static void
Resolve(Client *client)
{
	Attempt *now = &client->now;
	Attempt request = *now;
	char text[96];
	PGresult *result;
	bool made_keys = now->op == OP_HOLD || now->op == OP_TRY_HOLD;

	snprintf(text, sizeof(text), "SELECT pg_terminate_backend(%d, 10000)", client->backend);
	PQfinish(client->connection);
	PQclear(PQexec(admin, text));
	client_open(client);

	now->op = OP_LOOK;
	if (request.op == OP_UNBLOCK && !now->claim.is_block)
	{
		/* One occurrence only. */
		now->claim.holder = 0;
		memmove(now->claim.keys[0], request.claim.keys[now->occurrence], UUID_TEXT);
		now->claim.count = 1;
	}
	SendStatement(client);
	*now = request;
	while ((result = PQgetResult(client->connection)) != NULL)
	{
		if (PQresultStatus(result) != PGRES_TUPLES_OK)
			die("could not look: %s", PQerrorMessage(client->connection));
		now->rows = atoi(PQgetvalue(result, 0, 0));
		now->busy = atoi(PQgetvalue(result, 0, 1));
		now->expires = strtoll(PQgetvalue(result, 0, 2), NULL, 10);
		if (made_keys && now->rows > 0)
		{
			/* UUIDv7 ascends, so the keys come back in the order of the occurrences. */
			const char *key = PQgetvalue(result, 0, 3);

			for (int i = 0; i < now->claim.count && strlen(key) >= UUID_TEXT - 1; i++)
			{
				snprintf(now->claim.keys[i], UUID_TEXT, "%s", key);
				key += UUID_TEXT;
			}
		}
		PQclear(result);
	}
	if (now->op == OP_BLOCK && now->rows > 0)
		snprintf(now->claim.keys[0], UUID_TEXT, "%s", holder_text(now->claim.holder));
}

/* Finish records the attempt and lets the client go on. */
static void
Finish(Client *client)
{
	Attempt *now = &client->now;

	if (now->outcome == OUTCOME_UNKNOWN)
		Resolve(client);
	now->returned = now_us();
	history_add(client);
	plan_learn(&client->plan, now);
	free(now->detail);
	now->detail = NULL;
	client->busy = false;
}

/* SendStep sends the next step, or finishes. */
static void
SendStep(Client *client)
{
	Attempt *now = &client->now;
	bool rollback = now->bracket == BRACKET_ROLLBACK || now->outcome == OUTCOME_REFUSED;
	int sent;

	if (client->step == 0 && now->bracket == BRACKET_NONE)
		client->step = 1;
	if (now->outcome == OUTCOME_UNKNOWN || client->step > 2 ||
		(client->step == 2 && now->bracket == BRACKET_NONE))
	{
		Finish(client);
		return;
	}
	if (client->step == 0)
		sent = PQsendQuery(client->connection, begin_texts[now->bracket]);
	else if (client->step == 1)
	{
		now->invoked = now_us();
		sent = SendStatement(client);
	}
	else
	{
		if (rollback && now->outcome == OUTCOME_OK)
			now->outcome = OUTCOME_UNDONE;
		sent = PQsendQuery(client->connection, rollback ? "ROLLBACK" : "COMMIT");
	}
	if (!sent)
	{
		now->outcome = OUTCOME_UNKNOWN;
		Finish(client);
	}
}

/* client_start begins the next attempt. */
void
client_start(Client *client)
{
	plan_next(&client->plan, &client->now);
	client->now.invoked = now_us();
	client->step = 0;
	client->busy = true;
	SendStep(client);
}

/* client_read takes in what has arrived, and goes on when a step is answered. */
void
client_read(Client *client)
{
	Attempt *now = &client->now;
	PGresult *result;

	if (!PQconsumeInput(client->connection))
	{
		now->outcome = OUTCOME_UNKNOWN;
		Finish(client);
		return;
	}
	while (!PQisBusy(client->connection))
	{
		result = PQgetResult(client->connection);
		if (result == NULL)
		{
			client->step++;
			SendStep(client);
			return;
		}
		if (PQresultStatus(result) == PGRES_FATAL_ERROR)
			LearnError(now, result);
		else if (client->step == 1)
			LearnRows(now, result);
		PQclear(result);
	}
}

/* client_hang_up closes the socket under a running request, as a crashed caller would. */
void
client_hang_up(Client *client)
{
	client->now.outcome = OUTCOME_UNKNOWN;
	Finish(client);
}

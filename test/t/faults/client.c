/*
 * client.c
 *		Clients who book without end and write down what they were told.
 *
 *	client TARGET JOURNAL CLIENTS SEED PERSONS SPECIALISTS
 *
 * Each client is a process. It asks for time as PostgREST would (a transaction of its own, with role, claims and headers),
 * confirms, cancels or lets go, and appends a line to JOURNAL.<number> once the COMMIT is answered. Where the connection goes
 * before the answer, the outcome is unknown: it is written so, and the same request, under the same key, is repeated until
 * there is an answer. Odd clients connect as the first line of TARGET says, even ones as the second; the third line is the day
 * from which to book. All are read anew for every connection. SIGTERM ends a client after the request that it is at.
 *
 * A line: client, request, operation, specialist, person, start (minutes), hold_key, asked, answered (microseconds), outcome
 * (ok, refused, failed, unknown), SQLSTATE, word. "failed" is an error that says that nothing was done.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <libpq-fe.h>

typedef struct Request
{
	unsigned long id;
	const char *operation;
	int specialist;
	int person;
	int start;
	char key[40];
} Request;

typedef struct Answer
{
	char outcome[8];
	char state[6];
	char word[40];
	char value[40];
} Answer;

static volatile sig_atomic_t stopping = 0;
static const char *target;
static int number;
static int run;
static int journal;
static int first_day;
static unsigned long requests = 0;
static PGconn *connection = NULL;

static void
Stop(int signal_number)
{
	(void) signal_number;
	stopping = 1;
}

static long long
Now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void
Sleep(int milliseconds)
{
	struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000L};

	nanosleep(&pause, NULL);
}

/* Connect connects as the target says now; false when that does not work. */
static int
Connect(void)
{
	char lines[3][512] = {"", "", ""};
	FILE *file = fopen(target, "r");

	if (connection != NULL)
		PQfinish(connection);
	connection = NULL;
	for (int i = 0; file != NULL && i < 3; i++)
	{
		if (fgets(lines[i], sizeof(lines[i]), file) != NULL)
			lines[i][strcspn(lines[i], "\n")] = '\0';
	}
	if (file != NULL)
		fclose(file);
	first_day = atoi(lines[2]);
	connection = PQconnectdb(lines[number % 2 != 0 ? 0 : 1]);
	return PQstatus(connection) == CONNECTION_OK;
}

/* Record appends one line; the kernel keeps it whatever happens to the server. */
static void
Record(const Request *request, long long asked, const Answer *answer)
{
	char line[512];
	int length = snprintf(line, sizeof(line), "%d\t%d-%d-%lu\t%s\t%d\t%d\t%d\t%s\t%lld\t%lld\t%s\t%s\t%s\n", number, run, number,
						  request->id, request->operation, request->specialist, request->person, request->start,
						  answer->value[0] != '\0' ? answer->value : (request->key[0] != '\0' ? request->key : "\\N"), asked, Now(),
						  answer->outcome, answer->state, answer->word);

	if (write(journal, line, length) != length)
		abort();
}

/* Run runs one statement of a transaction; false when it did not succeed, and then answer says why. */
static int
Run(Answer *answer, const char *text, int count, const char *const *values)
{
	PGresult *result = PQexecParams(connection, text, count, NULL, values, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(result);
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *word = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	int good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;

	if (good && PQntuples(result) == 1 && PQnfields(result) == 1 && !PQgetisnull(result, 0, 0))
		snprintf(answer->value, sizeof(answer->value), "%s", PQgetvalue(result, 0, 0));
	if (!good)
	{
		answer->value[0] = '\0';
		snprintf(answer->state, sizeof(answer->state), "%.5s", state != NULL ? state : "");
		snprintf(answer->word, sizeof(answer->word), "%.39s", word != NULL ? word : PQerrorMessage(connection));
		for (char *c = answer->word; *c != '\0'; c++)
			*c = *c == '\t' || *c == '\n' || *c == '\\' ? ' ' : *c;
		/* Only an ERROR on a connection that lives says for sure that nothing was done. */
		if (PQstatus(connection) != CONNECTION_OK || severity == NULL || strcmp(severity, "ERROR") != 0)
			strcpy(answer->outcome, "unknown");
		else
			strcpy(answer->outcome, strncmp(answer->state, "PT", 2) == 0 ? "refused" : "failed");
	}
	PQclear(result);
	return good;
}

/* Try makes one attempt at a request. */
static void
Try(const Request *request, Answer *answer)
{
	char claims[300];
	char headers[80];
	char text[600];
	char key[40];
	const char *settings[2] = {claims, headers};

	memset(answer, 0, sizeof(*answer));
	snprintf(claims, sizeof(claims),
			 "{\"role\":\"authenticated\",\"sub\":\"00000000-0000-0000-0000-0000000d%04d\","
			 "\"organization_id\":\"00000000-0000-0000-0000-0000000000a1\"}",
			 request->person);
	snprintf(headers, sizeof(headers), "{\"idempotency-key\":\"%d-%d-%lu\"}", run, number, request->id);
	if (strcmp(request->operation, "hold") == 0)
		snprintf(text, sizeof(text),
				 "SELECT public.request_hold(specialist_id => '00000000-0000-0000-0000-0000000b%04d',"
				 " client_id => '00000000-0000-0000-0000-0000000c%04d', start_time => '2031-01-01Z'::timestamptz + interval '%d minutes',"
				 " end_time => '2031-01-01Z'::timestamptz + interval '%d minutes', hold_seconds => 60) ->> 'hold_key'",
				 request->specialist, request->person, request->start, request->start + 50);
	else if (strcmp(request->operation, "confirm") == 0)
		snprintf(text, sizeof(text),
				 "SELECT public.confirm_booking($1, '{\"notes\": \"%d-%d-%lu\"}') -> 'booking' ->> 'id'", run, number, request->id);
	else
		snprintf(text, sizeof(text), strcmp(request->operation, "cancel") == 0
										 ? "SELECT public.cancel_booking($1) -> 'booking' ->> 'id'"
										 : "SELECT public.cancel_hold($1) ->> 'released'");
	snprintf(key, sizeof(key), "%s", request->key);
	const char *argument = key;

	if (!Run(answer, "BEGIN", 0, NULL) ||
		!Run(answer, "SELECT set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true),"
					 " set_config('request.headers', $2, true)", 2, settings))
	{
		/* The work was not even sent. */
		strcpy(answer->outcome, "failed");
		return;
	}
	answer->value[0] = '\0';
	if (Run(answer, text, request->key[0] != '\0', &argument))
	{
		Answer commit;

		memset(&commit, 0, sizeof(commit));
		if (Run(&commit, "COMMIT", 0, NULL))
			strcpy(answer->outcome, "ok");
		else
			*answer = commit;
		if (strcmp(request->operation, "release") == 0)
			answer->value[0] = '\0';
	}
	else if (strcmp(answer->outcome, "unknown") == 0)
		strcpy(answer->outcome, "failed"); /* COMMIT was not sent */
	else
	{
		Answer ignored;

		Run(&ignored, "ROLLBACK", 0, NULL);
	}
}

/* Ask makes a request until there is an answer: true when it was done. Gives up two minutes after the server has gone. */
static int
Ask(Request *request, Answer *answer)
{
	long long give_up = Now() + 120 * 1000000LL;

	request->id = ++requests;
	for (;;)
	{
		long long asked = Now();

		if (connection == NULL || PQstatus(connection) != CONNECTION_OK)
		{
			if (!Connect())
			{
				if (Now() > give_up)
					exit(3);
				Sleep(50);
				continue;
			}
		}
		Try(request, answer);
		Record(request, asked, answer);
		if (strcmp(answer->outcome, "ok") == 0)
			return 1;
		if (strcmp(answer->outcome, "refused") == 0 && strcmp(answer->word, "request_in_progress") != 0)
			return 0;
		if (strcmp(answer->outcome, "failed") == 0 && PQstatus(connection) == CONNECTION_OK && stopping)
			return 0;
		Sleep(20);
	}
}

/* Book asks for time, and does with it what chance says. */
static void
Book(unsigned int *seed, int persons, int specialists)
{
	Request request = {0, "hold", rand_r(seed) % specialists, rand_r(seed) % persons, 0, ""};
	Answer answer;
	int chance = rand_r(seed) % 100;

	request.start = first_day * 1440 + rand_r(seed) % 95 * 30;
	if (!Ask(&request, &answer))
		return;
	snprintf(request.key, sizeof(request.key), "%.36s", answer.value);
	if (chance < 10)
		return; /* it lapses */
	request.operation = chance < 20 ? "release" : "confirm";
	if (!Ask(&request, &answer) || chance < 75)
		return;
	request.operation = "cancel";
	Ask(&request, &answer);
}

int
main(int argc, char **argv)
{
	int clients;

	if (argc != 7)
		return 2;
	target = argv[1];
	clients = atoi(argv[3]);
	run = atoi(argv[4]);
	for (number = 1; number <= clients; number++)
	{
		if (fork() == 0)
		{
			char name[1000];
			unsigned int seed = (unsigned int) atoi(argv[4]) * 1000 + number;

			snprintf(name, sizeof(name), "%s.%d", argv[2], number);
			journal = open(name, O_CREAT | O_WRONLY | O_APPEND, 0600);
			if (journal < 0)
				abort();
			signal(SIGTERM, Stop);
			while (!stopping)
			{
				Book(&seed, atoi(argv[5]), atoi(argv[6]));
				Sleep(40);
			}
			exit(0);
		}
	}
	signal(SIGTERM, SIG_IGN); /* for the whole group; we wait for the clients */
	int status;
	int bad = 0;

	while (wait(&status) > 0 || errno == EINTR)
		bad |= status != 0;
	return bad ? 1 : 0;
}

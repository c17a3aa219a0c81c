/*
 * race.c
 *		Runs the clients from one event loop, kills some, and leaves the history in race.history.
 *
 *	race [--attempts N] [--clients N] [--per-epoch N] [--kill-every N] [--seed N] [--transactions PERCENT]
 *		 [--simple] [--pooled] [--hold FUNCTION] [--release FUNCTION]
 *
 * The server is the one of PGHOST, PGPORT, PGDATABASE; setup.sql has been run there. Beside the clients there are a
 * sweeper, which calls expire(), and a watcher, which looks for overlaps while everything moves; both use SQL
 * functions that setup.sql made.
 */
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "race.h"

#define MAX_CLIENTS 256

/* A statement repeated beside the clients. */
typedef struct Helper
{
	PGconn *connection;
	const char *text; /* with %d for the epoch */
	int64_t pause;	  /* microseconds between two */
	int64_t next;
	bool busy;
} Helper;

Options options = {.attempts = 20000,
				   .clients = 64,
				   .per_epoch = 1500,
				   .kill_every = 300,
				   .transactions = 25,
				   .hold_function = "holdfast.hold",
				   .release_function = "holdfast.release"};
unsigned calendar_oids[CALENDARS];
PGconn *admin;

static Client clients[MAX_CLIENTS];
static Helper helpers[] = {{.text = "SELECT race.sweep(%d)", .pause = 15000},
						   {.text = "SELECT race.watch(%d)", .pause = 100000}};
#define HELPERS ((int) (sizeof(helpers) / sizeof(helpers[0])))

void
die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(2);
}

/* now_us is the time by the clock that the server reads too. */
int64_t
now_us(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return (int64_t) now.tv_sec * 1000000 + now.tv_usec;
}

/* IgnoreNotice is for the farewells of backends that were terminated. */
static void
IgnoreNotice(void *arg, const char *message)
{
	(void) arg;
	(void) message;
}

/* connect_or_die connects to the server of the environment. */
PGconn *
connect_or_die(const char *name)
{
	const char *keywords[] = {"application_name", NULL};
	const char *values[] = {name, NULL};
	PGconn *connection = PQconnectdbParams(keywords, values, 0);

	if (PQstatus(connection) != CONNECTION_OK)
		die("could not connect: %s", PQerrorMessage(connection));
	PQsetNoticeProcessor(connection, IgnoreNotice, NULL);
	return connection;
}

/* ReadOptions reads the command line. */
static void
ReadOptions(int argc, char **argv)
{
	options.seed = (uint64_t) now_us();
	for (int i = 1; i < argc; i++)
	{
		const char *name = argv[i];

		if (strcmp(name, "--simple") == 0)
		{
			options.simple = true;
			continue;
		}
		if (strcmp(name, "--pooled") == 0)
		{
			options.pooled = true;
			continue;
		}
		if (i + 1 == argc)
			die("what is %s?", name);
		i++;
		if (strcmp(name, "--attempts") == 0)
			options.attempts = atoll(argv[i]);
		else if (strcmp(name, "--clients") == 0)
			options.clients = atoi(argv[i]);
		else if (strcmp(name, "--per-epoch") == 0)
			options.per_epoch = atoi(argv[i]);
		else if (strcmp(name, "--kill-every") == 0)
			options.kill_every = atoi(argv[i]);
		else if (strcmp(name, "--transactions") == 0)
			options.transactions = atoi(argv[i]);
		else if (strcmp(name, "--seed") == 0)
			options.seed = strtoull(argv[i], NULL, 10);
		else if (strcmp(name, "--hold") == 0)
			options.hold_function = argv[i];
		else if (strcmp(name, "--release") == 0)
			options.release_function = argv[i];
		else
			die("what is %s?", name);
	}
	/* Through a pool, a client's backend is not its own to be killed. */
	if (options.pooled)
		options.kill_every = 0;
	if (options.clients < 1 || options.clients > MAX_CLIENTS)
		die("there can be 1 to %d clients", MAX_CLIENTS);
}

/* FindCalendars reads the OIDs that setup.sql left. */
static void
FindCalendars(void)
{
	PGresult *result =
		PQexec(admin, "SELECT 'race.calendar_0'::regclass::oid, 'race.calendar_1'::regclass::oid");

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		die("there are no calendars: %s", PQerrorMessage(admin));
	for (int i = 0; i < CALENDARS; i++)
		calendar_oids[i] = (unsigned) strtoul(PQgetvalue(result, 0, i), NULL, 10);
	PQclear(result);
}

/* KillSomebody takes a busy client's connection away: half the time from the server's side. */
static void
KillSomebody(void)
{
	Client *client = &clients[rng_below(options.clients)];
	char text[96];

	if (!client->busy)
		return;
	if (rng_percent(50))
	{
		snprintf(text, sizeof(text), "SELECT pg_terminate_backend(%d)", client->backend);
		PQclear(PQexec(admin, text));
	}
	else
		client_hang_up(client);
}

/* RunHelper sends a helper's statement when it is time, or takes its answer in. */
static void
RunHelper(Helper *helper, bool readable)
{
	PGresult *result;
	char text[64];

	if (!helper->busy && now_us() >= helper->next)
	{
		snprintf(text, sizeof(text), helper->text, (int) (plan_requests() / options.per_epoch));
		PQsendQuery(helper->connection, text);
		helper->busy = true;
	}
	if (!readable)
		return;
	PQconsumeInput(helper->connection);
	while (helper->busy && !PQisBusy(helper->connection))
	{
		result = PQgetResult(helper->connection);
		if (result == NULL)
		{
			helper->busy = false;
			helper->next = now_us() + helper->pause;
		}
		else if (PQresultStatus(result) != PGRES_TUPLES_OK)
			die("\"%s\" failed: %s", helper->text, PQerrorMessage(helper->connection));
		PQclear(result);
	}
}

/* StopHelpers lets the helpers finish, and notes when nothing moved any more. */
static void
StopHelpers(void)
{
	PGresult *result;

	for (int i = 0; i < HELPERS; i++)
	{
		while ((result = PQgetResult(helpers[i].connection)) != NULL)
			PQclear(result);
		PQfinish(helpers[i].connection);
	}
	PQclear(PQexec(admin, "INSERT INTO race.stopped VALUES (clock_timestamp())"));
}

/* Wait sleeps until some connection has something to say, or a helper's pause may be over. */
static void
Wait(struct pollfd *polls)
{
	int n = 0;

	for (int i = 0; i < options.clients; i++, n++)
		polls[n] = (struct pollfd){.fd = PQsocket(clients[i].connection), .events = POLLIN};
	for (int i = 0; i < HELPERS; i++, n++)
		polls[n] = (struct pollfd){.fd = PQsocket(helpers[i].connection), .events = POLLIN};
	poll(polls, (nfds_t) n, 5);
}

/* Run lets the clients go until enough has been asked for and everything is answered. */
static void
Run(void)
{
	struct pollfd polls[MAX_CLIENTS + HELPERS];
	int64_t next_kill = options.kill_every;
	int waiting;

	do
	{
		waiting = 0;
		for (int i = 0; i < options.clients; i++)
		{
			if (!clients[i].busy && !plan_exhausted())
				client_start(&clients[i]);
			waiting += clients[i].busy;
		}
		if (options.kill_every > 0 && plan_requests() >= next_kill)
		{
			KillSomebody();
			next_kill += options.kill_every;
		}
		Wait(polls);
		for (int i = 0; i < options.clients; i++)
		{
			if (clients[i].busy && polls[i].fd == PQsocket(clients[i].connection) &&
				polls[i].revents != 0)
				client_read(&clients[i]);
		}
		for (int i = 0; i < HELPERS; i++)
			RunHelper(&helpers[i], polls[options.clients + i].revents != 0);
	} while (waiting > 0 || !plan_exhausted());
}

int
main(int argc, char **argv)
{
	int64_t started;
	int64_t lines;
	double seconds;

	ReadOptions(argc, argv);
	printf("seed %llu\n", (unsigned long long) options.seed);
	fflush(stdout);
	rng_seed(options.seed);
	admin = connect_or_die("race admin");
	FindCalendars();
	history_open();
	for (int i = 0; i < options.clients; i++)
	{
		clients[i].number = i;
		client_open(&clients[i]);
	}
	for (int i = 0; i < HELPERS; i++)
		helpers[i].connection = connect_or_die("race helper");

	started = now_us();
	Run();
	StopHelpers();
	seconds = (double) (now_us() - started) / 1e6;
	lines = history_load(admin);
	printf("%lld requests for time, %lld attempts in all, %.1f s, %.0f attempts/s\n",
		   (long long) plan_requests(), (long long) lines, seconds, (double) lines / seconds);
	return 0;
}

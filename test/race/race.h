/*
 * race.h
 *		The double-booking checker: many clients, random overlapping requests, a recorded history.
 *
 * plan.c decides what a client asks for next, client.c asks it, history.c writes down what was asked and answered,
 * race.c runs them all from one event loop. What the history proves is decided in SQL, by checks.sql.
 */
#ifndef RACE_H
#define RACE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define MAX_OCCURRENCES 4
#define MAX_RESOURCES	3
#define MAX_HAND		4 /* holds and bookings that one client remembers */
#define CALENDARS		2
#define UUID_TEXT		37

/* One world: resources by number, time as quarter hours of one day. setup.sql has the same table. */
#define RESOURCES	 7
#define CELLS		 32
#define CELL_MINUTES 15

typedef struct Resource
{
	const char *name;
	int capacity;
	int before; /* buffers, in cells */
	int after;
} Resource;

extern const Resource resources[RESOURCES];

typedef enum Op
{
	OP_HOLD,
	OP_TRY_HOLD,
	OP_BLOCK,
	OP_CONFIRM,
	OP_RELEASE,
	OP_EXTEND,
	OP_UNBLOCK,
	OP_LOOK,
	OP_COUNT
} Op;

typedef enum Bracket
{
	BRACKET_NONE,		/* a transaction of its own */
	BRACKET_COMMIT,		/* BEGIN; request; COMMIT */
	BRACKET_ROLLBACK,	/* BEGIN; request; ROLLBACK */
	BRACKET_REPEATABLE, /* the same under REPEATABLE READ, with a snapshot older than the request */
	BRACKET_COUNT
} Bracket;

typedef enum Outcome
{
	OUTCOME_OK,
	OUTCOME_REFUSED, /* the server answered with an error, or try_hold with a conflict */
	OUTCOME_UNDONE,	 /* done, then rolled back by the client */
	OUTCOME_UNKNOWN	 /* the connection went before the answer */
} Outcome;

typedef struct Range
{
	int first;
	int cells;
} Range;

/* Where and what: fixed when it is first asked for, then carried along by everything that concerns it. */
typedef struct Claim
{
	int64_t holder; /* number of the attempt that made it */
	int calendar;
	int organization;
	int epoch;
	int resources[MAX_RESOURCES]; /* by number, in any order */
	int resource_count;
	int count; /* occurrences */
	Range ranges[MAX_OCCURRENCES];
	char keys[MAX_OCCURRENCES][UUID_TEXT];
	bool is_block;
	bool confirmed;
	int64_t replaces; /* holder of the booking whose place it is to take, or 0 */
	int replaced_occurrence;
	char replaced_key[UUID_TEXT];
} Claim;

/* One request and its answer. */
typedef struct Attempt
{
	int64_t id;
	Op op;
	Bracket bracket;
	Claim claim;
	int occurrence; /* the key of the claim that is named */
	int ttl_ms;
	int64_t invoked; /* microseconds since 1970 */
	int64_t returned;
	Outcome outcome;
	char sqlstate[6];
	char word[64];
	char *detail;
	int64_t expires; /* 0: none known */
	int rows;		 /* what an unknown answer, or a look, found */
	int busy;
} Attempt;

typedef struct Options
{
	int64_t attempts; /* requests for time: hold, try_hold, block */
	int clients;
	int per_epoch;
	int kill_every;
	int transactions; /* per cent of the requests for time that are part of a longer transaction */
	bool pooled;	  /* through a pool in transaction mode: no prepared statement, no setting of a session */
	bool simple;	  /* one resource, one occurrence; only hold and release */
	uint64_t seed;
	const char *hold_function;
	const char *release_function;
} Options;

extern Options options;
extern unsigned calendar_oids[CALENDARS];

/* rng: splitmix64, one stream */
extern void rng_seed(uint64_t seed);
extern int rng_below(int n);
extern bool rng_percent(int percent);

/* plan.c */
typedef struct Plan
{
	Claim hand[MAX_HAND];
	int held;
} Plan;

extern void plan_next(Plan *plan, Attempt *attempt);
extern void plan_learn(Plan *plan, const Attempt *attempt);
extern bool plan_exhausted(void);
extern int64_t plan_requests(void);

/* client.c */
typedef struct Client
{
	int number;
	PGconn *connection;
	int backend; /* its process id */
	Plan plan;
	Attempt now;
	int step;
	bool busy;
} Client;

extern void client_open(Client *client);
extern void client_start(Client *client);
extern void client_read(Client *client);
extern void client_hang_up(Client *client);

/* history.c */
extern void history_open(void);
extern void history_add(const Client *client);
extern int64_t history_load(PGconn *connection);
extern const char *claim_resources(const Claim *claim);
extern const char *claim_ranges(const Claim *claim);
extern const char *claim_keys(const Claim *claim);
extern const char *organization_text(int organization);
extern const char *holder_text(int64_t holder);

/* race.c */
extern PGconn *admin;
extern PGconn *connect_or_die(const char *name);
extern void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
extern int64_t now_us(void);

#endif

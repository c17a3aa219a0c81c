/*
 * plan.c
 *		What a client asks for next, by dice.
 *
 * An epoch is a set of resources of its own: all clients contend for one epoch at a time, then move on, so that
 * bookings pile up in the table without the run ever choking on a full calendar.
 */
#include <string.h>

#include "race.h"

const Resource resources[RESOURCES] = {
	{"specialist 0", 1, 0, 1}, {"specialist 1", 1, 0, 0}, {"client 0", 1, 0, 0},
	{"client 1", 1, 0, 0},	   {"client 2", 1, 1, 0},	  {"client 3", 1, 0, 0},
	{"room", 3, 1, 1},
};

static uint64_t rng_state;
static int64_t requests = 0; /* for time, so far */
static int64_t attempts = 0; /* of any kind */

/* Claims that anybody may act on: two people press the button, or a request is sent twice. */
static Claim shared_claims[128];
static int shared_count = 0;

void
rng_seed(uint64_t seed)
{
	rng_state = seed;
}

/* rng_below returns a number from 0 to n - 1. */
int
rng_below(int n)
{
	uint64_t z = (rng_state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (int) ((z ^ (z >> 31)) % (uint64_t) n);
}

bool
rng_percent(int percent)
{
	return rng_below(100) < percent;
}

bool
plan_exhausted(void)
{
	return requests >= options.attempts;
}

int64_t
plan_requests(void)
{
	return requests;
}

/* Shuffle puts resources into any order: whoever locks them as they come deadlocks. */
static void
Shuffle(int *resources, int count)
{
	for (int i = count - 1; i > 0; i--)
	{
		int j = rng_below(i + 1);
		int swap = resources[i];

		resources[i] = resources[j];
		resources[j] = swap;
	}
}

/* RandomResources picks one resource, or a specialist with a client and mostly the room. */
static void
RandomResources(Claim *claim)
{
	claim->resource_count = 1;
	if (options.simple)
		claim->resources[0] = 1 + rng_below(2); /* two without buffers */
	else if (claim->is_block)
		claim->resources[0] = rng_below(RESOURCES - 1);
	else if (rng_percent(45))
		claim->resources[0] = rng_below(RESOURCES);
	else
	{
		claim->resources[0] = rng_below(2);
		claim->resources[1] = 2 + rng_below(4);
		claim->resources[2] = RESOURCES - 1;
		claim->resource_count = rng_percent(70) ? 3 : 2;
		Shuffle(claim->resources, claim->resource_count);
	}
}

/* RandomRanges fills in occurrences that leave each other room for any buffer, in any order. */
static void
RandomRanges(Claim *claim)
{
	int part;

	claim->count = options.simple || rng_percent(70) ? 1 : 2 + rng_below(MAX_OCCURRENCES - 1);
	part = CELLS / claim->count;
	for (int i = 0; i < claim->count; i++)
	{
		Range *range = &claim->ranges[i];

		range->cells = 1 + rng_below(claim->count == 1 ? 6 : part - 3);
		range->first = i * part + 1 + rng_below(part - range->cells - 1);
	}
	for (int i = claim->count - 1; i > 0; i--)
	{
		int j = rng_below(i + 1);
		Range swap = claim->ranges[i];

		claim->ranges[i] = claim->ranges[j];
		claim->ranges[j] = swap;
	}
}

/* RandomBracket picks a transaction around the request; who writes it by hand uses READ COMMITTED. */
static Bracket
RandomBracket(void)
{
	return (Bracket) rng_below(options.simple ? BRACKET_REPEATABLE : BRACKET_COUNT);
}

/* BeginRequest is what requests for time have in common. */
static void
BeginRequest(Attempt *attempt)
{
	requests++;
	attempt->bracket = rng_percent(options.transactions) ? RandomBracket() : BRACKET_NONE;
	attempt->ttl_ms = rng_percent(60) ? 20 + rng_below(200) : 5000;
}

/* PlanMove asks for time near that of a booking, whose place it is to take. */
static void
PlanMove(Attempt *attempt, const Claim *booking)
{
	Claim *claim = &attempt->claim;
	Range *range = &claim->ranges[0];
	int n = rng_below(booking->count);
	int latest;

	BeginRequest(attempt);
	attempt->op = rng_percent(80) ? OP_HOLD : OP_TRY_HOLD;
	*claim = *booking;
	memset(claim->keys, 0, sizeof(claim->keys));
	claim->confirmed = false;
	claim->holder = attempt->id;
	claim->count = 1;
	claim->replaces = booking->holder;
	claim->replaced_occurrence = n;
	strcpy(claim->replaced_key, booking->keys[n]);
	range->cells = 1 + rng_below(6);
	latest = CELLS - range->cells - 1;
	range->first = booking->ranges[n].first - 4 + rng_below(9);
	range->first = range->first < 1 ? 1 : range->first > latest ? latest : range->first;
}

/* PlanRequest asks for time. */
static void
PlanRequest(Attempt *attempt)
{
	Claim *claim = &attempt->claim;
	int dice = rng_below(100);

	BeginRequest(attempt);
	attempt->op = options.simple || dice < 70 ? OP_HOLD : dice < 95 ? OP_TRY_HOLD : OP_BLOCK;
	claim->holder = attempt->id;
	claim->calendar = rng_percent(70) ? 0 : 1;
	claim->organization = rng_percent(75) ? 0 : 1;
	claim->epoch = (int) ((requests - 1) / options.per_epoch);
	claim->is_block = attempt->op == OP_BLOCK;
	RandomResources(claim);
	RandomRanges(claim);
	if (claim->is_block)
		claim->count = 1;
}

/* PlanFollowUp acts on a claim, or asks for the time to move it to. */
static void
PlanFollowUp(Attempt *attempt, const Claim *claim)
{
	int dice = rng_below(100);

	if (claim->confirmed && rng_percent(40))
	{
		PlanMove(attempt, claim);
		return;
	}
	attempt->claim = *claim;
	attempt->bracket = rng_percent(90) ? BRACKET_NONE : RandomBracket();
	attempt->occurrence = rng_below(claim->count);
	attempt->ttl_ms = rng_percent(70) ? 50 + rng_below(300) : 5000;
	if (options.simple)
		attempt->op = OP_RELEASE;
	else if (claim->is_block || claim->confirmed)
		attempt->op = dice < 80 ? OP_UNBLOCK : dice < 90 || claim->is_block ? OP_LOOK : OP_CONFIRM;
	else
		attempt->op = dice < 35	  ? OP_CONFIRM
					  : dice < 75 ? OP_RELEASE
					  : dice < 90 ? OP_EXTEND
								  : OP_LOOK;
}

/* plan_next fills in a client's next attempt. */
void
plan_next(Plan *plan, Attempt *attempt)
{
	memset(attempt, 0, sizeof(*attempt));
	attempt->id = ++attempts;
	if (!options.simple && shared_count > 0 && rng_percent(8))
		PlanFollowUp(attempt, &shared_claims[rng_below(shared_count)]);
	else if (plan->held > 0 && (plan->held == MAX_HAND || rng_percent(60)))
		PlanFollowUp(attempt, &plan->hand[rng_below(plan->held)]);
	else
		PlanRequest(attempt);
}

/* Forget drops the claim of an attempt from the hand. */
static void
Forget(Plan *plan, int64_t holder)
{
	for (int i = 0; i < plan->held; i++)
	{
		if (plan->hand[i].holder == holder)
			plan->hand[i--] = plan->hand[--plan->held];
	}
}

/* Remember puts a claim into the hand and where others find it. */
static void
Remember(Plan *plan, const Claim *claim)
{
	int size = (int) (sizeof(shared_claims) / sizeof(shared_claims[0]));

	Forget(plan, claim->holder);
	if (plan->held < MAX_HAND)
		plan->hand[plan->held++] = *claim;
	shared_claims[shared_count < size ? shared_count++ : rng_below(size)] = *claim;
}

/* plan_learn takes an answer in: what the client goes on with, and what it forgets or leaves to lapse. */
void
plan_learn(Plan *plan, const Attempt *attempt)
{
	Claim claim = attempt->claim;
	bool done = attempt->outcome == OUTCOME_OK;

	switch (attempt->op)
	{
		case OP_HOLD:
		case OP_TRY_HOLD:
		case OP_BLOCK:
			if (attempt->outcome == OUTCOME_UNKNOWN ? attempt->rows > 0 : done && rng_percent(85))
				Remember(plan, &claim);
			break;
		case OP_CONFIRM:
			Forget(plan, claim.holder);
			if (done && rng_percent(85))
			{
				claim.confirmed = true;
				Remember(plan, &claim);
			}
			break;
		case OP_EXTEND:
		case OP_LOOK:
			if (!done)
				Forget(plan, claim.holder);
			break;
		default:
			if (attempt->outcome != OUTCOME_UNDONE)
				Forget(plan, claim.holder);
			break;
	}
}

/*
 * quota_core.c
 *		The arithmetic of a quota.
 */
#include <stdint.h>
#include <string.h>

#include "quota/quota_core.h"

const int hf_quota_thresholds[HF_QUOTA_THRESHOLDS] = {50, 80, 100};

/* Least is the smaller of two numbers. */
static int
Least(int a, int b)
{
	return a < b ? a : b;
}

/* hf_quota_carried adds up the lots. */
int
hf_quota_carried(const HfQuotaState *state)
{
	int total = 0;

	for (int i = 0; i < state->lots; i++)
		total += state->carried[i];
	return total;
}

/* hf_quota_carry_room says how far the limit is away. */
int
hf_quota_carry_room(const HfQuotaState *state, const HfQuotaRules *rules)
{
	int carried = hf_quota_carried(state);
	int limit = rules->carry_limit < 0 ? HF_QUOTA_MAX_UNITS : rules->carry_limit;

	return limit > carried ? limit - carried : 0;
}

/* hf_quota_set_lots keeps the life that is left to each lot, or the whole of a shorter one. */
void
hf_quota_set_lots(HfQuotaState *state, int from, int to)
{
	int lots = to == 0 ? 1 : to;
	int old[HF_QUOTA_MAX_CARRY_PERIODS];

	memcpy(old, state->carried, sizeof(old));
	memset(state->carried, 0, sizeof(state->carried));
	for (int i = 0; i < state->lots; i++)
		state->carried[from == 0 ? lots - 1 : Least(i, lots - 1)] += old[i];
	state->lots = lots;
}

/* KeepUnused reduces the lots to what is left of them, and returns what is left of the rest. */
static int
KeepUnused(HfQuotaState *state)
{
	int granted = state->available - hf_quota_carried(state);
	int left = state->balance;
	int fresh = Least(left, granted > 0 ? granted : 0);

	left -= fresh;
	for (int i = state->lots - 1; i >= 0; i--)
	{
		state->carried[i] = Least(state->carried[i], left);
		left -= state->carried[i];
	}
	/* more than the lots and the allocation explain can only be fresh */
	return fresh + left;
}

/* Age moves every lot one period on, adds what is fresh, and returns what has reached its end. */
static int
Age(HfQuotaState *state, int fresh, bool for_ever)
{
	int lapsed = state->carried[0];

	if (for_ever)
	{
		state->carried[0] += fresh;
		return 0;
	}
	memmove(&state->carried[0], &state->carried[1], sizeof(int) * (state->lots - 1));
	state->carried[state->lots - 1] = fresh;
	return lapsed;
}

/* Trim cuts the lots to a limit, the oldest first, and returns how many units that were. */
static int
Trim(HfQuotaState *state, int limit)
{
	int excess = hf_quota_carried(state) - limit;
	int lapsed = excess > 0 ? excess : 0;

	for (int i = 0; i < state->lots && excess > 0; i++)
	{
		int cut = Least(state->carried[i], excess);

		state->carried[i] -= cut;
		excess -= cut;
	}
	return lapsed;
}

/* hf_quota_fit cuts the lots to what is available. */
void
hf_quota_fit(HfQuotaState *state)
{
	(void) Trim(state, state->available);
}

/* hf_quota_roll ends a period and begins the next. */
HfQuotaClosing
hf_quota_roll(HfQuotaState *state, const HfQuotaRules *rules)
{
	int most = HF_QUOTA_MAX_UNITS - rules->allocation;
	HfQuotaClosing closing;
	int fresh;

	closing.used = state->available - state->balance;
	state->shortfall = 0;
	fresh = KeepUnused(state);
	if (state->lots != (rules->carry_periods == 0 ? 1 : rules->carry_periods))
		hf_quota_set_lots(state, state->lots, rules->carry_periods);
	closing.lapsed = Age(state, fresh, rules->carry_periods == 0);
	closing.lapsed += Trim(state, rules->carry_limit < 0 ? most : Least(rules->carry_limit, most));
	closing.carried = hf_quota_carried(state);
	state->balance = state->available = closing.carried + rules->allocation;
	return closing;
}

/* hf_quota_reallocate settles a change with the shortfall; the caller changes the balance. */
int
hf_quota_reallocate(HfQuotaState *state, int delta)
{
	int taken;

	if (delta >= 0)
	{
		int made_up = Least(delta, state->shortfall);

		state->shortfall -= made_up;
		return delta - made_up;
	}
	taken = Least(-delta, state->balance);
	state->shortfall += -delta - taken;
	return -taken;
}

/* hf_quota_level counts the thresholds that are reached; of nothing, none is. */
int
hf_quota_level(int available, int balance)
{
	int64_t used = (int64_t) available - balance;
	int level = 0;

	if (available <= 0)
		return 0;
	while (level < HF_QUOTA_THRESHOLDS &&
		   used * 100 >= (int64_t) available * hf_quota_thresholds[level])
		level++;
	return level;
}

/*
 * quota.c
 *		The arithmetic of a quota, unit by unit: every account is played again with a list of units, each of which knows
 *		when it lapses, and all that is said of lots and totals is compared with counting them.
 */
#include "fuzz.h"
#include "quota/quota_core.h"

#define UNITS 4096

/* the input, byte by byte; zero when it is used up */
typedef struct Input
{
	const uint8_t *data;
	size_t size;
} Input;

static int
Next(Input *input, int limit)
{
	if (input->size == 0)
		return 0;
	input->size--;
	return *input->data++ % limit;
}

/* One unit that is left: how many more periods it can be used for; negative: for ever. */
static int units[UNITS];
static int unit_count;

/* the one that lapses first is used first, of those the one that is there for longest */
static void
UseOne(void)
{
	int first = 0;

	for (int i = 1; i < unit_count; i++)
	{
		if (units[i] >= 0 && (units[first] < 0 || units[i] < units[first]))
			first = i;
	}
	memmove(&units[first], &units[first + 1], sizeof(int) * (unit_count - first - 1));
	unit_count--;
}

/* drops the units that a filter names, and counts them */
static int
DropSpent(void)
{
	int kept = 0;
	int dropped;

	for (int i = 0; i < unit_count; i++)
	{
		if (units[i] != 0)
			units[kept++] = units[i] < 0 ? -1 : units[i] - 1;
	}
	dropped = unit_count - kept;
	unit_count = kept;
	return dropped;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input input = {data, size};
	int periods = Next(&input, 5);
	HfQuotaRules rules = {.allocation = Next(&input, 12),
						  .carry_limit = Next(&input, 3) == 0 ? -1 : Next(&input, 30),
						  .carry_periods = periods};
	HfQuotaState state = {.lots = periods == 0 ? 1 : periods};

	/* a fresh unit can be used in this period and in as many more as carried units live */
	unit_count = 0;
	state.balance = state.available = rules.allocation;
	for (int i = 0; i < rules.allocation; i++)
		units[unit_count++] = periods == 0 ? -1 : periods;
	for (int step = 0; step < 60 && input.size > 0; step++)
	{
		int use = Next(&input, 16);
		int available = state.available;
		HfQuotaClosing closing;
		int lapsed;

		use = use > state.balance ? state.balance : use;
		PROMISE(hf_quota_level(state.available, state.balance - use) >=
				hf_quota_level(state.available, state.balance));
		state.balance -= use;
		for (int i = 0; i < use; i++)
			UseOne();
		PROMISE(unit_count == state.balance);
		if (Next(&input, 8) == 0)
		{
			int delta = Next(&input, 9) - 4;
			int shortfall = state.shortfall;
			int change = hf_quota_reallocate(&state, delta);

			PROMISE(state.shortfall >= 0 && state.balance + change >= 0);
			PROMISE(change - state.shortfall == delta - shortfall);
			PROMISE(delta >= 0 ? change >= 0 && change <= delta : change <= 0 && change >= delta);
			state.shortfall = 0;
		}
		closing = hf_quota_roll(&state, &rules);
		lapsed = DropSpent();
		while (rules.carry_limit >= 0 && unit_count > rules.carry_limit)
		{
			UseOne();
			lapsed++;
		}
		PROMISE(closing.lapsed == lapsed && closing.carried == unit_count);
		PROMISE(available == closing.used + closing.carried + closing.lapsed);
		PROMISE(closing.carried == hf_quota_carried(&state));
		PROMISE(state.balance == unit_count + rules.allocation && state.available == state.balance);
		for (int life = 0; life < state.lots; life++)
		{
			int count = 0;

			for (int i = 0; i < unit_count; i++)
				count += units[i] == life || (units[i] < 0 && periods == 0);
			PROMISE(count == state.carried[life]);
		}
		if (unit_count + rules.allocation > UNITS)
			break;
		for (int i = 0; i < rules.allocation; i++)
			units[unit_count++] = periods == 0 ? -1 : periods;
	}
	PROMISE(hf_quota_carry_room(&state, &rules) >= 0);
	return 0;
}

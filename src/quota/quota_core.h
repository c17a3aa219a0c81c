/*
 * quota_core.h
 *		The arithmetic of a quota: what a period leaves to the next, and which thresholds are reached. No database.
 */
#ifndef HOLDFAST_QUOTA_CORE_H
#define HOLDFAST_QUOTA_CORE_H

#include <stdbool.h>

#define HF_QUOTA_MAX_UNITS		   1000000000
#define HF_QUOTA_MAX_CARRY_PERIODS 24

/* What an account is entitled to. */
typedef struct HfQuotaRules
{
	int allocation;	   /* units that each period brings */
	int carry_limit;   /* units that may be carried over in all; negative: any number */
	int carry_periods; /* for how many periods they can be used; 0: for ever */
} HfQuotaRules;

/*
 * What an account has. The units carried into the running period are in lots by age: carried[0] lapses with the
 * running period, carried[n - 1] was carried over by the last. Without an end there is one lot. The oldest units are
 * used first, so what is left of each lot follows from the balance, and using a unit changes the balance only.
 */
typedef struct HfQuotaState
{
	int balance;
	int available; /* all that the running period had to spend: carried, allocated, adjusted */
	int carried[HF_QUOTA_MAX_CARRY_PERIODS];
	int lots;
	int shortfall; /* what a reduction of the running period's allocation could not take, because it was used */
} HfQuotaState;

/* How a period ended. */
typedef struct HfQuotaClosing
{
	int used;
	int carried; /* into the next */
	int lapsed;
} HfQuotaClosing;

/*
 * Makes lots for carried units that can be used for to periods and not, as so far, for from (0: for ever). None gets a
 * longer life than it had, and what had no end gets the whole of the new one.
 */
extern void hf_quota_set_lots(HfQuotaState *state, int from, int to);

/* Ends the running period and begins the next, with its allocation. */
extern HfQuotaClosing hf_quota_roll(HfQuotaState *state, const HfQuotaRules *rules);

/* The units that were carried into the running period. */
extern int hf_quota_carried(const HfQuotaState *state);

/* How many more units may be carried over. */
extern int hf_quota_carry_room(const HfQuotaState *state, const HfQuotaRules *rules);

/* Cuts the carried units, the oldest first, to what is available still after a correction. */
extern void hf_quota_fit(HfQuotaState *state);

/*
 * Changes what the running period has by delta units, never below what is used, and returns how far the balance
 * changes. What cannot be taken is remembered, and made up for before anything is given.
 */
extern int hf_quota_reallocate(HfQuotaState *state, int delta);

/* The thresholds, in per cent of what is available, and how many of them are reached. */
#define HF_QUOTA_THRESHOLDS 3
extern const int hf_quota_thresholds[HF_QUOTA_THRESHOLDS];
extern int hf_quota_level(int available, int balance);

#endif

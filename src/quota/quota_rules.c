/*
 * quota_rules.c
 *		set_quota, set_allocation, adjust and roll_quotas.
 *
 * An allocation changes at once or with the next period. At once, an increase adds the difference to the balance; a
 * reduction takes it, but not what is used already. What it could not take is the account's shortfall until the period
 * ends: a later increase, or a refund, makes up for it first. So going down and up again brings nothing.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "errors.h"
#include "quota/quota.h"
#include "spi.h"

static const HfQuery due_accounts = {
	"SELECT organization_id, account FROM %s WHERE period_ends_at" HF_LE
	"$1 ORDER BY period_ends_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED",
	2,
	{TIMESTAMPTZOID, INT4OID},
	false,
};

/* Open makes a new account, with the whole allocation of the period that is running; false when there is one. */
static bool
Open(HfRuling *ruling, HfChange *change)
{
	HfAccount *account = &change->account;

	*account = ruling->wanted;
	change->now = hf_clock_now();
	account->next_allocation = -1;
	account->starts_at = hf_period_start(account->period, account->time_zone, change->now);
	account->ends_at = hf_period_end(account->period, account->time_zone, account->starts_at);
	account->state = (HfQuotaState){.lots = Max(account->rules.carry_periods, 1)};
	if (!hf_account_insert(&change->quota, account, change->now))
		return false;
	account->state.available = account->rules.allocation;
	hf_change_add(change, "grant", account->rules.allocation);
	return true;
}

/* Allocate changes the allocation. */
static void
Allocate(HfRuling *ruling, HfChange *change)
{
	HfAccount *account = &change->account;
	int wanted = ruling->wanted.rules.allocation;
	int delta;

	if (ruling->next_period)
	{
		account->next_allocation = wanted;
		return;
	}
	delta = hf_quota_reallocate(&account->state, wanted - account->rules.allocation);
	if (delta > HF_QUOTA_MAX_UNITS - account->state.available)
		hf_raise_invalid("allocation", "makes more than 1000000000 units available");
	account->rules.allocation = wanted;
	account->next_allocation = -1;
	account->state.available += delta;
	hf_change_add(change, "adjust", delta);
}

/* ChangeRules changes all rules but the allocation; those of periods count from the next on. */
static void
ChangeRules(const HfAccount *wanted, HfChange *change)
{
	HfAccount *account = &change->account;

	hf_quota_set_lots(&account->state, account->rules.carry_periods, wanted->rules.carry_periods);
	account->rules.carry_limit = wanted->rules.carry_limit;
	account->rules.carry_periods = wanted->rules.carry_periods;
	if (account->period == HF_PERIOD_NONE)
		account->ends_at =
			hf_period_end(wanted->period, wanted->time_zone,
						  hf_period_start(wanted->period, wanted->time_zone, change->now));
	account->period = wanted->period;
	account->time_zone = wanted->time_zone;
}

/* hf_set_rules opens an account or changes its rules. */
bool
hf_set_rules(void *arg)
{
	HfRuling *ruling = arg;
	HfChange change = {.quota = ruling->quota, .reason = ruling->reason};
	bool found;

	hf_spi_open();
	found = hf_change_begin(&change);
	if (!found && !ruling->all)
		hf_raise("quota_not_found", NULL, NULL, -1);
	if (!found && !Open(ruling, &change))
		found = hf_change_begin(&change);
	if (found && ruling->all)
		ChangeRules(&ruling->wanted, &change);
	if (found)
		Allocate(ruling, &change);
	hf_change_end(&change);
	ruling->balance = change.account.state.balance;
	hf_spi_close();
	return true;
}

/* hf_adjust corrects the balance; false when it would go below zero. */
bool
hf_adjust(void *arg)
{
	HfRuling *ruling = arg;
	HfChange change = {.quota = ruling->quota, .reason = ruling->reason};
	HfQuotaState *state = &change.account.state;

	hf_spi_open();
	if (!hf_change_begin(&change))
		hf_raise("quota_not_found", NULL, NULL, -1);
	if (ruling->adjustment > HF_QUOTA_MAX_UNITS - state->available)
		hf_raise_invalid("amount", "makes more than 1000000000 units available");
	ruling->done = ruling->adjustment >= -state->balance;
	if (ruling->done)
	{
		state->available += ruling->adjustment;
		hf_change_add(&change, "adjust", ruling->adjustment);
		hf_change_end(&change);
	}
	ruling->balance = state->balance;
	ruling->ends_at = change.account.ends_at;
	hf_spi_close();
	return ruling->done;
}

/*
 * hf_roll_due ends the periods that are over, of a number of accounts. One that somebody is working on is left to them:
 * whoever uses an account rolls it over first.
 */
bool
hf_roll_due(void *arg)
{
	HfRolling *rolling = arg;
	Datum values[] = {TimestampTzGetDatum(hf_clock_now()), Int32GetDatum(rolling->batch)};
	HfQuota *due;
	uint64 count;
	bool isnull;

	rolling->rolled = 0;
	hf_spi_open();
	count = hf_spi_run_latest(&due_accounts, rolling->quota.accounts, values);
	due = palloc(sizeof(HfQuota) * (count + 1));
	for (uint64 i = 0; i < count; i++)
	{
		due[i] = rolling->quota;
		due[i].organization = *DatumGetUUIDP(hf_spi_value(i, 1, &isnull));
		due[i].account = *DatumGetUUIDP(hf_spi_value(i, 2, &isnull));
	}
	for (uint64 i = 0; i < count; i++)
	{
		HfChange change = {.quota = due[i]};

		if (!hf_change_begin(&change) || change.period_count == 0)
			continue;
		hf_change_end(&change);
		rolling->rolled++;
	}
	hf_spi_close();
	return true;
}

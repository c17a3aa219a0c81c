/*
 * quota_ledger.c
 *		Changes of an account with everything that belongs to them: ledger, closed periods, alerts.
 *
 * hf_change_begin locks and reads the account and ends the periods that are over; hf_change_add changes the
 * balance; hf_change_end writes it all. Only consume() has a shorter way, for the account whose period is running.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "errors.h"
#include "identity/claims.h"
#include "quota/quota.h"
#include "spi.h"

static const HfQuery insert_entries = {
	"INSERT INTO %s (organization_id, account, id, period_starts_at, kind, amount, reference, reason,"
	" actor, created_at) SELECT $1, $2, e.id, e.starts_at, e.kind, e.amount, $7, $8, $9, e.at"
	" FROM ROWS FROM (pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5),"
	" pg_catalog.unnest($6), pg_catalog.unnest($10)) AS e (id, starts_at, kind, amount, at)",
	10,
	{UUIDOID, UUIDOID, UUIDARRAYOID, TIMESTAMPTZARRAYOID, TEXTARRAYOID, INT4ARRAYOID, UUIDOID,
	 TEXTOID, UUIDOID, TIMESTAMPTZARRAYOID},
	false,
};

static const HfQuery insert_periods = {
	"INSERT INTO %s (organization_id, account, starts_at, ends_at, allocation, available, used,"
	" carried_over, lapsed) SELECT $1, $2, p.* FROM ROWS FROM (pg_catalog.unnest($3),"
	" pg_catalog.unnest($4), pg_catalog.unnest($5), pg_catalog.unnest($6), pg_catalog.unnest($7),"
	" pg_catalog.unnest($8), pg_catalog.unnest($9)) AS p",
	9,
	{UUIDOID, UUIDOID, TIMESTAMPTZARRAYOID, TIMESTAMPTZARRAYOID, INT4ARRAYOID, INT4ARRAYOID,
	 INT4ARRAYOID, INT4ARRAYOID, INT4ARRAYOID},
	false,
};

static const HfQuery insert_alerts = {
	"INSERT INTO %s (organization_id, account, period_starts_at, threshold, available, balance,"
	" reached_at) SELECT $1, $2, $3, t, $5, $6, $7 FROM pg_catalog.unnest($4) AS t ON CONFLICT DO NOTHING",
	7,
	{UUIDOID, UUIDOID, TIMESTAMPTZOID, INT2ARRAYOID, INT4OID, INT4OID, TIMESTAMPTZOID},
	false,
};

/* Grown makes room for one more datum. */
static Datum *
Grown(Datum *values, int room)
{
	return values == NULL ? palloc(sizeof(Datum) * room) : repalloc(values, sizeof(Datum) * room);
}

/* AddEntry adds an entry to those that are to be written; one of nothing is none. */
static void
AddEntry(HfEntries *entries, TimestampTz starts_at, const char *kind, int amount, TimestampTz at)
{
	pg_uuid_t *id;

	if (amount == 0)
		return;
	if (entries->count == entries->room)
	{
		entries->room = 2 * entries->room + 4;
		entries->ids = Grown(entries->ids, entries->room);
		entries->starts = Grown(entries->starts, entries->room);
		entries->kinds = Grown(entries->kinds, entries->room);
		entries->amounts = Grown(entries->amounts, entries->room);
		entries->times = Grown(entries->times, entries->room);
	}
	id = palloc(sizeof(pg_uuid_t));
	hf_uuid_v7_next(id);
	entries->ids[entries->count] = UUIDPGetDatum(id);
	entries->starts[entries->count] = TimestampTzGetDatum(starts_at);
	entries->kinds[entries->count] = CStringGetTextDatum(kind);
	entries->amounts[entries->count] = Int32GetDatum(amount);
	entries->times[entries->count] = TimestampTzGetDatum(at);
	entries->count++;
}

/* WriteEntries inserts entries, all with the same reference and reason. */
static void
WriteEntries(const HfQuota *quota, const HfEntries *entries, const pg_uuid_t *reference,
			 const char *reason)
{
	pg_uuid_t actor;
	char nulls[] = "          ";
	Datum values[] = {UUIDPGetDatum(&quota->organization),
					  UUIDPGetDatum(&quota->account),
					  hf_quota_array(entries->ids, entries->count, UUIDOID),
					  hf_quota_array(entries->starts, entries->count, TIMESTAMPTZOID),
					  hf_quota_array(entries->kinds, entries->count, TEXTOID),
					  hf_quota_array(entries->amounts, entries->count, INT4OID),
					  UUIDPGetDatum(reference),
					  reason == NULL ? (Datum) 0 : CStringGetTextDatum(reason),
					  UUIDPGetDatum(&actor),
					  hf_quota_array(entries->times, entries->count, TIMESTAMPTZOID)};

	nulls[6] = reference == NULL ? 'n' : ' ';
	nulls[7] = reason == NULL ? 'n' : ' ';
	nulls[8] = hf_claims_actor(&actor) ? ' ' : 'n';
	if (entries->count > 0)
		(void) hf_spi_run(&insert_entries, quota->ledger, values, nulls, 0);
}

/* AddPeriod adds a period that has ended to those that are to be written. */
static void
AddPeriod(HfChange *change, const HfQuotaClosing *closing, int available)
{
	const HfAccount *account = &change->account;
	int next = change->period_count;

	if (next == change->period_room)
	{
		change->period_room = 2 * next + 4;
		for (int i = 0; i < HF_CLOSED_COLUMNS; i++)
			change->closed[i] = Grown(change->closed[i], change->period_room);
	}
	change->closed[0][next] = TimestampTzGetDatum(account->starts_at);
	change->closed[1][next] = TimestampTzGetDatum(account->ends_at);
	change->closed[2][next] = Int32GetDatum(account->rules.allocation);
	change->closed[3][next] = Int32GetDatum(available);
	change->closed[4][next] = Int32GetDatum(closing->used);
	change->closed[5][next] = Int32GetDatum(closing->carried);
	change->closed[6][next] = Int32GetDatum(closing->lapsed);
	change->period_count++;
}

/* WritePeriods inserts the periods that have ended. */
static void
WritePeriods(const HfChange *change)
{
	Datum values[2 + HF_CLOSED_COLUMNS] = {UUIDPGetDatum(&change->quota.organization),
										   UUIDPGetDatum(&change->quota.account)};

	for (int i = 0; i < HF_CLOSED_COLUMNS; i++)
		values[2 + i] = hf_quota_array(change->closed[i], change->period_count,
									   i < 2 ? TIMESTAMPTZOID : INT4OID);
	(void) hf_spi_run(&insert_periods, change->quota.periods, values, NULL, 0);
}

/*
 * hf_change_roll ends the periods of an account that are over, in memory, and reads the clock. A clock that stands
 * before the running period, as after a failover, counts as its start.
 */
void
hf_change_roll(HfChange *change)
{
	HfAccount *account = &change->account;
	TimestampTz now = hf_clock_now();

	while (account->ends_at <= now)
	{
		int available = account->state.available;
		int allocation =
			account->next_allocation < 0 ? account->rules.allocation : account->next_allocation;
		HfQuotaRules rules = account->rules;
		HfQuotaClosing closing;

		CHECK_FOR_INTERRUPTS();
		rules.allocation = allocation;
		closing = hf_quota_roll(&account->state, &rules);
		AddPeriod(change, &closing, available);
		AddEntry(&change->rolled, account->starts_at, "lapse", -closing.lapsed, account->ends_at);
		account->rules.allocation = allocation;
		account->next_allocation = -1;
		account->starts_at = account->ends_at;
		account->ends_at = hf_period_end(account->period, account->time_zone, account->starts_at);
		AddEntry(&change->rolled, account->starts_at, "grant", allocation, account->starts_at);
	}
	change->now = Max(now, account->starts_at);
	change->available = account->state.available;
	change->balance = account->state.balance;
}

/* hf_change_begin takes an account and brings it up to date; false when there is none. */
bool
hf_change_begin(HfChange *change)
{
	if (!hf_account_lock(&change->quota, &change->account))
		return false;
	hf_change_roll(change);
	return true;
}

/* hf_change_add changes the balance by an entry of the ledger. */
void
hf_change_add(HfChange *change, const char *kind, int amount)
{
	AddEntry(&change->entries, change->account.starts_at, kind, amount, change->now);
	change->account.state.balance += amount;
}

/* hf_change_end writes what has been changed. */
void
hf_change_end(HfChange *change)
{
	const HfQuota *quota = &change->quota;
	HfQuotaState *state = &change->account.state;

	hf_quota_fit(state);
	if (change->period_count > 0)
		WritePeriods(change);
	WriteEntries(quota, &change->rolled, NULL, NULL);
	WriteEntries(quota, &change->entries, change->reference, change->reason);
	hf_account_save(quota, &change->account);
	hf_quota_alert(quota, change->account.starts_at,
				   hf_quota_level(change->available, change->balance), state->available,
				   state->balance);
}

/* hf_quota_alert writes the thresholds that are reached now and were not at a level before. */
void
hf_quota_alert(const HfQuota *quota, TimestampTz starts_at, int level, int available, int balance)
{
	int reached = hf_quota_level(available, balance);
	Datum thresholds[HF_QUOTA_THRESHOLDS];
	Datum values[] = {UUIDPGetDatum(&quota->organization),
					  UUIDPGetDatum(&quota->account),
					  TimestampTzGetDatum(starts_at),
					  (Datum) 0,
					  Int32GetDatum(available),
					  Int32GetDatum(balance),
					  TimestampTzGetDatum(Max(hf_clock_now(), starts_at))};

	if (reached <= level)
		return;
	for (int i = level; i < reached; i++)
		thresholds[i - level] = Int16GetDatum((int16) hf_quota_thresholds[i]);
	values[3] = hf_quota_array(thresholds, reached - level, INT2OID);
	(void) hf_spi_run_latest(&insert_alerts, quota->alerts, values);
}

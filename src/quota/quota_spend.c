/*
 * quota_spend.c
 *		consume and refund.
 *
 * consume() on an account whose period is running does three things: it looks, inserts the entry, and then takes the
 * units in one UPDATE that asks again whether they are there. Everybody else waits for no more than that UPDATE and the
 * commit. When it does not reach the row, somebody was faster: the entry is deleted and the long way taken.
 *
 * Where nothing asks for the executor, quota_direct.c does the same three things without it.
 *
 * A refund gives back within the running period what was used in it. What was used in an earlier period would be
 * worth, had it not been used, what carrying over made of it; so no more comes back: nothing without carry-over, and
 * never past the limit. The rest lapses with the same entry, and the reference is settled either way.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "errors.h"
#include "identity/claims.h"
#include "quota/quota.h"
#include "quota/quota_table.h"
#include "spi.h"

#define SUM		"OPERATOR(pg_catalog.-) pg_catalog.sum(amount) "
#define ACCOUNT " WHERE organization_id" HF_EQ "$1 AND account" HF_EQ "$2"

static const HfQuery glance = {
	"SELECT balance, period_starts_at, period_ends_at FROM %s" ACCOUNT,
	2,
	{UUIDOID, UUIDOID},
	true,
};

static const HfQuery insert_entry = {
	"INSERT INTO %s (organization_id, account, id, period_starts_at, kind, amount, reference, actor,"
	" created_at) VALUES ($1, $2, $3, $4, 'consume', $5, $6, $7, $8)",
	8,
	{UUIDOID, UUIDOID, UUIDOID, TIMESTAMPTZOID, INT4OID, UUIDOID, UUIDOID, TIMESTAMPTZOID},
	false,
};

static const HfQuery delete_entry = {
	"DELETE FROM %s" ACCOUNT " AND id" HF_EQ "$3",
	3,
	{UUIDOID, UUIDOID, UUIDOID},
	false,
};

static const HfQuery spend = {
	"UPDATE %s SET balance = balance OPERATOR(pg_catalog.-) $3" ACCOUNT " AND balance" HF_GE
	"$3 AND period_starts_at" HF_EQ "$4"
	" RETURNING balance, available, period_ends_at",
	4,
	{UUIDOID, UUIDOID, INT4OID, TIMESTAMPTZOID},
	false,
};

/*
 * What is still used for a reference: in the running period, in earlier ones, and in those of them whose units can
 * still be around, less what came back from those already.
 */
static const HfQuery used_for_reference = {
	"SELECT (" SUM "FILTER (WHERE kind" HF_NE "'return' AND period_starts_at" HF_EQ
	"$4))::pg_catalog.int4,"
	" (" SUM "FILTER (WHERE kind" HF_EQ "'return' OR period_starts_at" HF_NE
	"$4))::pg_catalog.int4,"
	" (" SUM "FILTER (WHERE kind" HF_EQ "'return' OR period_starts_at" HF_NE
	"$4 AND period_starts_at" HF_GE "$5))::pg_catalog.int4"
	" FROM %s" ACCOUNT " AND reference" HF_EQ "$3 AND kind" HF_NE "'lapse'",
	5,
	{UUIDOID, UUIDOID, UUIDOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	true,
};

static const HfQuery nth_last_period = {
	"SELECT starts_at FROM %s" ACCOUNT " ORDER BY starts_at DESC OFFSET $3 LIMIT 1",
	3,
	{UUIDOID, UUIDOID, INT4OID},
	true,
};

/* What is used for a reference; see used_for_reference. */
typedef struct Used
{
	int now;
	int earlier;
	int alive;
} Used;

/* Exhausted answers that there is not enough. */
static bool
Exhausted(HfSpending *spending, int balance, TimestampTz ends_at)
{
	spending->done = false;
	spending->balance = balance;
	spending->ends_at = ends_at;
	return false;
}

/* Done answers what is left. */
static bool
Done(HfSpending *spending, int balance, TimestampTz ends_at)
{
	spending->done = true;
	spending->balance = balance;
	spending->ends_at = ends_at;
	return true;
}

/* InsertEntry inserts the entry, before the row is locked. */
static void
InsertEntry(HfSpending *spending, const pg_uuid_t *id, TimestampTz starts_at, TimestampTz now)
{
	HfQuota *quota = &spending->quota;
	pg_uuid_t actor;
	char nulls[] = "        ";
	Datum values[] = {UUIDPGetDatum(&quota->organization),
					  UUIDPGetDatum(&quota->account),
					  UUIDPGetDatum(id),
					  TimestampTzGetDatum(starts_at),
					  Int32GetDatum(-spending->amount),
					  UUIDPGetDatum(&spending->reference),
					  UUIDPGetDatum(&actor),
					  TimestampTzGetDatum(now)};

	nulls[6] = hf_claims_actor(&actor) ? ' ' : 'n';
	(void) hf_spi_run(&insert_entry, quota->ledger, values, nulls, 0);
}

/* DeleteEntry deletes an entry again that is not covered. */
static void
DeleteEntry(const HfQuota *quota, const pg_uuid_t *id)
{
	Datum values[] = {UUIDPGetDatum(&quota->organization), UUIDPGetDatum(&quota->account),
					  UUIDPGetDatum(id)};

	(void) hf_spi_run_latest(&delete_entry, quota->ledger, values);
}

/* Spend takes the units; false when they are no longer there. */
static bool
Spend(HfSpending *spending, TimestampTz starts_at)
{
	HfQuota *quota = &spending->quota;
	Datum values[] = {UUIDPGetDatum(&quota->organization), UUIDPGetDatum(&quota->account),
					  Int32GetDatum(spending->amount), TimestampTzGetDatum(starts_at)};
	bool isnull;
	int available;

	if (hf_spi_run_latest(&spend, quota->accounts, values) == 0)
		return false;
	available = DatumGetInt32(hf_spi_value(0, 2, &isnull));
	(void) Done(spending, DatumGetInt32(hf_spi_value(0, 1, &isnull)),
				DatumGetTimestampTz(hf_spi_value(0, 3, &isnull)));
	hf_quota_alert(quota, starts_at,
				   hf_quota_level(available, spending->balance + spending->amount), available,
				   spending->balance);
	return true;
}

/* ConsumeShortly is the short way; true when it has an answer. */
static bool
ConsumeShortly(HfSpending *spending)
{
	HfQuota *quota = &spending->quota;
	TimestampTz now = hf_clock_now();
	TimestampTz starts_at;
	TimestampTz ends_at;
	int balance;
	pg_uuid_t id;
	bool isnull;
	Datum values[] = {UUIDPGetDatum(&quota->organization), UUIDPGetDatum(&quota->account)};

	if (hf_spi_run_latest(&glance, quota->accounts, values) == 0)
		hf_raise("quota_not_found", NULL, NULL, -1);
	balance = DatumGetInt32(hf_spi_value(0, 1, &isnull));
	starts_at = DatumGetTimestampTz(hf_spi_value(0, 2, &isnull));
	ends_at = DatumGetTimestampTz(hf_spi_value(0, 3, &isnull));
	if (now < starts_at || now >= ends_at)
		return false;
	if (balance < spending->amount)
	{
		(void) Exhausted(spending, balance, ends_at);
		return true;
	}
	hf_uuid_v7_next(&id);
	InsertEntry(spending, &id, starts_at, now);
	if (Spend(spending, starts_at))
		return true;
	DeleteEntry(quota, &id);
	return false;
}

/* ConsumeSlowly is the long way: lock, read, end what is over, decide. */
static bool
ConsumeSlowly(HfSpending *spending)
{
	HfChange change = {.quota = spending->quota, .reference = &spending->reference};

	if (!hf_change_begin(&change))
		hf_raise("quota_not_found", NULL, NULL, -1);
	if (change.balance < spending->amount)
		return Exhausted(spending, change.balance, change.account.ends_at);
	hf_change_add(&change, "consume", -spending->amount);
	hf_change_end(&change);
	return Done(spending, change.account.state.balance, change.account.ends_at);
}

/* ConsumeWithoutExecutor takes the short way without the executor, and the long one where that has no answer. */
static bool
ConsumeWithoutExecutor(const HfQuotaTables *tables, HfSpending *spending)
{
	HfQuota *quota = &spending->quota;
	pg_uuid_t entered;
	bool has_entered;
	int level;

	switch (hf_quota_consume_directly(tables, spending, &entered, &has_entered))
	{
		case HF_DIRECTLY_NOT_FOUND:
			hf_raise("quota_not_found", NULL, NULL, -1);
			break;
		case HF_DIRECTLY_NOT:
			hf_spi_open();
			if (has_entered)
				DeleteEntry(quota, &entered);
			(void) ConsumeSlowly(spending);
			hf_spi_close();
			break;
		case HF_DIRECTLY_DONE:
			if (!spending->done)
				break;
			level = hf_quota_level(spending->available, spending->balance + spending->amount);
			if (hf_quota_level(spending->available, spending->balance) == level)
				break;
			hf_spi_open();
			hf_quota_alert(quota, spending->starts_at, level, spending->available,
						   spending->balance);
			hf_spi_close();
			break;
	}
	return spending->done;
}

/* hf_consume takes units from an account; false when there are not enough, and then nothing is written. */
bool
hf_consume(void *arg)
{
	HfSpending *spending = arg;
	const HfQuotaTables *tables = hf_quota_tables(spending->quota.accounts);

	if (hf_quota_is_direct(tables))
		return ConsumeWithoutExecutor(tables, spending);
	hf_spi_open();
	if (!ConsumeShortly(spending))
		(void) ConsumeSlowly(spending);
	hf_spi_close();
	return spending->done;
}

/* OldestAlive is the start of the first period whose units, carried over, could be used in the running one. */
static TimestampTz
OldestAlive(const HfChange *change)
{
	const HfQuota *quota = &change->quota;
	Datum values[] = {UUIDPGetDatum(&quota->organization), UUIDPGetDatum(&quota->account),
					  Int32GetDatum(change->account.rules.carry_periods - 1)};
	bool isnull;

	if (change->account.rules.carry_periods == 0)
		return DT_NOBEGIN;
	/* the periods that have just ended are not written yet; so many of them are closer to now */
	if (change->period_count >= change->account.rules.carry_periods)
		return DatumGetTimestampTz(
			change->closed[0][change->period_count - change->account.rules.carry_periods]);
	values[2] = Int32GetDatum(change->account.rules.carry_periods - 1 - change->period_count);
	if (hf_spi_run_latest(&nth_last_period, quota->periods, values) == 0)
		return DT_NOBEGIN;
	return DatumGetTimestampTz(hf_spi_value(0, 1, &isnull));
}

/* ReadUsed reads what is used for a reference. */
static Used
ReadUsed(const HfQuota *quota, const pg_uuid_t *reference, TimestampTz starts_at,
		 TimestampTz oldest)
{
	Datum values[] = {UUIDPGetDatum(&quota->organization), UUIDPGetDatum(&quota->account),
					  UUIDPGetDatum(reference), TimestampTzGetDatum(starts_at),
					  TimestampTzGetDatum(oldest)};
	Used used;
	bool isnull;

	(void) hf_spi_run_latest(&used_for_reference, quota->ledger, values);
	/* a sum of nothing is null, which reads as 0 */
	used.now = DatumGetInt32(hf_spi_value(0, 1, &isnull));
	used.earlier = DatumGetInt32(hf_spi_value(0, 2, &isnull));
	used.alive = Max(DatumGetInt32(hf_spi_value(0, 3, &isnull)), 0);
	return used;
}

/* GiveBackNow gives back units of the running period, first to make up for a reduction of its allocation. */
static void
GiveBackNow(HfChange *change, int amount)
{
	HfQuotaState *state = &change->account.state;
	int given = hf_quota_reallocate(state, amount);

	hf_change_add(change, "refund", amount);
	hf_change_add(change, "lapse", given - amount);
	state->available += given - amount;
}

/* GiveBackEarlier gives back units of earlier periods, as far as they would still be there. */
static void
GiveBackEarlier(HfChange *change, int amount, int alive)
{
	HfQuotaState *state = &change->account.state;
	int room = Min(hf_quota_carry_room(state, &change->account.rules),
				   HF_QUOTA_MAX_UNITS - state->available);
	int back = Min(Min(amount, alive), room);

	hf_change_add(change, "return", amount);
	hf_change_add(change, "lapse", back - amount);
	state->carried[0] += back;
	state->available += back;
}

/* hf_consumed says how many units are used for a reference. */
int
hf_consumed(const HfQuota *quota, const pg_uuid_t *reference)
{
	Used used;

	hf_spi_open();
	used = ReadUsed(quota, reference, DT_NOEND, DT_NOEND);
	hf_spi_close();
	return used.earlier;
}

/* hf_refund gives back what was used for a reference. */
bool
hf_refund(void *arg)
{
	HfSpending *spending = arg;
	HfChange change = {.quota = spending->quota, .reference = &spending->reference};
	Used used;
	int now;
	int earlier;

	hf_spi_open();
	if (!hf_change_begin(&change))
		hf_raise("quota_not_found", NULL, NULL, -1);
	used =
		ReadUsed(&change.quota, change.reference, change.account.starts_at, OldestAlive(&change));
	now = spending->amount < 0 ? used.now : Min(spending->amount, used.now);
	earlier = spending->amount < 0 ? used.earlier : Min(spending->amount - now, used.earlier);
	if (now > 0)
		GiveBackNow(&change, now);
	if (earlier > 0)
		GiveBackEarlier(&change, earlier, used.alive);
	if (change.entries.count > 0 || change.period_count > 0)
		hf_change_end(&change);
	hf_spi_close();
	return Done(spending, change.account.state.balance, change.account.ends_at);
}

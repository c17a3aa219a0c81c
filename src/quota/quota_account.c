/*
 * quota_account.c
 *		Reads, locks and writes accounts; see quota.h for the order of locks.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "errors.h"
#include "quota/quota.h"
#include "spi.h"

#define ACCOUNT " WHERE organization_id" HF_EQ "$1 AND account" HF_EQ "$2"
/* of insert_account and save_account */
#define PARAMETERS 14
#define COLUMNS                                                                    \
	"allocation, next_allocation, carry_limit, carry_periods, period, time_zone, " \
	"period_starts_at, period_ends_at, balance, available, shortfall, carried"

static const HfQuery read_account = {
	"SELECT " COLUMNS " FROM %s" ACCOUNT,
	2,
	{UUIDOID, UUIDOID},
	true,
};

static const HfQuery lock_account = {
	"SELECT " COLUMNS " FROM %s" ACCOUNT " FOR NO KEY UPDATE",
	2,
	{UUIDOID, UUIDOID},
	false,
};

static const HfQuery insert_account = {
	"INSERT INTO %s (organization_id, account, " COLUMNS ", created_at)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
	" ON CONFLICT DO NOTHING",
	15,
	{UUIDOID, UUIDOID, INT4OID, INT4OID, INT4OID, INT4OID, TEXTOID, TEXTOID, TIMESTAMPTZOID,
	 TIMESTAMPTZOID, INT4OID, INT4OID, INT4OID, INT4ARRAYOID, TIMESTAMPTZOID},
	false,
};

static const HfQuery save_account = {
	"UPDATE %s SET allocation = $3, next_allocation = $4, carry_limit = $5, carry_periods = $6,"
	" period = $7, time_zone = $8, period_starts_at = $9, period_ends_at = $10, balance = $11,"
	" available = $12, shortfall = $13, carried = $14" ACCOUNT,
	14,
	{UUIDOID, UUIDOID, INT4OID, INT4OID, INT4OID, INT4OID, TEXTOID, TEXTOID, TIMESTAMPTZOID,
	 TIMESTAMPTZOID, INT4OID, INT4OID, INT4OID, INT4ARRAYOID},
	false,
};

/* Number reads an int column, or what stands for null. */
static int
Number(int column, int when_null)
{
	bool isnull;
	Datum value = hf_spi_value(0, column, &isnull);

	return isnull ? when_null : DatumGetInt32(value);
}

/* ReadLots reads the lots of carried units. */
static void
ReadLots(HfQuotaState *state, Datum value)
{
	ArrayType *array = DatumGetArrayTypeP(value);
	Datum *lots;
	int count;

	deconstruct_array(array, INT4OID, sizeof(int32), true, TYPALIGN_INT, &lots, NULL, &count);
	memset(state->carried, 0, sizeof(state->carried));
	state->lots = Max(Min(count, HF_QUOTA_MAX_CARRY_PERIODS), 1);
	for (int i = 0; i < Min(count, state->lots); i++)
		state->carried[i] = DatumGetInt32(lots[i]);
}

/* IsSound checks what the arithmetic relies on: somebody may have written to the table past the functions. */
static bool
IsSound(const HfAccount *account)
{
	const HfQuotaRules *rules = &account->rules;
	const HfQuotaState *state = &account->state;

	for (int i = 0; i < state->lots; i++)
	{
		if (state->carried[i] < 0 || state->carried[i] > state->available)
			return false;
	}
	return account->period < HF_PERIOD_KINDS && rules->allocation >= 0 &&
		   rules->allocation <= HF_QUOTA_MAX_UNITS &&
		   account->next_allocation <= HF_QUOTA_MAX_UNITS &&
		   rules->carry_limit <= HF_QUOTA_MAX_UNITS && rules->carry_periods >= 0 &&
		   rules->carry_periods <= HF_QUOTA_MAX_CARRY_PERIODS && state->shortfall >= 0 &&
		   state->balance >= 0 && state->balance <= state->available &&
		   state->available <= HF_QUOTA_MAX_UNITS && account->starts_at < account->ends_at;
}

/* TakeRow takes an account from the result of a query. */
static void
TakeRow(HfAccount *account)
{
	bool isnull;

	account->rules.allocation = Number(1, 0);
	account->next_allocation = Number(2, -1);
	account->rules.carry_limit = Number(3, -1);
	account->rules.carry_periods = Number(4, 0);
	account->period = hf_period_kind(TextDatumGetCString(hf_spi_value(0, 5, &isnull)));
	account->time_zone = TextDatumGetCString(hf_spi_value(0, 6, &isnull));
	account->starts_at = DatumGetTimestampTz(hf_spi_value(0, 7, &isnull));
	account->ends_at = DatumGetTimestampTz(hf_spi_value(0, 8, &isnull));
	account->state.balance = Number(9, 0);
	account->state.available = Number(10, 0);
	account->state.shortfall = Number(11, 0);
	ReadLots(&account->state, hf_spi_value(0, 12, &isnull));
	if (!IsSound(account))
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("an account of a quota has rules or numbers that make no sense")));
}

/* hf_account_read reads an account as the caller's snapshot has it; false when there is none. */
bool
hf_account_read(const HfQuota *quota, HfAccount *account)
{
	Datum values[] = {UUIDPGetDatum(&quota->organization), UUIDPGetDatum(&quota->account)};

	if (hf_spi_run(&read_account, quota->accounts, values, NULL, 0) == 0)
		return false;
	TakeRow(account);
	return true;
}

/* hf_account_lock waits for an account and reads it as it is then; false when there is none. */
bool
hf_account_lock(const HfQuota *quota, HfAccount *account)
{
	Datum values[] = {UUIDPGetDatum(&quota->organization), UUIDPGetDatum(&quota->account)};

	if (hf_spi_run_latest(&lock_account, quota->accounts, values) == 0)
		return false;
	TakeRow(account);
	return true;
}

/* hf_quota_array makes an SQL array of values without nulls. */
Datum
hf_quota_array(Datum *values, int count, Oid type)
{
	switch (type)
	{
		case UUIDOID:
			return PointerGetDatum(
				construct_array(values, count, type, UUID_LEN, false, TYPALIGN_CHAR));
		case TIMESTAMPTZOID:
			return PointerGetDatum(construct_array(values, count, type, sizeof(TimestampTz),
												   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
		case TEXTOID:
			return PointerGetDatum(construct_array(values, count, type, -1, false, TYPALIGN_INT));
		case INT2OID:
			return PointerGetDatum(
				construct_array(values, count, type, sizeof(int16), true, TYPALIGN_SHORT));
		default:
			return PointerGetDatum(
				construct_array(values, count, type, sizeof(int32), true, TYPALIGN_INT));
	}
}

/* FillAccount makes the parameters of insert_account and save_account. */
static void
FillAccount(const HfQuota *quota, const HfAccount *account, Datum *values, char *nulls)
{
	const HfQuotaState *state = &account->state;
	Datum lots[HF_QUOTA_MAX_CARRY_PERIODS];

	for (int i = 0; i < state->lots; i++)
		lots[i] = Int32GetDatum(state->carried[i]);
	memset(nulls, ' ', PARAMETERS);
	values[0] = UUIDPGetDatum(&quota->organization);
	values[1] = UUIDPGetDatum(&quota->account);
	values[2] = Int32GetDatum(account->rules.allocation);
	values[3] = Int32GetDatum(account->next_allocation);
	nulls[3] = account->next_allocation < 0 ? 'n' : ' ';
	values[4] = Int32GetDatum(account->rules.carry_limit);
	nulls[4] = account->rules.carry_limit < 0 ? 'n' : ' ';
	values[5] = Int32GetDatum(account->rules.carry_periods);
	nulls[5] = account->rules.carry_periods == 0 ? 'n' : ' ';
	values[6] = CStringGetTextDatum(hf_period_names[account->period]);
	values[7] = CStringGetTextDatum(account->time_zone);
	values[8] = TimestampTzGetDatum(account->starts_at);
	values[9] = TimestampTzGetDatum(account->ends_at);
	values[10] = Int32GetDatum(state->balance);
	values[11] = Int32GetDatum(state->available);
	values[12] = Int32GetDatum(state->shortfall);
	values[13] = hf_quota_array(lots, state->lots, INT4OID);
}

/* hf_account_insert writes a new account; false when somebody else has, meanwhile. */
bool
hf_account_insert(const HfQuota *quota, const HfAccount *account, TimestampTz now)
{
	Datum values[PARAMETERS + 1];
	char nulls[PARAMETERS + 1];

	FillAccount(quota, account, values, nulls);
	values[PARAMETERS] = TimestampTzGetDatum(now);
	nulls[PARAMETERS] = ' ';
	return hf_spi_run_snapshot(&insert_account, quota->accounts, values, nulls, GetLatestSnapshot(),
							   0) == 1;
}

/* hf_account_save writes an account that was locked and read. */
void
hf_account_save(const HfQuota *quota, const HfAccount *account)
{
	Datum values[PARAMETERS];
	char nulls[PARAMETERS];

	FillAccount(quota, account, values, nulls);
	if (hf_spi_run_snapshot(&save_account, quota->accounts, values, nulls, GetLatestSnapshot(),
							0) != 1)
		hf_raise("forbidden", NULL, NULL, -1);
}

/*
 * quota.c
 *		SQL boundary of quotas: unpack, check, call, answer. What happens is in quota_spend.c and quota_rules.c.
 *
 * No function is STRICT: a null gets its word. All run with the rights of the caller, who needs on the four tables what
 * plain SQL would need. So an RPC that uses them is a SECURITY DEFINER function of the tables' owner.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/args.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "base/standby.h"
#include "errors.h"
#include "quota/quota.h"
#include "spi.h"

#define MAX_REASON 1000
/* Accounts that one call rolls over at the most. */
#define MAX_BATCH 10000

PG_FUNCTION_INFO_V1(hf_consume_quota);
PG_FUNCTION_INFO_V1(hf_try_consume);
PG_FUNCTION_INFO_V1(hf_refund_quota);
PG_FUNCTION_INFO_V1(hf_get_consumed);
PG_FUNCTION_INFO_V1(hf_adjust_quota);
PG_FUNCTION_INFO_V1(hf_set_quota);
PG_FUNCTION_INFO_V1(hf_set_allocation);
PG_FUNCTION_INFO_V1(hf_get_balance);
PG_FUNCTION_INFO_V1(hf_quota_status);
PG_FUNCTION_INFO_V1(hf_roll_quotas);

/* Tables reads the quota. */
static void
Tables(FunctionCallInfo fcinfo, HfQuota *quota)
{
	if (PG_ARGISNULL(0))
		hf_raise_invalid("quota", "is null");
	hf_quota_find(quota, PG_GETARG_OID(0));
}

/* Account reads the first three arguments of most functions. */
static HfQuota
Account(FunctionCallInfo fcinfo)
{
	HfQuota quota;

	Tables(fcinfo, &quota);
	quota.organization = hf_arg_uuid(fcinfo, 1, "organization_id");
	quota.account = hf_arg_uuid(fcinfo, 2, "account");
	return quota;
}

/* ForbidReadOnly refuses to write where nothing may be written, before anything is looked at. */
static void
ForbidReadOnly(const char *function)
{
	hf_forbid_read_only(function);
	PreventCommandIfParallelMode(function);
}

/* Contended answers when others were in the way without our learning how. */
static void
Contended(void *arg, int code)
{
	hf_raise("request_in_progress", "{\"retry_after_seconds\": 1}",
			 "Another transaction is working on the same quota; repeat the request shortly.", 1);
}

/* RaiseExhausted says that there is not enough. */
static void
RaiseExhausted(int balance, TimestampTz ends_at)
{
	StringInfoData details;

	initStringInfo(&details);
	appendStringInfo(&details, "{\"balance\": %d, \"period_ends_at\": ", balance);
	if (TIMESTAMP_NOT_FINITE(ends_at))
		appendStringInfoString(&details, "null");
	else
		hf_json_timestamp(&details, ends_at);
	appendStringInfoChar(&details, '}');
	hf_raise("quota_exhausted", details.data, NULL, -1);
}

/* Consume unpacks and runs consume() and try_consume(). */
static HfSpending
Consume(FunctionCallInfo fcinfo)
{
	HfSpending spending = {.quota = Account(fcinfo)};

	spending.amount = hf_arg_count(fcinfo, 3, "amount", HF_QUOTA_MAX_UNITS);
	spending.reference = hf_arg_uuid(fcinfo, 4, "reference");
	(void) hf_guarded(hf_consume, &spending, false, Contended);
	return spending;
}

/* consume(quota, organization_id, account, amount, reference) */
Datum
hf_consume_quota(PG_FUNCTION_ARGS)
{
	HfSpending spending;

	ForbidReadOnly("holdfast.consume()");
	spending = Consume(fcinfo);
	if (!spending.done)
		RaiseExhausted(spending.balance, spending.ends_at);
	PG_RETURN_INT32(spending.balance);
}

/* try_consume(…): the same, but says so instead of raising */
Datum
hf_try_consume(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	HfSpending spending;
	Datum values[3];
	bool nulls[3] = {false};

	ForbidReadOnly("holdfast.try_consume()");
	spending = Consume(fcinfo);
	values[0] = BoolGetDatum(spending.done);
	values[1] = Int32GetDatum(spending.balance);
	values[2] = TimestampTzGetDatum(spending.ends_at);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	return (Datum) 0;
}

/* refund(quota, organization_id, account, reference, amount) */
Datum
hf_refund_quota(PG_FUNCTION_ARGS)
{
	HfSpending spending = {.amount = -1};

	ForbidReadOnly("holdfast.refund()");
	spending.quota = Account(fcinfo);
	spending.reference = hf_arg_uuid(fcinfo, 3, "reference");
	if (!PG_ARGISNULL(4))
		spending.amount = hf_arg_count(fcinfo, 4, "amount", HF_QUOTA_MAX_UNITS);
	(void) hf_guarded(hf_refund, &spending, false, Contended);
	PG_RETURN_INT32(spending.balance);
}

/* consumed(quota, organization_id, account, reference) */
Datum
hf_get_consumed(PG_FUNCTION_ARGS)
{
	HfQuota quota = Account(fcinfo);
	pg_uuid_t reference = hf_arg_uuid(fcinfo, 3, "reference");

	PG_RETURN_INT32(hf_consumed(&quota, &reference));
}

/* Reason reads why something is changed. */
static const char *
Reason(FunctionCallInfo fcinfo, int arg, bool needed)
{
	char *reason = PG_ARGISNULL(arg) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(arg));

	if (needed && (reason == NULL || reason[strspn(reason, " \t\r\n")] == '\0'))
		hf_raise_invalid("reason", "is empty");
	if (reason != NULL && strlen(reason) > MAX_REASON)
		hf_raise_invalid("reason", "is longer than 1000 bytes");
	return reason;
}

/* adjust(quota, organization_id, account, amount, reason) */
Datum
hf_adjust_quota(PG_FUNCTION_ARGS)
{
	HfRuling ruling = {0};

	ForbidReadOnly("holdfast.adjust()");
	ruling.quota = Account(fcinfo);
	if (PG_ARGISNULL(3) || PG_GETARG_INT32(3) == 0 || PG_GETARG_INT32(3) < -HF_QUOTA_MAX_UNITS ||
		PG_GETARG_INT32(3) > HF_QUOTA_MAX_UNITS)
		hf_raise_invalid("amount", "is null, 0 or beyond 1000000000");
	ruling.adjustment = PG_GETARG_INT32(3);
	ruling.reason = Reason(fcinfo, 4, true);
	if (!hf_guarded(hf_adjust, &ruling, false, Contended))
		RaiseExhausted(ruling.balance, ruling.ends_at);
	PG_RETURN_INT32(ruling.balance);
}

/* OptionalCount reads a number that may be null, and then stands for something else. */
static int
OptionalCount(FunctionCallInfo fcinfo, int arg, const char *field, int least, int most,
			  int when_null)
{
	int value;

	if (PG_ARGISNULL(arg))
		return when_null;
	value = PG_GETARG_INT32(arg);
	if (value < least || value > most)
		hf_raise_invalid(field, psprintf("is not between %d and %d", least, most));
	return value;
}

/* Allocation reads how many units a period brings. */
static int
Allocation(FunctionCallInfo fcinfo, int arg)
{
	if (PG_ARGISNULL(arg))
		hf_raise_invalid("allocation", "is null");
	return OptionalCount(fcinfo, arg, "allocation", 0, HF_QUOTA_MAX_UNITS, 0);
}

/* Effective reads when an allocation begins to count. */
static bool
Effective(FunctionCallInfo fcinfo, int arg)
{
	char *when = PG_ARGISNULL(arg) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(arg));

	if (strcmp(when, "now") != 0 && strcmp(when, "next_period") != 0)
		hf_raise_invalid("effective", "is not now or next_period");
	return strcmp(when, "now") != 0;
}

/*
 * set_quota(quota, organization_id, account, allocation, period, time_zone, carry_limit, carry_periods, effective,
 * reason)
 */
Datum
hf_set_quota(PG_FUNCTION_ARGS)
{
	HfRuling ruling = {.all = true};
	HfAccount *wanted = &ruling.wanted;

	ForbidReadOnly("holdfast.set_quota()");
	ruling.quota = Account(fcinfo);
	wanted->rules.allocation = Allocation(fcinfo, 3);
	wanted->period = hf_period_kind(PG_ARGISNULL(4) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(4)));
	if (wanted->period == HF_PERIOD_KINDS)
		hf_raise_invalid("period", "is not none, day, week or month");
	wanted->time_zone = PG_ARGISNULL(5) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(5));
	/* raises when there is no such zone */
	(void) hf_period_start(wanted->period, wanted->time_zone, hf_clock_now());
	wanted->rules.carry_limit = OptionalCount(fcinfo, 6, "carry_limit", 0, HF_QUOTA_MAX_UNITS, -1);
	wanted->rules.carry_periods =
		OptionalCount(fcinfo, 7, "carry_periods", 1, HF_QUOTA_MAX_CARRY_PERIODS, 0);
	ruling.next_period = Effective(fcinfo, 8);
	ruling.reason = Reason(fcinfo, 9, false);
	(void) hf_guarded(hf_set_rules, &ruling, false, Contended);
	PG_RETURN_INT32(ruling.balance);
}

/* set_allocation(quota, organization_id, account, allocation, effective, reason) */
Datum
hf_set_allocation(PG_FUNCTION_ARGS)
{
	HfRuling ruling = {0};

	ForbidReadOnly("holdfast.set_allocation()");
	ruling.quota = Account(fcinfo);
	ruling.wanted.rules.allocation = Allocation(fcinfo, 3);
	ruling.next_period = Effective(fcinfo, 4);
	ruling.reason = Reason(fcinfo, 5, false);
	(void) hf_guarded(hf_set_rules, &ruling, false, Contended);
	PG_RETURN_INT32(ruling.balance);
}

/* Look reads an account and brings it up to date in memory; false when there is none. */
static bool
Look(FunctionCallInfo fcinfo, HfChange *change)
{
	bool found;

	change->quota = Account(fcinfo);
	found = hf_account_read(&change->quota, &change->account);
	if (found)
		hf_change_roll(change);
	return found;
}

/* balance(quota, organization_id, account) */
Datum
hf_get_balance(PG_FUNCTION_ARGS)
{
	HfChange change = {0};
	bool found;

	hf_spi_open();
	found = Look(fcinfo, &change);
	hf_spi_close();
	if (!found)
		PG_RETURN_NULL();
	PG_RETURN_INT32(change.balance);
}

/* quota_status(quota, organization_id, account) */
Datum
hf_quota_status(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	HfChange change = {0};
	const HfAccount *account = &change.account;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	hf_spi_open();
	if (Look(fcinfo, &change))
	{
		Datum values[] = {Int32GetDatum(change.balance),
						  Int32GetDatum(change.available),
						  Int32GetDatum(change.available - change.balance),
						  Int32GetDatum(hf_quota_carried(&account->state)),
						  Int32GetDatum(account->rules.allocation),
						  Int32GetDatum(account->next_allocation),
						  CStringGetTextDatum(hf_period_names[account->period]),
						  CStringGetTextDatum(account->time_zone),
						  TimestampTzGetDatum(account->starts_at),
						  TimestampTzGetDatum(account->ends_at)};
		bool nulls[lengthof(values)] = {false};

		nulls[5] = account->next_allocation < 0;
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	hf_spi_close();
	return (Datum) 0;
}

/* roll_quotas(quota, batch) */
Datum
hf_roll_quotas(PG_FUNCTION_ARGS)
{
	HfRolling rolling = {0};

	ForbidReadOnly("holdfast.roll_quotas()");
	Tables(fcinfo, &rolling.quota);
	rolling.batch = hf_arg_count(fcinfo, 1, "batch", MAX_BATCH);
	(void) hf_guarded(hf_roll_due, &rolling, false, Contended);
	PG_RETURN_INT32(rolling.rolled);
}

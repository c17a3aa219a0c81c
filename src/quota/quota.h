/*
 * quota.h
 *		What the parts of a quota share.
 *
 * quota.c			SQL boundary
 * quota_create.c	create_quota
 * quota_table.c	what is known of the tables
 * quota_account.c	reads, locks and writes accounts
 * quota_ledger.c	a change of an account with its entries, closed periods and alerts
 * quota_spend.c	consume and refund
 * quota_direct.c	consume without the executor
 * quota_rules.c	set_quota, set_allocation, adjust
 * quota_period.c	periods on the calendar of a zone
 * quota_core.c		what a period leaves to the next, thresholds
 *
 * Invariants, at every commit:
 *
 *	- the balance of an account is the sum of its ledger, and never below zero;
 *	- what is refunded for a reference is never more than was consumed for it;
 *	- every period brings its allocation once, whoever begins it.
 *
 * Lock order. Whoever writes an account holds its row, which is locked after everything else: it can be the hottest row
 * of a tenant, and what happens while it is locked holds up everybody. So:
 *
 *	- consume() is the last thing a transaction does before it commits, after its holds, bookings and the rest;
 *	- of several accounts, the ones that few share come first: the person's, then the company's;
 *	- within consume() the ledger entry is inserted first, then one UPDATE locks the row and takes the units. An entry
 *	 that turns out not to be covered is deleted again.
 *
 * The row itself, and no lock of our own before it: a queue of advisory locks hands itself on from sleeper to sleeper,
 * while a free row is had by whoever runs (half the throughput with 16 clients on 2 cores). Nothing refers to an
 * account by a foreign key, which would lock the row with every entry.
 *
 * Everything is read and written on the latest snapshot, whatever the isolation level. So a transaction in REPEATABLE
 * READ is served like any other; when others change the row while it waits, the work is done again (base/guarded.c),
 * and what remains is request_in_progress, never 40001.
 */
#ifndef HOLDFAST_QUOTA_H
#define HOLDFAST_QUOTA_H

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/uuid.h"

#include "base/guarded.h"
#include "quota/quota_core.h"

typedef enum HfPeriodKind
{
	HF_PERIOD_NONE,
	HF_PERIOD_DAY,
	HF_PERIOD_WEEK,
	HF_PERIOD_MONTH,
	HF_PERIOD_KINDS
} HfPeriodKind;

extern const char *const hf_period_names[HF_PERIOD_KINDS];

/* The tables, and the account that a call is about. */
typedef struct HfQuota
{
	Oid accounts;
	Oid ledger;
	Oid periods;
	Oid alerts;
	pg_uuid_t organization;
	pg_uuid_t account;
} HfQuota;

/* One row of the table of accounts. */
typedef struct HfAccount
{
	HfQuotaRules rules;
	int next_allocation; /* negative: the same */
	HfPeriodKind period;
	char *time_zone;
	TimestampTz starts_at; /* the running period */
	TimestampTz ends_at;
	HfQuotaState state;
} HfAccount;

/* Entries of the ledger that are to be written, column by column. */
typedef struct HfEntries
{
	Datum *ids;
	Datum *starts;
	Datum *kinds;
	Datum *amounts;
	Datum *times;
	int count;
	int room;
} HfEntries;

#define HF_CLOSED_COLUMNS 7

/* A change of an account, from its lock to what is written. */
typedef struct HfChange
{
	HfQuota quota;
	HfAccount account;
	TimestampTz now; /* read after the lock, within the running period */
	int available;	 /* what the running period had before the change */
	int balance;
	HfEntries rolled;  /* what periods lost and brought */
	HfEntries entries; /* the change itself */
	const pg_uuid_t *reference;
	const char *reason;
	Datum *closed[HF_CLOSED_COLUMNS]; /* periods that have ended, column by column */
	int period_count;
	int period_room;
} HfChange;

/* quota_table.c */
extern void hf_quota_init(void);
extern void hf_quota_find(HfQuota *quota, Oid accounts);

/* quota_period.c */
extern HfPeriodKind hf_period_kind(const char *name);
extern TimestampTz hf_period_start(HfPeriodKind kind, const char *time_zone, TimestampTz instant);
extern TimestampTz hf_period_end(HfPeriodKind kind, const char *time_zone, TimestampTz start);

/* quota_account.c; SPI is open. */
extern bool hf_account_read(const HfQuota *quota, HfAccount *account);
extern bool hf_account_lock(const HfQuota *quota, HfAccount *account);
extern bool hf_account_insert(const HfQuota *quota, const HfAccount *account, TimestampTz now);
extern void hf_account_save(const HfQuota *quota, const HfAccount *account);

/* quota_ledger.c; SPI is open. */
extern Datum hf_quota_array(Datum *values, int count, Oid type);
extern void hf_change_roll(HfChange *change);
extern bool hf_change_begin(HfChange *change);
extern void hf_change_add(HfChange *change, const char *kind, int amount);
extern void hf_change_end(HfChange *change);
extern void
hf_quota_alert(const HfQuota *quota, TimestampTz starts_at, int level, int available, int balance);

/* What roll_quotas() is about. */
typedef struct HfRolling
{
	HfQuota quota;
	int batch;
	int rolled; /* the result */
} HfRolling;

extern bool hf_roll_due(void *rolling);

/* quota_spend.c: the work of consume() and refund(), to be run by hf_guarded(). */
typedef struct HfSpending
{
	HfQuota quota;
	int amount; /* of a refund, negative: all */
	pg_uuid_t reference;
	bool done; /* the results */
	int balance;
	int available;
	TimestampTz starts_at;
	TimestampTz ends_at;
} HfSpending;

extern bool hf_consume(void *spending);
extern bool hf_refund(void *spending);
extern int hf_consumed(const HfQuota *quota, const pg_uuid_t *reference);

/* quota_rules.c: the work of set_quota(), set_allocation() and adjust(). */
typedef struct HfRuling
{
	HfQuota quota;
	bool all;		  /* set_quota: every rule; else the allocation */
	HfAccount wanted; /* its rules */
	bool next_period; /* the allocation counts from then on */
	int adjustment;
	const char *reason;
	int balance; /* the result */
	bool done;	 /* of an adjustment */
	TimestampTz ends_at;
} HfRuling;

extern bool hf_set_rules(void *ruling);
extern bool hf_adjust(void *ruling);

#endif

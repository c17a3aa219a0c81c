/*
 * quota_table.h
 *		What is known of the tables of a quota; inside of quota_*.c.
 */
#ifndef HOLDFAST_QUOTA_TABLE_H
#define HOLDFAST_QUOTA_TABLE_H

#include "base/row_checks.h"
#include "quota/quota.h"

/* The first columns of the accounts, and those of the ledger. */
enum
{
	HF_ACCOUNT_ORGANIZATION,
	HF_ACCOUNT_ID,
	HF_ACCOUNT_BALANCE,
	HF_ACCOUNT_AVAILABLE,
	HF_ACCOUNT_STARTS,
	HF_ACCOUNT_ENDS,
	HF_ACCOUNT_COLUMNS
};

enum
{
	HF_LEDGER_ORGANIZATION,
	HF_LEDGER_ACCOUNT,
	HF_LEDGER_ID,
	HF_LEDGER_STARTS,
	HF_LEDGER_KIND,
	HF_LEDGER_AMOUNT,
	HF_LEDGER_REFERENCE,
	HF_LEDGER_REASON,
	HF_LEDGER_ACTOR,
	HF_LEDGER_CREATED,
	HF_LEDGER_COLUMNS
};

typedef struct HfQuotaTables
{
	Oid accounts; /* the key */
	bool known;	  /* what follows is true now */
	Oid ledger;
	Oid periods;
	Oid alerts;
	Oid primary;			  /* index of the accounts' key */
	HfChecks *account_checks; /* their CHECK constraints; NULL: only by the executor */
	HfChecks *ledger_checks;
} HfQuotaTables;

/* What is known of a quota; good until the next call. Raises invalid_input when the table is none. */
extern const HfQuotaTables *hf_quota_tables(Oid accounts);

/* Whether this call may read and write the accounts and the ledger without the executor. */
extern bool hf_quota_is_direct(const HfQuotaTables *tables);

/* How consuming without the executor went (quota_direct.c). */
typedef enum HfDirectly
{
	HF_DIRECTLY_DONE,	   /* the spending says how */
	HF_DIRECTLY_NOT_FOUND, /* no such account */
	HF_DIRECTLY_NOT		   /* the long way; nothing is written, but perhaps an entry: see entered */
} HfDirectly;

extern HfDirectly hf_quota_consume_directly(const HfQuotaTables *tables, HfSpending *spending,
											pg_uuid_t *entered, bool *has_entered);

#endif

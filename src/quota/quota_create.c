/*
 * quota_create.c
 *		create_quota(): accounts with their balance, the ledger, closed periods and alerts.
 *
 * - Using a unit changes the balance and nothing that is indexed, so it is a HOT update; the space that fillfactor
 *	 leaves is for it. The index for roll_quotas() is on the end of the period, which changes once a period.
 * - Every statement that writes parses all CHECK constraints of its table anew, and with one for every column that is a
 *	 sixth of what consume() costs. So the two tables that it writes have one each, that must hold whatever happens; what
 *	 else a row has to be is seen to by the functions, asked of every account that is read (quota_account.c), and proved
 *	 by verify_quota().
 * - The ledger has no foreign key to the account: it would lock the hottest row of the tenant with every entry.
 */
#include "compat.h"

#include "fmgr.h"
#include "utils/lsyscache.h"

#include "base/create.h"
#include "errors.h"
#include "quota/quota.h"

/* so that the longest suffix fits */
#define MAX_NAME 55

PG_FUNCTION_INFO_V1(hf_create_quota);

/* %1$s is the table, qualified and quoted. */
static const char *const account_commands[] = {
	"CREATE TABLE %1$s ("
	" organization_id uuid NOT NULL,"
	" account uuid NOT NULL,"
	" balance int NOT NULL,"
	" available int NOT NULL,"
	" period_starts_at timestamptz NOT NULL,"
	" period_ends_at timestamptz NOT NULL,"
	" allocation int NOT NULL,"
	" next_allocation int,"
	" shortfall int NOT NULL DEFAULT 0,"
	" carry_limit int,"
	" carry_periods int,"
	" period text NOT NULL,"
	" time_zone text NOT NULL,"
	" carried int[] NOT NULL,"
	" created_at timestamptz NOT NULL,"
	" CONSTRAINT balance_within_available CHECK (balance BETWEEN 0 AND available),"
	" PRIMARY KEY (organization_id, account)"
	") WITH (fillfactor = 70)",
	"CREATE INDEX ON %1$s (period_ends_at)",
	"COMMENT ON TABLE %1$s IS 'Accounts: what each may use in a period, and what it has left. Write through set_quota(), "
	"consume(), refund(), adjust() and their like: the balance is the sum of the ledger.'",
	"COMMENT ON COLUMN %1$s.organization_id IS 'The tenant.'",
	"COMMENT ON COLUMN %1$s.account IS 'Whose units they are: a company, a person.'",
	"COMMENT ON COLUMN %1$s.balance IS 'Units left in the running period, as of its last use; balance() also knows of a "
	"period that has begun since.'",
	"COMMENT ON COLUMN %1$s.available IS 'All units of the running period: carried over, allocated, adjusted. Less the "
	"balance, what is used.'",
	"COMMENT ON COLUMN %1$s.period_starts_at IS 'Start of the running period.'",
	"COMMENT ON COLUMN %1$s.period_ends_at IS 'End of the running period; infinity: it does not end.'",
	"COMMENT ON COLUMN %1$s.allocation IS 'Units that each period brings.'",
	"COMMENT ON COLUMN %1$s.next_allocation IS 'The allocation from the next period on; null: the same.'",
	"COMMENT ON COLUMN %1$s.shortfall IS 'Units by which the allocation of the running period was reduced below what was "
	"used already.'",
	"COMMENT ON COLUMN %1$s.carry_limit IS 'How many unused units go over into the next period, at most; null: all, 0: "
	"none.'",
	"COMMENT ON COLUMN %1$s.carry_periods IS 'For how many periods units that were carried over can be used; null: for "
	"ever.'",
	"COMMENT ON COLUMN %1$s.period IS 'none, day, week (from Monday) or month. A change counts from the next period on.'",
	"COMMENT ON COLUMN %1$s.time_zone IS 'The IANA zone at whose midnight periods begin. A change counts from the next "
	"period on.'",
	"COMMENT ON COLUMN %1$s.carried IS 'Units carried into the running period, by age: the first lapse with it. The "
	"oldest are used first.'",
	"COMMENT ON COLUMN %1$s.created_at IS 'When the account was opened.'",
};

static const char *const ledger_commands[] = {
	"CREATE TABLE %1$s ("
	" organization_id uuid NOT NULL,"
	" account uuid NOT NULL,"
	" id uuid NOT NULL,"
	" period_starts_at timestamptz NOT NULL,"
	" kind text NOT NULL,"
	" amount int NOT NULL CHECK (amount <> 0),"
	" reference uuid,"
	" reason text,"
	" actor uuid,"
	" created_at timestamptz NOT NULL,"
	" PRIMARY KEY (organization_id, account, id))",
	"CREATE INDEX ON %1$s (organization_id, reference, account) WHERE reference IS NOT NULL",
	"COMMENT ON TABLE %1$s IS 'Every change of a balance, never changed itself. The sum of an account''s entries is its "
	"balance.'",
	"COMMENT ON COLUMN %1$s.organization_id IS 'The tenant.'",
	"COMMENT ON COLUMN %1$s.account IS 'Whose units they are.'",
	"COMMENT ON COLUMN %1$s.id IS 'Key of the entry, a UUIDv7.'",
	"COMMENT ON COLUMN %1$s.period_starts_at IS 'The period that the entry belongs to, by its start.'",
	"COMMENT ON COLUMN %1$s.kind IS 'grant: the allocation that a period brings, once; consume: used; refund: given back "
	"within the period; return: given back in a later one; adjust: corrected by hand, or the allocation changed within "
	"the period; lapse: lost at the end of a period, or not coming back with a refund or return.'",
	"COMMENT ON COLUMN %1$s.amount IS 'Units; negative when the balance goes down.'",
	"COMMENT ON COLUMN %1$s.reference IS 'What the units were used for, such as a booking.'",
	"COMMENT ON COLUMN %1$s.reason IS 'Why, of a change by hand.'",
	"COMMENT ON COLUMN %1$s.actor IS 'Who did it: actor_id(), null without a token.'",
	"COMMENT ON COLUMN %1$s.created_at IS 'When; of what a period brought or lost, its start or end.'",
};

static const char *const period_commands[] = {
	"CREATE TABLE %1$s ("
	" organization_id uuid NOT NULL,"
	" account uuid NOT NULL,"
	" starts_at timestamptz NOT NULL,"
	" ends_at timestamptz NOT NULL,"
	" allocation int NOT NULL,"
	" available int NOT NULL,"
	" used int NOT NULL,"
	" carried_over int NOT NULL,"
	" lapsed int NOT NULL,"
	" CHECK (used >= 0 AND carried_over >= 0 AND lapsed >= 0 AND available = used + carried_over + lapsed),"
	" PRIMARY KEY (organization_id, account, starts_at))",
	"COMMENT ON TABLE %1$s IS 'Periods that have ended, written when the next is begun.'",
	"COMMENT ON COLUMN %1$s.organization_id IS 'The tenant.'",
	"COMMENT ON COLUMN %1$s.account IS 'Whose period it was.'",
	"COMMENT ON COLUMN %1$s.starts_at IS 'Its start.'",
	"COMMENT ON COLUMN %1$s.ends_at IS 'Its end, the start of the next.'",
	"COMMENT ON COLUMN %1$s.allocation IS 'The allocation, as it was at the end.'",
	"COMMENT ON COLUMN %1$s.available IS 'All units it had: carried over, allocated, adjusted.'",
	"COMMENT ON COLUMN %1$s.used IS 'Units used in it and not given back in it.'",
	"COMMENT ON COLUMN %1$s.carried_over IS 'Units that went over into the next period.'",
	"COMMENT ON COLUMN %1$s.lapsed IS 'Units that were lost.'",
};

static const char *const alert_commands[] = {
	"CREATE TABLE %1$s ("
	" organization_id uuid NOT NULL,"
	" account uuid NOT NULL,"
	" period_starts_at timestamptz NOT NULL,"
	" threshold smallint NOT NULL CHECK (threshold BETWEEN 1 AND 100),"
	" available int NOT NULL,"
	" balance int NOT NULL,"
	" reached_at timestamptz NOT NULL,"
	" PRIMARY KEY (organization_id, account, period_starts_at, threshold))",
	"COMMENT ON TABLE %1$s IS 'Thresholds that were reached, each once in a period, in the transaction that reached it. "
	"A trigger on this table is the place to tell somebody.'",
	"COMMENT ON COLUMN %1$s.organization_id IS 'The tenant.'",
	"COMMENT ON COLUMN %1$s.account IS 'Whose units they are.'",
	"COMMENT ON COLUMN %1$s.period_starts_at IS 'The period, by its start.'",
	"COMMENT ON COLUMN %1$s.threshold IS 'Per cent of what was available that is used: 50, 80 or 100.'",
	"COMMENT ON COLUMN %1$s.available IS 'Units that the period had then.'",
	"COMMENT ON COLUMN %1$s.balance IS 'Units that were left then.'",
	"COMMENT ON COLUMN %1$s.reached_at IS 'When.'",
};

/* MakeTable runs the commands of one table, with row security on and nobody but the owner let in. */
static void
MakeTable(const char *table, const char *const *commands, int count)
{
	static const char *const secure[] = {"ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY"};

	hf_create_run(commands, count, table, NULL);
	hf_create_run(secure, lengthof(secure), table, NULL);
	hf_create_close_off(table);
}

/* MakeSide makes a table beside the accounts, under their name and a suffix. */
static void
MakeSide(const HfCreation *creation, const char *suffix, const char *const *commands, int count)
{
	MakeTable(hf_create_name(creation, psprintf("%s_%s", creation->relname, suffix)), commands,
			  count);
}

/* create_quota(name) */
Datum
hf_create_quota(PG_FUNCTION_ARGS)
{
	HfCreation creation;

	hf_create_begin(&creation, PG_GETARG_DATUM(0), PG_ARGISNULL(0));
	if (strlen(creation.relname) > MAX_NAME)
		hf_raise_invalid("name", "is longer than 55 bytes, which leaves no room for _periods");
	MakeTable(hf_create_name(&creation, creation.relname), account_commands,
			  lengthof(account_commands));
	MakeSide(&creation, "ledger", ledger_commands, lengthof(ledger_commands));
	MakeSide(&creation, "periods", period_commands, lengthof(period_commands));
	MakeSide(&creation, "alerts", alert_commands, lengthof(alert_commands));
	PG_RETURN_OID(hf_create_end(&creation));
}

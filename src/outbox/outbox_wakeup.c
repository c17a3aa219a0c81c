/*
 * outbox_wakeup.c
 *		The trigger of enable_wakeup(): NOTIFY, at most once in a while.
 *
 * Every transaction that notifies waits at its commit for every other that does, so one in a while has to do for all.
 * When the last was is kept in a sequence beside the outbox, whose value costs no row version and no lock. It is not
 * undone by a rollback, and a transaction that commits within the pause tells nobody: a hint, no more.
 */
#include "compat.h"

#include "commands/async.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "spi.h"

PG_FUNCTION_INFO_V1(hf_outbox_wakeup);

static const HfQuery last_wakeup = {"SELECT last_value FROM %s", 0, {0}, true};

/* Wakeup finds the sequence beside an outbox. */
static Oid
Wakeup(Relation outbox)
{
	return get_relname_relid(psprintf("%s_wakeup", RelationGetRelationName(outbox)),
							 RelationGetNamespace(outbox));
}

/* WakeUp notifies a channel, unless that was done a moment ago; runs as the outbox's owner. */
static void
WakeUp(void *arg)
{
	Trigger *trigger = ((TriggerData *) arg)->tg_trigger;
	Oid sequence = Wakeup(((TriggerData *) arg)->tg_relation);
	int64 now = GetCurrentTimestamp() / 1000 +
				(POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (int64) SECS_PER_DAY * 1000;
	int64 last = 0;
	bool isnull;

	if (!OidIsValid(sequence))
		return;
	hf_spi_open();
	if (hf_spi_run_latest(&last_wakeup, sequence, NULL) == 1)
		last = DatumGetInt64(hf_spi_value(0, 1, &isnull));
	hf_spi_close();
	/* a clock that was put back wakes up too */
	if (last <= now && now - last < atoi(trigger->tgargs[1]))
		return;
	DirectFunctionCall2(setval_oid, ObjectIdGetDatum(sequence), Int64GetDatum(now));
	Async_Notify(trigger->tgargs[0], "");
}

/* outbox_wakeup(): the trigger that enable_wakeup() makes; its arguments are the channel and the pause in milliseconds */
Datum
hf_outbox_wakeup(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_STATEMENT(data->tg_event) ||
		!TRIGGER_FIRED_AFTER(data->tg_event) || data->tg_trigger->tgnargs != 2)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("outbox_wakeup() is for the trigger that enable_wakeup() makes")));
	hf_spi_as_owner(RelationGetRelid(data->tg_relation), WakeUp, data);
	PG_RETURN_POINTER(NULL);
}

/*
 * calendar_guard.c
 *		Runs the work of a call so that no failure to lock or to serialize leaks to the client.
 *
 * PostgREST repeats 40001 for ever and answers 40P01 and 55P03 with 500, 23P01 with 400; all of them mean no more than
 * "somebody else was faster". They become a word of the contract here. Under REPEATABLE READ and SERIALIZABLE an
 * update can meet a row that changed after our snapshot although the lock is ours: a sweep takes no locks. Then the
 * work is undone and done again, on a newer snapshot.
 */
#include "compat.h"

#include "access/xact.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "calendar.h"

#define MAX_ATTEMPTS 3

/* IsContention tells whether an error says that another transaction was in the way. */
static bool
IsContention(int code)
{
	return code == ERRCODE_T_R_SERIALIZATION_FAILURE || code == ERRCODE_T_R_DEADLOCK_DETECTED ||
		   code == ERRCODE_LOCK_NOT_AVAILABLE || code == ERRCODE_EXCLUSION_VIOLATION;
}

/* RunHere runs the work in the current transaction; *failed: it met contention, which now has to be raised. */
static bool
RunHere(bool (*work)(void *), void *arg, bool *failed)
{
	MemoryContext context = CurrentMemoryContext;
	volatile bool result = false;

	PG_TRY();
	{
		result = work(arg);
	}
	PG_CATCH();
	{
		if (!IsContention(geterrcode()))
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		FlushErrorState();
		*failed = true;
	}
	PG_END_TRY();
	return result;
}

/* RunUndoable runs the work in a subtransaction; *code is the error it met, if that was contention. */
static bool
RunUndoable(bool (*work)(void *), void *arg, bool undo, int *code)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile bool result = false;

	*code = 0;
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		result = work(arg);
		if (result || !undo)
			ReleaseCurrentSubTransaction();
		else
			RollbackAndReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData *error;

		/* Whatever it is: an error that leaves a subtransaction open leaves the session unusable. */
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		*code = error->sqlerrcode;
		if (!IsContention(*code))
			ReThrowError(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return result;
}

/* hf_guarded runs work; see calendar.h. */
bool
hf_guarded(bool (*work)(void *), void *arg, bool undo, void (*contended)(void *))
{
	bool failed = false;
	int code = 0;
	bool result;

	if (!undo && !IsolationUsesXactSnapshot())
	{
		result = RunHere(work, arg, &failed);
		if (failed)
			contended(arg);
		return result;
	}
	for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++)
	{
		result = RunUndoable(work, arg, undo, &code);
		if (code == 0)
			return result;
		if (code != ERRCODE_T_R_SERIALIZATION_FAILURE)
			break;
	}
	contended(arg);
	return false;
}

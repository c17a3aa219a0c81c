/*
 * guarded.c
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

#include "base/guarded.h"

#define MAX_ATTEMPTS 3

/* IsContention tells whether an error says that another transaction was in the way. */
static bool
IsContention(int code)
{
	return code == ERRCODE_T_R_SERIALIZATION_FAILURE || code == ERRCODE_T_R_DEADLOCK_DETECTED ||
		   code == ERRCODE_LOCK_NOT_AVAILABLE || code == ERRCODE_EXCLUSION_VIOLATION;
}

/* RunHere runs the work in the current transaction; *code: it met contention, which now has to be raised. */
static bool
RunHere(bool (*work)(void *), void *arg, volatile int *code)
{
	MemoryContext context = CurrentMemoryContext;
	volatile bool result = false;

	PG_TRY();
	{
		result = work(arg);
	}
	PG_CATCH();
	{
		*code = geterrcode();
		if (!IsContention(*code))
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		FlushErrorState();
	}
	PG_END_TRY();
	return result;
}

/*
 * hf_in_subtransaction runs work in a subtransaction. When it returns false, what it wrote is undone if undo is set.
 * An error undoes it in any case: one that expected() knows is swallowed and returned in *code, another goes on.
 */
bool
hf_in_subtransaction(bool (*work)(void *), void *arg, bool undo, bool (*expected)(int), int *code)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile bool result = false;
	ErrorData *volatile error = NULL;

	*code = 0;
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		result = work(arg);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		result = false;
	}
	PG_END_TRY();
	/* outside of PG_TRY, so that no error can leave the subtransaction open */
	if (error == NULL && (result || !undo))
		ReleaseCurrentSubTransaction();
	else
		RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	if (error != NULL && !expected(error->sqlerrcode))
		ReThrowError(error);
	if (error != NULL)
		*code = error->sqlerrcode;
	return result;
}

/* hf_guarded runs work; see calendar.h. */
bool
hf_guarded(bool (*work)(void *), void *arg, bool undo, void (*contended)(void *, int))
{
	bool here = !undo && !IsolationUsesXactSnapshot();
	int code = 0;

	for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++)
	{
		bool result = here ? RunHere(work, arg, &code)
						   : hf_in_subtransaction(work, arg, undo, IsContention, &code);

		if (code == 0)
			return result;
		if (here || code != ERRCODE_T_R_SERIALIZATION_FAILURE)
			break;
	}
	contended(arg, code);
	pg_unreachable();
}

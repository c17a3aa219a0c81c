/*
 * roles.c
 *		has_role() and has_permission(): what the caller may do. Each call site keeps its last answer.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "identity/claims.h"
#include "identity/holders.h"

PG_FUNCTION_INFO_V1(hf_has_role);
PG_FUNCTION_INFO_V1(hf_has_permission);

/* What one call site was asked last, and the answer. */
typedef struct Memo
{
	uint64 generation;
	HfLiveKey key;
	Size size;
	void *question; /* the argument's bytes */
	bool answer;
} Memo;

/* RecallMemo returns the memo of a call site, and whether it already holds the answer. */
static Memo *
RecallMemo(FmgrInfo *flinfo, const HfLiveKey *key, uint64 generation, const void *question,
		   Size size, bool *hit)
{
	Memo *memo = flinfo->fn_extra;

	if (memo == NULL)
	{
		memo = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(Memo));
		flinfo->fn_extra = memo;
	}
	*hit = memo->generation == generation && memo->size == size &&
		   memcmp(&memo->key, key, sizeof(*key)) == 0 &&
		   memcmp(memo->question, question, size) == 0;
	return memo;
}

/* SaveMemo remembers an answer, unless something has changed meanwhile. */
static void
SaveMemo(FmgrInfo *flinfo, Memo *memo, const HfLiveKey *key, uint64 generation,
		 const void *question, Size size, bool answer)
{
	memo->generation = 0;
	if (hf_live_generation_seen() != generation)
		return;
	if (memo->size != size)
	{
		if (memo->question != NULL)
			pfree(memo->question);
		memo->size = 0;
		memo->question = NULL;
		memo->question = MemoryContextAlloc(flinfo->fn_mcxt, size);
		memo->size = size;
	}
	memcpy(memo->question, question, size);
	memo->key = *key;
	memo->answer = answer;
	memo->generation = generation;
}

/* HasAnyRole tells whether a holder has one of the names in a text[]. */
static bool
HasAnyRole(const HfHolder *holder, ArrayType *names)
{
	Datum *elements;
	bool *nulls;
	int count;

	deconstruct_array(names, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i] && hf_names_contain(&holder->roles, VARDATA_ANY(DatumGetPointer(elements[i])),
										  VARSIZE_ANY_EXHDR(DatumGetPointer(elements[i]))))
			return true;
	}
	return false;
}

/* CallerKey makes the key of the caller; false when there is no caller. */
static bool
CallerKey(Oid relid, HfLiveKey *key)
{
	pg_uuid_t user;
	pg_uuid_t organization;

	if (!hf_claims_user(&user))
		return false;
	hf_live_key(key, relid, hf_claims_organization(&organization) ? &organization : NULL, &user);
	return true;
}

/* has_role(roles regclass, VARIADIC names text[]) */
Datum
hf_has_role(PG_FUNCTION_ARGS)
{
	HfLiveKey key;
	uint64 generation;
	ArrayType *names;
	Memo *memo;
	bool hit;
	bool answer;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || !CallerKey(PG_GETARG_OID(0), &key))
		PG_RETURN_BOOL(false);
	names = PG_GETARG_ARRAYTYPE_P(1);
	generation = hf_live_generation();
	memo = RecallMemo(fcinfo->flinfo, &key, generation, names, VARSIZE(names), &hit);
	if (hit)
		PG_RETURN_BOOL(memo->answer);
	answer = HasAnyRole(hf_holders_find(&key, generation), names);
	SaveMemo(fcinfo->flinfo, memo, &key, generation, names, VARSIZE(names), answer);
	PG_RETURN_BOOL(answer);
}

/* has_permission(roles regclass, permission text) */
Datum
hf_has_permission(PG_FUNCTION_ARGS)
{
	HfLiveKey key;
	uint64 generation;
	text *permission;
	Memo *memo;
	bool hit;
	bool answer;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || !CallerKey(PG_GETARG_OID(0), &key))
		PG_RETURN_BOOL(false);
	permission = PG_GETARG_TEXT_PP(1);
	generation = hf_live_generation();
	memo = RecallMemo(fcinfo->flinfo, &key, generation, permission, VARSIZE_ANY(permission), &hit);
	if (hit)
		PG_RETURN_BOOL(memo->answer);
	answer = hf_names_contain(&hf_holders_find(&key, generation)->permissions,
							  VARDATA_ANY(permission), VARSIZE_ANY_EXHDR(permission));
	SaveMemo(fcinfo->flinfo, memo, &key, generation, permission, VARSIZE_ANY(permission), answer);
	PG_RETURN_BOOL(answer);
}

/*
 * strength.c
 *		password_strength(): whether a new password is good enough, and why not.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "auth/breach.h"
#include "auth/password.h"
#include "auth/strength_core.h"
#include "errors.h"
#include "guc.h"

#define MAX_INPUTS 100

PG_FUNCTION_INFO_V1(hf_password_strength);

/* The columns of the result. */
enum
{
	SCORE,
	GUESSES,
	FEEDBACK,
	ACCEPTABLE,
	REASONS,
	COLUMNS
};

/* Words reads what the user is known by. */
static void
Words(ArrayType *array, HfWords *words)
{
	Datum *values;
	bool *nulls;
	int count;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
	if (count > MAX_INPUTS)
		hf_raise_invalid("user_inputs", "has more than 100 elements");
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i])
		{
			size_t length;
			char *word = hf_password_normal(DatumGetTextPP(values[i]), &length);

			hf_words_add(words, word, length);
			pfree(word);
		}
	}
}

/* Feedback names the patterns that were found. */
static Datum
Feedback(unsigned patterns)
{
	static const char *const names[HF_PATTERNS] = {"common_word", "own_word",		  "repetition",
												   "sequence",	  "keyboard_pattern", "date"};
	Datum found[HF_PATTERNS];
	int count = 0;

	for (int i = 0; i < HF_PATTERNS; i++)
	{
		if (patterns & 1u << i)
			found[count++] = CStringGetTextDatum(names[i]);
	}
	return PointerGetDatum(construct_array(found, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Reasons says why a password is refused; strength is NULL when it is too long to be looked at. */
static ArrayType *
Reasons(const text *password, const HfStrength *strength)
{
	Datum found[3];
	int count = 0;

	if (strength == NULL)
		found[count++] = CStringGetTextDatum("too_long");
	else
	{
		if (strength->characters < hf_password_min_length)
			found[count++] = CStringGetTextDatum("too_short");
		if (strength->score < hf_password_min_score)
			found[count++] = CStringGetTextDatum("too_guessable");
		if (strength->characters > 0 && hf_breach_configured() && hf_breach_listed(password))
			found[count++] = CStringGetTextDatum("breached");
	}
	return construct_array(found, count, TEXTOID, -1, false, TYPALIGN_INT);
}

/* password_strength(password, user_inputs) */
Datum
hf_password_strength(PG_FUNCTION_ARGS)
{
	text *password = PG_ARGISNULL(0) ? cstring_to_text("") : PG_GETARG_TEXT_PP(0);
	bool fits = VARSIZE_ANY_EXHDR(password) <= HF_PASSWORD_MAX;
	HfStrength strength = {0};
	HfWords *words = palloc0(sizeof(HfWords));
	TupleDesc tupdesc;
	ArrayType *reasons;
	Datum values[COLUMNS];
	bool nulls[COLUMNS] = {false};
	size_t length = 0;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "password_strength() must return a row");
	if (!PG_ARGISNULL(1))
		Words(PG_GETARG_ARRAYTYPE_P(1), words);
	if (fits)
	{
		char *normal = hf_password_normal(password, &length);

		fits = length <= HF_STRENGTH_MAX_PASSWORD;
		if (fits)
			hf_strength_estimate(normal, length, words, &strength);
		hf_password_forget(normal, length);
	}
	reasons = Reasons(password, fits ? &strength : NULL);
	values[SCORE] = Int32GetDatum(strength.score);
	values[GUESSES] = Float8GetDatum(strength.guesses_log10);
	values[FEEDBACK] = Feedback(strength.patterns);
	values[ACCEPTABLE] = BoolGetDatum(ARR_NDIM(reasons) == 0);
	values[REASONS] = PointerGetDatum(reasons);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}

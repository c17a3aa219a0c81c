/*
 * strength_core.c
 *		What libzxcvbn is asked, and what its answer means.
 *
 * The library reads bytes, lower case in its own words, and at most a hundred of them in detail. Its memory is its own:
 * nothing here returns before it is free.
 */
#include <math.h>
#include <string.h>

#include <sodium.h>
#include <zxcvbn.h>

#include "auth/strength_core.h"

/* Simplify writes one byte a character, which for those beyond ASCII is one that no word has; NUL at the end. */
static void
Simplify(const char *text, size_t length, char *out)
{
	unsigned char sum = 0;

	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (c < 0x80)
			*out++ = (char) c;
		else
		{
			/* the bytes of a character, from the first (11xxxxxx) to the last (10xxxxxx), become one */
			sum = (unsigned char) ((c & 0xc0) == 0xc0 ? c : sum * 64u + c);
			if (i + 1 == length || ((unsigned char) text[i + 1] & 0xc0) != 0x80)
				*out++ = (char) (sum | 0x80);
		}
	}
	*out = '\0';
}

/* AddWord adds one word in the form that passwords are looked at in. */
static void
AddWord(HfWords *words, const char *text, size_t length)
{
	char *word;

	if (words->count == HF_STRENGTH_MAX_WORDS || length > HF_STRENGTH_MAX_WORD)
		return;
	word = words->text[words->count];
	Simplify(text, length, word);
	if (strlen(word) < HF_STRENGTH_MIN_WORD)
		return;
	for (; *word != '\0'; word++)
	{
		if (*word >= 'A' && *word <= 'Z')
			*word = (char) (*word - 'A' + 'a');
	}
	words->count++;
}

/* IsLetter says what words are made of; whatever is beyond ASCII is a letter. */
static bool
IsLetter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		   (unsigned char) c >= 0x80;
}

/* hf_words_add adds a text; see strength_core.h. */
void
hf_words_add(HfWords *words, const char *text, size_t length)
{
	size_t start = 0;

	AddWord(words, text, length);
	for (size_t i = 0; i <= length; i++)
	{
		if (i < length && IsLetter(text[i]))
			continue;
		if (i - start < length)
			AddWord(words, text + start, i - start);
		start = i + 1;
	}
}

/* Pattern is what a part of a password is, or 0. */
static unsigned
Pattern(const ZxcMatch_t *match)
{
	unsigned repeated = (match->Type & MULTIPLE_MATCH) != 0 ? HF_PATTERN_REPEAT : 0;

	switch ((int) match->Type & ~MULTIPLE_MATCH)
	{
		case DICTIONARY_MATCH:
		case DICT_LEET_MATCH:
			return repeated | (match->Length >= 4 ? HF_PATTERN_COMMON : 0);
		case USER_MATCH:
		case USER_LEET_MATCH:
			return repeated | HF_PATTERN_OWN;
		case REPEATS_MATCH:
			return HF_PATTERN_REPEAT;
		case SEQUENCE_MATCH:
			return repeated | HF_PATTERN_SEQUENCE;
		case SPATIAL_MATCH:
			return repeated | (match->Length >= 4 ? HF_PATTERN_KEYBOARD : 0);
		case DATE_MATCH:
		case YEAR_MATCH:
			return repeated | HF_PATTERN_DATE;
		default:
			return repeated;
	}
}

/* Score is zxcvbn's scale. */
static int
Score(double guesses_log10)
{
	static const double limits[] = {3, 6, 8, 10};
	int score = 0;

	while (score < 4 && guesses_log10 >= limits[score])
		score++;
	return score;
}

/* hf_strength_estimate estimates; see strength_core.h. */
void
hf_strength_estimate(const char *password, size_t length, const HfWords *words,
					 HfStrength *strength)
{
	char simple[HF_STRENGTH_MAX_PASSWORD + 1];
	const char *list[HF_STRENGTH_MAX_WORDS + 1];
	ZxcMatch_t *matches = NULL;
	double bits;

	for (int i = 0; i < words->count; i++)
		list[i] = words->text[i];
	list[words->count] = NULL;
	Simplify(password, length, simple);
	bits = simple[0] != '\0' ? ZxcvbnMatch(simple, list, &matches) : 0;
	strength->characters = (int) strlen(simple);
	strength->patterns = 0;
	for (const ZxcMatch_t *match = matches; match != NULL; match = match->Next)
		strength->patterns |= Pattern(match);
	ZxcvbnFreeInfo(matches);
	sodium_memzero(simple, sizeof(simple));
	strength->guesses_log10 = bits > 0 ? bits * log10(2) : 0;
	strength->score = Score(strength->guesses_log10);
}

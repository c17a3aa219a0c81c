/*
 * strength_core.h
 *		How many guesses a password takes, by libzxcvbn: words, names, keyboards, dates, repetitions, and what the user is
 *		known by.
 */
#ifndef HOLDFAST_STRENGTH_CORE_H
#define HOLDFAST_STRENGTH_CORE_H

#include <stdbool.h>
#include <stddef.h>

#define HF_STRENGTH_MAX_PASSWORD 1024 /* bytes; the estimate grows faster than the length */
#define HF_STRENGTH_MAX_WORDS	 100
#define HF_STRENGTH_MAX_WORD	 64
#define HF_STRENGTH_MIN_WORD	 3 /* shorter ones are in every password */

/* What of a password is easily guessed. */
typedef enum HfPattern
{
	HF_PATTERN_COMMON = 1 << 0,	  /* a common password, word or name, also with letters replaced */
	HF_PATTERN_OWN = 1 << 1,	  /* one of the user's own words */
	HF_PATTERN_REPEAT = 1 << 2,	  /* aaaa, abcabc */
	HF_PATTERN_SEQUENCE = 1 << 3, /* abcd, 1234 */
	HF_PATTERN_KEYBOARD = 1 << 4, /* qwerty */
	HF_PATTERN_DATE = 1 << 5
} HfPattern;

#define HF_PATTERNS 6

/* The user's own words, in lower case. */
typedef struct HfWords
{
	int count;
	char text[HF_STRENGTH_MAX_WORDS][HF_STRENGTH_MAX_WORD + 1];
} HfWords;

typedef struct HfStrength
{
	int score;			  /* 0 to 4, as zxcvbn scores */
	double guesses_log10; /* how many guesses, as a power of ten */
	unsigned patterns;	  /* of HfPattern */
	int characters;		  /* how long it is, in characters */
} HfStrength;

/* Adds a text, and each word in it, as long as there is room. Text is UTF-8. */
extern void hf_words_add(HfWords *words, const char *text, size_t length);

/*
 * Estimates a password of at most HF_STRENGTH_MAX_PASSWORD bytes of UTF-8, without NUL. A letter beyond ASCII counts as
 * one character, however many bytes it has.
 */
extern void hf_strength_estimate(const char *password, size_t length, const HfWords *words,
								 HfStrength *strength);

#endif

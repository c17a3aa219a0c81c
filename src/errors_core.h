/*
 * errors_core.h
 *		The words that a client can meet, as data; see errors_core.c.
 */
#ifndef HOLDFAST_ERRORS_CORE_H
#define HOLDFAST_ERRORS_CORE_H

typedef struct HfErrorWord
{
	const char *word;	 /* the stable machine word, the error's MESSAGE */
	int status;			 /* HTTP status; the SQLSTATE is PT and this number */
	const char *details; /* the keys of the DETAIL object, for the documentation */
	const char *hint;	 /* what to do next, unless the caller says it better */
} HfErrorWord;

extern const HfErrorWord hf_error_words[];
extern const int hf_error_word_count;

extern const HfErrorWord *hf_error_find(const char *word);

#endif

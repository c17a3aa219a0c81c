/*
 * claims_json_core.h
 *		One pass over a JSON object that somebody else wrote: every token is checked, nothing is allocated, and
 *		the members of the object and of its direct sub-objects are shown to a visitor.
 */
#ifndef HOLDFAST_CLAIMS_JSON_CORE_H
#define HOLDFAST_CLAIMS_JSON_CORE_H

#include <stdbool.h>
#include <stddef.h>

#define HF_JSON_MAX_DEPTH  32
#define HF_JSON_MAX_NUMBER 64

typedef enum HfJsonType
{
	HF_JSON_OBJECT,
	HF_JSON_ARRAY,
	HF_JSON_STRING,
	HF_JSON_NUMBER,
	HF_JSON_TRUE,
	HF_JSON_FALSE,
	HF_JSON_NULL
} HfJsonType;

typedef enum HfJsonStatus
{
	HF_JSON_OK,
	HF_JSON_SYNTAX,
	HF_JSON_TOO_DEEP,
	HF_JSON_REFUSED /* by the visitor */
} HfJsonStatus;

/* The raw text of a string between its quotes, or of a number. It points into the scanned text. */
typedef struct HfJsonText
{
	const char *data;
	size_t length;
	bool escaped; /* has a backslash: compare and read it with the functions below only */
} HfJsonText;

typedef struct HfJsonMember
{
	int level; /* 1: a member of the object itself; 2: of an object that is the value of a level 1 member */
	HfJsonText key;
	HfJsonType type;
	HfJsonText value; /* strings and numbers only */
} HfJsonMember;

/*
 * Sees each member in the order of the text: a level 1 member whose value is an object right before that object's
 * own members. Returns false to stop.
 */
typedef bool (*HfJsonVisitor)(void *state, const HfJsonMember *member);

/*
 * Accepts RFC 8259 with one object at the top, less what jsonb would refuse too: NUL, lone surrogates, numbers
 * beyond HF_JSON_MAX_NUMBER characters or three digits of exponent. Bytes above 0x7f pass unchecked; the caller
 * knows their encoding.
 */
extern HfJsonStatus
hf_json_visit(const char *text, size_t length, HfJsonVisitor visitor, void *state);

/*
 * Writes a string without its escapes. False when it does not fit into size bytes (no terminator is added), or,
 * unless utf8, when an escape stands for a character outside ASCII.
 */
extern bool
hf_json_unescape(const HfJsonText *text, bool utf8, char *out, size_t size, size_t *length);

/* True when a key, unescaped, is exactly this name. */
extern bool hf_json_is(const HfJsonText *text, const char *name);

#endif

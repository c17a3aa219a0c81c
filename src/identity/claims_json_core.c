/*
 * claims_json_core.c
 *		The scanner of claims, headers and token headers.
 *
 * Invariants: the cursor never passes the end; recursion is bounded by HF_JSON_MAX_DEPTH; every string that a
 * visitor sees has only valid escapes, so that unescaping cannot meet a broken one.
 */
#include <string.h>

#include "identity/claims_json_core.h"

typedef struct Scan
{
	const char *at;
	const char *end;
	HfJsonVisitor visitor;
	void *state;
	HfJsonStatus status;
} Scan;

static bool ScanObject(Scan *scan, int depth, bool shown);
static bool ScanArray(Scan *scan, int depth);

/* Fail records why the text is refused. */
static bool
Fail(Scan *scan, HfJsonStatus status)
{
	scan->status = status;
	return false;
}

/* Peek skips white space and returns the next character, or NUL at the end; NUL itself is never valid. */
static char
Peek(Scan *scan)
{
	while (scan->at < scan->end)
	{
		char c = *scan->at;

		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			return c;
		scan->at++;
	}
	return '\0';
}

/* HexDigit is the value of a hexadecimal digit, or -1. */
static int
HexDigit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* CodeUnit reads the four digits of a \u escape, or returns -1. */
static int
CodeUnit(const char *at, const char *end)
{
	int unit = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++)
	{
		int digit = HexDigit(at[i]);

		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

/* CodePoint reads what follows \u, a surrogate pair included; returns its length in characters, or 0. */
static int
CodePoint(const char *at, const char *end, unsigned *point)
{
	int high = CodeUnit(at, end);
	int low;

	if (high <= 0 || (high >= 0xdc00 && high <= 0xdfff))
		return 0;
	*point = (unsigned) high;
	if (high < 0xd800 || high > 0xdbff)
		return 4;
	if (end - at < 10 || at[4] != '\\' || at[5] != 'u')
		return 0;
	low = CodeUnit(at + 6, end);
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*point = 0x10000 + ((unsigned) (high - 0xd800) << 10) + (unsigned) (low - 0xdc00);
	return 10;
}

/* ScanString reads a string, its opening quote still ahead. */
static bool
ScanString(Scan *scan, HfJsonText *text)
{
	const char *at = scan->at + 1;

	text->data = at;
	text->escaped = false;
	for (; at < scan->end && *at != '"'; at++)
	{
		unsigned point;

		if ((unsigned char) *at < 0x20)
			return Fail(scan, HF_JSON_SYNTAX);
		if (*at != '\\')
			continue;
		text->escaped = true;
		if (++at == scan->end)
			return Fail(scan, HF_JSON_SYNTAX);
		if (*at == 'u')
		{
			int length = CodePoint(at + 1, scan->end, &point);

			if (length == 0)
				return Fail(scan, HF_JSON_SYNTAX);
			at += length;
		}
		else if (*at == '\0' || strchr("\"\\/bfnrt", *at) == NULL)
			return Fail(scan, HF_JSON_SYNTAX);
	}
	if (at == scan->end)
		return Fail(scan, HF_JSON_SYNTAX);
	text->length = (size_t) (at - text->data);
	scan->at = at + 1;
	return true;
}

/* Digits skips digits and returns how many there were. */
static int
Digits(Scan *scan)
{
	const char *start = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return (int) (scan->at - start);
}

/* Accept skips one character of a set. */
static bool
Accept(Scan *scan, const char *set)
{
	if (scan->at == scan->end || *scan->at == '\0' || strchr(set, *scan->at) == NULL)
		return false;
	scan->at++;
	return true;
}

/* ScanNumber reads a number. */
static bool
ScanNumber(Scan *scan, HfJsonText *text)
{
	text->data = scan->at;
	text->escaped = false;
	Accept(scan, "-");
	if (!Accept(scan, "0") && Digits(scan) == 0)
		return Fail(scan, HF_JSON_SYNTAX);
	if (Accept(scan, ".") && Digits(scan) == 0)
		return Fail(scan, HF_JSON_SYNTAX);
	if (Accept(scan, "eE"))
	{
		int digits;

		Accept(scan, "+-");
		digits = Digits(scan);
		if (digits == 0 || digits > 3)
			return Fail(scan, HF_JSON_SYNTAX);
	}
	text->length = (size_t) (scan->at - text->data);
	return text->length <= HF_JSON_MAX_NUMBER || Fail(scan, HF_JSON_SYNTAX);
}

/* ScanWord reads true, false or null. */
static bool
ScanWord(Scan *scan, const char *word)
{
	size_t length = strlen(word);

	if ((size_t) (scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
		return Fail(scan, HF_JSON_SYNTAX);
	scan->at += length;
	return true;
}

/* TypeOf tells a value's type by its first character. */
static bool
TypeOf(char c, HfJsonType *type)
{
	if (c == '{')
		*type = HF_JSON_OBJECT;
	else if (c == '[')
		*type = HF_JSON_ARRAY;
	else if (c == '"')
		*type = HF_JSON_STRING;
	else if (c == '-' || (c >= '0' && c <= '9'))
		*type = HF_JSON_NUMBER;
	else if (c == 't')
		*type = HF_JSON_TRUE;
	else if (c == 'f')
		*type = HF_JSON_FALSE;
	else if (c == 'n')
		*type = HF_JSON_NULL;
	else
		return false;
	return true;
}

/* ScanScalar reads a value that is neither object nor array. */
static bool
ScanScalar(Scan *scan, HfJsonType type, HfJsonText *text)
{
	switch (type)
	{
		case HF_JSON_STRING:
			return ScanString(scan, text);
		case HF_JSON_NUMBER:
			return ScanNumber(scan, text);
		case HF_JSON_TRUE:
			return ScanWord(scan, "true");
		case HF_JSON_FALSE:
			return ScanWord(scan, "false");
		default:
			return ScanWord(scan, "null");
	}
}

/* ScanMember reads "key": value inside the object of this depth. */
static bool
ScanMember(Scan *scan, int depth, bool shown)
{
	HfJsonMember member = {.level = depth};

	if (Peek(scan) != '"')
		return Fail(scan, HF_JSON_SYNTAX);
	if (!ScanString(scan, &member.key))
		return false;
	if (Peek(scan) != ':')
		return Fail(scan, HF_JSON_SYNTAX);
	scan->at++;
	if (!TypeOf(Peek(scan), &member.type))
		return Fail(scan, HF_JSON_SYNTAX);
	if (member.type > HF_JSON_ARRAY && !ScanScalar(scan, member.type, &member.value))
		return false;
	if (shown && !scan->visitor(scan->state, &member))
		return Fail(scan, HF_JSON_REFUSED);
	if (member.type == HF_JSON_OBJECT)
		return ScanObject(scan, depth + 1, shown && depth == 1);
	if (member.type == HF_JSON_ARRAY)
		return ScanArray(scan, depth + 1);
	return true;
}

/* ScanObject reads an object, its brace still ahead, and shows its members when asked. */
static bool
ScanObject(Scan *scan, int depth, bool shown)
{
	char next;

	if (depth > HF_JSON_MAX_DEPTH)
		return Fail(scan, HF_JSON_TOO_DEEP);
	scan->at++;
	if (Peek(scan) == '}')
	{
		scan->at++;
		return true;
	}
	for (;;)
	{
		if (!ScanMember(scan, depth, shown))
			return false;
		next = Peek(scan);
		if (next != ',' && next != '}')
			return Fail(scan, HF_JSON_SYNTAX);
		scan->at++;
		if (next == '}')
			return true;
	}
}

/* ScanArray reads an array, its bracket still ahead; its elements are not shown. */
static bool
ScanArray(Scan *scan, int depth)
{
	char next;

	if (depth > HF_JSON_MAX_DEPTH)
		return Fail(scan, HF_JSON_TOO_DEEP);
	scan->at++;
	if (Peek(scan) == ']')
	{
		scan->at++;
		return true;
	}
	for (;;)
	{
		HfJsonType type;
		HfJsonText ignored;

		if (!TypeOf(Peek(scan), &type))
			return Fail(scan, HF_JSON_SYNTAX);
		if (type == HF_JSON_OBJECT	? !ScanObject(scan, depth + 1, false)
			: type == HF_JSON_ARRAY ? !ScanArray(scan, depth + 1)
									: !ScanScalar(scan, type, &ignored))
			return false;
		next = Peek(scan);
		if (next != ',' && next != ']')
			return Fail(scan, HF_JSON_SYNTAX);
		scan->at++;
		if (next == ']')
			return true;
	}
}

/* hf_json_visit reads a whole text; see claims_json_core.h. */
HfJsonStatus
hf_json_visit(const char *text, size_t length, HfJsonVisitor visitor, void *state)
{
	Scan scan = {text, text + length, visitor, state, HF_JSON_OK};

	if (Peek(&scan) != '{')
		return HF_JSON_SYNTAX;
	if (!ScanObject(&scan, 1, true))
		return scan.status;
	Peek(&scan);
	return scan.at == scan.end ? HF_JSON_OK : HF_JSON_SYNTAX;
}

/* PutUtf8 writes a character in UTF-8 and returns its length. */
static size_t
PutUtf8(unsigned point, char *out)
{
	if (point < 0x80)
	{
		out[0] = (char) point;
		return 1;
	}
	if (point < 0x800)
	{
		out[0] = (char) (0xc0 | point >> 6);
		out[1] = (char) (0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000)
	{
		out[0] = (char) (0xe0 | point >> 12);
		out[1] = (char) (0x80 | (point >> 6 & 0x3f));
		out[2] = (char) (0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char) (0xf0 | point >> 18);
	out[1] = (char) (0x80 | (point >> 12 & 0x3f));
	out[2] = (char) (0x80 | (point >> 6 & 0x3f));
	out[3] = (char) (0x80 | (point & 0x3f));
	return 4;
}

/* Unescape reads one character behind a backslash, which *at has passed. */
static unsigned
Unescape(const char **at, const char *end)
{
	unsigned point = 0;

	switch (*(*at)++)
	{
		case 'b':
			return '\b';
		case 'f':
			return '\f';
		case 'n':
			return '\n';
		case 'r':
			return '\r';
		case 't':
			return '\t';
		case 'u':
			*at += CodePoint(*at, end, &point);
			return point;
		default:
			return (unsigned char) (*at)[-1];
	}
}

/* hf_json_unescape reads a string's value; see claims_json_core.h. */
bool
hf_json_unescape(const HfJsonText *text, bool utf8, char *out, size_t size, size_t *length)
{
	const char *at = text->data;
	const char *end = at + text->length;
	size_t used = 0;

	while (at < end)
	{
		char bytes[4];
		size_t count = 1;

		bytes[0] = *at++;
		if (bytes[0] == '\\')
		{
			unsigned point = Unescape(&at, end);

			if (point >= 0x80 && !utf8)
				return false;
			count = PutUtf8(point, bytes);
		}
		if (size - used < count)
			return false;
		memcpy(out + used, bytes, count);
		used += count;
	}
	*length = used;
	return true;
}

/* hf_json_is compares a key; see claims_json_core.h. */
bool
hf_json_is(const HfJsonText *text, const char *name)
{
	size_t length = strlen(name);
	char buffer[64];
	size_t used;

	if (!text->escaped)
		return text->length == length && memcmp(text->data, name, length) == 0;
	return hf_json_unescape(text, true, buffer, sizeof(buffer), &used) && used == length &&
		   memcmp(buffer, name, length) == 0;
}

/*
 * rrule_parse_core.c
 *		Parsing of recurrence rules: an allow-list of parts, each at most once, with the limits of RFC 5545.
 *
 * Rules come from clients. Nothing here allocates, and no text that is returned quotes the input.
 */
#include <string.h>
#include <strings.h>

#include "time/rrule_core.h"

/* A part of the rule, as a slice of the text. */
typedef struct Slice
{
	const char *at;
	size_t length;
} Slice;

/* What a part may hold: numbers from low to high, and perhaps their negatives. */
typedef struct NumberPart
{
	const char *name;
	size_t positive; /* offsets of the sets in HfRrule */
	size_t negative; /* 0 when negatives are not allowed */
	int low;
	int high;
} NumberPart;

static const NumberPart number_parts[] = {
	{"BYSECOND", offsetof(HfRrule, seconds), 0, 0, 60},
	{"BYMINUTE", offsetof(HfRrule, minutes), 0, 0, 59},
	{"BYHOUR", offsetof(HfRrule, hours), 0, 0, 23},
	{"BYMONTHDAY", offsetof(HfRrule, month_days), offsetof(HfRrule, month_days_last), 1, 31},
	{"BYYEARDAY", offsetof(HfRrule, year_days), offsetof(HfRrule, year_days_last), 1, 366},
	{"BYWEEKNO", offsetof(HfRrule, weeks), offsetof(HfRrule, weeks_last), 1, 53},
	{"BYMONTH", offsetof(HfRrule, months), 0, 1, 12},
	{"BYSETPOS", offsetof(HfRrule, positions), offsetof(HfRrule, positions_last), 1, 366},
};

static const char weekday_names[] = "MOTUWETHFRSASU";

/* Equals compares a slice with a word, whatever the case. */
static bool
Equals(Slice s, const char *word)
{
	return s.length == strlen(word) && strncasecmp(s.at, word, s.length) == 0;
}

/* Cut takes the text up to a separator from the front of a slice. */
static Slice
Cut(Slice *rest, char separator)
{
	const char *end = memchr(rest->at, separator, rest->length);
	Slice first = *rest;

	if (end == NULL)
	{
		rest->at += rest->length;
		rest->length = 0;
		return first;
	}
	first.length = end - rest->at;
	rest->length -= first.length + 1;
	rest->at = end + 1;
	return first;
}

/* Number reads digits only: no sign, no blank, at most 9 of them. */
static bool
Number(Slice s, int *value)
{
	*value = 0;
	if (s.length == 0 || s.length > 9)
		return false;
	for (size_t i = 0; i < s.length; i++)
	{
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		*value = *value * 10 + (s.at[i] - '0');
	}
	return true;
}

/* SignedNumber reads a number with an optional sign. */
static bool
SignedNumber(Slice s, int *value)
{
	bool negative = s.length > 0 && s.at[0] == '-';

	if (s.length > 0 && (s.at[0] == '-' || s.at[0] == '+'))
	{
		s.at++;
		s.length--;
	}
	if (!Number(s, value))
		return false;
	if (negative)
		*value = -*value;
	return true;
}

/* Weekday reads MO..SU as 0..6, or returns -1. */
static int
Weekday(Slice s)
{
	if (s.length != 2)
		return -1;
	for (int day = 0; day < 7; day++)
	{
		if (strncasecmp(s.at, weekday_names + 2 * day, 2) == 0)
			return day;
	}
	return -1;
}

static void
AddNumber(HfNumberSet *set, int value)
{
	set->given = true;
	set->bits[value / 64] |= UINT64_C(1) << (value % 64);
}

/* ParseNumbers reads a comma list into the sets of its part. */
static const char *
ParseNumbers(const NumberPart *part, Slice list, HfRrule *rule)
{
	HfNumberSet *positive = (HfNumberSet *) ((char *) rule + part->positive);

	if (positive->given ||
		(part->negative != 0 && ((HfNumberSet *) ((char *) rule + part->negative))->given))
		return "a part is given twice";
	do
	{
		Slice item = Cut(&list, ',');
		int value;

		if (!SignedNumber(item, &value))
			return "a part needs a list of numbers";
		if (value < 0 && part->negative != 0 && -value >= part->low && -value <= part->high)
			AddNumber((HfNumberSet *) ((char *) rule + part->negative), -value);
		else if (value >= part->low && value <= part->high && item.at[0] != '-')
			AddNumber(positive, value);
		else
			return "a number is out of range for its part";
	} while (list.length > 0 || list.at[-1] == ',');
	return NULL;
}

/* ParseWeekdays reads BYDAY: weekdays, each with an optional ordinal. */
static const char *
ParseWeekdays(Slice list, HfRrule *rule)
{
	if (rule->weekdays != 0 || rule->has_ordinals)
		return "a part is given twice";
	do
	{
		Slice item = Cut(&list, ',');
		Slice name = item;
		int ordinal;
		int day;

		if (item.length < 2)
			return "BYDAY needs weekdays";
		name.at += item.length - 2;
		name.length = 2;
		item.length -= 2;
		day = Weekday(name);
		if (day < 0)
			return "BYDAY needs weekdays";
		if (item.length == 0)
		{
			rule->weekdays |= 1 << day;
			continue;
		}
		if (!SignedNumber(item, &ordinal) || ordinal == 0 || ordinal > 53 || ordinal < -53)
			return "an ordinal of BYDAY is out of range";
		rule->has_ordinals = true;
		if (ordinal > 0)
			rule->nth[day] |= UINT64_C(1) << (ordinal - 1);
		else
			rule->nth_last[day] |= UINT64_C(1) << (-ordinal - 1);
	} while (list.length > 0 || list.at[-1] == ',');
	return NULL;
}

/* ParseUntil reads YYYYMMDD or YYYYMMDDTHHMMSS, with Z for UTC. A bare date means the whole day. */
static const char *
ParseUntil(Slice s, HfRrule *rule)
{
	static const char wrong[] = "UNTIL needs a date or a date and time";
	HfCivil *until = &rule->until;
	int date;
	int time = 235959;
	int year;
	int month;
	int day;

	if (s.length != 8 && s.length != 15 && s.length != 16)
		return wrong;
	if (!Number((Slice){s.at, 8}, &date))
		return wrong;
	if (s.length > 8 &&
		((s.at[8] != 'T' && s.at[8] != 't') || !Number((Slice){s.at + 9, 6}, &time)))
		return wrong;
	if (s.length == 16 && s.at[15] != 'Z' && s.at[15] != 'z')
		return wrong;
	*until = (HfCivil){.year = date / 10000,
					   .month = date / 100 % 100,
					   .day = date % 100,
					   .hour = time / 10000,
					   .minute = time / 100 % 100,
					   .second = time % 100};
	if (until->year < 1 || until->month < 1 || until->month > 12 || until->hour > 23 ||
		until->minute > 59 || until->second > 60)
		return wrong;
	/* a day that the month does not have comes back as another date */
	hf_civil_from_days(hf_days_from_civil(until->year, until->month, until->day), &year, &month,
					   &day);
	if (day != until->day || month != until->month)
		return wrong;
	rule->until_kind = s.length == 16 ? HF_UNTIL_UTC : HF_UNTIL_LOCAL;
	return NULL;
}

/* ParseFrequency reads FREQ; finer than a day is not for calendars. */
static const char *
ParseFrequency(Slice s, HfRrule *rule)
{
	static const char *const names[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};

	for (int i = 0; i < 4; i++)
	{
		if (Equals(s, names[i]))
		{
			rule->frequency = (HfFrequency) i;
			return NULL;
		}
	}
	return "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY";
}

/* ParsePart reads one NAME=value. seen has a bit per part that may stand once and has no set to tell. */
static const char *
ParsePart(Slice name, Slice value, HfRrule *rule, unsigned *seen)
{
	static const char *const singles[] = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"};
	int single = -1;

	for (size_t i = 0; i < sizeof(number_parts) / sizeof(number_parts[0]); i++)
	{
		if (Equals(name, number_parts[i].name))
			return ParseNumbers(&number_parts[i], value, rule);
	}
	if (Equals(name, "BYDAY"))
		return ParseWeekdays(value, rule);
	for (int i = 0; i < 5; i++)
	{
		if (Equals(name, singles[i]))
			single = i;
	}
	if (single < 0)
		return "a part is not known";
	if (*seen & (1u << single))
		return "a part is given twice";
	*seen |= 1u << single;
	switch (single)
	{
		case 0:
			return ParseFrequency(value, rule);
		case 1:
			return Number(value, &rule->interval) && rule->interval >= 1 && rule->interval <= 10000
					   ? NULL
					   : "INTERVAL must be from 1 to 10000";
		case 2:
			return Number(value, &rule->count) && rule->count >= 1 &&
						   rule->count <= HF_RRULE_MAX_COUNT
					   ? NULL
					   : "COUNT must be from 1 to 10000";
		case 3:
			return ParseUntil(value, rule);
		default:
			rule->week_start = Weekday(value);
			return rule->week_start >= 0 ? NULL : "WKST needs a weekday";
	}
}

/* SetSize counts the times that one BY part makes of a day; without it there is the start's. */
static int
SetSize(const HfNumberSet *set)
{
	int size = 0;

	for (int i = 0; i < 6; i++)
		size += __builtin_popcountll(set->bits[i]);
	return set->given ? size : 1;
}

/* CheckParts refuses combinations that RFC 5545 does not allow. */
static const char *
CheckParts(const HfRrule *rule, unsigned seen)
{
	bool month_days = rule->month_days.given || rule->month_days_last.given;
	bool year_days = rule->year_days.given || rule->year_days_last.given;
	bool weeks = rule->weeks.given || rule->weeks_last.given;
	bool positions = rule->positions.given || rule->positions_last.given;
	int64_t times =
		(int64_t) SetSize(&rule->hours) * SetSize(&rule->minutes) * SetSize(&rule->seconds);

	if (times > HF_RRULE_MAX_TIMES)
		return "the rule has too many times a day";
	if (SetSize(&rule->seconds) > HF_RRULE_MAX_SECONDS)
		return "BYSECOND has too many seconds";
	if (!(seen & 1u))
		return "FREQ is missing";
	if (rule->count > 0 && rule->until_kind != HF_UNTIL_NONE)
		return "COUNT and UNTIL exclude each other";
	if (weeks && rule->frequency != HF_FREQ_YEARLY)
		return "BYWEEKNO needs FREQ=YEARLY";
	if (year_days && rule->frequency != HF_FREQ_YEARLY)
		return "BYYEARDAY needs FREQ=YEARLY";
	if (month_days && rule->frequency == HF_FREQ_WEEKLY)
		return "BYMONTHDAY does not go with FREQ=WEEKLY";
	if (rule->has_ordinals && (rule->frequency < HF_FREQ_MONTHLY || weeks))
		return "an ordinal of BYDAY needs FREQ=MONTHLY, or FREQ=YEARLY without BYWEEKNO";
	if (positions &&
		!(month_days || year_days || weeks || rule->months.given || rule->weekdays != 0 ||
		  rule->has_ordinals || rule->hours.given || rule->minutes.given || rule->seconds.given))
		return "BYSETPOS needs another BY part";
	return NULL;
}

/* hf_rrule_parse parses a rule; see rrule_core.h. */
const char *
hf_rrule_parse(const char *text, size_t length, HfRrule *rule)
{
	Slice rest = {text, length};
	unsigned seen = 0;

	memset(rule, 0, sizeof(*rule));
	rule->interval = 1;
	if (length > HF_RRULE_MAX_TEXT)
		return "the rule is too long";
	if (rest.length >= 6 && strncasecmp(rest.at, "RRULE:", 6) == 0)
	{
		rest.at += 6;
		rest.length -= 6;
	}
	if (rest.length == 0)
		return "the rule is empty";
	while (rest.length > 0)
	{
		Slice value = Cut(&rest, ';');
		Slice name;
		const char *wrong;

		if (memchr(value.at, '=', value.length) == NULL)
			return "a part has no value";
		name = Cut(&value, '=');
		wrong = ParsePart(name, value, rule, &seen);
		if (wrong != NULL)
			return wrong;
	}
	return CheckParts(rule, seen);
}

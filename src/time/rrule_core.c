/*
 * rrule_core.c
 *		Iteration of recurrence rules in wall-clock time.
 *
 * A rule is walked period by period (its year, month, week or day); in each, every day is held against the BY
 * parts, which together form one predicate. That is RFC 5545's table of "expand" and "limit" seen from the
 * day's side.
 *
 * It ends for every rule, after 400 years at the latest: that is the cycle of the Gregorian calendar (146,097 days, a
 * whole number of weeks), so it costs at most as many days, some milliseconds, whatever the rule says. And it yields
 * after every slice of work, so that the caller can be cancelled.
 *
 * Where RFC 5545 leaves a choice: what a rule does not say is taken from the start (so BYWEEKNO alone means the
 * weekday of the start); the start is an occurrence only if the rule says so; in a year, week 1 of the next
 * one can begin.
 */
#include <string.h>

#include "time/rrule_core.h"

#define SLICE_OF_WORK 20000 /* days examined between two yields */

static bool
Has(const HfNumberSet *set, int value)
{
	return (set->bits[value / 64] >> (value % 64)) & 1;
}

static bool
IsLeap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
DaysInMonth(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && IsLeap(year) ? 29 : days[month - 1];
}

/* WeekdayOf returns 0 for Monday; 1970-01-01 was a Thursday. */
static int
WeekdayOf(int64_t day)
{
	return (int) (((day + 3) % 7 + 7) % 7);
}

/* hf_days_from_civil counts days from 1970-01-01, by eras of 400 years that begin in March. */
int64_t
hf_days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

/* hf_civil_from_days is the inverse of hf_days_from_civil. */
void
hf_civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted_month = (5 * day_of_year + 2) / 153;

	*day = (int) (day_of_year - (153 * shifted_month + 2) / 5 + 1);
	*month = (int) (shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
	*year = (int) (year_of_era + era * 400 + (*month <= 2 ? 1 : 0));
}

/* hf_civil_compare orders two wall-clock times. */
int
hf_civil_compare(const HfCivil *a, const HfCivil *b)
{
	const int left[] = {a->year, a->month, a->day, a->hour, a->minute, a->second};
	const int right[] = {b->year, b->month, b->day, b->hour, b->minute, b->second};

	for (int i = 0; i < 6; i++)
	{
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	}
	return 0;
}

/* MatchesWeek holds the number of a day's week against BYWEEKNO. A week is of the year that has its 4th day. */
static bool
MatchesWeek(const HfRrule *rule, int64_t day)
{
	int64_t middle = day - (WeekdayOf(day) - rule->week_start + 7) % 7 + 3;
	int year;
	int month;
	int dom;
	int day_of_year;
	int week;
	int weeks;

	hf_civil_from_days(middle, &year, &month, &dom);
	day_of_year = (int) (middle - hf_days_from_civil(year, 1, 1));
	week = day_of_year / 7 + 1;
	weeks = day_of_year + (53 - week) * 7 < (IsLeap(year) ? 366 : 365) ? 53 : 52;
	return Has(&rule->weeks, week) || Has(&rule->weeks_last, weeks + 1 - week);
}

/* MatchesOrdinal holds a day against the ordinals of BYDAY: its place from the front and the back of its span. */
static bool
MatchesOrdinal(const HfRrule *rule, int weekday, int index, int length)
{
	return ((rule->nth[weekday] >> (index / 7)) & 1) ||
		   ((rule->nth_last[weekday] >> ((length - 1 - index) / 7)) & 1);
}

/* Matches says whether a day satisfies every BY part above the time of day. */
static bool
Matches(const HfRrule *rule, int64_t day, int year, int month, int dom)
{
	int month_length = DaysInMonth(year, month);
	int weekday = WeekdayOf(day);

	if (rule->months.given && !Has(&rule->months, month))
		return false;
	if ((rule->month_days.given || rule->month_days_last.given) && !Has(&rule->month_days, dom) &&
		!Has(&rule->month_days_last, month_length + 1 - dom))
		return false;
	if (rule->weekdays != 0 || rule->has_ordinals)
	{
		bool in_month = rule->frequency == HF_FREQ_MONTHLY || rule->months.given;
		int index = in_month ? dom - 1 : (int) (day - hf_days_from_civil(year, 1, 1));
		int length = in_month ? month_length : IsLeap(year) ? 366 : 365;

		if (!((rule->weekdays >> weekday) & 1) &&
			!(rule->has_ordinals && MatchesOrdinal(rule, weekday, index, length)))
			return false;
	}
	if (rule->year_days.given || rule->year_days_last.given)
	{
		int index = (int) (day - hf_days_from_civil(year, 1, 1)) + 1;

		if (!Has(&rule->year_days, index) &&
			!Has(&rule->year_days_last, (IsLeap(year) ? 366 : 365) + 1 - index))
			return false;
	}
	if ((rule->weeks.given || rule->weeks_last.given) && !MatchesWeek(rule, day))
		return false;
	return true;
}

/* DeriveFromStart fills in what the rule leaves open. */
static void
DeriveFromStart(HfRrule *rule, const HfCivil *start)
{
	bool weeks = rule->weeks.given || rule->weeks_last.given;
	int weekday = WeekdayOf(hf_days_from_civil(start->year, start->month, start->day));

	if (rule->weekdays != 0 || rule->has_ordinals || rule->month_days.given ||
		rule->month_days_last.given || rule->year_days.given || rule->year_days_last.given)
		return;
	if (rule->frequency == HF_FREQ_WEEKLY || weeks)
	{
		rule->weekdays = 1 << weekday;
		return;
	}
	if (rule->frequency == HF_FREQ_DAILY)
		return;
	rule->month_days.given = true;
	rule->month_days.bits[0] = UINT64_C(1) << start->day;
	if (rule->frequency == HF_FREQ_YEARLY && !rule->months.given)
	{
		rule->months.given = true;
		rule->months.bits[0] = UINT64_C(1) << start->month;
	}
}

/* ListTimes turns one BY part of the time of day into a list; without it, the start's value stands alone. */
static int
ListTimes(const HfNumberSet *set, int limit, int start, int *list)
{
	int n = 0;

	if (!set->given)
	{
		list[0] = start;
		return 1;
	}
	for (int value = 0; value < limit; value++)
	{
		if (Has(set, value))
			list[n++] = value;
	}
	/* only a leap second was asked for: the last second that there is */
	if (n == 0)
		list[n++] = limit - 1;
	return n;
}

/* hf_rrule_begin starts an iteration. */
void
hf_rrule_begin(HfRruleIterator *it, const HfRrule *rule, HfCivil start)
{
	memset(it, 0, sizeof(*it));
	it->rule = *rule;
	it->start = start;
	DeriveFromStart(&it->rule, &start);
	it->nhours = ListTimes(&rule->hours, 24, start.hour, it->hours);
	it->nminutes = ListTimes(&rule->minutes, 60, start.minute, it->minutes);
	it->nseconds = ListTimes(&rule->seconds, 60, start.second, it->seconds);
	it->npicks = -1;
}

/* PeriodSpan finds the first day of the period at hand and its length; false past the last year. */
static bool
PeriodSpan(const HfRruleIterator *it, int64_t *first, int *length)
{
	const HfCivil *start = &it->start;
	int64_t steps = it->period * it->rule.interval;
	int64_t start_day = hf_days_from_civil(start->year, start->month, start->day);
	int last_year = start->year + HF_RRULE_MAX_SPAN < HF_RRULE_MAX_YEAR
						? start->year + HF_RRULE_MAX_SPAN
						: HF_RRULE_MAX_YEAR;
	int64_t months;

	switch (it->rule.frequency)
	{
		case HF_FREQ_DAILY:
			*first = start_day + steps;
			*length = 1;
			break;
		case HF_FREQ_WEEKLY:
			*first = start_day - (WeekdayOf(start_day) - it->rule.week_start + 7) % 7 + 7 * steps;
			*length = 7;
			break;
		case HF_FREQ_MONTHLY:
			months = (int64_t) start->year * 12 + start->month - 1 + steps;
			if (months / 12 > last_year)
				return false;
			*first = hf_days_from_civil((int) (months / 12), (int) (months % 12) + 1, 1);
			*length = DaysInMonth((int) (months / 12), (int) (months % 12) + 1);
			break;
		default:
			if (start->year + steps > last_year)
				return false;
			*first = hf_days_from_civil((int) (start->year + steps), 1, 1);
			*length = IsLeap((int) (start->year + steps)) ? 366 : 365;
			break;
	}
	return *first + *length - 1 <= hf_days_from_civil(last_year, 12, 31);
}

/* TimesPerDay is how many times of day the rule has. */
static int64_t
TimesPerDay(const HfRruleIterator *it)
{
	return (int64_t) it->nhours * it->nminutes * it->nseconds;
}

/* PickPositions turns BYSETPOS into indexes of the period's candidates, without listing these. */
static void
PickPositions(HfRruleIterator *it)
{
	int64_t total = it->ndays * TimesPerDay(it);
	int n = 0;

	it->npicks = 0;
	if (total == 0)
		return;
	for (int position = 1; position <= 366 && position <= total; position++)
	{
		if (Has(&it->rule.positions, position))
			it->picks[n++] = position - 1;
	}
	for (int position = total < 366 ? (int) total : 366; position >= 1; position--)
	{
		int64_t index = total - position;
		int at = n;

		if (!Has(&it->rule.positions_last, position))
			continue;
		/* keep the list ascending and without duplicates */
		while (at > 0 && it->picks[at - 1] > index)
			at--;
		if (at > 0 && it->picks[at - 1] == index)
			continue;
		memmove(&it->picks[at + 1], &it->picks[at], (n - at) * sizeof(it->picks[0]));
		it->picks[at] = index;
		n++;
	}
	it->npicks = n;
}

/* LoadPeriod collects the days of the next period; false when there is none left. */
static bool
LoadPeriod(HfRruleIterator *it)
{
	int64_t first;
	int length;
	int year;
	int month;
	int dom;

	if (!PeriodSpan(it, &first, &length))
		return false;
	it->period++;
	it->work += length;
	it->next = 0;
	it->ndays = 0;
	hf_civil_from_days(first, &year, &month, &dom);
	for (int i = 0; i < length; i++)
	{
		if (Matches(&it->rule, first + i, year, month, dom))
			it->days[it->ndays++] = first + i;
		if (++dom > DaysInMonth(year, month))
		{
			dom = 1;
			if (++month > 12)
			{
				month = 1;
				year++;
			}
		}
	}
	if (it->rule.positions.given || it->rule.positions_last.given)
		PickPositions(it);
	return true;
}

/* Candidate makes the nth candidate of the period at hand; false when there are not so many. */
static bool
Candidate(const HfRruleIterator *it, int64_t n, HfCivil *out)
{
	int64_t times = TimesPerDay(it);
	int64_t time;

	if (it->npicks >= 0)
	{
		if (n >= it->npicks)
			return false;
		n = it->picks[n];
	}
	if (n >= it->ndays * times)
		return false;
	time = n % times;
	hf_civil_from_days(it->days[n / times], &out->year, &out->month, &out->day);
	out->second = it->seconds[time % it->nseconds];
	out->minute = it->minutes[time / it->nseconds % it->nminutes];
	out->hour = it->hours[time / it->nseconds / it->nminutes];
	return true;
}

/* hf_rrule_next finds the next occurrence. */
HfRruleStep
hf_rrule_next(HfRruleIterator *it, HfCivil *occurrence)
{
	const HfRrule *rule = &it->rule;

	for (;;)
	{
		if (rule->count > 0 && it->returned >= rule->count)
			return HF_RRULE_END;
		while (Candidate(it, it->next, occurrence))
		{
			it->next++;
			it->work++;
			if (hf_civil_compare(occurrence, &it->start) >= 0)
			{
				if (rule->until_kind == HF_UNTIL_LOCAL &&
					hf_civil_compare(occurrence, &rule->until) > 0)
					return HF_RRULE_END;
				it->returned++;
				return HF_RRULE_FOUND;
			}
			if (it->work > SLICE_OF_WORK)
				break;
		}
		if (it->work > SLICE_OF_WORK)
		{
			it->work = 0;
			return HF_RRULE_YIELD;
		}
		if (!LoadPeriod(it))
			return HF_RRULE_END;
	}
}

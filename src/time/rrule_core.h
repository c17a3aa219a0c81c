/*
 * rrule_core.h
 *		Recurrence rules of RFC 5545, section 3.3.10, in wall-clock time: parsing and iteration, without PostgreSQL.
 */
#ifndef HOLDFAST_RRULE_CORE_H
#define HOLDFAST_RRULE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HF_RRULE_MAX_TEXT	 2048  /* bytes of a rule; longer ones are refused unread */
#define HF_RRULE_MAX_COUNT	 10000 /* the largest COUNT */
#define HF_RRULE_MAX_TIMES	 96	   /* times of day in one rule: every quarter of an hour */
#define HF_RRULE_MAX_SECONDS 4	   /* BYSECOND: every quarter of a minute */
#define HF_RRULE_MAX_YEAR	 9999  /* iteration ends here */
#define HF_RRULE_MAX_SPAN	 400   /* or so many years after the start */

/* A wall-clock time; seconds 60 (leap) are folded to 59 as nothing here keeps leap seconds. */
typedef struct HfCivil
{
	int year;
	int month; /* 1..12 */
	int day;   /* 1..31 */
	int hour;
	int minute;
	int second;
} HfCivil;

typedef enum HfFrequency
{
	HF_FREQ_DAILY,
	HF_FREQ_WEEKLY,
	HF_FREQ_MONTHLY,
	HF_FREQ_YEARLY
} HfFrequency;

/* A set of small numbers; bit n says that n is in it. Negative ones (from the end) have a set of their own. */
typedef struct HfNumberSet
{
	bool given;
	uint64_t bits[6]; /* 0..383 */
} HfNumberSet;

typedef enum HfUntil
{
	HF_UNTIL_NONE,
	HF_UNTIL_LOCAL, /* a date or a wall-clock time: compared with the wall clock */
	HF_UNTIL_UTC	/* compared with the instant, by the caller */
} HfUntil;

typedef struct HfRrule
{
	HfFrequency frequency;
	int interval;
	int count; /* 0 = none */
	HfUntil until_kind;
	HfCivil until;
	int week_start;			/* 0 = Monday */
	uint8_t weekdays;		/* BYDAY without ordinal; bit 0 = Monday */
	bool has_ordinals;		/* BYDAY with ordinal is given */
	uint64_t nth[7];		/* per weekday: bit n-1 = the nth (1..53) */
	uint64_t nth_last[7];	/* per weekday: bit n-1 = the nth from the end */
	HfNumberSet months;		/* 1..12 */
	HfNumberSet month_days; /* 1..31 */
	HfNumberSet month_days_last;
	HfNumberSet year_days; /* 1..366 */
	HfNumberSet year_days_last;
	HfNumberSet weeks; /* 1..53 */
	HfNumberSet weeks_last;
	HfNumberSet hours, minutes, seconds;
	HfNumberSet positions; /* BYSETPOS, 1..366 */
	HfNumberSet positions_last;
} HfRrule;

/*
 * Parses a rule, with or without the leading "RRULE:". Returns NULL when it is good, else a static text that says
 * what is wrong (it never quotes the input).
 */
extern const char *hf_rrule_parse(const char *text, size_t length, HfRrule *rule);

typedef struct HfRruleIterator
{
	HfRrule rule;
	HfCivil start;
	int64_t period; /* the next period to look at, from 0 */
	int64_t work;	/* days examined since the last yield */
	int returned;
	int hours[24], minutes[60], seconds[60]; /* the times of each day, ascending */
	int nhours, nminutes, nseconds;
	int64_t days[366]; /* the days of the period at hand, ascending */
	int ndays;
	int64_t picks[732]; /* BYSETPOS: indexes into days x times, ascending */
	int npicks;			/* -1 without BYSETPOS: all of them */
	int64_t next;		/* how many of the period's candidates are used up */
} HfRruleIterator;

typedef enum HfRruleStep
{
	HF_RRULE_FOUND,
	HF_RRULE_END,
	HF_RRULE_YIELD /* nothing yet, but a slice of work is done: check for interrupts and call again */
} HfRruleStep;

/* Starts at the wall-clock time of the first occurrence (DTSTART). */
extern void hf_rrule_begin(HfRruleIterator *it, const HfRrule *rule, HfCivil start);

/* Finds the next occurrence, in ascending order. */
extern HfRruleStep hf_rrule_next(HfRruleIterator *it, HfCivil *occurrence);

/* Days since 1970-01-01 of a proleptic Gregorian date, and back. */
extern int64_t hf_days_from_civil(int year, int month, int day);
extern void hf_civil_from_days(int64_t days, int *year, int *month, int *day);

/* Negative, zero or positive as a is before, at or after b. */
extern int hf_civil_compare(const HfCivil *a, const HfCivil *b);

#endif

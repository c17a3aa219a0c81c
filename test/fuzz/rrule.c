/*
 * rrule.c
 *		Recurrence rules: six bytes say when the series starts, the rest is the rule.
 */
#include "fuzz.h"
#include "time/rrule_core.h"

#define MOST_FOUND	60
#define MOST_YIELDS 1

static HfCivil
Start(const uint8_t *data)
{
	HfCivil start = {.hour = data[3] % 24, .minute = data[4] % 60, .second = data[5] % 60};

	hf_civil_from_days((int64_t) (data[0] << 16 | data[1] << 8 | data[2]) % 3600000 - 719000,
					   &start.year, &start.month, &start.day);
	PROMISE(hf_days_from_civil(start.year, start.month, start.day) ==
			(int64_t) (data[0] << 16 | data[1] << 8 | data[2]) % 3600000 - 719000);
	return start;
}

/* IsTime says whether a wall-clock time exists; its date must survive the way to days and back. */
static bool
IsTime(const HfCivil *civil)
{
	int year;
	int month;
	int day;

	hf_civil_from_days(hf_days_from_civil(civil->year, civil->month, civil->day), &year, &month,
					   &day);
	return year == civil->year && month == civil->month && day == civil->day && civil->hour >= 0 &&
		   civil->hour < 24 && civil->minute >= 0 && civil->minute < 60 && civil->second >= 0 &&
		   civil->second < 60;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	HfRrule rule;
	HfRruleIterator iterator;
	HfCivil previous;
	HfCivil found;
	int nfound = 0;
	int yields = 0;

	if (size < 6 || hf_rrule_parse((const char *) data + 6, size - 6, &rule) != NULL)
		return 0;
	PROMISE(size - 6 <= HF_RRULE_MAX_TEXT && rule.interval >= 1 && rule.count >= 0 &&
			rule.count <= HF_RRULE_MAX_COUNT);
	previous = Start(data);
	hf_rrule_begin(&iterator, &rule, previous);
	while (nfound < MOST_FOUND)
	{
		HfRruleStep step = hf_rrule_next(&iterator, &found);

		if (step == HF_RRULE_END || (step == HF_RRULE_YIELD && ++yields > MOST_YIELDS))
			break;
		if (step == HF_RRULE_YIELD)
			continue;
		PROMISE(IsTime(&found) && found.year <= HF_RRULE_MAX_YEAR);
		PROMISE(hf_civil_compare(&found, &previous) >= (nfound > 0));
		PROMISE(rule.until_kind != HF_UNTIL_LOCAL || hf_civil_compare(&found, &rule.until) <= 0);
		previous = found;
		nfound++;
		PROMISE(rule.count == 0 || nfound <= rule.count);
	}
	return 0;
}

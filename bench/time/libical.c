/*
 * libical.c
 *		The bare loop of libical over one rule with zone conversion: microseconds per occurrence.
 *
 *		libical RULE START ZONE OCCURRENCES ROUNDS
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
Now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

int
main(int argc, char **argv)
{
	int occurrences = atoi(argv[4]);
	int rounds = atoi(argv[5]);
	icaltimezone *zone = icaltimezone_get_builtin_timezone(argv[3]);
	struct icaltimetype start = icaltime_from_string(argv[2]);
	long long sum = 0;
	double before = 0;

	/* the first round loads the zone and does not count */
	for (int round = -1; round < rounds; round++)
	{
		icalrecur_iterator *it =
			icalrecur_iterator_new(icalrecurrencetype_from_string(argv[1]), start);

		if (round == 0)
			before = Now();
		for (int i = 0; i < occurrences; i++)
			sum += icaltime_as_timet_with_zone(icalrecur_iterator_next(it), zone);
		icalrecur_iterator_free(it);
	}
	printf("%.4f\n", (Now() - before) / occurrences / rounds);
	return sum == 0;
}

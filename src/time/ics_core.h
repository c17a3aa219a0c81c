/*
 * ics_core.h
 *		iCalendar text (RFC 5545, RFC 5546) of events, by libical. Pure: no PostgreSQL, no input is trusted.
 */
#ifndef HOLDFAST_ICS_CORE_H
#define HOLDFAST_ICS_CORE_H

#include <stdbool.h>
#include <stdint.h>

/* Somebody who takes part; name may be NULL. */
typedef struct HfIcsPerson
{
	const char *name;
	const char *email;
} HfIcsPerson;

/* One event. Texts may be NULL unless said otherwise; times are seconds since 1970. */
typedef struct HfIcsEvent
{
	const char *uid; /* required; stable for ever */
	int sequence;	 /* rises with each change that matters to the other side */
	int64_t start;
	int64_t end;
	int64_t stamp;	  /* when this text is made */
	const char *zone; /* IANA name for a wall-clock series; NULL for plain UTC */
	const char *summary;
	const char *description;
	const char *location;
	const char *url;
	const char *status;		/* CONFIRMED, TENTATIVE or CANCELLED */
	const char *rrule;		/* a rule that hf_rrule_parse() has accepted */
	const int64_t *exdates; /* instants that the series leaves out */
	int nexdates;
	bool has_recurrence_id;
	int64_t recurrence_id; /* the original start of the occurrence that this event changes */
	const HfIcsPerson *organizer;
	const HfIcsPerson *attendees;
	int nattendees;
} HfIcsEvent;

typedef struct HfIcsCalendar
{
	const char *method; /* PUBLISH, REQUEST or CANCEL */
	const char *name;	/* of a feed; may be NULL */
	const HfIcsEvent *events;
	int nevents;
} HfIcsCalendar;

/* To be called once per process: libical must not end it, and names zones plainly. */
extern void hf_ics_setup(void);

/* Writes the calendar. The text is malloc'ed; NULL when memory ran out or a zone is unknown. */
extern char *hf_ics_write(const HfIcsCalendar *calendar);

#endif

/*
 * ics.h
 *		iCalendar text; see ics.c.
 */
#ifndef HOLDFAST_ICS_H
#define HOLDFAST_ICS_H

extern void hf_ics_init(void);

#endif

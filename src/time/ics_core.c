/*
 * ics_core.c
 *		Calendar text. libical escapes, folds and orders; this file says what goes in.
 *
 * Everything is built below one VCALENDAR, which is freed at the end whatever happens.
 */
#include <libical/ical.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "time/ics_core.h"

/* hf_ics_setup sets libical up. */
void
hf_ics_setup(void)
{
	icalerror_set_errors_are_fatal(false);
	icaltimezone_set_builtin_tzdata(0);
}

/* Instant is a time in UTC. */
static struct icaltimetype
Instant(int64_t seconds)
{
	return icaltime_from_timet_with_zone((time_t) seconds, 0, icaltimezone_get_utc_timezone());
}

/* AddTime adds a time property: in the event's zone for a series, else in UTC. */
static void
AddTime(icalcomponent *component, icalproperty_kind kind, int64_t seconds, icaltimezone *zone)
{
	icalproperty *property = icalproperty_new(kind);
	struct icaltimetype time = Instant(seconds);

	if (zone != NULL)
	{
		time = icaltime_convert_to_zone(time, zone);
		icalproperty_add_parameter(property,
								   icalparameter_new_tzid(icaltimezone_get_location(zone)));
	}
	icalproperty_set_value(property, icalvalue_new_datetime(time));
	icalcomponent_add_property(component, property);
}

/* AddText adds a text property unless there is no text. */
static void
AddText(icalcomponent *event, icalproperty_kind kind, const char *text)
{
	icalproperty *property;

	if (text == NULL)
		return;
	property = icalproperty_new(kind);
	icalproperty_set_value(property, kind == ICAL_URL_PROPERTY ? icalvalue_new_uri(text)
															   : icalvalue_new_text(text));
	icalcomponent_add_property(event, property);
}

/* AddPerson adds the organizer or an attendee. Who has no address has the one that calendars write for that. */
static bool
AddPerson(icalcomponent *event, icalproperty_kind kind, const HfIcsPerson *person)
{
	icalproperty *property = icalproperty_new(kind);
	const char *scheme = person->email == NULL ? "invalid:" : "mailto:";
	const char *email = person->email == NULL ? "nomail" : person->email;
	size_t length = strlen(email) + strlen(scheme) + 1;
	char *address = malloc(length);

	if (address == NULL)
	{
		icalproperty_free(property);
		return false;
	}
	(void) snprintf(address, length, "%s%s", scheme, email);
	icalproperty_set_value(property, icalvalue_new_caladdress(address));
	free(address);
	if (person->name != NULL)
		icalproperty_add_parameter(property, icalparameter_new_cn(person->name));
	icalcomponent_add_property(event, property);
	return true;
}

/* StatusOf maps the word; anything unknown says nothing. */
static icalproperty_status
StatusOf(const char *status)
{
	if (status == NULL)
		return ICAL_STATUS_NONE;
	if (strcmp(status, "CONFIRMED") == 0)
		return ICAL_STATUS_CONFIRMED;
	if (strcmp(status, "TENTATIVE") == 0)
		return ICAL_STATUS_TENTATIVE;
	if (strcmp(status, "CANCELLED") == 0)
		return ICAL_STATUS_CANCELLED;
	return ICAL_STATUS_NONE;
}

/* AddSeries adds what makes an event recur. */
static void
AddSeries(icalcomponent *component, const HfIcsEvent *event, icaltimezone *zone)
{
	if (event->rrule != NULL)
		icalcomponent_add_property(
			component, icalproperty_new_rrule(icalrecurrencetype_from_string(event->rrule)));
	for (int i = 0; i < event->nexdates; i++)
		AddTime(component, ICAL_EXDATE_PROPERTY, event->exdates[i], zone);
	if (event->has_recurrence_id)
		AddTime(component, ICAL_RECURRENCEID_PROPERTY, event->recurrence_id, zone);
}

/* KnowsZone says whether a calendar defines a zone already. */
static bool
KnowsZone(icalcomponent *calendar, const char *name)
{
	icalcomponent *zone = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);

	for (; zone != NULL;
		 zone = icalcomponent_get_next_component(calendar, ICAL_VTIMEZONE_COMPONENT))
	{
		icalproperty *id = icalcomponent_get_first_property(zone, ICAL_TZID_PROPERTY);

		if (id != NULL && strcmp(icalproperty_get_tzid(id), name) == 0)
			return true;
	}
	return false;
}

/*
 * AddZone defines a zone, once and under its plain name. libical knows all of its history; what was before the
 * first event that uses it is cut off.
 */
static icaltimezone *
AddZone(icalcomponent *calendar, const char *name, int64_t since)
{
	icaltimezone *zone = icaltimezone_get_builtin_timezone(name);
	icalcomponent *definition;
	icalproperty *id;

	if (zone == NULL || icaltimezone_get_component(zone) == NULL)
		return NULL;
	if (KnowsZone(calendar, name))
		return zone;
	definition = icalcomponent_new_clone(icaltimezone_get_component(zone));
	icaltimezone_truncate_vtimezone(definition, Instant(since), icaltime_null_time(), false);
	id = icalcomponent_get_first_property(definition, ICAL_TZID_PROPERTY);
	if (id != NULL)
		icalproperty_set_tzid(id, name);
	icalcomponent_add_component(calendar, definition);
	return zone;
}

/* FirstStart is the earliest start of the events in a zone. */
static int64_t
FirstStart(const HfIcsCalendar *calendar, const char *zone)
{
	int64_t first = INT64_MAX;

	for (int i = 0; i < calendar->nevents; i++)
	{
		const HfIcsEvent *event = &calendar->events[i];

		if (event->zone != NULL && strcmp(event->zone, zone) == 0 && event->start < first)
			first = event->start;
	}
	return first;
}

/* AddEvent adds one VEVENT. */
static bool
AddEvent(icalcomponent *root, const HfIcsCalendar *calendar, const HfIcsEvent *event)
{
	icaltimezone *zone = NULL;
	icalcomponent *component;
	icalproperty_status status = StatusOf(event->status);

	/* UTC needs no definition: its times end with Z. */
	if (event->zone != NULL && strcmp(event->zone, "UTC") != 0)
	{
		zone = AddZone(root, event->zone, FirstStart(calendar, event->zone));
		if (zone == NULL)
			return false;
	}
	component = icalcomponent_new(ICAL_VEVENT_COMPONENT);
	icalcomponent_add_component(root, component);
	AddText(component, ICAL_UID_PROPERTY, event->uid);
	icalcomponent_add_property(component, icalproperty_new_dtstamp(Instant(event->stamp)));
	icalcomponent_add_property(component, icalproperty_new_sequence(event->sequence));
	AddTime(component, ICAL_DTSTART_PROPERTY, event->start, zone);
	AddTime(component, ICAL_DTEND_PROPERTY, event->end, zone);
	AddSeries(component, event, zone);
	AddText(component, ICAL_SUMMARY_PROPERTY, event->summary);
	AddText(component, ICAL_DESCRIPTION_PROPERTY, event->description);
	AddText(component, ICAL_LOCATION_PROPERTY, event->location);
	AddText(component, ICAL_URL_PROPERTY, event->url);
	if (status != ICAL_STATUS_NONE)
		icalcomponent_add_property(component, icalproperty_new_status(status));
	if (event->organizer != NULL &&
		!AddPerson(component, ICAL_ORGANIZER_PROPERTY, event->organizer))
		return false;
	for (int i = 0; i < event->nattendees; i++)
	{
		if (!AddPerson(component, ICAL_ATTENDEE_PROPERTY, &event->attendees[i]))
			return false;
	}
	return true;
}

/*
 * Refold undoes the folding of libical, which parts lines anywhere, a CRLF or a letter of UTF-8 in the middle included,
 * and folds again where RFC 5545 has it: lines of at most 75 octets, whole letters. The result is malloc'ed.
 */
static char *
Refold(const char *text)
{
	size_t length = strlen(text);
	char *plain = malloc(length + 1);
	char *folded = malloc(length + length / 60 * 3 + 4);
	size_t n = 0;
	size_t out = 0;
	int column = 0;

	if (plain == NULL || folded == NULL)
	{
		free(plain);
		free(folded);
		return NULL;
	}
	for (size_t i = 0; i < length; i++)
	{
		if (text[i] == '\r' && text[i + 1] == '\n' && text[i + 2] == ' ')
			i += 2;
		else
			plain[n++] = text[i];
	}
	for (size_t i = 0; i < n;)
	{
		int size = 1;

		if (plain[i] == '\r' || plain[i] == '\n')
			column = -1;
		while (column >= 0 && i + size < n && ((unsigned char) plain[i + size] & 0xC0) == 0x80)
			size++;
		if (column >= 0 && column + size > 75)
		{
			memcpy(folded + out, "\r\n ", 3);
			out += 3;
			column = 1;
		}
		memcpy(folded + out, plain + i, size);
		out += size;
		column = column < 0 ? 0 : column + size;
		i += size;
	}
	folded[out] = '\0';
	free(plain);
	return folded;
}

/* hf_ics_write writes a calendar. */
char *
hf_ics_write(const HfIcsCalendar *calendar)
{
	icalcomponent *root = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
	icalproperty_method method = icalproperty_string_to_method(calendar->method);
	char *text = NULL;
	bool good = true;

	icalcomponent_add_property(root, icalproperty_new_version("2.0"));
	icalcomponent_add_property(root, icalproperty_new_prodid("-//holdfast//calendar//EN"));
	icalcomponent_add_property(root, icalproperty_new_method(method));
	if (calendar->name != NULL)
	{
		icalproperty *name = icalproperty_new(ICAL_X_PROPERTY);

		icalproperty_set_x_name(name, "X-WR-CALNAME");
		icalproperty_set_value(name, icalvalue_new_text(calendar->name));
		icalcomponent_add_property(root, name);
	}
	for (int i = 0; good && i < calendar->nevents; i++)
		good = AddEvent(root, calendar, &calendar->events[i]);
	if (good)
	{
		char *raw = icalcomponent_as_ical_string_r(root);

		text = raw != NULL ? Refold(raw) : NULL;
		icalmemory_free_buffer(raw);
	}
	icalcomponent_free(root);
	return text;
}

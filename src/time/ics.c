/*
 * ics.c
 *		ics(): events as JSON become the text of an iCalendar file.
 *
 * All input is read and checked before libical is called, because its memory is not PostgreSQL's: between the
 * first and the last call of it nothing may raise an error.
 */
#include "compat.h"

#include <stdlib.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "errors.h"
#include "time/ics.h"
#include "time/ics_core.h"
#include "time/rrule_core.h"
#include "time/zone.h"

#define MAX_EVENTS	5000
#define MAX_PERSONS 100

PG_FUNCTION_INFO_V1(hf_ics);

/* hf_ics_init sets libical up. */
void
hf_ics_init(void)
{
	hf_ics_setup();
}

/* Field finds a value of an object; null counts as absent. */
static JsonbValue *
Field(JsonbContainer *object, const char *name)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, name, strlen(name), NULL);

	return value == NULL || value->type == jbvNull ? NULL : value;
}

/* Refuse raises invalid_input for a field of an event. */
static void
Refuse(int index, const char *field, const char *reason)
{
	hf_raise_invalid(psprintf("events[%d].%s", index, field), reason);
}

/* Text reads a string; a line break is data only where the text may have lines. */
static const char *
Text(JsonbContainer *object, int index, const char *name, bool lines)
{
	JsonbValue *value = Field(object, name);
	char *text;

	if (value == NULL)
		return NULL;
	if (value->type != jbvString)
		Refuse(index, name, "must be a string");
	text = pnstrdup(value->val.string.val, value->val.string.len);
	for (char *p = text; *p != '\0'; p++)
	{
		if ((unsigned char) *p < ' ' && !(lines && (*p == '\n' || *p == '\r' || *p == '\t')))
			Refuse(index, name, "must not hold control characters");
	}
	return pg_server_to_any(text, strlen(text), PG_UTF8);
}

/* Seconds reads a timestamp with offset. */
static int64
Seconds(const char *text, int index, const char *name)
{
	TimestampTz value;

	if (text == NULL)
		Refuse(index, name, "is missing");
	value = DatumGetTimestampTz(DirectFunctionCall3(
		timestamptz_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	if (TIMESTAMP_NOT_FINITE(value))
		Refuse(index, name, "must be finite");
	return value / USECS_PER_SEC + (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (int64) SECS_PER_DAY;
}

/* Person reads {"name", "email"}. */
static HfIcsPerson
Person(JsonbValue *value, int index, const char *field)
{
	HfIcsPerson person;

	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		Refuse(index, field, "must be an object");
	person.name = Text(value->val.binary.data, index, "name", false);
	person.email = Text(value->val.binary.data, index, "email", false);
	if (person.email == NULL && (person.name == NULL || strcmp(field, "organizer") != 0))
		Refuse(index, field, "needs an email");
	return person;
}

/* ArrayField finds an array of an object and its length. */
static JsonbContainer *
ArrayField(JsonbContainer *object, int index, const char *name, int most, int *length)
{
	JsonbValue *value = Field(object, name);

	*length = 0;
	if (value == NULL)
		return NULL;
	if (value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data))
		Refuse(index, name, "must be an array");
	*length = JsonContainerSize(value->val.binary.data);
	if (*length > most)
		Refuse(index, name, "is too long");
	return value->val.binary.data;
}

/* ReadPersons reads the organizer and the attendees. */
static void
ReadPersons(JsonbContainer *object, int index, HfIcsEvent *event)
{
	JsonbValue *organizer = Field(object, "organizer");
	JsonbContainer *list = ArrayField(object, index, "attendees", MAX_PERSONS, &event->nattendees);
	HfIcsPerson *attendees = palloc(sizeof(HfIcsPerson) * Max(event->nattendees, 1));

	if (organizer != NULL)
	{
		HfIcsPerson *person = palloc(sizeof(HfIcsPerson));

		*person = Person(organizer, index, "organizer");
		event->organizer = person;
	}
	for (int i = 0; i < event->nattendees; i++)
		attendees[i] = Person(getIthJsonbValueFromContainer(list, i), index, "attendees");
	event->attendees = attendees;
}

/* ReadSeries reads the rule, what it leaves out, and the zone it is in. */
static void
ReadSeries(JsonbContainer *object, int index, HfIcsEvent *event)
{
	JsonbContainer *list =
		ArrayField(object, index, "exdates", HF_RRULE_MAX_COUNT, &event->nexdates);
	int64 *exdates = palloc(sizeof(int64) * Max(event->nexdates, 1));
	const char *recurrence_id = Text(object, index, "recurrence_id", false);
	HfRrule rule;

	event->zone = Text(object, index, "time_zone", false);
	if (event->zone != NULL && hf_zone_find(event->zone) == NULL)
		Refuse(index, "time_zone", "must be the name of an IANA time zone");
	event->rrule = Text(object, index, "rrule", false);
	if (event->rrule != NULL)
	{
		const char *wrong = hf_rrule_parse(event->rrule, strlen(event->rrule), &rule);

		if (wrong != NULL)
			Refuse(index, "rrule", wrong);
		if (pg_strncasecmp(event->rrule, "RRULE:", 6) == 0)
			event->rrule += 6;
	}
	for (int i = 0; i < event->nexdates; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(list, i);

		if (value->type != jbvString)
			Refuse(index, "exdates", "must hold strings");
		exdates[i] =
			Seconds(pnstrdup(value->val.string.val, value->val.string.len), index, "exdates");
	}
	event->exdates = exdates;
	if (recurrence_id != NULL)
	{
		event->has_recurrence_id = true;
		event->recurrence_id = Seconds(recurrence_id, index, "recurrence_id");
	}
}

/* ReadEvent reads one event. */
static void
ReadEvent(JsonbValue *value, int index, int64 now, HfIcsEvent *event)
{
	JsonbContainer *object;
	JsonbValue *sequence;

	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		hf_raise_invalid("events", "must hold objects");
	object = value->val.binary.data;
	event->uid = Text(object, index, "uid", false);
	if (event->uid == NULL || event->uid[0] == '\0')
		Refuse(index, "uid", "is missing");
	sequence = Field(object, "sequence");
	if (sequence != NULL && sequence->type != jbvNumeric)
		Refuse(index, "sequence", "must be a number");
	if (sequence != NULL)
		event->sequence = DatumGetInt32(
			DirectFunctionCall1(numeric_int4, NumericGetDatum(sequence->val.numeric)));
	event->start = Seconds(Text(object, index, "starts_at", false), index, "starts_at");
	event->end = Seconds(Text(object, index, "ends_at", false), index, "ends_at");
	if (event->end <= event->start)
		Refuse(index, "ends_at", "must be after starts_at");
	event->stamp = now;
	event->summary = Text(object, index, "summary", true);
	event->description = Text(object, index, "description", true);
	event->location = Text(object, index, "location", true);
	event->url = Text(object, index, "url", false);
	event->status = Text(object, index, "status", false);
	ReadSeries(object, index, event);
	ReadPersons(object, index, event);
}

/* Method accepts the methods that a calendar is sent with. */
static const char *
Method(const char *method)
{
	static const char *const methods[] = {"PUBLISH", "REQUEST", "CANCEL"};

	for (int i = 0; i < lengthof(methods); i++)
	{
		if (strcmp(method, methods[i]) == 0)
			return methods[i];
	}
	hf_raise_invalid("method", "must be PUBLISH, REQUEST or CANCEL");
}

/* ics(events jsonb, method text, name text) */
Datum
hf_ics(PG_FUNCTION_ARGS)
{
	HfIcsCalendar calendar = {0};
	HfIcsEvent *events;
	JsonbContainer *list;
	char *malloced;
	char *written;
	size_t size;
	int64 now = hf_clock_now() / USECS_PER_SEC +
				(POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (int64) SECS_PER_DAY;

	if (PG_ARGISNULL(0) || !JB_ROOT_IS_ARRAY(PG_GETARG_JSONB_P(0)))
		hf_raise_invalid("events", "must be an array");
	list = &PG_GETARG_JSONB_P(0)->root;
	calendar.nevents = JsonContainerSize(list);
	if (calendar.nevents > MAX_EVENTS)
		hf_raise_invalid("events", "is too long");
	calendar.method = Method(PG_ARGISNULL(1) ? "PUBLISH" : text_to_cstring(PG_GETARG_TEXT_PP(1)));
	if (!PG_ARGISNULL(2))
	{
		char *name = text_to_cstring(PG_GETARG_TEXT_PP(2));

		calendar.name = pg_server_to_any(name, strlen(name), PG_UTF8);
	}
	events = palloc0(sizeof(HfIcsEvent) * Max(calendar.nevents, 1));
	for (int i = 0; i < calendar.nevents; i++)
		ReadEvent(getIthJsonbValueFromContainer(list, i), i, now, &events[i]);
	calendar.events = events;

	malloced = hf_ics_write(&calendar);
	if (malloced == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("could not write the calendar")));
	size = strlen(malloced) + 1;
	written = MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_NO_OOM);
	if (written != NULL)
		memcpy(written, malloced, size);
	free(malloced);
	if (written == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	PG_RETURN_TEXT_P(cstring_to_text(pg_any_to_server(written, strlen(written), PG_UTF8)));
}

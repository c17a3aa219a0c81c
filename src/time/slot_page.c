/*
 * slot_page.c
 *		slot_page(): a page of slots as clients get it. Written at once, for jsonb_build_object() costs more than finding them.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "errors.h"
#include "time/slots.h"
#include "time/zone.h"

PG_FUNCTION_INFO_V1(hf_slot_page);

#define UUID_TEXT		 36
#define CURSOR_SEPARATOR '~'

/* SlotPage is what is being written. */
typedef struct SlotPage
{
	JsonbParseState *state;
	pg_tz *zone;
	int64 duration;
	char *id_key;
	const HfPageSlot *slots;
	int count;
} SlotPage;

/* SlotText is the text of one slot; the JSON points to it until it is done. */
typedef struct SlotText
{
	char id[UUID_TEXT + 1];
	char start[MAXDATELEN + 1];
	char end[MAXDATELEN + 1];
	char local[MAXDATELEN + 1]; /* date and time of day */
} SlotText;

/* WriteUuid writes a UUID as text. */
static void
WriteUuid(const pg_uuid_t *uuid, char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < UUID_LEN; i++)
	{
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*text++ = '-';
		*text++ = digits[uuid->data[i] >> 4];
		*text++ = digits[uuid->data[i] & 15];
	}
	*text = '\0';
}

/* WriteInstant writes an instant as text, in UTC whatever the session's zone. */
static void
WriteInstant(TimestampTz instant, char *text)
{
	static const int utc = 0;

	JsonEncodeDateTime(text, TimestampTzGetDatum(instant), TIMESTAMPTZOID, &utc);
}

/* TextValue makes a value of a part of a text. */
static JsonbValue
TextValue(char *text, int length)
{
	JsonbValue value = {.type = jbvString};

	value.val.string.val = text;
	value.val.string.len = length;
	return value;
}

/* Put writes a key and a string. */
static void
Put(SlotPage *page, char *key, char *text, int length)
{
	JsonbValue name = TextValue(key, strlen(key));
	JsonbValue value = TextValue(text, length);

	pushJsonbValue(&page->state, WJB_KEY, &name);
	pushJsonbValue(&page->state, WJB_VALUE, &value);
}

/* PutSlot writes one slot. */
static void
PutSlot(SlotPage *page, int place, SlotText *text)
{
	TimestampTz start = page->slots[place].start;
	char *time;

	WriteUuid(page->slots[place].id, text->id);
	WriteInstant(start, text->start);
	WriteInstant(start + page->duration, text->end);
	JsonEncodeDateTime(text->local,
					   TimestampGetDatum(start + hf_zone_offset(page->zone, start) * USECS_PER_SEC),
					   TIMESTAMPOID, NULL);
	time = strchr(text->local, 'T');
	pushJsonbValue(&page->state, WJB_BEGIN_OBJECT, NULL);
	Put(page, page->id_key, text->id, UUID_TEXT);
	Put(page, "start_time", text->start, strlen(text->start));
	Put(page, "end_time", text->end, strlen(text->end));
	Put(page, "local_date", text->local, time - text->local);
	Put(page, "local_time", time + 1, strlen("00:00"));
	pushJsonbValue(&page->state, WJB_END_OBJECT, NULL);
}

/* PutSlots writes the slots and returns the cursor of the next page, or NULL. */
static char *
PutSlots(SlotPage *page, int page_size)
{
	int shown = Min(page->count, page_size);
	SlotText *texts = palloc(sizeof(SlotText) * Max(shown, 1));
	JsonbValue key = TextValue("slots", strlen("slots"));

	pushJsonbValue(&page->state, WJB_KEY, &key);
	pushJsonbValue(&page->state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < shown; i++)
		PutSlot(page, i, &texts[i]);
	pushJsonbValue(&page->state, WJB_END_ARRAY, NULL);
	if (page->count <= page_size)
		return NULL;
	return psprintf("%s%c%s", texts[shown - 1].start, CURSOR_SEPARATOR, texts[shown - 1].id);
}

/* PutMinutes writes the length of a slot. */
static void
PutMinutes(SlotPage *page)
{
	JsonbValue key = TextValue("duration_minutes", strlen("duration_minutes"));
	JsonbValue value = {.type = jbvNumeric};

	value.val.numeric = int64_to_numeric(page->duration / USECS_PER_MINUTE);
	pushJsonbValue(&page->state, WJB_KEY, &key);
	pushJsonbValue(&page->state, WJB_VALUE, &value);
}

/* PutCursor writes where the next page begins; null at the end. */
static void
PutCursor(SlotPage *page, char *cursor)
{
	JsonbValue key = TextValue("next_cursor", strlen("next_cursor"));
	JsonbValue value = {.type = jbvNull};

	if (cursor != NULL)
		value = TextValue(cursor, strlen(cursor));
	pushJsonbValue(&page->state, WJB_KEY, &key);
	pushJsonbValue(&page->state, WJB_VALUE, &value);
}

/* hf_slot_page_make makes a page; see slots.h. */
Datum
hf_slot_page_make(const HfPageSlot *slots, int count, int64 duration, const text *zone,
				  int page_size, const text *id_key)
{
	SlotPage page = {NULL, hf_zone_argument(zone), duration, text_to_cstring(id_key), slots, count};
	char *cursor;

	pushJsonbValue(&page.state, WJB_BEGIN_OBJECT, NULL);
	cursor = PutSlots(&page, page_size);
	Put(&page, "time_zone", text_to_cstring(zone), VARSIZE_ANY_EXHDR(zone));
	PutMinutes(&page);
	PutCursor(&page, cursor);
	return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&page.state, WJB_END_OBJECT, NULL)));
}

/* slot_page(resource_ids, starts, duration, time_zone, page_size, id_key) */
Datum
hf_slot_page(PG_FUNCTION_ARGS)
{
	Datum *ids;
	Datum *starts;
	bool *id_nulls;
	bool *start_nulls;
	int count;
	int start_count;
	HfPageSlot *slots;

	if (PG_GETARG_INT32(4) < 1)
		hf_raise_invalid("page_size", "must be positive");
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), UUIDOID, UUID_LEN, false, TYPALIGN_CHAR, &ids,
					  &id_nulls, &count);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TIMESTAMPTZOID, sizeof(TimestampTz),
					  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &starts, &start_nulls, &start_count);
	if (start_count != count)
		hf_raise_invalid("starts", "must be as many as resource_ids");
	slots = palloc(sizeof(HfPageSlot) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		slots[i] = (HfPageSlot){DatumGetUUIDP(ids[i]), DatumGetTimestampTz(starts[i])};
		if (id_nulls[i] || start_nulls[i] || TIMESTAMP_NOT_FINITE(slots[i].start))
			hf_raise_invalid("starts", "must be finite times of resources that are not null");
	}
	return hf_slot_page_make(slots, count,
							 hf_interval_length(PG_GETARG_INTERVAL_P(2), "duration", 1),
							 PG_GETARG_TEXT_PP(3), PG_GETARG_INT32(4), PG_GETARG_TEXT_PP(5));
}

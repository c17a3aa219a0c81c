/*
 * calendar_take.c
 *		Taking time: a hold for every resource and occurrence of a request, or a block.
 *
 * Order: the locks of all resources, sorted; then the clock; then, only where the answer is not simply lane 0, a look
 * at what stands there; then the writing. When the writing meets something, look and write again. Every look uses a
 * snapshot taken after the locks. All or nothing: on failure the caller undoes the (sub)transaction.
 *
 * A hold that replaces a booking may overlap it while it still stands. It then waits in the shadow of the booking's
 * lane (HF_SHADOW), and guards, holds of the same batch, keep the rest of its time in the lane itself. So at every
 * moment booking and guards together cover the hold's time in the lane, and nobody else can come in between. The
 * shadow moves into the lane when the booking goes: at confirm, or before when somebody unblocks the booking
 * (calendar_family.c).
 */
#include "compat.h"

#include "miscadmin.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "calendar/calendar.h"
#include "errors.h"
#include "locks.h"

/* After so many looks that find nothing in the way of a write that fails, something invisible is. */
#define MAX_ROUNDS 5

/* CompareStarts orders indexes of occurrences by their start, for qsort_arg. */
static int
CompareStarts(const void *a, const void *b, void *arg)
{
	const HfSpan *occurrences = arg;
	int left = *(const int *) a;
	int right = *(const int *) b;

	if (occurrences[left].from != occurrences[right].from)
		return occurrences[left].from < occurrences[right].from ? -1 : 1;
	return left < right ? -1 : left > right;
}

/* AddBlock appends a block to the attempt. */
static HfBlock *
AddBlock(HfTake *take, int resource, int occurrence)
{
	HfBlock *block;

	if (take->count == take->room)
	{
		take->room *= 2;
		take->blocks = repalloc_huge(take->blocks, sizeof(HfBlock) * take->room);
	}
	block = &take->blocks[take->count++];
	memset(block, 0, sizeof(HfBlock));
	block->resource = resource;
	block->occurrence = occurrence;
	block->booked = take->request->occurrences[occurrence];
	block->occupied = hf_padded(take->request, resource, block->booked);
	block->hold_key = take->batch_key;
	return block;
}

/* AddBlocks appends the blocks of one occurrence of one resource: one for a hold, one in every lane for a block. */
static void
AddBlocks(HfTake *take, int resource, int occurrence)
{
	const HfRequest *request = take->request;
	bool hold = request->kind == HF_TENTATIVE;
	int lanes = hold ? 1 : request->capacities[resource];

	for (int lane = 0; lane < lanes; lane++)
	{
		HfBlock *block = AddBlock(take, resource, occurrence);

		block->lane = lane;
		block->lane_is_fixed = !hold;
		if (hold)
			hf_key_set_ordinal(block->hold_key.data, occurrence);
	}
}

/* hf_take_begin prepares an attempt: what it would write if nothing stood in the way. */
void
hf_take_begin(HfTake *take, const HfRequest *request)
{
	int *order = palloc(sizeof(int) * request->occurrence_count);

	memset(take, 0, sizeof(HfTake));
	take->request = request;
	take->clash = palloc0(sizeof(bool) * request->occurrence_count);
	take->room = request->occurrence_count * request->resource_count;
	take->blocks = palloc_extended(sizeof(HfBlock) * take->room, MCXT_ALLOC_HUGE);
	hf_uuid_v7_next(&take->batch_key);
	if (request->kind == HF_TENTATIVE)
		hf_key_set_ordinal(take->batch_key.data, 0);

	for (int i = 0; i < request->occurrence_count; i++)
		order[i] = i;
	qsort_arg(order, request->occurrence_count, sizeof(int), CompareStarts, request->occurrences);
	for (int r = 0; r < request->resource_count; r++)
	{
		for (int i = 0; i < request->occurrence_count; i++)
			AddBlocks(take, r, order[i]);
	}
	take->main_count = take->count;
}

/* AddGuards appends guards for the part of a shadow that the booking it replaces does not cover. */
static void
AddGuards(HfTake *take, int block, int lane, const HfStanding *standing, int standing_count)
{
	HfBlock shadow = take->blocks[block];
	HfSpan *holes = palloc(sizeof(HfSpan) * standing_count);
	HfSpan *parts = palloc(sizeof(HfSpan) * (standing_count + 1));
	int hole_count = 0;
	int part_count;

	for (int i = 0; i < standing_count; i++)
	{
		if (standing[i].own && standing[i].lane == lane)
			holes[hole_count++] = standing[i].span;
	}
	part_count = hf_span_subtract(shadow.occupied, holes, hole_count, parts);
	for (int i = 0; i < part_count; i++)
	{
		HfBlock *guard = AddBlock(take, shadow.resource, shadow.occurrence);
		int ordinal = HF_GUARD_ORDINAL + (take->count - 1 - take->main_count);

		if (take->count > PG_INT16_MAX)
			hf_raise_invalid("replaces", "overlaps too many occurrences");
		guard->guard = true;
		guard->lane_is_fixed = true;
		guard->lane = lane;
		guard->occupied = guard->booked = parts[i];
		hf_key_set_ordinal(guard->hold_key.data, ordinal);
	}
}

/* OwnLane is the lane, free of others, in which the replaced booking overlaps want, or -1. */
static int
OwnLane(const HfStanding *standing, int count, const HfBusy *busy, int busy_count, HfSpan want)
{
	for (int i = 0; i < count; i++)
	{
		bool taken = false;

		if (!standing[i].own || !hf_span_overlaps(standing[i].span, want))
			continue;
		for (int b = 0; b < busy_count && !taken; b++)
			taken = busy[b].lane == standing[i].lane && hf_span_overlaps(busy[b].span, want);
		if (!taken)
			return standing[i].lane;
	}
	return -1;
}

/* FreeAt is when the first of the lanes that would do is free of itself. */
static int64
FreeAt(const HfBlock *block, int capacity, const HfStanding *standing, int count)
{
	int first = block->lane_is_fixed ? block->lane : 0;
	int last = block->lane_is_fixed ? block->lane : capacity - 1;
	int64 best = HF_NEVER;

	for (int lane = first; lane <= last; lane++)
	{
		int64 free_at = PG_INT64_MIN;

		for (int i = 0; i < count; i++)
		{
			if (standing[i].lane == lane && !standing[i].own &&
				hf_span_overlaps(standing[i].span, block->occupied))
				free_at = Max(free_at, standing[i].expires_at);
		}
		best = Min(best, free_at);
	}
	return best;
}

/* NoteClash records that a block cannot be had. */
static void
NoteClash(HfTake *take, const HfBlock *block, int64 free_at)
{
	take->clash[block->occurrence] = true;
	take->free_at = Max(take->free_at, free_at);
}

/*
 * ChooseLane finds a lane for a block, or returns -1. *shadow: the booking to be replaced is in that lane.
 */
static int
ChooseLane(const HfBlock *block, int capacity, const HfStanding *standing, int count,
		   const HfBusy *busy, int busy_count, bool *used, bool *shadow)
{
	int lane = OwnLane(standing, count, busy, busy_count, block->occupied);

	*shadow = lane >= 0;
	if (lane >= 0)
		return lane;
	if (!block->lane_is_fixed)
		return hf_first_free_lane(busy, busy_count, block->occupied, capacity, used);
	for (int i = 0; i < busy_count; i++)
	{
		if (busy[i].lane == block->lane && hf_span_overlaps(busy[i].span, block->occupied))
			return -1;
	}
	return block->lane;
}

/* ChooseLanes looks at one resource and finds a lane for each of its blocks, from first to before last. */
static void
ChooseLanes(HfTake *take, int first, int last)
{
	int resource = take->blocks[first].resource;
	int capacity = take->request->capacities[resource];
	HfSpan *spans = palloc(sizeof(HfSpan) * (last - first));
	bool *used = palloc(sizeof(bool) * capacity);
	HfStanding *standing;
	HfBusy *busy;
	int busy_count = 0;
	int count;

	for (int i = first; i < last; i++)
		spans[i - first] = take->blocks[i].occupied;
	count = hf_survey(take, resource, spans, last - first, true, &standing);
	busy = palloc_extended(sizeof(HfBusy) * (count + last - first), MCXT_ALLOC_HUGE);
	for (int i = 0; i < count; i++)
	{
		if (!standing[i].own)
			busy[busy_count++] = (HfBusy){standing[i].lane, standing[i].span};
	}
	for (int i = first; i < last; i++)
	{
		HfBlock *block = &take->blocks[i];
		int lane = block->lane;
		bool shadow = false;

		if (i >= take->written)
			lane = ChooseLane(block, capacity, standing, count, busy, busy_count, used, &shadow);
		if (lane < 0)
		{
			NoteClash(take, block, FreeAt(block, capacity, standing, count));
			continue;
		}
		busy[busy_count++] = (HfBusy){lane, block->occupied};
		block->lane = shadow ? HF_SHADOW(lane) : lane;
		if (shadow)
			AddGuards(take, i, lane, standing, count);
	}
}

/* Look finds a lane for every block that is not yet written; false when one cannot be had. */
static bool
Look(HfTake *take)
{
	int first = 0;
	bool clash = false;

	take->free_at = PG_INT64_MIN;
	take->count = take->main_count;
	while (first < take->main_count)
	{
		int last = first;

		while (last < take->main_count &&
			   take->blocks[last].resource == take->blocks[first].resource)
			last++;
		ChooseLanes(take, first, last);
		first = last;
	}
	for (int i = 0; i < take->request->occurrence_count; i++)
		clash |= take->clash[i];
	return !clash;
}

/* LooksFirst tells whether a request needs to know what stands there before it can write. */
static bool
LooksFirst(const HfRequest *request)
{
	if (request->replaces.given || !OidIsValid(request->calendar->exclusion))
		return true;
	if (request->kind != HF_TENTATIVE)
		return false;
	for (int r = 0; r < request->resource_count; r++)
	{
		if (request->capacities[r] > 1)
			return true;
	}
	return false;
}

/*
 * hf_take takes the locks and writes every block of a request. False: some occurrences clash, see take->clash; what is
 * written is to be undone.
 */
bool
hf_take(HfTake *take)
{
	const HfRequest *request = take->request;
	bool look = LooksFirst(request);

	hf_lock_resources(request->calendar->relid, &request->organization, request->resources,
					  request->resource_count);
	for (int round = 0; round < MAX_ROUNDS; round++)
	{
		CHECK_FOR_INTERRUPTS();
		take->now = hf_clock_now();
		if (take->written == 0)
			take->made_at = take->now;
		if (look && !Look(take))
			return false;
		if (hf_write(take))
			return true;
		look = true;
		if (take->count > take->main_count)
			break;
	}
	/* somebody writes without the lock, and what they write cannot be seen yet */
	NoteClash(take, &take->blocks[take->written], take->now + USECS_PER_SEC);
	return false;
}

/*
 * guards_core.c
 *		Counters and locks in memory of fixed size.
 *
 * Rates are limited by GCRA (the generic cell rate algorithm of ATM Forum TM 4.1, as a "virtual scheduling" clock).
 * A counter is one time, until: when the calls that were allowed would have ended, had they come one step apart. A
 * call moves it one step on, and is allowed while it stays within limit = max_calls steps of the clock. So max_calls
 * are allowed at once, then one each step, and in any time t at most max_calls + t / step. Once until has passed, the
 * counter says no more than an absent one. A refused call moves nothing.
 *
 * A counter of failures also has until: when they are forgotten. A lock has until: when it ends.
 *
 * Slots are found by chains from a table of buckets. When all are taken, the new one takes the place of a lock that
 * has ended, else of the counter with the soonest until: of what will be forgotten first anyway. So a flood of new
 * subjects, each with little to remember, pushes out one another, and not somebody who has used their calls up. A lock
 * that holds never makes room for a counter: locks fill 7/8 of the slots at most, and beyond that a new one takes the
 * place of the lock that ends soonest.
 *
 * Invariants, which test/fuzz/guards.c compares with a slow model:
 *  - a slot is free (in the free list), a counter, or a lock, and in a chain unless it is free;
 *  - order[0 .. counters-1] is a heap of the counters, order[slot_count-1 ...] downwards one of the locks; slot.place
 *    is a slot's index in its heap;
 *  - a lock's entry in the heap has its until. A counter's entry may be too early, for calls only push until back and
 *    moving the entry each time would cost more than the call. So the first entry is put right before it is believed.
 */
#include <string.h>

#include "shmem/guards_core.h"

typedef enum SlotKind
{
	SLOT_FREE,
	SLOT_COUNTER,
	SLOT_LOCK
} SlotKind;

typedef struct Slot
{
	HfGuardKey key;
	int64_t until;
	uint32_t next;	/* in the chain or the free list, from 1 */
	uint32_t place; /* in the heap */
	uint32_t failures;
	uint32_t kind; /* SlotKind */
} Slot;

typedef struct Order
{
	int64_t until;
	uint32_t slot;
} Order;

/* A heap, soonest first; step is -1 where it grows downwards. */
typedef struct Heap
{
	Order *first;
	Slot *slots;
	ptrdiff_t step;
	uint32_t *count;
} Heap;

/* BucketCount is the power of two not below the number of slots. */
static uint32_t
BucketCount(uint32_t slots)
{
	uint32_t count = 1;

	while (count < slots)
		count *= 2;
	return count;
}

/* The arrays behind the head, in order of their alignment. */
static inline Slot *
Slots(const HfGuardPart *part)
{
	return (Slot *) (part + 1);
}

static inline Order *
Orders(const HfGuardPart *part)
{
	return (Order *) (Slots(part) + part->slot_count);
}

static inline uint32_t *
Buckets(const HfGuardPart *part)
{
	return (uint32_t *) (Orders(part) + part->slot_count);
}

/* hf_guard_part_size adds the arrays up; see guards_core.h. */
size_t
hf_guard_part_size(uint32_t slots)
{
	return sizeof(HfGuardPart) + (sizeof(Slot) + sizeof(Order)) * (size_t) slots +
		   sizeof(uint32_t) * (size_t) BucketCount(slots);
}

/* hf_guard_part_init frees every slot; see guards_core.h. */
void
hf_guard_part_init(HfGuardPart *part, uint32_t slots)
{
	memset(part, 0, hf_guard_part_size(slots));
	part->slot_count = slots;
	part->bucket_mask = BucketCount(slots) - 1;
	part->max_locks = slots - slots / 8;
	part->free = 1;
	for (uint32_t i = 0; i + 1 < slots; i++)
		Slots(part)[i].next = i + 2;
}

/* HeapOf is the heap that slots of a kind are in. */
static inline Heap
HeapOf(HfGuardPart *part, SlotKind kind)
{
	Order *orders = Orders(part);

	if (kind == SLOT_COUNTER)
		return (Heap){orders, Slots(part), 1, &part->counters};
	return (Heap){orders + part->slot_count - 1, Slots(part), -1, &part->locks};
}

static inline Order *
At(const Heap *heap, uint32_t i)
{
	return heap->first + heap->step * (ptrdiff_t) i;
}

/* Put writes an entry and tells its slot where it is. */
static inline void
Put(const Heap *heap, uint32_t i, Order entry)
{
	*At(heap, i) = entry;
	heap->slots[entry.slot].place = i;
}

/* SiftUp moves an entry that may be too low. */
static void
SiftUp(const Heap *heap, uint32_t i, Order entry)
{
	while (i > 0 && At(heap, (i - 1) / 2)->until > entry.until)
	{
		Put(heap, i, *At(heap, (i - 1) / 2));
		i = (i - 1) / 2;
	}
	Put(heap, i, entry);
}

/* SiftDown moves an entry that may be too high. */
static void
SiftDown(const Heap *heap, uint32_t i, Order entry)
{
	for (;;)
	{
		uint32_t child = 2 * i + 1;

		if (child >= *heap->count)
			break;
		if (child + 1 < *heap->count && At(heap, child + 1)->until < At(heap, child)->until)
			child++;
		if (At(heap, child)->until >= entry.until)
			break;
		Put(heap, i, *At(heap, child));
		i = child;
	}
	Put(heap, i, entry);
}

/* Enter adds a slot to the heap of its kind. */
static void
Enter(HfGuardPart *part, uint32_t index, SlotKind kind)
{
	Heap heap = HeapOf(part, kind);
	Slot *slot = &heap.slots[index];

	slot->kind = kind;
	(*heap.count)++;
	SiftUp(&heap, *heap.count - 1, (Order){slot->until, index});
}

/* Leave takes a slot out of its heap. */
static void
Leave(HfGuardPart *part, uint32_t index)
{
	Heap heap = HeapOf(part, (SlotKind) Slots(part)[index].kind);
	uint32_t place = heap.slots[index].place;
	Order last = *At(&heap, --*heap.count);

	if (last.slot == index)
		return;
	if (place > 0 && At(&heap, (place - 1) / 2)->until > last.until)
		SiftUp(&heap, place, last);
	else
		SiftDown(&heap, place, last);
}

/* SetUntil gives a counter another until. Only an earlier one has to be seen in the heap at once. */
static inline void
SetUntil(HfGuardPart *part, uint32_t index, int64_t until)
{
	Heap heap = HeapOf(part, SLOT_COUNTER);
	Slot *slot = &heap.slots[index];
	bool earlier = until < slot->until;

	slot->until = until;
	if (earlier && until < At(&heap, slot->place)->until)
		SiftUp(&heap, slot->place, (Order){until, index});
}

/* SoonestCounter puts the first entries right until the first is. There is at least one counter. */
static uint32_t
SoonestCounter(HfGuardPart *part)
{
	Heap heap = HeapOf(part, SLOT_COUNTER);

	for (;;)
	{
		Order first = *At(&heap, 0);

		if (first.until == heap.slots[first.slot].until)
			return first.slot;
		first.until = heap.slots[first.slot].until;
		SiftDown(&heap, 0, first);
	}
}

static inline uint32_t *
BucketOf(const HfGuardPart *part, HfGuardKey key)
{
	return &Buckets(part)[key.low & part->bucket_mask];
}

/* Find returns the index of a key's slot from 1, or 0. */
static inline uint32_t
Find(const HfGuardPart *part, HfGuardKey key)
{
	const Slot *slots = Slots(part);
	uint32_t found = *BucketOf(part, key);

	while (found != 0 &&
		   (slots[found - 1].key.low != key.low || slots[found - 1].key.high != key.high))
		found = slots[found - 1].next;
	return found;
}

/* Remove frees a slot. */
static void
Remove(HfGuardPart *part, uint32_t index)
{
	Slot *slots = Slots(part);
	uint32_t *link = BucketOf(part, slots[index].key);

	Leave(part, index);
	while (*link != index + 1)
		link = &slots[*link - 1].next;
	*link = slots[index].next;
	memset(&slots[index], 0, sizeof(Slot));
	slots[index].next = part->free;
	part->free = index + 1;
}

/* DropEndedLock frees the lock that ended first, if one has. */
static bool
DropEndedLock(HfGuardPart *part, int64_t now)
{
	Heap heap = HeapOf(part, SLOT_LOCK);

	if (part->locks == 0 || At(&heap, 0)->until > now)
		return false;
	Remove(part, At(&heap, 0)->slot);
	return true;
}

/* MakeRoom sees to it that a slot is free. */
static void
MakeRoom(HfGuardPart *part, int64_t now)
{
	uint32_t victim;

	if (part->free != 0 || DropEndedLock(part, now))
		return;
	/* There is a counter, for locks never fill all slots. */
	victim = SoonestCounter(part);
	if (Slots(part)[victim].until > now)
		part->counts.evicted_counters++;
	Remove(part, victim);
}

/* MakeRoomForLock sees to it that one slot more may be a lock. */
static void
MakeRoomForLock(HfGuardPart *part, int64_t now)
{
	Heap heap = HeapOf(part, SLOT_LOCK);

	if (part->locks < part->max_locks || DropEndedLock(part, now))
		return;
	part->counts.evicted_locks++;
	Remove(part, At(&heap, 0)->slot);
}

/* Add makes a slot for a key that has none. Its kind and its place in a heap are the caller's next step. */
static uint32_t
Add(HfGuardPart *part, HfGuardKey key, int64_t now)
{
	uint32_t index;
	uint32_t *bucket = BucketOf(part, key);
	Slot *slot;

	MakeRoom(part, now);
	index = part->free - 1;
	slot = &Slots(part)[index];
	part->free = slot->next;
	slot->key = key;
	slot->failures = 0;
	slot->next = *bucket;
	*bucket = index + 1;
	return index;
}

/* hf_rate_make divides; see guards_core.h. A step that is no whole number is rounded up. */
bool
hf_rate_make(int32_t max_calls, int64_t per, HfRate *rate)
{
	if (max_calls < 1 || per < max_calls || per > HF_GUARD_LONGEST)
		return false;
	rate->step = per / max_calls + (per % max_calls != 0);
	rate->limit = rate->step * max_calls;
	return true;
}

/* hf_guard_rate is GCRA; see the head of this file. */
HfRateAnswer
hf_guard_rate(HfGuardPart *part, HfGuardKey key, int64_t now, const HfRate *rate)
{
	uint32_t found = Find(part, key);
	int64_t until = now;
	HfRateAnswer answer = {true, 0, 0};

	part->counts.rate_calls++;
	if (found != 0 && Slots(part)[found - 1].until > now)
		until = Slots(part)[found - 1].until;
	/* Further ahead than ever allowed: the clock was set back, or the limit was higher. Then it is just used up. */
	if (until - now > rate->limit)
	{
		until = now + rate->limit;
		SetUntil(part, found - 1, until);
	}
	if (until + rate->step - now > rate->limit)
	{
		part->counts.rate_refusals++;
		answer.allowed = false;
		answer.retry_after = until + rate->step - now - rate->limit;
		return answer;
	}
	until += rate->step;
	answer.remaining = (int32_t) ((rate->limit - (until - now)) / rate->step);
	if (found != 0)
		SetUntil(part, found - 1, until);
	else
	{
		uint32_t index = Add(part, key, now);

		Slots(part)[index].until = until;
		Enter(part, index, SLOT_COUNTER);
	}
	return answer;
}

/* Lock makes a lock of a slot that is in no heap. */
static void
Lock(HfGuardPart *part, uint32_t index, int64_t now, int64_t until)
{
	MakeRoomForLock(part, now);
	Slots(part)[index].until = until;
	Enter(part, index, SLOT_LOCK);
}

/* hf_guard_fail counts and locks; see guards_core.h. */
HfFailAnswer
hf_guard_fail(HfGuardPart *part, HfGuardKey key, int64_t now, uint32_t max_failures,
			  int64_t lock_for)
{
	uint32_t found = Find(part, key);
	uint32_t index;
	Slot *slot;

	part->counts.failures++;
	if (found == 0)
		index = Add(part, key, now);
	else
	{
		index = found - 1;
		slot = &Slots(part)[index];
		if (slot->kind == SLOT_LOCK && slot->until > now)
		{
			if (slot->failures < INT32_MAX)
				slot->failures++;
			return (HfFailAnswer){slot->failures, slot->until, false};
		}
		if (slot->until <= now)
			slot->failures = 0;
		Leave(part, index);
	}
	slot = &Slots(part)[index];
	if (slot->failures < INT32_MAX)
		slot->failures++;
	if (slot->failures >= max_failures)
	{
		Lock(part, index, now, now + lock_for);
		part->counts.locks++;
		return (HfFailAnswer){slot->failures, slot->until, true};
	}
	slot->until = now + lock_for;
	Enter(part, index, SLOT_COUNTER);
	return (HfFailAnswer){slot->failures, HF_GUARD_UNLOCKED, false};
}

/* hf_guard_clear forgets; see guards_core.h. */
bool
hf_guard_clear(HfGuardPart *part, HfGuardKey key, int64_t now)
{
	uint32_t found = Find(part, key);
	bool held;

	if (found == 0)
		return false;
	held = Slots(part)[found - 1].kind == SLOT_LOCK && Slots(part)[found - 1].until > now;
	Remove(part, found - 1);
	part->counts.clears++;
	return held;
}

/* hf_guard_locked_until looks; see guards_core.h. */
int64_t
hf_guard_locked_until(const HfGuardPart *part, HfGuardKey key, int64_t now)
{
	uint32_t found = Find(part, key);
	const Slot *slot = found != 0 ? &Slots(part)[found - 1] : NULL;

	return slot != NULL && slot->kind == SLOT_LOCK && slot->until > now ? slot->until
																		: HF_GUARD_UNLOCKED;
}

/* hf_guard_entry reads a slot; see guards_core.h. */
bool
hf_guard_entry(const HfGuardPart *part, uint32_t index, HfGuardEntry *entry)
{
	const Slot *slot = &Slots(part)[index];

	*entry = (HfGuardEntry){slot->key, slot->until, slot->failures, slot->kind == SLOT_LOCK};
	return slot->kind != SLOT_FREE;
}

/* hf_guard_lock_at reads by the heap of locks; see guards_core.h. */
void
hf_guard_lock_at(const HfGuardPart *part, uint32_t index, HfGuardEntry *entry)
{
	hf_guard_entry(part, Orders(part)[part->slot_count - 1 - index].slot, entry);
}

/* hf_guard_restore_lock puts a lock where nothing stands for its key yet; see guards_core.h. */
void
hf_guard_restore_lock(HfGuardPart *part, HfGuardKey key, int64_t until, int64_t now)
{
	if (until > now && until <= HF_GUARD_LAST_TIME + HF_GUARD_LONGEST && Find(part, key) == 0)
		Lock(part, Add(part, key, now), now, until);
}

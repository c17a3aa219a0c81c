/*
 * guards.c
 *		A partition of the guards' table against a model that keeps every key in a list and looks at all of them.
 *
 * The bytes are calls on a table of a few slots and many keys, with a clock that moves both ways. After each call the
 * answer is compared, and after some the whole table. Who had to go is the model's to judge: whoever the table put out
 * must have been one of those that had to.
 */
#include "fuzz.h"
#include "shmem/guards_core.h"

#define KEYS  48 /* even: rates, odd: failures */
#define SLOTS 24
#define START 1000000
#define CALLS 80

typedef enum Kind
{
	NONE,
	COUNTER,
	LOCK
} Kind;

typedef struct Known
{
	Kind kind;
	int64_t until;
	uint32_t failures;
} Known;

typedef struct World
{
	HfGuardPart *part;
	uint32_t slots;
	int64_t now;
	Known known[KEYS];
	uint64_t evicted_counters;
	uint64_t evicted_locks;
} World;

static HfGuardKey
KeyOf(int number)
{
	/* few buckets, so that chains are long; and keys that differ in one half only */
	return (HfGuardKey){number / 2, number % 6};
}

/* the number of a key */
static int
NumberOf(HfGuardKey key)
{
	int number = (int) (key.high * 2 + key.low % 2);

	PROMISE(number < KEYS && KeyOf(number).low == key.low);
	return number;
}

static int
Count(const World *world, Kind kind)
{
	int count = 0;

	for (int i = 0; i < KEYS; i++)
		count += world->known[i].kind == kind;
	return count;
}

/* the soonest until of a kind, but for one key */
static int64_t
Soonest(const World *world, Kind kind, int except)
{
	int64_t soonest = INT64_MAX;

	for (int i = 0; i < KEYS; i++)
	{
		if (i != except && world->known[i].kind == kind && world->known[i].until < soonest)
			soonest = world->known[i].until;
	}
	return soonest;
}

/* which keys does the table have? */
static void
Present(const World *world, bool present[KEYS])
{
	uint32_t seen = 0;

	memset(present, 0, sizeof(bool) * KEYS);
	for (uint32_t i = 0; i < world->slots; i++)
	{
		HfGuardEntry entry;
		int number;

		if (!hf_guard_entry(world->part, i, &entry))
			continue;
		number = NumberOf(entry.key);
		PROMISE(!present[number]);
		present[number] = true;
		seen++;
	}
	PROMISE(seen == world->part->counters + world->part->locks);
}

/* one had to go, of a kind, at the soonest: take note of whom the table chose */
static void
PutOut(World *world, Kind kind, int except)
{
	int64_t soonest = Soonest(world, kind, except);
	bool present[KEYS];

	Present(world, present);
	for (int i = 0; i < KEYS; i++)
	{
		if (i == except || present[i] || world->known[i].kind != kind ||
			world->known[i].until != soonest)
			continue;
		if (soonest > world->now)
		{
			world->evicted_counters += kind == COUNTER;
			world->evicted_locks += kind == LOCK;
		}
		world->known[i].kind = NONE;
		return;
	}
	PROMISE(!"nobody was put out who had to be");
}

/* a new key needs a slot */
static void
Room(World *world, int except)
{
	if (Count(world, COUNTER) + Count(world, LOCK) < (int) world->slots)
		return;
	if (Soonest(world, LOCK, except) <= world->now)
		PutOut(world, LOCK, except);
	else
		PutOut(world, COUNTER, except);
}

/* a key becomes a lock */
static void
RoomForLock(World *world, int except)
{
	if (Count(world, LOCK) - (world->known[except].kind == LOCK) <
		(int) (world->slots - world->slots / 8))
		return;
	PutOut(world, LOCK, except);
}

static void
Compare(const World *world)
{
	bool present[KEYS];

	Present(world, present);
	for (int i = 0; i < KEYS; i++)
		PROMISE(present[i] == (world->known[i].kind != NONE));
	for (uint32_t i = 0; i < world->slots; i++)
	{
		HfGuardEntry entry;
		const Known *known;

		if (!hf_guard_entry(world->part, i, &entry))
			continue;
		known = &world->known[NumberOf(entry.key)];
		PROMISE(known->until == entry.until && known->failures == entry.failures);
		PROMISE((known->kind == LOCK) == entry.lock);
	}
	for (uint32_t i = 0; i < world->part->locks; i++)
	{
		HfGuardEntry entry;

		hf_guard_lock_at(world->part, i, &entry);
		PROMISE(entry.lock && world->known[NumberOf(entry.key)].until == entry.until);
	}
	PROMISE(world->part->counts.evicted_counters == world->evicted_counters);
	PROMISE(world->part->counts.evicted_locks == world->evicted_locks);
}

static void
Rate(World *world, int number, int32_t max_calls, int64_t per)
{
	Known *known = &world->known[number];
	HfRate rate;
	HfRateAnswer answer;
	int64_t ahead;

	PROMISE(hf_rate_make(max_calls, per, &rate) == (per >= max_calls));
	if (per < max_calls)
		return;
	PROMISE(rate.step * max_calls >= per && rate.step * max_calls < per + max_calls);
	answer = hf_guard_rate(world->part, KeyOf(number), world->now, &rate);
	ahead = known->kind != NONE && known->until > world->now ? known->until - world->now : 0;
	if (ahead > rate.limit)
		known->until = world->now + (ahead = rate.limit);
	PROMISE(answer.allowed == (ahead + rate.step <= rate.limit));
	if (!answer.allowed)
	{
		PROMISE(answer.retry_after > 0 && answer.retry_after <= rate.step);
		PROMISE(answer.retry_after == ahead + rate.step - rate.limit);
		return;
	}
	ahead += rate.step;
	PROMISE(answer.retry_after == 0 && answer.remaining == (rate.limit - ahead) / rate.step);
	if (known->kind == NONE)
		Room(world, number);
	*known = (Known){COUNTER, world->now + ahead, 0};
}

static void
Fail(World *world, int number, uint32_t max_failures, int64_t lock_for)
{
	Known *known = &world->known[number];
	HfFailAnswer answer =
		hf_guard_fail(world->part, KeyOf(number), world->now, max_failures, lock_for);

	if (known->kind == LOCK && known->until > world->now)
	{
		PROMISE(answer.failures == ++known->failures && answer.locked_until == known->until &&
				!answer.locked_now);
		return;
	}
	if (known->kind == NONE)
		Room(world, number);
	if (known->kind == NONE || known->until <= world->now)
		known->failures = 0;
	known->failures++;
	if (known->failures >= max_failures)
		RoomForLock(world, number);
	known->kind = known->failures >= max_failures ? LOCK : COUNTER;
	known->until = world->now + lock_for;
	PROMISE(answer.failures == known->failures && answer.locked_now == (known->kind == LOCK));
	PROMISE(answer.locked_until == (known->kind == LOCK ? known->until : HF_GUARD_UNLOCKED));
}

static void
Clear(World *world, int number)
{
	Known *known = &world->known[number];

	PROMISE(hf_guard_clear(world->part, KeyOf(number), world->now) ==
			(known->kind == LOCK && known->until > world->now));
	known->kind = NONE;
}

static void
Restore(World *world, int number, int64_t until)
{
	Known *known = &world->known[number];

	hf_guard_restore_lock(world->part, KeyOf(number), until, world->now);
	if (known->kind != NONE || until <= world->now)
		return;
	Room(world, number);
	RoomForLock(world, number);
	*known = (Known){LOCK, until, 0};
}

static void
Look(const World *world, int number)
{
	const Known *known = &world->known[number];

	PROMISE(hf_guard_locked_until(world->part, KeyOf(number), world->now) ==
			(known->kind == LOCK && known->until > world->now ? known->until : HF_GUARD_UNLOCKED));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	World world = {.now = START};

	if (size < 1)
		return 0;
	world.slots = HF_GUARD_MIN_SLOTS + data[0] % (SLOTS - HF_GUARD_MIN_SLOTS + 1);
	world.part = malloc(hf_guard_part_size(world.slots));
	hf_guard_part_init(world.part, world.slots);
	for (size_t i = 1; i + 3 < size && i < 4 * CALLS; i += 4)
	{
		int number = data[i + 1] % KEYS;
		int64_t span = 1 + data[i + 2] * (1 + data[i + 2] / 32);

		/* the clock goes on, and now and then back */
		world.now += data[i] >= 248 ? -(int64_t) data[i + 3] * 2 : data[i + 3] % 8;
		if (world.now < 0)
			world.now = 0;
		switch (data[i] % 8)
		{
			case 0:
			case 1:
			case 2:
				Rate(&world, number & ~1, 1 + data[i + 3] / 32, span);
				break;
			case 3:
			case 4:
				Fail(&world, number | 1, 1 + data[i + 3] % 4, span);
				break;
			case 5:
				Clear(&world, number);
				break;
			case 6:
				Restore(&world, number | 1, world.now + span - 16);
				break;
			default:
				world.now += span;
		}
		Look(&world, number);
		/* the whole table now and then: a fault stays in it */
		if (i / 4 % 8 == 7)
			Compare(&world);
	}
	Compare(&world);
	free(world.part);
	return 0;
}

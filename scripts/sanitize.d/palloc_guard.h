/*
 * palloc_guard.h
 *		Red zones behind what holdfast allocates, for the address sanitizer; every file of a sanitized build includes it first.
 *
 * The server hands out memory from blocks that the sanitizer sees as one piece, so writing past the end of an allocation
 * would hit the next one unseen. Here each allocation of holdfast's own code asks for 16 bytes more, which are poisoned until
 * it is freed or its context is reset. What the server allocates for us (values of rows, StringInfo) has none.
 */
#ifndef PALLOC_GUARD_H
#define PALLOC_GUARD_H

#include "postgres.h"

#include <sanitizer/asan_interface.h>

#include "utils/memutils.h"

#define GUARD_ZONE 16

typedef struct GuardZone
{
	MemoryContextCallback callback;
	char *start;
	Size length;
} GuardZone;

/* GuardLift is the reset callback: the server is about to use the memory for something else. */
static inline void
GuardLift(void *arg)
{
	GuardZone *zone = arg;

	__asan_unpoison_memory_region(zone->start, zone->length);
}

/* GuardSet poisons what follows the size bytes that were asked for. */
static inline void *
GuardSet(MemoryContext context, void *memory, Size size)
{
	GuardZone *zone;

	if (memory == NULL)
		return NULL;
	zone = MemoryContextAlloc(context, sizeof(GuardZone));
	zone->start = (char *) memory + size;
	zone->length = GUARD_ZONE;
	zone->callback.func = GuardLift;
	zone->callback.arg = zone;
	MemoryContextRegisterResetCallback(context, &zone->callback);
	__asan_poison_memory_region(zone->start, zone->length);
	return memory;
}

/* GuardLiftAll makes a whole chunk usable before the server takes it back. */
static inline void
GuardLiftAll(void *memory)
{
	__asan_unpoison_memory_region(memory, GetMemoryChunkSpace(memory) - GUARD_ZONE);
}

static inline void *
GuardAlloc(MemoryContext context, Size size)
{
	return GuardSet(context, MemoryContextAlloc(context, size + GUARD_ZONE), size);
}

static inline void *
GuardAllocZero(MemoryContext context, Size size)
{
	return GuardSet(context, MemoryContextAllocZero(context, size + GUARD_ZONE), size);
}

static inline void *
GuardAllocHuge(MemoryContext context, Size size)
{
	return GuardSet(context, MemoryContextAllocHuge(context, size + GUARD_ZONE), size);
}

static inline void *
GuardAllocExtended(MemoryContext context, Size size, int flags)
{
	return GuardSet(context, MemoryContextAllocExtended(context, size + GUARD_ZONE, flags), size);
}

static inline void *
GuardRealloc(void *memory, Size size)
{
	MemoryContext context = GetMemoryChunkContext(memory);

	GuardLiftAll(memory);
	return GuardSet(context, repalloc_huge(memory, size + GUARD_ZONE), size);
}

static inline void
GuardFree(void *memory)
{
	GuardLiftAll(memory);
	pfree(memory);
}

#define MemoryContextAlloc(context, size)				 GuardAlloc(context, size)
#define MemoryContextAllocZero(context, size)			 GuardAllocZero(context, size)
#define MemoryContextAllocExtended(context, size, flags) GuardAllocExtended(context, size, flags)
#define MemoryContextAllocHuge(context, size)			 GuardAllocHuge(context, size)
#define palloc(size)									 GuardAlloc(CurrentMemoryContext, size)
#define palloc0(size)									 GuardAllocZero(CurrentMemoryContext, size)
#define palloc_extended(size, flags)					 GuardAllocExtended(CurrentMemoryContext, size, flags)
#define repalloc(memory, size)							 GuardRealloc(memory, size)
#define repalloc_huge(memory, size)						 GuardRealloc(memory, size)
#define pfree(memory)									 GuardFree(memory)

#endif

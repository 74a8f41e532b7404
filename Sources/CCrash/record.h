#pragma once
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// What a loop's thread has under way, in memory of a fixed size: written by that thread alone, without locks, and read by
// the handler of a fatal signal on whichever thread it runs.

#define CRASH_SLOTS 32
#define CRASH_NAME 96
#define CRASH_REQUEST 64

struct crash_slot {
    // 0 if the slot is free. Written last and cleared first, since the handler may run between any two instructions.
    uint32_t used;
    // The task that began it: the same number that `current` has while the task runs.
    uintptr_t task;
    int64_t begun;
    char name[CRASH_NAME];
    char request[CRASH_REQUEST];
};

struct crash_loop {
    // The kernel's number of the loop's thread; 0 before it runs.
    int32_t thread;
    // The task that the loop runs at this moment; 0 between two of them.
    uintptr_t current;
    // Begun while all slots were in use.
    uint32_t unlisted;
    struct crash_slot slots[CRASH_SLOTS];
};

static inline void crash_copy(char *to, size_t room, const char *from, size_t length) {
    if (length > room - 1) length = room - 1;
    if (length > 0) memcpy(to, from, length);
    to[length] = 0;
}

// Returns the slot, or -1 if all are in use.
static inline int32_t crash_begin(
    struct crash_loop *loop, const char *name, size_t name_length, const char *request, size_t request_length,
    int64_t now) {
    for (int32_t index = 0; index < CRASH_SLOTS; index++) {
        struct crash_slot *slot = &loop->slots[index];
        if (slot->used) continue;
        slot->task = loop->current;
        slot->begun = now;
        crash_copy(slot->name, CRASH_NAME, name, name_length);
        crash_copy(slot->request, CRASH_REQUEST, request, request_length);
        __atomic_store_n(&slot->used, 1, __ATOMIC_RELEASE);
        return index;
    }
    loop->unlisted += 1;
    return -1;
}

static inline void crash_end(struct crash_loop *loop, int32_t index) {
    if (index < 0) {
        loop->unlisted -= 1;
    } else {
        __atomic_store_n(&loop->slots[index].used, 0, __ATOMIC_RELEASE);
    }
}

static inline void crash_run(struct crash_loop *loop, uintptr_t task) {
    __atomic_store_n(&loop->current, task, __ATOMIC_RELEASE);
}

static inline void crash_enter_thread(struct crash_loop *loop) { loop->thread = (int32_t)syscall(SYS_gettid); }

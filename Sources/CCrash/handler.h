#pragma once
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "line.h"

// The handler of fatal signals. It calls only functions that POSIX allows in one, and takes no lock.

#define CRASH_SIGNALS 6
#define CRASH_LOOPS 256

struct crash_state {
    uint32_t is_crashing;
    uint32_t loop_count;
    struct crash_loop *loops[CRASH_LOOPS];
    // The file for the line, open for writing; -1 for none. Opened anew by its path if it was removed.
    int32_t file;
    char path[4096];
    char version[32];
    // The work that the last run ended in, and how many runs in a row did.
    char culprit[CRASH_NAME];
    uint32_t culprit_runs;
    struct sigaction before[CRASH_SIGNALS];
    struct crash_line line;
};

static const int crash_signals[CRASH_SIGNALS] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};

// Set once, by `crash_install`. Only that function and the handler use it: a program with two copies of this header's
// functions still has handler and state of one copy.
static struct crash_state *crash_shared = NULL;

static inline void crash_describe_slot(
    struct crash_line *line, const struct crash_loop *loop, const struct crash_slot *slot, int number, int is_here,
    int64_t now) {
    crash_text(line, "{\"work\":");
    crash_string(line, slot->name, CRASH_NAME);
    if (slot->request[0]) {
        crash_text(line, ",\"request\":");
        crash_string(line, slot->request, CRASH_REQUEST);
    }
    crash_text(line, ",\"loop\":");
    crash_number(line, (uint64_t)number, 1);
    crash_text(line, ",\"milliseconds\":");
    crash_number(line, now > slot->begun ? (uint64_t)(now - slot->begun) / 1000 : 0, 1);
    if (is_here && slot->task == loop->current && loop->current != 0) crash_text(line, ",\"running\":true");
    crash_byte(line, '}');
}

// Everything under way; the piece of work that ran on the crashing thread is returned, or NULL.
static inline const char *crash_describe_work(struct crash_state *state, int32_t thread, int64_t now) {
    struct crash_line *line = &state->line;
    const char *culprit = NULL;
    uint64_t unlisted = 0;
    int is_first = 1;
    crash_text(line, ",\"underWay\":[");
    for (uint32_t number = 0; number < state->loop_count; number++) {
        const struct crash_loop *loop = state->loops[number];
        int is_here = loop->thread == thread;
        unlisted += loop->unlisted;
        for (int index = 0; index < CRASH_SLOTS; index++) {
            const struct crash_slot *slot = &loop->slots[index];
            if (!__atomic_load_n(&slot->used, __ATOMIC_ACQUIRE)) continue;
            // Room for the end of the line, whatever is left out.
            if (line->length > sizeof line->text - 1024) {
                unlisted += 1;
                continue;
            }
            if (!is_first) crash_byte(line, ',');
            is_first = 0;
            crash_describe_slot(line, loop, slot, (int)number, is_here, now);
            if (is_here && slot->task == loop->current && loop->current != 0) culprit = slot->name;
        }
    }
    crash_text(line, "],\"unlisted\":");
    crash_number(line, unlisted, 1);
    return culprit;
}

static inline void crash_describe(struct crash_state *state, int number, const siginfo_t *info) {
    struct crash_line *line = &state->line;
    int32_t thread = (int32_t)syscall(SYS_gettid);
    int64_t now = crash_now();
    line->length = 0;
    crash_text(line, "{\"time\":");
    crash_time(line, now);
    crash_text(line, ",\"level\":\"error\",\"message\":\"crashed\",\"signal\":\"");
    crash_text(line, crash_signal_name(number));
    crash_text(line, "\",\"version\":");
    crash_string(line, state->version, sizeof state->version);
    // 0 and less: another process sent it, or this one itself.
    if (info->si_code <= 0) {
        crash_text(line, ",\"sender\":");
        crash_number(line, (uint64_t)info->si_pid, 1);
    }
    const char *culprit = crash_describe_work(state, thread, now);
    if (culprit) {
        crash_text(line, ",\"culprit\":");
        crash_string(line, culprit, CRASH_NAME);
        crash_text(line, ",\"runs\":");
        crash_number(line, strcmp(culprit, state->culprit) == 0 ? state->culprit_runs + 1 : 1, 1);
    }
    crash_text(line, "}\n");
}

static inline void crash_keep(struct crash_state *state) {
    struct stat status;
    int file = state->file;
    if (file < 0) return;
    if (fstat(file, &status) != 0 || status.st_nlink == 0) {
        file = open(state->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (file < 0) return;
    }
    if (ftruncate(file, 0) == 0) (void)!pwrite(file, state->line.text, state->line.length, 0);
}

// Writes the line, and then lets the signal end the process, as if this handler had not been there.
static inline void crash_handle(int number, siginfo_t *info, void *context) {
    struct crash_state *state = crash_shared;
    // A fault comes again as soon as this handler returns. What a process sent does not, and neither does a breakpoint.
    int is_fault = info->si_code > 0 && number != SIGTRAP;
    (void)context;
    if (__atomic_exchange_n(&state->is_crashing, 1, __ATOMIC_ACQ_REL)) {
        // Another thread is writing its line: that one ends the process.
        poll(NULL, 0, 10000);
    } else {
        crash_describe(state, number, info);
        (void)!write(STDERR_FILENO, state->line.text, state->line.length);
        crash_keep(state);
    }
    for (int index = 0; index < CRASH_SIGNALS; index++) {
        struct sigaction action = state->before[index];
        // Swift's handler prints a backtrace and counts on the fault to come again.
        if (!is_fault) action.sa_handler = SIG_DFL;
        sigaction(crash_signals[index], &action, NULL);
    }
    if (is_fault) return;
    // The first process of a container ignores its own signals.
    if (getpid() == 1) _exit(128 + number);
    // Blocked until this handler returns, so that a core dump shows the registers of before.
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

// Call once. Returns NULL if there is no memory.
static inline struct crash_state *crash_install(int32_t file, const char *path, const char *version) {
    struct crash_state *state = (struct crash_state *)calloc(1, sizeof *state);
    if (!state) return NULL;
    state->file = file;
    crash_copy(state->path, sizeof state->path, path, strlen(path));
    crash_copy(state->version, sizeof state->version, version, strlen(version));
    crash_shared = state;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = crash_handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    // A fault inside the handler ends the process at once.
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < CRASH_SIGNALS; index++) sigaddset(&action.sa_mask, crash_signals[index]);
    for (int index = 0; index < CRASH_SIGNALS; index++) {
        sigaction(crash_signals[index], &action, &state->before[index]);
    }
    return state;
}

static inline void crash_remember(struct crash_state *state, const char *culprit, uint32_t runs) {
    crash_copy(state->culprit, sizeof state->culprit, culprit, strlen(culprit));
    state->culprit_runs = runs;
}

// Call from one thread. The record must live as long as the process.
static inline void crash_add_loop(struct crash_state *state, struct crash_loop *loop) {
    uint32_t count = state->loop_count;
    if (count >= CRASH_LOOPS) return;
    state->loops[count] = loop;
    __atomic_store_n(&state->loop_count, count + 1, __ATOMIC_RELEASE);
}

// A stack for the handler on the calling thread, so that it also runs when the thread's own is full. Returns NULL if there
// is no memory. Give it back with `crash_remove_stack` before the thread ends.
static inline void *crash_add_stack(void) {
    size_t size = 65536;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    stack_t stack = {.ss_sp = memory, .ss_size = size, .ss_flags = 0};
    if (sigaltstack(&stack, NULL) == 0) return memory;
    munmap(memory, size);
    return NULL;
}

static inline void crash_remove_stack(void *memory) {
    stack_t none = {.ss_sp = NULL, .ss_size = 0, .ss_flags = SS_DISABLE};
    if (!memory) return;
    sigaltstack(&none, NULL);
    munmap(memory, 65536);
}

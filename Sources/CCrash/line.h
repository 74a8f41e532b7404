#pragma once
#include <signal.h>
#include <time.h>
#include "record.h"

// A line of JSON in memory of a fixed size, made with nothing that a signal handler may not call.

struct crash_line {
    size_t length;
    char text[16384];
};

static inline void crash_byte(struct crash_line *line, char byte) {
    if (line->length < sizeof line->text) line->text[line->length++] = byte;
}

static inline void crash_text(struct crash_line *line, const char *text) {
    while (*text) crash_byte(line, *text++);
}

// With its quotes. Names and ids are ASCII; anything else becomes a question mark.
static inline void crash_string(struct crash_line *line, const char *text, size_t limit) {
    crash_byte(line, '"');
    for (size_t index = 0; index < limit && text[index]; index++) {
        char byte = text[index];
        crash_byte(line, byte < ' ' || byte > '~' || byte == '"' || byte == '\\' ? '?' : byte);
    }
    crash_byte(line, '"');
}

static inline void crash_number(struct crash_line *line, uint64_t number, int digits) {
    char text[20];
    int length = 0;
    do {
        text[length++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || length < digits);
    while (length > 0) crash_byte(line, text[--length]);
}

static inline int64_t crash_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

// Microseconds since 1970 as ISO 8601 in UTC, by the proleptic Gregorian calendar (days from civil, H. Hinnant).
static inline void crash_time(struct crash_line *line, int64_t microseconds) {
    uint64_t seconds = (uint64_t)microseconds / 1000000;
    uint64_t days = seconds / 86400 + 719468;
    uint64_t of_era = days % 146097;
    uint64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint64_t day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint64_t shifted = (5 * day_of_year + 2) / 153;
    uint64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    crash_byte(line, '"');
    crash_number(line, days / 146097 * 400 + year_of_era + (month <= 2), 4);
    crash_byte(line, '-');
    crash_number(line, month, 2);
    crash_byte(line, '-');
    crash_number(line, day_of_year - (153 * shifted + 2) / 5 + 1, 2);
    crash_byte(line, 'T');
    crash_number(line, seconds / 3600 % 24, 2);
    crash_byte(line, ':');
    crash_number(line, seconds / 60 % 60, 2);
    crash_byte(line, ':');
    crash_number(line, seconds % 60, 2);
    crash_byte(line, '.');
    crash_number(line, (uint64_t)microseconds % 1000000, 6);
    crash_text(line, "Z\"");
}

static inline const char *crash_signal_name(int number) {
    switch (number) {
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGABRT: return "SIGABRT";
    default: return "another";
    }
}

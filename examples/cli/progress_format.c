/*
 * progress_format.c - the words of the progress line (pure).
 */
#include "progress.h"

#include <string.h>

enum { EVERY_MS = 5000, LEAST_MS = 500, LEAST_BAR = 10, MOST_BAR = 40 };

static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };

static size_t unit_of(uint64_t bytes)
{
    size_t unit = 0;

    for (; bytes >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
        bytes /= 1024;
    return unit;
}

static double in_unit(uint64_t bytes, size_t unit)
{
    return (double)bytes / (double)((uint64_t)1 << (10 * unit));
}

void progress_format_bytes(uint64_t bytes, char *out, size_t len)
{
    size_t unit = unit_of(bytes);

    snprintf(out, len, "%.*f %s", unit != 0 ? 1 : 0, in_unit(bytes, unit), units[unit]);
}

void progress_format_seconds(double seconds, char *out, size_t len)
{
    unsigned long whole = seconds > 0 && seconds < 1e9 ? (unsigned long)(seconds + 0.5) : 0;

    if (whole < 60)
        snprintf(out, len, "%lus", whole);
    else if (whole < 3600)
        snprintf(out, len, "%lum %02lus", whole / 60, whole % 60);
    else
        snprintf(out, len, "%luh %02lum", whole / 3600, whole / 60 % 60);
}

double progress_eta_s(const struct progress_state *state)
{
    int by_bytes = state->bytes != 0;
    double done = (double)(by_bytes ? state->bytes_done : state->done);
    double total = (double)(by_bytes ? state->bytes : state->total);

    if (state->done >= state->total)
        return 0;
    if (done <= 0 || state->elapsed_ms == 0)
        return -1;
    return total > done ? (double)state->elapsed_ms / 1000.0 * (total - done) / done : 0;
}

static void add(char *out, size_t len, const char *text)
{
    size_t used = strlen(out);

    snprintf(out + used, len - used, "%s", text);
}

static void add_bytes(const struct progress_state *state, char *out, size_t len)
{
    size_t unit = unit_of(state->bytes);
    int decimals = unit != 0 ? 1 : 0;
    char text[96];
    char rate[32];

    snprintf(text, sizeof(text), " %.*f/%.*f %s", decimals, in_unit(state->bytes_done, unit),
             decimals, in_unit(state->bytes, unit), units[unit]);
    add(out, len, text);
    if (state->elapsed_ms == 0)
        return;
    progress_format_bytes(
        (uint64_t)((double)state->bytes_done * 1000.0 / (double)state->elapsed_ms), rate,
        sizeof(rate));
    snprintf(text, sizeof(text), " %s/s", rate);
    add(out, len, text);
}

void progress_format(const struct progress_state *state, char *out, size_t len)
{
    double eta = progress_eta_s(state);
    char text[96];

    snprintf(out, len, "%s %llu/%llu %s", state->verb, (unsigned long long)state->done,
             (unsigned long long)state->total, state->noun);
    if (state->bytes != 0)
        add_bytes(state, out, len);
    if (eta >= 0) {
        progress_format_seconds(eta, text, sizeof(text));
        add(out, len, " eta ");
        add(out, len, text);
    }
    if (!state->tells_failed)
        return;
    snprintf(text, sizeof(text), " failed %llu", (unsigned long long)state->failed);
    add(out, len, text);
}

void progress_format_bar(const struct progress_state *state, size_t width, char *out, size_t len)
{
    char line[256];
    size_t used;
    size_t bar;
    size_t full;

    progress_format(state, line, sizeof(line));
    used = strlen(line);
    bar = width > used + 3 ? width - used - 3 : 0;
    bar = bar > MOST_BAR ? MOST_BAR : bar;
    if (bar < LEAST_BAR || bar + 4 > len) {
        snprintf(out, len, "%.*s", (int)(width < len ? width : len - 1), line);
        return;
    }
    full = state->total != 0 && state->done < state->total
               ? (size_t)((double)bar * (double)state->done / (double)state->total)
               : bar;
    out[0] = '[';
    memset(out + 1, '#', full);
    memset(out + 1 + full, '.', bar - full);
    snprintf(out + 1 + bar, len - 1 - bar, "] %s", line);
}

int progress_is_due(const struct progress_state *state, uint64_t shown_ms, uint64_t shown_done)
{
    uint64_t passed = state->elapsed_ms - shown_ms;
    uint64_t tenth = state->total / 10 + (state->total % 10 != 0);

    if (passed >= EVERY_MS)
        return 1;
    return passed >= LEAST_MS && tenth != 0 && state->done / tenth > shown_done / tenth;
}

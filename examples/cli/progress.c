/*
 * progress.c - how far a long command is, on stderr.
 */
#include "progress.h"

#include <string.h>
#include <time.h>

enum { REDRAW_MS = 100, LINE_LEN = 512 };

int progress_kind_of(const char *word, int is_tty, enum progress_kind *out)
{
    if (word == NULL || strcmp(word, "auto") == 0)
        *out = is_tty ? PROGRESS_BAR : PROGRESS_PLAIN;
    else if (strcmp(word, "bar") == 0)
        *out = PROGRESS_BAR;
    else if (strcmp(word, "plain") == 0)
        *out = PROGRESS_PLAIN;
    else if (strcmp(word, "none") == 0)
        *out = PROGRESS_NONE;
    else
        return 0;
    return 1;
}

uint64_t progress_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void progress_begin(struct progress *progress, enum progress_kind kind, FILE *file, size_t width,
                    const struct progress_state *state)
{
    *progress = (struct progress){ .kind = kind,
                                   .file = file,
                                   .width = width != 0 ? width - 1 : 79,
                                   .state = *state,
                                   .begun_ms = progress_now_ms() };
}

static void draw_bar(struct progress *progress)
{
    char line[LINE_LEN];

    progress_format_bar(&progress->state, progress->width, line, sizeof(line));
    fprintf(progress->file, "\r\x1b[K%s", line);
    fflush(progress->file);
    progress->is_shown = 1;
}

static void write_line(struct progress *progress)
{
    char line[LINE_LEN];

    progress_format(&progress->state, line, sizeof(line));
    fprintf(progress->file, "%s\n", line);
    fflush(progress->file);
}

static void show(struct progress *progress)
{
    if (progress->kind == PROGRESS_BAR)
        draw_bar(progress);
    else
        write_line(progress);
    progress->shown_ms = progress->state.elapsed_ms;
    progress->shown_done = progress->state.done;
}

/* A bar is drawn ten times a second, and when all is done. */
static int is_bar_due(const struct progress *progress)
{
    const struct progress_state *state = &progress->state;

    return !progress->is_shown || state->elapsed_ms - progress->shown_ms >= REDRAW_MS ||
           (state->done == state->total && progress->shown_done != state->done);
}

void progress_update(struct progress *progress, uint64_t done, uint64_t bytes_done, uint64_t failed)
{
    struct progress_state *state = &progress->state;
    int is_due;

    state->done = done;
    state->bytes_done = bytes_done;
    state->failed = failed;
    state->elapsed_ms = progress_now_ms() - progress->begun_ms;
    if (progress->kind == PROGRESS_NONE)
        return;
    is_due = progress->kind == PROGRESS_BAR
                 ? is_bar_due(progress)
                 : progress_is_due(state, progress->shown_ms, progress->shown_done);
    if (is_due)
        show(progress);
}

void progress_hide(struct progress *progress)
{
    if (!progress->is_shown)
        return;
    fputs("\r\x1b[K", progress->file);
    fflush(progress->file);
    progress->is_shown = 0;
}

void progress_end(struct progress *progress)
{
    progress_hide(progress);
    /* A log that has lines shall also have the last state. */
    if (progress->kind == PROGRESS_PLAIN && progress->shown_ms != 0 &&
        progress->shown_done != progress->state.done)
        show(progress);
    progress->kind = PROGRESS_NONE;
}

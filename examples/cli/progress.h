/*
 * progress.h - how far a long command is, on stderr: a bar on a terminal, lines in a log, or nothing.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum progress_kind { PROGRESS_NONE, PROGRESS_PLAIN, PROGRESS_BAR };

struct progress_state {
    const char *verb; /* "uploading" */
    const char *noun; /* "files" */
    uint64_t done;
    uint64_t total;
    uint64_t bytes_done;
    uint64_t bytes; /* 0: bytes are not told */
    uint64_t failed;
    uint64_t elapsed_ms;
    int tells_failed; /* 1: how many failed is told */
};

struct progress {
    enum progress_kind kind;
    FILE *file;
    size_t width; /* of the terminal */
    struct progress_state state;
    uint64_t begun_ms;
    uint64_t shown_ms;   /* when a line was last written ... */
    uint64_t shown_done; /* ... and what it told */
    int is_shown;
};

/* "auto" is a bar when @p is_tty, else lines; NULL is "auto". 0 when the word is unknown. */
int progress_kind_of(const char *word, int is_tty, enum progress_kind *out);

void progress_begin(struct progress *progress, enum progress_kind kind, FILE *file, size_t width,
                    const struct progress_state *state);
/* Tell done, bytes_done and failed; keeps them in the state. Writes only when it is time to. */
void progress_update(struct progress *progress, uint64_t done, uint64_t bytes_done,
                     uint64_t failed);
/* Wipe the bar, so that another line can be written; the next update draws it again. */
void progress_hide(struct progress *progress);
/* The last line or the wiped bar. */
void progress_end(struct progress *progress);

/* Milliseconds of a clock that only goes forward. */
uint64_t progress_now_ms(void);

/* ---- pure -------------------------------------------------------------------------------- */

/* "uploading 120/2028 files 34.1/610.0 MiB 12.3 MiB/s eta 47s failed 0" */
void progress_format(const struct progress_state *state, char *out, size_t len);
/* The same behind a bar, at most @p width columns. */
void progress_format_bar(const struct progress_state *state, size_t width, char *out, size_t len);
/* Seconds that the rest will take, -1 when nobody can tell yet. */
double progress_eta_s(const struct progress_state *state);
/* Is it time for a line? Every 5 s, or earlier after another 10 %, but not within half a second. */
int progress_is_due(const struct progress_state *state, uint64_t shown_ms, uint64_t shown_done);
/* "34.1 MiB", "812 B" */
void progress_format_bytes(uint64_t bytes, char *out, size_t len);
/* "47s", "3m 05s", "2h 10m" */
void progress_format_seconds(double seconds, char *out, size_t len);

#endif

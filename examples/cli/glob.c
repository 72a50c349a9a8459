/*
 * glob.c - compare a path with a pattern (pure).
 *
 * One component is compared at a time, and each level keeps only its last star, so that the work is
 * bounded by the product of the lengths: no pattern makes it explode.
 */
#include "files.h"

#include <string.h>

struct part {
    const char *at;
    size_t len;
};

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : (unsigned char)c;
}

static int same(char a, char b, int ignore_case)
{
    return ignore_case ? lower(a) == lower(b) : a == b;
}

/* Length of the set "[...]" at @p glob, 0 when it does not end; @p hit tells whether @p c is in it. */
static size_t match_set(const char *glob, size_t len, char c, int ignore_case, int *hit)
{
    size_t i = 1;
    int negated = i < len && (glob[i] == '!' || glob[i] == '^');
    int found = 0;

    i += negated != 0;
    for (size_t first = i; i < len && (glob[i] != ']' || i == first); i++) {
        int from = ignore_case ? lower(glob[i]) : (unsigned char)glob[i];
        int to = from;
        int letter = ignore_case ? lower(c) : (unsigned char)c;

        if (i + 2 < len && glob[i + 1] == '-' && glob[i + 2] != ']') {
            to = ignore_case ? lower(glob[i + 2]) : (unsigned char)glob[i + 2];
            i += 2;
        }
        found |= letter >= from && letter <= to;
    }
    *hit = found != negated;
    return i < len ? i + 1 : 0;
}

/* Does one character of the pattern, at @p glob, stand for @p c? Its length, or 0. */
static size_t match_one(const char *glob, size_t len, char c, int ignore_case)
{
    size_t set = 0;
    int hit = 0;

    if (len == 0)
        return 0;
    if (glob[0] == '?')
        return 1;
    if (glob[0] == '[')
        set = match_set(glob, len, c, ignore_case, &hit);
    if (set != 0)
        return hit ? set : 0;
    if (glob[0] == '\\' && len > 1)
        return same(glob[1], c, ignore_case) ? 2 : 0;
    return same(glob[0], c, ignore_case) ? 1 : 0;
}

static int match_component(struct part glob, struct part name, int ignore_case)
{
    size_t g = 0;
    size_t n = 0;
    size_t star = SIZE_MAX; /* behind the last star ... */
    size_t resume = 0;      /* ... and where in the name it ends */

    while (n < name.len) {
        size_t step = 0;

        if (g < glob.len && glob.at[g] == '*') {
            star = ++g;
            resume = n;
            continue;
        }
        step = match_one(glob.at + g, glob.len - g, name.at[n], ignore_case);
        if (step != 0) {
            g += step;
            n++;
        } else if (star != SIZE_MAX) {
            g = star;
            n = ++resume;
        } else {
            return 0;
        }
    }
    while (g < glob.len && glob.at[g] == '*')
        g++;
    return g == glob.len;
}

static struct part part_at(const char *at)
{
    return (struct part){ at, strcspn(at, "/") };
}

/* The component behind @p part, or NULL. */
static const char *behind(struct part part)
{
    return part.at[part.len] == '/' ? part.at + part.len + 1 : NULL;
}

static int is_any_depth(struct part part)
{
    return part.len == 2 && part.at[0] == '*' && part.at[1] == '*';
}

static int match_path(const char *glob, const char *path, int ignore_case)
{
    const char *after_stars = NULL;
    const char *resume = NULL;

    while (path != NULL) {
        struct part name = part_at(path);

        if (glob != NULL && is_any_depth(part_at(glob))) {
            after_stars = behind(part_at(glob));
            if (after_stars == NULL)
                return 1; /* a last ** takes all that is left, which is something */
            glob = after_stars;
            resume = path;
            continue;
        }
        if (glob != NULL && match_component(part_at(glob), name, ignore_case)) {
            glob = behind(part_at(glob));
            path = behind(name);
        } else if (after_stars != NULL) {
            resume = behind(part_at(resume));
            glob = after_stars;
            path = resume;
        } else {
            return 0;
        }
    }
    return glob == NULL;
}

int glob_match(const char *glob, const char *path, int ignore_case)
{
    const char *slash = strrchr(path, '/');

    if (strchr(glob, '/') == NULL)
        return match_component(part_at(glob), part_at(slash != NULL ? slash + 1 : path),
                               ignore_case);
    return match_path(glob[0] == '/' ? glob + 1 : glob, path, ignore_case);
}

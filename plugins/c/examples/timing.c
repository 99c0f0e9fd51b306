/*
 * How long a lookup takes without another language between: to be compared with what lookup.groovy
 * prints of the same memory and sentence.
 *
 *     cc -O2 -I.. timing.c -L../../../target/release -lchancery_c -o timing
 *     ./timing ministry.chancery "La séance est levée." 2000
 */
#define _POSIX_C_SOURCE 199309L
#include <chancery.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Copies a text that is there until the matches are closed. */
static size_t copy(const char *text, size_t length)
{
    char *own = malloc(length + 1);
    if (!own)
        return 0;
    memcpy(own, text, length);
    own[length] = 0;
    size_t copied = strlen(own);
    free(own);
    return copied;
}

/* One lookup, with everything that lookup.groovy reads of it. */
static int lookup(chancery_memory memory, const char *text)
{
    chancery_matches matches;
    if (chancery_lookup(memory, text, strlen(text), "fr", 2, "en", 2, NULL, &matches, NULL))
        return 1;
    for (size_t i = 0; i < chancery_matches_count(matches); i++) {
        size_t length;
        chancery_match_rank_score(matches, i);
        const char *source = chancery_match_source(matches, i, &length);
        copy(source, length);
        const char *suggestion = chancery_match_suggestion(matches, i, &length);
        copy(suggestion, length);
    }
    return chancery_close(matches);
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int order(const void *one, const void *other)
{
    long long a = *(const long long *)one, b = *(const long long *)other;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    chancery_memory memory;
    size_t times = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
    long long *took = malloc((times + 1) * sizeof *took);

    if (!times || !took || chancery_open(argv[1], strlen(argv[1]), NULL, 0, 0, &memory, NULL)) {
        fprintf(stderr, "timing: give a memory, a sentence and how many times\n");
        return 2;
    }
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < times; i++) {
            long long start = now();
            if (lookup(memory, argv[2]))
                return 2;
            took[i] = now() - start;
        }
    qsort(took, times, sizeof *took, order);
    printf("quickest tenth: %lld ns\n", took[times / 10]);
    free(took);
    chancery_close(memory);
    return 0;
}

/*
 * Looks up a sentence in a memory, from C:
 *
 *     cc -I.. lookup.c -L../../../target/release -lchancery_c -o lookup
 *     ./lookup ministry.chancery "La séance est levée."
 */
#include <chancery.h>
#include <stdio.h>
#include <string.h>

/* Says what went wrong. */
static int failed(chancery_error error)
{
    size_t length;
    const char *message = chancery_error_message(error, &length);
    fprintf(stderr, "lookup: %.*s\n", (int)length, message ? message : "");
    chancery_close(error);
    return 2;
}

int main(int argc, char **argv)
{
    chancery_memory memory;
    chancery_matches matches;
    chancery_error error;
    chancery_lookup_options options = {sizeof options, 50.0, 3, 84.0, 0};

    if (argc != 3) {
        fprintf(stderr, "lookup: give a memory and a sentence\n");
        return 2;
    }
    if (chancery_abi_version() != CHANCERY_ABI_VERSION) {
        fprintf(stderr, "lookup: the library is of another version than the header\n");
        return 2;
    }
    if (chancery_open(argv[1], strlen(argv[1]), NULL, 0, 0, &memory, &error))
        return failed(error);
    if (chancery_lookup(memory, argv[2], strlen(argv[2]), "fr", 2, "en", 2, &options, &matches,
                        &error)) {
        chancery_close(memory);
        return failed(error);
    }
    for (size_t i = 0; i < chancery_matches_count(matches); i++) {
        size_t source_length, target_length;
        const char *source = chancery_match_source(matches, i, &source_length);
        const char *target = chancery_match_suggestion(matches, i, &target_length);
        printf("%5.1f  %.*s\n       %.*s\n", chancery_match_rank_score(matches, i),
               (int)source_length, source, (int)target_length, target);
        for (size_t j = 0; j < chancery_match_differences(matches, i); j++) {
            size_t length;
            const char *words = chancery_difference_words(matches, i, j, &length);
            printf("       · %.*s\n", (int)length, words);
        }
    }
    chancery_close(matches);
    chancery_close(memory);
    return 0;
}

/*
 * Looks up a sentence in a memory, checks what is suggested, and finds terms, from C:
 *
 *     cc -I.. lookup.c -L../../../target/release -lchancery_c -o lookup
 *     ./lookup ministry.chancery "La séance est levée." glossary.tbx
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

/* What a check finds in a suggestion. */
static int check(chancery_termbase terms, const char *text, const char *target, size_t target_length)
{
    chancery_findings findings;
    chancery_error error;

    if (chancery_check(terms, text, strlen(text), target, target_length, "fr", 2, "en", 2,
                       &findings, &error))
        return failed(error);
    for (size_t i = 0; i < chancery_findings_count(findings); i++) {
        size_t length;
        const char *words = chancery_finding_words(findings, i, &length);
        printf("       ! %.*s\n", (int)length, words);
    }
    chancery_close(findings);
    return 0;
}

/* The matches of a sentence, each suggestion checked. */
static int matches(chancery_memory memory, chancery_termbase terms, const char *text)
{
    chancery_lookup_options options = {sizeof options, 50.0, 3, 84.0, 0};
    chancery_matches matches;
    chancery_error error;
    int status = 0;

    if (chancery_lookup(memory, text, strlen(text), "fr", 2, "en", 2, &options, &matches, &error))
        return failed(error);
    for (size_t i = 0; i < chancery_matches_count(matches) && !status; i++) {
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
        status = check(terms, text, target, target_length);
    }
    chancery_close(matches);
    return status;
}

/* How many segments have a term. */
static int concordance(chancery_memory memory, const char *term, size_t length)
{
    char query[256];
    chancery_lines lines;
    chancery_error error;

    if (length > sizeof query - 3)
        return 0;
    int written = snprintf(query, sizeof query, "\"%.*s\"", (int)length, term);
    if (chancery_concordance(memory, query, (size_t)written, "fr", 2, "en", 2, 0, 50, &lines,
                             &error))
        return failed(error);
    printf(" (in %llu units)\n", (unsigned long long)chancery_lines_units(lines));
    chancery_close(lines);
    return 0;
}

/* The terms of a sentence, what to write for them, and how often the memory has them. */
static int terms_of(chancery_memory memory, chancery_termbase terms, const char *text)
{
    chancery_hits hits;
    chancery_error error;
    int status = 0;

    if (chancery_terms(terms, text, strlen(text), "fr", 2, "en", 2, 0, &hits, &error))
        return failed(error);
    for (size_t i = 0; i < chancery_hits_count(hits) && !status; i++) {
        size_t length, term_length;
        const char *term = chancery_hit_term(hits, i, &term_length);
        printf("%.*s:", (int)term_length, term);
        for (size_t j = 0; j < chancery_hit_translations(hits, i); j++) {
            const char *translation = chancery_hit_translation(hits, i, j, &length);
            printf("%s %.*s", j ? " or" : "", (int)length, translation);
        }
        status = concordance(memory, term, term_length);
    }
    chancery_close(hits);
    return status;
}

int main(int argc, char **argv)
{
    chancery_memory memory;
    chancery_termbase terms;
    chancery_error error;

    if (argc != 3 && argc != 4) {
        fprintf(stderr, "lookup: give a memory, a sentence and, if you like, a glossary\n");
        return 2;
    }
    if (chancery_abi_version() != CHANCERY_ABI_VERSION) {
        fprintf(stderr, "lookup: the library is of another version than the header\n");
        return 2;
    }
    if (chancery_open(argv[1], strlen(argv[1]), NULL, 0, 0, &memory, &error))
        return failed(error);
    int status = chancery_termbase_new(&terms, NULL);
    if (!status && (chancery_termbase_memory(terms, memory, &error) ||
                    (argc == 4 && chancery_termbase_glossary(terms, argv[3], strlen(argv[3]), NULL,
                                                             &error))))
        status = failed(error);
    if (!status)
        status = matches(memory, terms, argv[2]);
    if (!status)
        status = terms_of(memory, terms, argv[2]);
    chancery_close(terms);
    chancery_close(memory);
    return status;
}

/*
 * Chancery: translation memories for programs in C and in every language that can call C.
 *
 *     chancery_memory memory;
 *     chancery_error error;
 *     if (chancery_open("ministry.chancery", 17, "a.leroy", 7, 0, &memory, &error)) {
 *         size_t length;
 *         const char *message = chancery_error_message(error, &length);
 *         fprintf(stderr, "%.*s\n", (int)length, message);
 *         chancery_close(error);
 *     }
 *
 * Text is UTF-8: a pointer and a number of bytes, without a zero at the end. A null pointer stands
 * for the empty text where the number is 0. What is given is copied or read before the function
 * returns.
 *
 * Handles stand for memories, termbases, what was found, units and errors. They are numbers, not
 * pointers: a wrong one, one of another kind and one that was closed are reported, never followed.
 * 0 is no handle.
 * Each is closed by chancery_close; text that was got from a handle lasts until then.
 *
 * Functions that can fail return CHANCERY_OK or why they failed. Their last parameter is where to
 * put a handle with the message for people, or null; it is 0 where nothing failed. Nothing else
 * that a function was to put somewhere is touched when it fails.
 *
 * Threads: every function may be called from any thread at any time. Lookups run side by side,
 * while another thread adds; changes wait for each other. A handle that one thread closes while
 * another uses it stays good until that call returns, but the text got from it does not.
 *
 * Cost: a call costs well under a microsecond besides what the library does and the copying of
 * text.
 */
#ifndef CHANCERY_H
#define CHANCERY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The version of this interface. It changes when a program that was compiled against this header
 * would no longer work; functions can be added without that.
 */
#define CHANCERY_ABI_VERSION 1

/* The version of the library that was loaded: to be compared before anything else is called. */
uint32_t chancery_abi_version(void);

typedef uint64_t chancery_memory;
typedef uint64_t chancery_matches;
typedef uint64_t chancery_phrases;
typedef uint64_t chancery_lines;
typedef uint64_t chancery_termbase;
typedef uint64_t chancery_hits;
typedef uint64_t chancery_findings;
typedef uint64_t chancery_unit;
typedef uint64_t chancery_error;

/* Why a function failed. More can be added. */
typedef int32_t chancery_status;
#define CHANCERY_OK 0
/* A null pointer, an impossible length or number, a language that is none. */
#define CHANCERY_INVALID_ARGUMENT 1
/* A text that is not UTF-8. */
#define CHANCERY_INVALID_UTF8 2
/* A handle that is closed, of another kind, or none at all. */
#define CHANCERY_NO_SUCH_HANDLE 3
/* There is no such memory, revision or unit. */
#define CHANCERY_NOT_FOUND 4
/* Another program is writing to the memory: try again. */
#define CHANCERY_BUSY 5
/* A unit that a memory does not take. */
#define CHANCERY_REJECTED 6
/* A revision that can not be undone: its units were changed since, or its past was purged. */
#define CHANCERY_CONFLICT 7
/* The memory or its file can not be used; the message says why. */
#define CHANCERY_FAILED 8
/* A fault of the library; the memory is as it was before the call. */
#define CHANCERY_INTERNAL 9

/* -- Memories ----------------------------------------------------------------------------- */

/* Make an empty memory where there is none of this name. */
#define CHANCERY_CREATE 1

/*
 * Opens a memory: a store, or a file of an exchange format (TMX and others), which is read into
 * RAM. `author` is who the journal says made changes; it may be empty. `flags` is 0 or
 * CHANCERY_CREATE; what is made is a TMX file if the name ends in .tmx, else a store.
 *
 * Fails with CHANCERY_NOT_FOUND, or CHANCERY_FAILED for a file that is no memory.
 */
chancery_status chancery_open(const char *path, size_t path_length, const char *author, size_t author_length, uint32_t flags, chancery_memory *memory, chancery_error *error);

/* Writes a memory that is a TMX file to its file; nothing is to be done for a store. */
chancery_status chancery_save(chancery_memory memory, chancery_error *error);

/*
 * Closes a handle of any kind. Fails with CHANCERY_NO_SUCH_HANDLE where it is none (any more).
 * Changes of a memory that is a TMX file are lost unless they were saved.
 */
chancery_status chancery_close(uint64_t handle);

/*
 * The message of an error, in English: what is wrong, where, and what to do. Null if the handle
 * is none.
 */
const char *chancery_error_message(chancery_error error, size_t *length);

/* -- Looking up ---------------------------------------------------------------------------- */

/* What is asked for. Set `size` to sizeof(chancery_lookup_options): more fields can be added. */
typedef struct chancery_lookup_options {
    size_t size;
    /* The lowest rank of a match, 0 to 100; 0 finds everything. 70 by default. */
    double threshold;
    /* How many matches at most. 5 by default. */
    size_t limit;
    /* The highest rank of a match whose meaning differs, 0 to 94. 84 by default. */
    double guard;
    /* After how many milliseconds the best found so far will do; 0, the default, is never. */
    uint64_t milliseconds;
} chancery_lookup_options;

/*
 * Finds the units whose segment in the language `source` is like the text, the best first, and
 * their translations into the language `target`. Languages are tags of BCP 47, such as fr or
 * en-GB. `options` may be null.
 */
chancery_status chancery_lookup(chancery_memory memory, const char *text, size_t text_length, const char *source, size_t source_length, const char *target, size_t target_length, const chancery_lookup_options *options, chancery_matches *matches, chancery_error *error);

/*
 * What was found, match by match. Indexes count from 0; where there is no such match, or no such
 * handle, a text is null with length 0, a count or number 0, a score not a number (NaN).
 */
size_t chancery_matches_count(chancery_matches matches);
/* Whether all there are were found: 0 only where a limit of time was hit. */
int32_t chancery_matches_complete(chancery_matches matches);
/* The similarity of the text and the stored source, 0 to 100; 100 is an exact match. */
double chancery_match_score(chancery_matches matches, size_t index);
/* What order and threshold go by: the score, limited where the meaning differs, less penalties. */
double chancery_match_rank_score(chancery_matches matches, size_t index);
/*
 * The highest rank allowed because the meaning differs; NaN if it does not. A match with a limit is
 * never to be inserted unattended.
 */
double chancery_match_limit(chancery_matches matches, size_t index);
/* The number of the unit in its memory. */
uint64_t chancery_match_unit(chancery_matches matches, size_t index);
/* The stored source, and its language. */
const char *chancery_match_source(chancery_matches matches, size_t index, size_t *length);
const char *chancery_match_source_lang(chancery_matches matches, size_t index, size_t *length);
/* Its translation, and the language of that. */
const char *chancery_match_target(chancery_matches matches, size_t index, size_t *length);
const char *chancery_match_target_lang(chancery_matches matches, size_t index, size_t *length);
/* The translation with numbers, dates and references carried over from the text, where certain. */
const char *chancery_match_suggestion(chancery_matches matches, size_t index, size_t *length);
/* A property of the unit, such as x-document; null if it has none of this name. */
const char *chancery_match_property(chancery_matches matches, size_t index, const char *kind, size_t kind_length, size_t *length);

/* What differs between the text and the stored source of a match, in the order of the text. */
size_t chancery_match_differences(chancery_matches matches, size_t index);
/* Its kind in a word: number, negation, word … */
const char *chancery_difference_kind(chancery_matches matches, size_t index, size_t difference, size_t *length);
/* The difference in words, for people. */
const char *chancery_difference_words(chancery_matches matches, size_t index, size_t difference, size_t *length);
/* Whether it changes the meaning. */
int32_t chancery_difference_is_critical(chancery_matches matches, size_t index, size_t difference);
/* Where the text has it, and where the stored source: the bytes from `begin` up to `end`. */
chancery_status chancery_difference_in_text(chancery_matches matches, size_t index, size_t difference, size_t *begin, size_t *end);
chancery_status chancery_difference_in_source(chancery_matches matches, size_t index, size_t difference, size_t *begin, size_t *end);

/* -- Phrases ------------------------------------------------------------------------------- */

/*
 * Finds a phrase, of one to a dozen words, inside longer segments of the language `source`, in any
 * inflection, and its translations in the language `target`, at most `limit` of them, the best
 * first. Where the translation stands is a proposal with a confidence, not a certainty.
 */
chancery_status chancery_phrase(chancery_memory memory, const char *text, size_t text_length, const char *source, size_t source_length, const char *target, size_t target_length, size_t limit, chancery_phrases *phrases, chancery_error *error);

/* How many translations there are. */
size_t chancery_phrases_count(chancery_phrases phrases);
/* How many units have the phrase; of one that very many have, the newest thousand are counted. */
uint64_t chancery_phrases_units(chancery_phrases phrases);
/* Whether these are all the units that have it. */
int32_t chancery_phrases_complete(chancery_phrases phrases);
/* Whether no unit has the whole phrase, and these lack one word of it. */
int32_t chancery_phrases_are_nearest(chancery_phrases phrases);
/* A translation. */
const char *chancery_phrase_text(chancery_phrases phrases, size_t index, size_t *length);
/* How certain it is that this is the translation, 0 to 1. */
double chancery_phrase_confidence(chancery_phrases phrases, size_t index);

/* The units that have a translation, the best first: so many of those that were looked at. */
size_t chancery_phrase_examples(chancery_phrases phrases, size_t index);
const char *chancery_example_source(chancery_phrases phrases, size_t index, size_t example, size_t *length);
const char *chancery_example_target(chancery_phrases phrases, size_t index, size_t example, size_t *length);
/* The document it comes from; null if that is not known. */
const char *chancery_example_document(chancery_phrases phrases, size_t index, size_t example, size_t *length);
/* The number of the unit in its memory. */
uint64_t chancery_example_unit(chancery_phrases phrases, size_t index, size_t example);
/* Where the phrase stands in the source, its translation in the target: from `begin` to `end`. */
chancery_status chancery_example_in_source(chancery_phrases phrases, size_t index, size_t example, size_t *begin, size_t *end);
chancery_status chancery_example_in_target(chancery_phrases phrases, size_t index, size_t example, size_t *begin, size_t *end);

/* -- Concordance --------------------------------------------------------------------------- */

/* Look for the words in the segments of the language `target`. */
#define CHANCERY_IN_TARGET 1
/* Give units with equal texts as one line. */
#define CHANCERY_DISTINCT 2

/*
 * Lists the segments of the language `source` that have certain words, with their translations into
 * the language `target`: at most `limit` of them, those that were added last first. `flags` is a sum
 * of the above, or 0.
 *
 * In a query a word stands for itself in any inflection, =word for what is written so, begin* for
 * words that begin so; words in quotation marks of any kind follow each other. Several words must
 * all be there; NOT word, or -word, must not. A query that can not be understood gives
 * CHANCERY_INVALID_ARGUMENT.
 */
chancery_status chancery_concordance(chancery_memory memory, const char *query, size_t query_length, const char *source, size_t source_length, const char *target, size_t target_length, uint32_t flags, size_t limit, chancery_lines *lines, chancery_error *error);

/* How many lines there are. */
size_t chancery_lines_count(chancery_lines lines);
/* How many units have the words; of a word that very many have, the newest thousand are counted. */
uint64_t chancery_lines_units(chancery_lines lines);
/* Whether these are all the units that have them. */
int32_t chancery_lines_complete(chancery_lines lines);
/* The segment that has the words, and its translation; with CHANCERY_IN_TARGET the other way. */
const char *chancery_line_text(chancery_lines lines, size_t index, size_t *length);
const char *chancery_line_translation(chancery_lines lines, size_t index, size_t *length);
/* The document it comes from; null if that is not known. */
const char *chancery_line_document(chancery_lines lines, size_t index, size_t *length);
/* The number of the unit in its memory. */
uint64_t chancery_line_unit(chancery_lines lines, size_t index);
/* For how many units it stands; more than 1 only with CHANCERY_DISTINCT. */
size_t chancery_line_stands_for(chancery_lines lines, size_t index);
/* In how many places its text has the words, and where: from `begin` to `end`. */
size_t chancery_line_places(chancery_lines lines, size_t index);
chancery_status chancery_line_place(chancery_lines lines, size_t index, size_t place, size_t *begin, size_t *end);

/* -- Terms --------------------------------------------------------------------------------- */

/* A termbase without terms, to be filled from memories and glossaries. */
chancery_status chancery_termbase_new(chancery_termbase *termbase, chancery_error *error);
/*
 * Adds the terms of a memory, as they are whenever they are asked for. Once the memory is closed the
 * termbase gives CHANCERY_NO_SUCH_HANDLE.
 */
chancery_status chancery_termbase_memory(chancery_termbase termbase, chancery_memory memory, chancery_error *error);
/*
 * Adds the terms of a glossary (TBX, CSV, TSV, UTX, OmegaT, XLIFF), or of a folder of them, as they
 * are now. `rejected`, which may be null, gets the number of entries that could not be read.
 *
 * Fails with CHANCERY_NOT_FOUND, or CHANCERY_FAILED for a file without a term.
 */
chancery_status chancery_termbase_glossary(chancery_termbase termbase, const char *path, size_t path_length, uint64_t *rejected, chancery_error *error);
/*
 * Says for which house and day texts are written, by which termbases may choose: a name, and a day
 * such as 2016-03-18. An empty one is none in particular.
 */
chancery_status chancery_termbase_scope(chancery_termbase termbase, const char *house, size_t house_length, const char *day, size_t day_length, chancery_error *error);

/* Give terms inside longer terms too. */
#define CHANCERY_NESTED 1

/*
 * Finds the terms in a text of the language `source`, however they are inflected, and what to write
 * for them in the language `target`. `flags` is 0 or CHANCERY_NESTED. A term that several concepts
 * have is found once for each.
 *
 * The first time a language is asked for its terms are indexed, 5 µs or so each.
 */
chancery_status chancery_terms(chancery_termbase termbase, const char *text, size_t text_length, const char *source, size_t source_length, const char *target, size_t target_length, uint32_t flags, chancery_hits *hits, chancery_error *error);

/* How many terms were found. */
size_t chancery_hits_count(chancery_hits hits);
/* Where the text has one: the bytes from `begin` up to `end`. */
chancery_status chancery_hit_in_text(chancery_hits hits, size_t index, size_t *begin, size_t *end);
/* It as the termbase has it, and the id of its concept. */
const char *chancery_hit_term(chancery_hits hits, size_t index, size_t *length);
const char *chancery_hit_concept(chancery_hits hits, size_t index, size_t *length);
/* Its status in a word: preferred, deprecated …; of length 0 if nothing was said. */
const char *chancery_hit_status(chancery_hits hits, size_t index, size_t *length);
/* Whether it stands inside a longer term. */
int32_t chancery_hit_is_nested(chancery_hits hits, size_t index);
/*
 * What to write for it: nothing if there is no term that may be written, one term, or several
 * between which the choice is the writer's.
 */
size_t chancery_hit_translations(chancery_hits hits, size_t index);
const char *chancery_hit_translation(chancery_hits hits, size_t index, size_t translation, size_t *length);

/* -- Checking ------------------------------------------------------------------------------ */

/*
 * Compares a translation into the language `target` with its text in the language `source`: terms of
 * a termbase, which may be 0 for none, numbers, dates, references, negation, duty and permission,
 * passages left untranslated, punctuation.
 */
chancery_status chancery_check(chancery_termbase termbase, const char *text, size_t text_length, const char *translation, size_t translation_length, const char *source, size_t source_length, const char *target, size_t target_length, chancery_findings *findings, chancery_error *error);

/* How bad a finding is: a matter of form or often right, probably wrong, saying something else. */
#define CHANCERY_NOTE 1
#define CHANCERY_WARNING 2
#define CHANCERY_ERROR 3

/* What was found, in the order of the translation. */
size_t chancery_findings_count(chancery_findings findings);
/* One of the above; 0 where there is no such finding. */
int32_t chancery_finding_severity(chancery_findings findings, size_t index);
/* Its kind in a word: number, negation, term-missing … These words stay. */
const char *chancery_finding_kind(chancery_findings findings, size_t index, size_t *length);
/* What is wrong, for people. */
const char *chancery_finding_words(chancery_findings findings, size_t index, size_t *length);
/* What to write instead; null where only a person can say. */
const char *chancery_finding_suggestion(chancery_findings findings, size_t index, size_t *length);
/*
 * 32 hexadecimal digits for this finding in these texts: to be kept where a person accepts it, so
 * that it is not shown again.
 */
const char *chancery_finding_fingerprint(chancery_findings findings, size_t index, size_t *length);
/*
 * Where the text has it, and where the translation: the bytes from `begin` up to `end`, none where
 * something is missing. CHANCERY_NOT_FOUND where it is about no place there.
 */
chancery_status chancery_finding_in_text(chancery_findings findings, size_t index, size_t *begin, size_t *end);
chancery_status chancery_finding_in_translation(chancery_findings findings, size_t index, size_t *begin, size_t *end);

/* -- Changing ------------------------------------------------------------------------------ */

/* An empty unit, to be filled and added. */
chancery_status chancery_unit_new(chancery_unit *unit, chancery_error *error);
/* Adds the text of a language to a unit. */
chancery_status chancery_unit_segment(chancery_unit unit, const char *lang, size_t lang_length, const char *text, size_t text_length, chancery_error *error);
/* Sets a property of a unit, as the prop element of TMX: x-document, x-status … */
chancery_status chancery_unit_property(chancery_unit unit, const char *kind, size_t kind_length, const char *value, size_t value_length, chancery_error *error);

/*
 * Adds a unit, with texts in two languages or more, as one revision of the memory. The unit is
 * left as it is, to be closed or added elsewhere. `revision`, which may be null, gets the number to
 * undo it by; 0 if the memory had the unit already.
 *
 * Fails with CHANCERY_REJECTED or CHANCERY_BUSY.
 */
chancery_status chancery_add(chancery_memory memory, chancery_unit unit, uint64_t *revision, chancery_error *error);

/* Puts a unit in the place of another, whose number a match gave. */
chancery_status chancery_replace(chancery_memory memory, uint64_t number, chancery_unit unit, uint64_t *revision, chancery_error *error);

/* Removes the unit with this number. */
chancery_status chancery_remove(chancery_memory memory, uint64_t number, uint64_t *revision, chancery_error *error);

/*
 * Undoes a revision. `undone_by`, which may be null, gets the number of the revision that did it,
 * which can be undone too.
 *
 * Fails with CHANCERY_NOT_FOUND or CHANCERY_CONFLICT.
 */
chancery_status chancery_undo(chancery_memory memory, uint64_t revision, uint64_t *undone_by, chancery_error *error);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * What the commands of the exchange show in common: contents with their persons, texts and files, findings with their reasons,
 * duties with their deadlines. All of it may come from the other party: every text is made safe, and its lines stand indented, so
 * that none of them can pass for one of the program's own.
 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "cli/table.h"

/* A text of one line beside its label, one of several lines below it. */
void cli_show_text(const char *label, const char *text);
/* Persons, texts, attachments of the object under `content` in a result's item: that it is not there (any more), and that it is
 * restricted, is said. */
void cli_show_content_of(const json_t *item);
/* The content itself. */
void cli_show_content(const json_t *content);
/* Who says it to whom, in a word: "to south" when `own`, else "from south". Static storage of four turns. */
const char *cli_show_direction(const json_t *item);
/* Whether the other party has receipted what one said oneself; nothing of what it said. */
void cli_show_receipted(const json_t *item);
/* Label, grading and handling code of a statement. */
void cli_show_handling(const json_t *item);
/* The array of a result: under its name, or of the items that came before it. */
const json_t *cli_result_list(const json_t *result, const char *key);
/* The first eight digits of a hash; static storage of four turns. */
const char *cli_short(const char *hash);
/* The n-th text of an array; "" when there is none. */
const char *cli_item_text(const json_t *array, size_t index);
/* Texts of an array, joined by ", ". The caller frees. */
char *cli_joined(const json_t *array);

/* Says so when a list was cut: the newest are shown. */
void cli_show_left_out(const struct cli *cli, const json_t *result);

/* Tables of items as in the results of `hits` and `tasks`; nothing when there are none. */
void cli_show_hits(const json_t *hits, bool has_state, int64_t now_ms);
void cli_show_tasks(const json_t *tasks, bool has_state, int64_t now_ms);
/* The duties of one alert, its owner's and its receiver's. */
void cli_show_duties(const json_t *duties, const char *peer, int64_t now_ms);
/* When a duty is due that still waits; "" for one that was done, in time or late, and for none. */
const char *cli_open_due(const json_t *duty);

/* Writes the attachments of a content into a folder, which is made; a file that is there is not overwritten. BASE_E_NOT_FOUND when
 * there is none to write, BASE_E_EXISTS, BASE_E_FORMAT, BASE_E_IO. */
enum base_code cli_save_attachments(const struct cli *cli, const json_t *content, const char *folder) BASE_MUST_USE;

#define CLI_SAVE_OPTION                                                                                                \
    {                                                                                                                  \
        "save", 0, "FOLDER", "show: write the attachments into this folder"                                            \
    }

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/print.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { LABEL_WIDTH = 15, TURNS = 8, TURN_LEN = 48 };

static void out_of_memory(void)
{
    fputs("entente: out of memory\n", stderr);
    exit(CLI_EXIT_FAILED);
}

__attribute__((format(printf, 1, 0))) static char *format_list(const char *format, va_list list)
{
    char *text = NULL;
    if (vasprintf(&text, format, list) < 0)
        out_of_memory();
    return text;
}

char *cli_format(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = format_list(format, list);
    va_end(list);
    return text;
}

char *cli_copy(const char *text)
{
    return cli_format("%s", text == NULL ? "" : text);
}

/* Unicode's bidirectional controls (UAX 9), line and paragraph separators, the byte order mark. */
static bool is_unsafe(wchar_t letter)
{
    return letter < 0x20 || (letter >= 0x7f && letter < 0xa0) || letter == 0x200e || letter == 0x200f || letter == 0x61c ||
           (letter >= 0x2028 && letter <= 0x202e) || (letter >= 0x2066 && letter <= 0x2069) || letter == 0xfeff;
}

static size_t next_letter(const char *text, wchar_t *letter)
{
    mbstate_t state = {0};
    size_t len = mbrtowc(letter, text, MB_CUR_MAX, &state);
    if (len == (size_t)-1 || len == (size_t)-2) {
        *letter = 0;
        return 1;
    }
    return len;
}

char *cli_safe(const char *text)
{
    char *safe = cli_copy(text), *to = safe;
    for (const char *from = safe; *from != 0;) {
        wchar_t letter;
        size_t len = next_letter(from, &letter);
        if (is_unsafe(letter)) {
            *to++ = '?';
        } else {
            memmove(to, from, len);
            to += len;
        }
        from += len;
    }
    *to = 0;
    return safe;
}

static size_t letter_columns(wchar_t letter)
{
    int width = wcwidth(letter);
    return width < 0 ? 1 : (size_t)width;
}

size_t cli_columns(const char *text)
{
    size_t columns = 0;
    while (*text != 0) {
        wchar_t letter;
        text += next_letter(text, &letter);
        columns += letter_columns(letter);
    }
    return columns;
}

char *cli_cut(const char *text, size_t width)
{
    if (cli_columns(text) <= width)
        return cli_copy(text);
    size_t len = 0, columns = 0;
    while (text[len] != 0) {
        wchar_t letter;
        size_t step = next_letter(text + len, &letter);
        if (columns + letter_columns(letter) + 1 > width)
            break;
        columns += letter_columns(letter);
        len += step;
    }
    while (len > 0 && text[len - 1] == ' ')
        len--;
    return cli_format("%.*s…", (int)len, text);
}

bool cli_is_terminal(FILE *file)
{
    return isatty(fileno(file)) == 1;
}

size_t cli_width(FILE *file)
{
    const char *columns = getenv("COLUMNS");
    long width = columns == NULL ? 0 : strtol(columns, NULL, 10);
    struct winsize size;
    if (width <= 0 && ioctl(fileno(file), TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        width = 80;
    return width < 40 ? 40 : width > 1000 ? 1000 : (size_t)width;
}

static bool is_styled(FILE *file)
{
    const char *off = getenv("NO_COLOR");
    return cli_is_terminal(file) && (off == NULL || *off == 0);
}

const char *cli_bold(FILE *file)
{
    return is_styled(file) ? "\x1b[1m" : "";
}

const char *cli_plain(FILE *file)
{
    return is_styled(file) ? "\x1b[0m" : "";
}

static void print_indent(FILE *file, size_t indent)
{
    for (size_t i = 0; i < indent; i++)
        fputc(' ', file);
}

/* One paragraph: words up to an empty line. Returns where the next begins. */
static const char *print_paragraph(FILE *file, const char *text, size_t indent, size_t width)
{
    size_t column = 0;
    while (*text != 0 && strncmp(text, "\n\n", 2) != 0) {
        size_t len = strcspn(text, " \n");
        if (len > 0) {
            char *word = cli_format("%.*s", (int)len, text);
            size_t columns = cli_columns(word);
            if (column > 0 && indent + column + 1 + columns > width) {
                fputc('\n', file);
                column = 0;
            }
            if (column == 0)
                print_indent(file, indent);
            column += (size_t)fprintf(file, "%s", column == 0 ? "" : " ") + columns;
            fputs(word, file);
            free(word);
        }
        text += len;
        if (*text != 0 && strncmp(text, "\n\n", 2) != 0)
            text++;
    }
    fputc('\n', file);
    return text;
}

void cli_print_wrapped(FILE *file, const char *text, size_t indent, size_t width)
{
    while (*text != 0) {
        if (*text == '\n') {
            fputc(*text++, file);
            continue;
        }
        if (*text == ' ') {
            size_t len = strcspn(text, "\n");
            print_indent(file, indent);
            fprintf(file, "%.*s\n", (int)len, text);
            text += len;
        } else {
            text = print_paragraph(file, text, indent, width);
        }
        if (strncmp(text, "\n\n", 2) == 0) {
            fputc('\n', file);
            text += 2;
        } else if (*text == '\n') {
            text++;
        }
    }
}

/* A text whose first line goes on behind `indent` columns that are there already. */
static void print_behind(const char *safe, size_t indent, size_t width)
{
    if (indent + cli_columns(safe) <= width) {
        puts(safe);
        return;
    }
    char *wrapped = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&wrapped, &len);
    if (memory == NULL)
        out_of_memory();
    cli_print_wrapped(memory, safe, indent, width);
    fclose(memory);
    fputs(len > indent ? wrapped + indent : wrapped, stdout);
    free(wrapped);
}

void cli_print_behind(const char *mark, const char *text)
{
    char *safe = cli_safe(text);
    fputs(mark, stdout);
    print_behind(safe, cli_columns(mark), cli_width(stdout));
    free(safe);
}

void cli_print_field(const char *label, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *value = format_list(format, list), *safe = cli_safe(value);
    va_end(list);
    size_t width = cli_width(stdout);
    size_t columns = cli_columns(label);
    printf("%s%s%s", cli_bold(stdout), label, cli_plain(stdout));
    bool is_below = LABEL_WIDTH + cli_columns(safe) > width && strchr(safe, ' ') == NULL;
    if (!is_below)
        print_indent(stdout, columns < LABEL_WIDTH ? LABEL_WIDTH - columns : 1);
    if (is_below) {
        printf("\n  %s\n", safe);
    } else {
        print_behind(safe, LABEL_WIDTH, width);
    }
    free(safe);
    free(value);
}

void cli_say(const struct cli *cli, const char *format, ...)
{
    if (cli->is_quiet || cli->is_json)
        return;
    va_list list;
    va_start(list, format);
    char *text = format_list(format, list);
    va_end(list);
    cli_print_wrapped(stdout, text, 0, cli_width(stdout));
    free(text);
}

enum base_code cli_print_json(json_t *document)
{
    if (document == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for the answer");
    int failed = json_dumpf(document, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
    json_decref(document);
    if (failed != 0 || putchar('\n') == EOF || fflush(stdout) != 0)
        return base_fail(BASE_E_IO, "standard output cannot be written");
    return BASE_OK;
}

static void print_error_json(const char *word, const char *detail, const char *hint, bool is_by_peer)
{
    json_t *document = json_pack("{s:s, s:s, s:s}", "error", word, "detail", detail, "by", is_by_peer ? "peer" : "self");
    if (document != NULL && hint != NULL)
        json_object_set_new(document, "hint", json_string(hint));
    if (document == NULL || cli_print_json(document) != BASE_OK)
        fprintf(stderr, "entente: %s (%s)\n", detail, word);
}

void cli_print_error(const struct cli *cli, enum base_code code)
{
    char *detail = cli_safe(base_detail());
    const char *word = base_code_word(code), *name = cli->command == NULL ? NULL : cli->command->name;
    const char *hint = cli->hint != NULL ? cli->hint : cli_exit_hint(code);
    fflush(stdout);
    if (cli->is_json) {
        print_error_json(word, detail, hint, cli->is_by_peer);
    } else {
        char *text = cli_format("entente: %s%s%s%s (%s)", name == NULL ? "" : name, name == NULL ? "" : ": ",
                                cli->is_by_peer ? "the other node says: " : "", *detail == 0 ? "it failed" : detail, word);
        cli_print_wrapped(stderr, text, 0, cli_width(stderr));
        if (hint != NULL) {
            free(text);
            text = cli_format("hint: %s", hint);
            cli_print_wrapped(stderr, text, 0, cli_width(stderr));
        }
        free(text);
    }
    free(detail);
}

static char *next_turn(void)
{
    static char turns[TURNS][TURN_LEN];
    static unsigned turn;
    turn = (turn + 1) % TURNS;
    return turns[turn];
}

const char *cli_thousands(uint64_t number)
{
    char digits[24], *text = next_turn(), *to = text;
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = 0;
    return text;
}

const char *cli_size(uint64_t bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    char *text = next_turn();
    double size = (double)bytes;
    unsigned unit = 0;
    for (; size >= 1000 && unit < 4; unit++)
        size /= 1000;
    snprintf(text, TURN_LEN, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    return text;
}

const char *cli_duration(int64_t ms)
{
    char *text = next_turn();
    if (ms < 60000)
        snprintf(text, TURN_LEN, "%.1f s", (double)ms / 1000);
    else
        snprintf(text, TURN_LEN, "%lld min %lld s", (long long)(ms / 60000), (long long)(ms / 1000 % 60));
    return text;
}

const char *cli_time(int64_t time_ms)
{
    char *text = next_turn();
    if (time_ms == 0)
        return "-";
    base_time_format(time_ms, text);
    text[10] = ' ';
    text[16] = 0;
    return text;
}

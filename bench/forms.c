/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-forms: how many names a second become forms, by script, beside a copy and a checksum of the same bytes. The names are
 * put together from parts, and every one differs from the one before it.
 */
#include "base/clock.h"
#include "names/forms.h"

#include <stdio.h>
#include <string.h>

enum { PARTS = 8, NAMES = 256, NAME_SIZE = 160, ROUNDS_MS = 400 };

struct script {
    const char *name;
    const char *first[PARTS], *second[PARTS], *third[PARTS]; /* in the order they are written */
    const char *gap;
};

static const struct script scripts[] = {
    {"Latin", {"Yusuf", "Anatoly", "Marguerite", "Khalid", "Wilhelmina", "Chukwuemeka", "Tomasz", "Dzhamal"},
     {"Karim", "Vladimirovich", "Anne", "Ahmad", "Louise", "Obi", "Jan", "Rashidovich"},
     {"Haddad", "Ostrovsky", "Charpentier", "Al-Sabbagh", "Hoffmann", "Nwachukwu", "Wisniewski", "Tsagarayev"}, " "},
    {"Latin with marks", {"José", "Łukasz", "Søren", "Işık", "Čeněk", "Đức", "Ştefan", "Zoë"},
     {"María", "Jerzy", "Åge", "Gülşen", "Jiří", "Văn", "Ion", "Chloé"},
     {"Núñez", "Wiśniewski", "Kjærgård", "Yılmaz", "Dvořák", "Nguyễn", "Țăranu", "Lefèvre"}, " "},
    {"Cyrillic", {"Анатолий", "Джамал", "Светлана", "Юрий", "Григорій", "Щукарь", "Марыя", "Ђорђе"},
     {"Владимирович", "Рашидович", "Петровна", "Евгеньевич", "Олексійович", "Иванович", "Аляксандраўна", "Јован"},
     {"Островский", "Цагараев", "Кузнецова", "Жуковский", "Шевченко", "Хрущёв", "Лукашэвіч", "Љубичић"}, " "},
    {"Arabic", {"محمد", "عبد الرحمن", "فاطمة", "يوسف", "خالد", "عبدالعزيز", "سعيد", "جمال"},
     {"بن سالم", "كريم", "علي", "أحمد", "حسن", "ناصر", "إبراهيم", "مصطفى"},
     {"الحداد", "الكرماني", "زيدان", "المنصوري", "القاسم", "الخطيب", "درويش", "البغدادي"}, " "},
    {"Chinese", {"王", "欧阳", "陳", "李", "张", "劉", "赵", "黃"}, {"小", "志", "美", "建", "国", "家", "文", "明"},
     {"明", "強", "玲", "华", "偉", "英", "杰", "芳"}, ""},
    {"Korean", {"김", "이", "박", "최", "정", "남궁", "조", "윤"}, {"민", "지", "서", "영", "현", "수", "재", "은"},
     {"준", "우", "연", "호", "석", "희", "경", "아"}, ""},
};

static char names[NAMES][NAME_SIZE];
static size_t lengths[NAMES];
static volatile uint64_t kept; /* so that nothing is left out as useless */

static size_t make_names(const struct script *script)
{
    size_t bytes = 0;
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(names[i], NAME_SIZE, "%s%s%s%s%s", script->first[i % PARTS], script->gap, script->second[i / PARTS % PARTS], script->gap,
                 script->third[(i / (PARTS * PARTS) + i) % PARTS]);
        bytes += lengths[i] = strlen(names[i]);
    }
    return bytes;
}

static void copy_name(size_t i)
{
    char copy[NAME_SIZE];
    memcpy(copy, names[i], lengths[i]);
    kept += (uint8_t)copy[lengths[i] / 2];
}

static void sum_name(size_t i)
{
    uint64_t hash = 0xcbf29ce484222325U; /* FNV-1a */
    for (size_t k = 0; k < lengths[i]; k++)
        hash = (hash ^ (uint8_t)names[i][k]) * 0x100000001b3U;
    kept += hash;
}

static void form_name(size_t i)
{
    struct names_form form;
    if (names_form_of(base_bytes_of(names[i], lengths[i]), &form) == BASE_OK)
        kept += form.count + form.tokens[0].sound_count;
}

/* Nanoseconds a name. */
static double measure(void (*work)(size_t))
{
    size_t rounds = 0;
    int64_t begun = base_clock_elapsed_ms(), now = begun;
    for (; now - begun < ROUNDS_MS; now = base_clock_elapsed_ms()) {
        for (size_t times = 0; times < 64; times++)
            for (size_t i = 0; i < NAMES; i++)
                work(i);
        rounds += 64;
    }
    return (double)(now - begun) * 1e6 / (double)(rounds * NAMES);
}

static void report(const struct script *script)
{
    struct names_form form;
    size_t tokens = 0, sounds = 0;
    double bytes = (double)make_names(script) / NAMES;
    for (size_t i = 0; i < NAMES; i++) {
        if (names_form_of(base_bytes_of(names[i], lengths[i]), &form) != BASE_OK)
            continue;
        tokens += form.count;
        for (size_t k = 0; k < form.count; k++)
            sounds += form.tokens[k].sound_count;
    }
    double forms = measure(form_name), sum = measure(sum_name), copy = measure(copy_name);
    printf("%-17s %6.1f %7.2f %7.2f %9.0f %12.0f %9.1f %9.1f\n", script->name, bytes, (double)tokens / NAMES, (double)sounds / NAMES, forms,
           1e9 / forms, sum, copy);
}

int main(void)
{
    printf("a name to its forms, on one core; ns a name\n%-17s %6s %7s %7s %9s %12s %9s %9s\n", "script", "bytes", "tokens", "sounds", "forms",
           "names/s", "checksum", "copy");
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        report(&scripts[i]);
    return 0;
}

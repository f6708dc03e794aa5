/* SPDX-License-Identifier: Apache-2.0 */
#include "node/screen.h"

#include "crypto/text.h"
#include "node/screen_alerts.h"
#include "node/screen_held.h"
#include "store/ledgers.h"
#include "store/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HITS_OF_ALERT_MAX = 200, /* the surest of what an alert meets when it arrives; that there were more is in the log */
    PENDING_AT_ONCE = 1000,
    REASON_LEAST = 3,
};

/* Something that is held against the alerts, or that an alert is held against. */
struct thing {
    enum store_subject subject;
    struct base_bytes other;  /* how a finding names it */
    unsigned tell;            /* bit of what the sender of an alert may have asked to be told of */
    const struct people_record *record;
    const char *what;         /* for the hit's text: "record 12 of the list own" */
};

static void number_bytes(int64_t number, uint8_t out[8])
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
}

static enum base_code join_lines(const struct people_texts *lines, struct base_buffer *out)
{
    for (size_t i = 0; i < lines->count; i++)
        BASE_TRY(base_buffer_format(out, "%s%s", i == 0 ? "" : "\n", lines->items[i]));
    return BASE_OK;
}

/* Does one of the lines of `text` equal this line? */
static bool has_line(const char *text, const char *line)
{
    size_t len = strlen(line);
    for (const char *at = text; at != NULL; at = strchr(at, '\n') == NULL ? NULL : strchr(at, '\n') + 1)
        if (strncmp(at, line, len) == 0 && (at[len] == 0 || at[len] == '\n'))
            return true;
    return false;
}

/* The lines that were not known when the pair was judged. */
static enum base_code new_lines(const struct people_texts *lines, const char *known, struct base_buffer *out)
{
    for (size_t i = 0; i < lines->count; i++)
        if (!has_line(known, lines->items[i]))
            BASE_TRY(base_buffer_format(out, "%s%s", out->len == 0 ? "" : "\n", lines->items[i]));
    return BASE_OK;
}

/* The hit in one's own ledger, with its reasons committed to. */
static enum base_code say_hit(struct node *node, const struct screen_alert *alert, const struct thing *thing,
                              enum people_grade grade, const char *reasons, struct crypto_hash *hash)
{
    struct exchange_statement hit;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct node_seat seat;
    int64_t now = base_clock_now(&node->clock);
    BASE_TRY(node_seat_open(node->party, &alert->compartment, &seat));
    const struct exchange_hours *hours = &seat.facts.terms.hours;
    node_statement_begin(&seat, EXCHANGE_KIND_HIT, &node->party->fingerprint, now, &hit);
    hit.about = alert->hash;
    hit.grade = (enum exchange_grade)grade;
    hit.tell = alert->tell & thing->tell;
    hit.due_ms = hit.time_ms + node_hours_ms(hit.tell != 0 ? hours->tell : hours->task);
    enum base_code code = base_buffer_format(&text, "%s\n%s", thing->what, reasons);
    if (code == BASE_OK)
        code = exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_buffer(&text));
    if (code == BASE_OK)
        code = node_say(node, &seat, &hit, &content, hash);
    exchange_content_release(&content);
    crypto_wipe_buffer(&text);
    node_seat_release(&seat);
    return code;
}

struct known {
    struct store_finding finding;
    char *reasons;
    uint8_t hit[32];
    bool is_found, has_hit;
};

static enum base_code take_known(void *context, const struct store_finding *finding)
{
    struct known *known = context;
    known->is_found = true;
    known->finding = *finding;
    known->reasons = base_bytes_dup(base_bytes_text(finding->reasons));
    known->has_hit = finding->hit.len == sizeof known->hit;
    if (known->has_hit)
        memcpy(known->hit, finding->hit.data, sizeof known->hit);
    return known->reasons == NULL ? base_fail(BASE_E_NOMEM, "no memory for a finding") : BASE_OK;
}

static void put_pair(const struct screen_alert *alert, const struct thing *thing, struct store_finding *out)
{
    *out = (struct store_finding){.subject = thing->subject, .other = thing->other, .reasons = "", .news = "", .verdict = ""};
    memcpy(out->compartment, alert->compartment.bytes, sizeof out->compartment);
    memcpy(out->alert, alert->hash.bytes, sizeof out->alert);
}

static enum base_code add_finding(struct node *node, const struct screen_alert *alert, const struct thing *thing,
                                  const struct people_finding *found, const char *reasons)
{
    struct store_finding row;
    struct crypto_hash hit;
    int64_t number;
    put_pair(alert, thing, &row);
    row.grade = found->grade;
    row.opened_ms = base_clock_now(&node->clock);
    row.reasons = reasons;
    if (thing->subject != STORE_SUBJECT_ALERT) {
        BASE_TRY(say_hit(node, alert, thing, found->grade, reasons, &hit));
        row.hit = base_bytes_of(hit.bytes, sizeof hit.bytes);
    }
    return store_finding_add(node->party->store, &row, &number);
}

/* The pair is known. Judged before: open again when something is new, and say what. Open or confirmed: keep what is known now. */
static enum base_code renew_finding(struct node *node, const struct screen_alert *alert, const struct thing *thing,
                                    const struct people_finding *found, const char *reasons, const struct known *known)
{
    struct store_finding row = known->finding;
    struct base_buffer news = BASE_BUFFER_EMPTY;
    struct crypto_hash hit;
    bool is_judged = row.state == STORE_FINDING_REJECTED || row.state == STORE_FINDING_UNSURE;
    row.other = thing->other;
    row.hit = base_bytes_of(known->hit, known->has_hit ? sizeof known->hit : 0);
    row.verdict = "";
    enum base_code code = new_lines(&found->reasons, known->reasons, &news);
    if (code == BASE_OK && news.len > 0) {
        row.reasons = reasons;
        row.grade = found->grade;
        row.news = is_judged ? base_buffer_c_string(&news) : "";
        if (is_judged) {
            row.state = STORE_FINDING_OPEN;
            row.opened_ms = base_clock_now(&node->clock);
            row.judge[0] = 0;
        }
        if (is_judged && thing->subject != STORE_SUBJECT_ALERT) {
            code = say_hit(node, alert, thing, found->grade, reasons, &hit);
            row.hit = base_bytes_of(hit.bytes, sizeof hit.bytes);
        }
        if (code == BASE_OK)
            code = store_finding_put(node->party->store, &row);
    }
    crypto_wipe_buffer(&news);
    return code;
}

static enum base_code note_finding(struct node *node, const struct screen_alert *alert, const struct thing *thing,
                                   const struct people_finding *found)
{
    struct store_finding pair;
    struct known known = {.is_found = false};
    struct base_buffer reasons = BASE_BUFFER_EMPTY;
    put_pair(alert, thing, &pair);
    enum base_code code = join_lines(&found->reasons, &reasons);
    if (code == BASE_OK)
        code = store_finding_of_pair(node->party->store, &pair, take_known, &known);
    if (code == BASE_E_NOT_FOUND)
        code = add_finding(node, alert, thing, found, base_buffer_c_string(&reasons));
    else if (code == BASE_OK)
        code = renew_finding(node, alert, thing, found, base_buffer_c_string(&reasons), &known);
    if (known.reasons != NULL)
        crypto_wipe(known.reasons, strlen(known.reasons));
    free(known.reasons);
    crypto_wipe_buffer(&reasons);
    return code;
}

/* Arrivals: one thing against all awake alerts. */

struct meeting {
    struct node *node;
    const struct thing *thing;
    uint64_t found;
};

/* Only the other party's alerts make hits of records and events: one's own warn of what one holds. */
static enum base_code meet_alert(void *context, const struct screen_alert *alert, const struct people_finding *found)
{
    struct meeting *meeting = context;
    if (alert->is_own && meeting->thing->subject != STORE_SUBJECT_ALERT)
        return BASE_OK;
    meeting->found++;
    return note_finding(meeting->node, alert, meeting->thing, found);
}

static struct thing thing_of(const struct screen_thing *held, uint8_t other[8])
{
    bool is_record = held->number > 0;
    number_bytes(is_record ? held->number : -held->number, other);
    return (struct thing){is_record ? STORE_SUBJECT_RECORD : STORE_SUBJECT_EVENT, base_bytes_of(other, 8), held->tell, &held->record, held->what};
}

/* Something new is put beside what is held, and meets the alerts. Without names it is withdrawn: nothing of it stays. */
static enum base_code screen_thing(struct node *node, const struct screen_thing *held, uint64_t *found)
{
    struct node_screen *screen;
    uint8_t other[8];
    struct thing thing = thing_of(held, other);
    struct meeting meeting = {node, &thing, 0};
    if (held->record.name_count == 0)
        return screen_held_put(node, held->number, NULL);
    BASE_TRY(screen_alerts_of(node, &screen));
    BASE_TRY(people_profile_set(screen->profile, &held->record));
    BASE_TRY(screen_held_put(node, held->number, screen->profile));
    BASE_TRY(screen_alerts_find(screen, &held->record, screen->profile, meet_alert, &meeting));
    if (found != NULL)
        *found += meeting.found;
    return BASE_OK;
}

/* Held things: one alert against all of them. */

struct candidate {
    int64_t number;
    enum people_grade grade;
};

struct candidates {
    struct candidate *items;
    size_t count, capacity;
};

static enum base_code keep_candidate(void *context, int64_t number, enum people_grade grade)
{
    struct candidates *candidates = context;
    BASE_TRY(base_grow_array((void **)&candidates->items, &candidates->capacity, candidates->count + 1, sizeof *candidates->items));
    candidates->items[candidates->count++] = (struct candidate){number, grade};
    return BASE_OK;
}

static int by_number(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->number != y->number ? (x->number > y->number) - (x->number < y->number) : (int)x->grade - (int)y->grade;
}

static int surer_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->grade != y->grade ? (int)x->grade - (int)y->grade : (x->number > y->number) - (x->number < y->number);
}

/* What several persons of an alert meet counts once, with its surest grade. */
static void rank(struct candidates *candidates)
{
    size_t kept = 0;
    if (candidates->count == 0)
        return;
    qsort(candidates->items, candidates->count, sizeof *candidates->items, by_number);
    for (size_t i = 0; i < candidates->count; i++)
        if (i == 0 || candidates->items[i].number != candidates->items[kept - 1].number)
            candidates->items[kept++] = candidates->items[i];
    candidates->count = kept;
    qsort(candidates->items, candidates->count, sizeof *candidates->items, surer_first);
}

static enum base_code note_candidate(struct node *node, const struct screen_alert *alert, int64_t number)
{
    struct people_finding found = PEOPLE_FINDING_EMPTY;
    struct screen_thing held = {.number = 0};
    uint8_t other[8];
    enum base_code code = screen_thing_read(node, number, &held);
    struct thing thing = thing_of(&held, other);
    if (code == BASE_OK)
        code = screen_alert_compare(alert, &held.record, &found);
    if (code == BASE_OK && found.is_hit)
        code = note_finding(node, alert, &thing, &found);
    people_finding_release(&found);
    screen_thing_release(&held);
    return code;
}

static void log_cut(const struct node *node, const struct screen_alert *alert, size_t count)
{
    char digits[17];
    crypto_hex_encode(base_bytes_of(alert->hash.bytes, 8), digits);
    base_log_event(&node->log, BASE_LOG_WARN, "alert-meets-too-many", BASE_LOG_TEXT("alert", digits), BASE_LOG_NUMBER("met", count),
                   BASE_LOG_NUMBER("noted", HITS_OF_ALERT_MAX), BASE_LOG_END);
}

static enum base_code meet_held(struct node *node, struct node_screen *screen, const struct screen_alert *alert)
{
    struct candidates candidates = {.count = 0};
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < alert->person_count; i++) {
        code = people_profile_set(screen->profile, &alert->records[i]);
        if (code == BASE_OK)
            code = screen_held_find(node, screen->profile, keep_candidate, &candidates);
    }
    rank(&candidates);
    if (code == BASE_OK && candidates.count > HITS_OF_ALERT_MAX)
        log_cut(node, alert, candidates.count);
    for (size_t i = 0; code == BASE_OK && i < candidates.count && i < HITS_OF_ALERT_MAX; i++)
        code = note_candidate(node, alert, candidates.items[i].number);
    free(candidates.items);
    return code;
}

/* Other alerts, of either party and of every compartment: is this person known already? */

struct twin {
    struct node *node;
    const struct screen_alert *alert;
    uint64_t found;
};

static enum base_code note_twin(void *context, const struct screen_alert *other, const struct people_finding *found)
{
    struct twin *twin = context;
    uint8_t name[STORE_ID_LEN + 32];
    if (other == twin->alert || found->grade > PEOPLE_GRADE_STRONG)
        return BASE_OK;
    memcpy(name, other->compartment.bytes, STORE_ID_LEN);
    memcpy(name + STORE_ID_LEN, other->hash.bytes, 32);
    struct thing thing = {STORE_SUBJECT_ALERT, base_bytes_of(name, sizeof name), 0, NULL, ""};
    twin->found++;
    return note_finding(twin->node, twin->alert, &thing, found);
}

static enum base_code meet_twins(struct node *node, struct node_screen *screen, const struct screen_alert *alert)
{
    struct store_alert row = {.is_own = false};
    struct twin twin = {node, alert, 0};
    for (size_t i = 0; i < alert->person_count; i++) {
        BASE_TRY(people_profile_set(screen->profile, &alert->records[i]));
        BASE_TRY(screen_alerts_find(screen, &alert->records[i], screen->profile, note_twin, &twin));
    }
    memcpy(row.compartment, alert->compartment.bytes, sizeof row.compartment);
    memcpy(row.hash, alert->hash.bytes, sizeof row.hash);
    BASE_TRY(store_alert_get(node->party->store, &row));
    if (twin.found > 0 || row.person != 0) /* offered as one: nobody has decided yet */
        return BASE_OK;
    BASE_TRY(store_person_new(node->party->store, &row.person));
    return store_alert_put(node->party->store, &row);
}

enum base_code node_screen_check_persons(const struct exchange_content *content)
{
    for (size_t i = 0; i < content->person_count; i++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        enum base_code code = people_record_decode(base_bytes_buffer(&content->persons[i]), &record);
        if (code == BASE_OK && record.name_count == 0)
            code = base_fail(BASE_E_FORMAT, "a person of the alert has no name");
        people_record_release(&record);
        if (code != BASE_OK)
            return code;
    }
    return BASE_OK;
}

static enum base_code screen_one(struct node *node, const struct store_alert *row)
{
    struct node_screen *screen;
    const struct screen_alert *alert;
    BASE_TRY(screen_alerts_of(node, &screen));
    BASE_TRY(screen_alerts_put(node, screen, row, &alert));
    if (alert == NULL) /* nothing of it may be used */
        return BASE_OK;
    BASE_TRY(meet_twins(node, screen, alert));
    return alert->is_own ? BASE_OK : meet_held(node, screen, alert);
}

enum base_code node_screen_alert(struct node_taking *taking, const struct store_alert *alert)
{
    return screen_one(taking->node, alert);
}

static enum base_code erase_content(struct node_taking *taking, const uint8_t hash[32])
{
    enum base_code code = store_content_set(taking->node->party->store, taking->seat->facts.id.bytes, hash, STORE_CONTENT_ERASED, taking->now_ms);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

static enum base_code erase_verdict(void *context, const struct store_entry *entry)
{
    return erase_content(context, entry->hash);
}

/* Also that of a hit that was opened again since. */
static enum base_code erase_hit(void *context, const struct store_entry *entry)
{
    struct node_taking *taking = context;
    BASE_TRY(erase_content(taking, entry->hash));
    return store_entries_about(taking->node->party->store, taking->seat->facts.id.bytes, entry->hash, exchange_kind_word(EXCHANGE_KIND_VERDICT),
                               erase_verdict, taking);
}

/* What was derived from the persons goes with them: hits, verdicts, the words of findings. */
static enum base_code erase_derived(struct node_taking *taking)
{
    struct store *store = taking->node->party->store;
    const uint8_t *compartment = taking->seat->facts.id.bytes, *alert = taking->statement->about.bytes;
    BASE_TRY(store_entries_about(store, compartment, alert, exchange_kind_word(EXCHANGE_KIND_HIT), erase_hit, taking));
    BASE_TRY(store_entries_about(store, compartment, alert, exchange_kind_word(EXCHANGE_KIND_VERDICT), erase_verdict, taking));
    BASE_TRY(store_findings_blank(store, compartment, alert));
    return store_findings_blank_twins(store, compartment, alert);
}

enum base_code node_screen_corrected(struct node_taking *taking)
{
    struct store_alert row = {.is_own = false};
    memcpy(row.compartment, taking->seat->facts.id.bytes, sizeof row.compartment);
    memcpy(row.hash, taking->statement->about.bytes, sizeof row.hash);
    BASE_TRY(store_alert_get(taking->node->party->store, &row));
    row.is_screened = taking->statement->action == EXCHANGE_CORRECT && taking->has_content;
    memcpy(row.content, taking->hash.bytes, sizeof row.content);
    BASE_TRY(store_alert_put(taking->node->party->store, &row));
    node_screen_forget(taking->node, &row);
    if (taking->statement->action == EXCHANGE_ERASE)
        return erase_derived(taking);
    return row.is_screened && row.state == STORE_ALERT_AWAKE ? screen_one(taking->node, &row) : BASE_OK;
}

void node_screen_forget(struct node *node, const struct store_alert *alert)
{
    if (node->screen != NULL)
        screen_alerts_remove(node->screen, alert);
}

enum base_code node_screen_event(struct node *node, struct store_event *event, uint64_t *found)
{
    struct screen_thing held = {.number = 0};
    enum base_code code = store_event_add(node->party->store, event, &event->number);
    if (code == BASE_OK)
        code = screen_thing_read(node, -event->number, &held);
    if (code == BASE_OK && held.record.name_count == 0)
        code = base_fail(BASE_E_FORMAT, "the person of the event has no name");
    if (code == BASE_OK)
        code = screen_thing(node, &held, found);
    screen_thing_release(&held);
    return code;
}

static enum base_code forget_event(void *context, int64_t number)
{
    return screen_held_put(context, -number, NULL);
}

enum base_code node_screen_forget_events(struct node *node, int64_t added_ms, size_t limit)
{
    return store_events_old(node->party->store, added_ms, limit, forget_event, node);
}

/* Records that wait. */

struct pending {
    int64_t ids[PENDING_AT_ONCE];
    size_t count;
    struct screen_mark mark;
};

static enum base_code keep_pending(void *context, const struct store_record *row)
{
    struct pending *pending = context;
    pending->ids[pending->count++] = row->id;
    pending->mark.changed_ms = row->changed_ms;
    pending->mark.id = row->id;
    return BASE_OK;
}

static enum base_code screen_held_one(struct node *node, int64_t number)
{
    struct screen_thing held = {.number = 0};
    enum base_code code = screen_thing_read(node, number, &held);
    if (code == BASE_OK)
        code = screen_thing(node, &held, NULL);
    screen_thing_release(&held);
    return code;
}

static enum base_code screen_event_again(void *context, const struct store_event *event)
{
    return screen_held_one(context, -event->number);
}

/* What another version made is of no use. Events at once; records follow as those that wait. */
static enum base_code begin_anew(struct node *node)
{
    BASE_TRY(screen_held_clear(node));
    return store_events_each(node->party->store, 0, INT32_MAX, screen_event_again, node);
}

static enum base_code screen_pending(struct node *node, const struct pending *pending, bool is_stale)
{
    struct store *store = node->party->store;
    BASE_TRY(store_begin(store));
    enum base_code code = is_stale ? begin_anew(node) : BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < pending->count; i++)
        code = screen_held_one(node, pending->ids[i]);
    if (code == BASE_OK)
        code = screen_mark_write(node, &pending->mark);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    node->is_screen_stale |= code != BASE_OK;
    return code;
}

enum base_code node_screen_pending(struct node *node)
{
    struct pending *pending = calloc(1, sizeof *pending);
    if (pending == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to screen");
    enum base_code code = screen_held_load(node);
    if (code == BASE_OK)
        code = screen_mark_read(node, &pending->mark);
    bool is_stale = pending->mark.is_stale;
    if (code == BASE_OK)
        code = store_records_changed_each(node->party->store, pending->mark.changed_ms, pending->mark.id, PENDING_AT_ONCE, keep_pending, pending);
    if (code == BASE_OK && (pending->count > 0 || is_stale))
        code = screen_pending(node, pending, is_stale);
    free(pending);
    return code;
}

static enum base_code note_waiting(void *context, const struct store_record *row)
{
    (void)row;
    *(bool *)context = true;
    return BASE_OK;
}

enum base_code node_screen_is_behind(struct node *node, bool *out)
{
    struct screen_mark mark;
    *out = false;
    BASE_TRY(screen_mark_read(node, &mark));
    return store_records_changed_each(node->party->store, mark.changed_ms, mark.id, 1, note_waiting, out);
}

enum base_code node_screen_catch_up(struct node *node, int64_t limit_ms)
{
    int64_t begun_ms = base_clock_elapsed_ms();
    bool is_behind = true;
    while (is_behind && base_clock_elapsed_ms() - begun_ms < limit_ms) {
        BASE_TRY(node_screen_is_behind(node, &is_behind));
        if (is_behind)
            BASE_TRY(node_screen_pending(node));
    }
    return BASE_OK;
}

/* Verdicts. */

struct judged {
    struct store_finding row;
    char *reasons;
    uint8_t hit[32], other[STORE_ID_LEN + 32];
};

static enum base_code take_judged(void *context, const struct store_finding *finding)
{
    struct judged *judged = context;
    judged->row = *finding;
    judged->reasons = base_bytes_dup(base_bytes_text(finding->reasons));
    if (judged->reasons == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a finding");
    if (finding->hit.len > sizeof judged->hit || finding->other.len > sizeof judged->other)
        return base_fail(BASE_E_CORRUPT, "a finding that names nothing");
    if (finding->hit.len > 0)
        memcpy(judged->hit, finding->hit.data, finding->hit.len);
    memcpy(judged->other, finding->other.data, finding->other.len);
    judged->row.hit = base_bytes_of(judged->hit, finding->hit.len);
    judged->row.other = base_bytes_of(judged->other, finding->other.len);
    judged->row.reasons = judged->reasons;
    judged->row.news = "";
    return BASE_OK;
}

static enum base_code say_verdict(struct node *node, const struct judged *judged, enum exchange_verdict verdict, const char *reason,
                                  const char *judge)
{
    struct exchange_statement statement;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct exchange_id compartment;
    struct crypto_hash hash;
    struct node_seat seat;
    memcpy(compartment.bytes, judged->row.compartment, sizeof compartment.bytes);
    BASE_TRY(node_seat_open(node->party, &compartment, &seat));
    node_statement_begin(&seat, EXCHANGE_KIND_VERDICT, &node->party->fingerprint, base_clock_now(&node->clock), &statement);
    memcpy(statement.about.bytes, judged->hit, sizeof statement.about.bytes);
    statement.verdict = verdict;
    enum base_code code = exchange_content_set_text(&content, EXCHANGE_TEXT_REASON, base_bytes_text(reason));
    if (code == BASE_OK)
        code = exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text(judge));
    if (code == BASE_OK)
        code = node_say(node, &seat, &statement, &content, &hash);
    exchange_content_release(&content);
    node_seat_release(&seat);
    return code;
}

/* Two alerts: one person, or two. */
static enum base_code decide_person(struct node *node, const struct judged *judged, enum exchange_verdict verdict)
{
    struct store *store = node->party->store;
    struct store_alert alert = {.is_own = false}, other = {.is_own = false};
    memcpy(alert.compartment, judged->row.compartment, sizeof alert.compartment);
    memcpy(alert.hash, judged->row.alert, sizeof alert.hash);
    memcpy(other.compartment, judged->other, sizeof other.compartment);
    memcpy(other.hash, judged->other + STORE_ID_LEN, sizeof other.hash);
    BASE_TRY(store_alert_get(store, &alert));
    BASE_TRY(store_alert_get(store, &other));
    if (verdict == EXCHANGE_CONFIRMED) {
        if (other.person == 0) {
            BASE_TRY(store_person_new(store, &other.person));
            BASE_TRY(store_alert_put(store, &other));
        }
        if (alert.person != 0 && alert.person != other.person)
            return store_persons_join(store, alert.person, other.person);
        alert.person = other.person;
        return store_alert_put(store, &alert);
    }
    if (alert.person != 0)
        return BASE_OK;
    BASE_TRY(store_person_new(store, &alert.person));
    return store_alert_put(store, &alert);
}

enum base_code node_screen_judge(struct node *node, int64_t finding, enum exchange_verdict verdict, const char *reason, const char *judge)
{
    static const enum store_finding_state states[] = {[EXCHANGE_CONFIRMED] = STORE_FINDING_CONFIRMED,
                                                      [EXCHANGE_REJECTED] = STORE_FINDING_REJECTED,
                                                      [EXCHANGE_UNSURE] = STORE_FINDING_UNSURE};
    struct judged judged = {.reasons = NULL};
    if (verdict > EXCHANGE_UNSURE)
        return base_fail(BASE_E_ARGUMENT, "a hit is confirmed, rejected or unsure");
    if (strlen(reason) < REASON_LEAST)
        return base_fail(BASE_E_ARGUMENT, "a verdict needs a reason");
    enum base_code code = store_finding_get(node->party->store, finding, take_judged, &judged);
    if (code == BASE_OK)
        code = judged.row.subject == STORE_SUBJECT_ALERT ? decide_person(node, &judged, verdict)
                                                         : say_verdict(node, &judged, verdict, reason, judge);
    if (code == BASE_OK) {
        judged.row.state = states[verdict];
        judged.row.judged_ms = base_clock_now(&node->clock);
        judged.row.verdict = reason;
        snprintf(judged.row.judge, sizeof judged.row.judge, "%s", judge);
        code = store_finding_put(node->party->store, &judged.row);
    }
    free(judged.reasons);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "node/screen.h"

#include "node/screen_alerts.h"
#include "people/compare.h"
#include "store/records.h"
#include "store/sounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HITS_OF_ALERT_MAX = 200, /* the surest of what an alert meets when it arrives */
    CANDIDATES_MAX = 20000,  /* records that share a sound with an alert: those that share most are looked at first */
    PENDING_AT_ONCE = 1000,
    REASON_LEAST = 3,
};

/* Something that is held against the alerts, or that an alert is held against. */
struct thing {
    enum store_subject subject;
    struct base_bytes other;  /* how a finding names it */
    unsigned tell;            /* bit of what the sender of an alert may have asked to be told of */
    const struct people_record *record;
    const char *what;         /* for the hit's text: "record 12 (own list)" */
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

static enum base_code meet_alerts(struct node *node, const struct thing *thing, uint64_t *found)
{
    struct meeting meeting = {node, thing, 0};
    struct node_screen *screen;
    BASE_TRY(screen_alerts_of(node, &screen));
    BASE_TRY(screen_alerts_find(screen, thing->record, meet_alert, &meeting));
    if (found != NULL)
        *found += meeting.found;
    return BASE_OK;
}

/* Held things: one alert against the store's index. */

struct candidate {
    int64_t number; /* of a record, or minus that of an event */
    enum people_grade grade;
};

struct held {
    struct node *node;
    const struct screen_alert *alert;
    struct candidate *items;
    size_t count, capacity;
    struct people_record record; /* of the one being looked at */
    unsigned tell;
    char what[160];
};

static enum base_code read_record(void *context, const struct store_record *row)
{
    struct held *held = context;
    held->tell = 1u << EXCHANGE_TELL_RECORD;
    snprintf(held->what, sizeof held->what, "record %lld of the list %s", (long long)row->id, row->source);
    return row->withdrawn_ms != 0 ? BASE_OK : people_record_decode(row->content, &held->record);
}

static enum base_code read_event(void *context, const struct store_event *event)
{
    struct held *held = context;
    char time[BASE_TIME_TEXT_LEN + 1];
    base_time_format(event->happened_ms, time);
    held->tell = 1u << event->kind;
    snprintf(held->what, sizeof held->what, "%s event %lld on %.10s, %.60s", exchange_tells.items[event->kind], (long long)event->number, time,
             event->place);
    return people_record_decode(event->content, &held->record);
}

static enum base_code read_thing(struct held *held, int64_t number)
{
    struct store *store = held->node->party->store;
    people_record_release(&held->record);
    enum base_code code = number > 0 ? store_record_get(store, number, read_record, held) : store_event_get(store, -number, read_event, held);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

/* held->record is the thing with this number. */
static enum base_code weigh(struct held *held, int64_t number)
{
    enum people_grade grade;
    bool is_hit = false;
    BASE_TRY(screen_alert_weigh(held->node->screen, held->alert, &held->record, &is_hit, &grade));
    if (!is_hit)
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&held->items, &held->capacity, held->count + 1, sizeof *held->items));
    held->items[held->count++] = (struct candidate){number, grade};
    return BASE_OK;
}

static enum base_code weigh_record(void *context, const struct store_record *row, size_t shared)
{
    struct held *held = context;
    (void)shared;
    people_record_release(&held->record);
    BASE_TRY(read_record(held, row));
    return weigh(held, row->id);
}

static enum base_code weigh_event(void *context, const struct store_event *event)
{
    struct held *held = context;
    people_record_release(&held->record);
    BASE_TRY(read_event(held, event));
    return weigh(held, -event->number);
}

static int surer_first(const void *a, const void *b)
{
    const struct candidate *first = a, *second = b;
    return first->grade != second->grade ? (int)first->grade - (int)second->grade : (first->number > second->number) - (first->number < second->number);
}

static enum base_code note_candidate(struct held *held, int64_t number)
{
    struct people_finding found = PEOPLE_FINDING_EMPTY;
    uint8_t other[8];
    BASE_TRY(read_thing(held, number));
    number_bytes(number > 0 ? number : -number, other);
    struct thing thing = {number > 0 ? STORE_SUBJECT_RECORD : STORE_SUBJECT_EVENT, base_bytes_of(other, sizeof other), held->tell,
                          &held->record, held->what};
    enum base_code code = screen_alert_compare(held->alert, &held->record, &found);
    if (code == BASE_OK && found.is_hit)
        code = note_finding(held->node, held->alert, &thing, &found);
    people_finding_release(&found);
    return code;
}

static enum base_code meet_held(struct node *node, const struct screen_alert *alert)
{
    struct held held = {.node = node, .alert = alert, .record = PEOPLE_RECORD_EMPTY};
    struct people_sounds sounds = PEOPLE_SOUNDS_EMPTY;
    size_t found;
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < alert->person_count; i++) {
        code = people_index_sounds(alert->profiles[i], PEOPLE_SOUNDS_ASKED, &sounds);
        if (code == BASE_OK)
            code = store_sounds_find(node->party->store, sounds.items, sounds.count, 1, CANDIDATES_MAX, weigh_record, &held, &found);
        for (size_t sound = 0; code == BASE_OK && sound < sounds.count; sound++)
            code = store_events_of_sound(node->party->store, sounds.items[sound], weigh_event, &held);
    }
    if (held.count > 1)
        qsort(held.items, held.count, sizeof *held.items, surer_first);
    for (size_t i = 0; code == BASE_OK && i < held.count && i < HITS_OF_ALERT_MAX; i++)
        if (i == 0 || held.items[i].number != held.items[i - 1].number)
            code = note_candidate(&held, held.items[i].number);
    people_sounds_release(&sounds);
    people_record_release(&held.record);
    free(held.items);
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
    for (size_t i = 0; i < alert->person_count; i++)
        BASE_TRY(screen_alerts_find(screen, &alert->records[i], note_twin, &twin));
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
    return alert->is_own ? BASE_OK : meet_held(node, alert);
}

enum base_code node_screen_alert(struct node_taking *taking, const struct store_alert *alert)
{
    return screen_one(taking->node, alert);
}

static enum base_code blank_hit(void *context, const struct store_finding *finding)
{
    struct node_taking *taking = context;
    if (memcmp(finding->alert, taking->statement->about.bytes, 32) != 0 || finding->hit.len != 32)
        return BASE_OK;
    enum base_code code = store_content_set(taking->node->party->store, finding->compartment, finding->hit.data, STORE_CONTENT_ERASED,
                                            taking->now_ms);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

/* What was derived from the persons goes with them. */
static enum base_code blank_findings(struct node_taking *taking)
{
    struct store *store = taking->node->party->store;
    BASE_TRY(store_findings_each(store, taking->seat->facts.id.bytes, false, blank_hit, taking));
    return store_findings_blank(store, taking->seat->facts.id.bytes, taking->statement->about.bytes);
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
        return blank_findings(taking);
    return row.is_screened && row.state == STORE_ALERT_AWAKE ? screen_one(taking->node, &row) : BASE_OK;
}

void node_screen_forget(struct node *node, const struct store_alert *alert)
{
    if (node->screen != NULL)
        screen_alerts_remove(node->screen, alert);
}

static enum base_code put_sounds(struct node *node, int64_t number, const struct people_record *record)
{
    struct people_profile *profile = NULL;
    struct people_sounds sounds = PEOPLE_SOUNDS_EMPTY;
    enum base_code code = people_profile_new(&profile);
    if (code == BASE_OK)
        code = people_profile_set(profile, record);
    if (code == BASE_OK)
        code = people_index_sounds(profile, PEOPLE_SOUNDS_HELD, &sounds);
    if (code == BASE_OK)
        code = store_sounds_put(node->party->store, number, sounds.items, sounds.count);
    people_sounds_release(&sounds);
    people_profile_free(profile);
    return code;
}

enum base_code node_screen_event(struct node *node, struct store_event *event, uint64_t *found)
{
    struct held held = {.node = node, .record = PEOPLE_RECORD_EMPTY};
    uint8_t other[8];
    enum base_code code = store_event_add(node->party->store, event, &event->number);
    if (code == BASE_OK)
        code = read_event(&held, event);
    if (code == BASE_OK && held.record.name_count == 0)
        code = base_fail(BASE_E_FORMAT, "the person of the event has no name");
    if (code == BASE_OK)
        code = put_sounds(node, -event->number, &held.record);
    if (code == BASE_OK) {
        number_bytes(event->number, other);
        struct thing thing = {STORE_SUBJECT_EVENT, base_bytes_of(other, sizeof other), held.tell, &held.record, held.what};
        code = meet_alerts(node, &thing, found);
    }
    people_record_release(&held.record);
    return code;
}

/* Records that wait. How far screening has come stands in a setting: the last record's date of change, and its number. */

static const char MARK[] = "screened-to";

struct mark {
    int64_t changed_ms, id;
};

static enum base_code read_mark(struct store *store, struct mark *out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    *out = (struct mark){0, 0};
    enum base_code code = store_setting_get(store, MARK, &text);
    if (code == BASE_OK && sscanf(base_buffer_c_string(&text), "%lld %lld", (long long *)&out->changed_ms, (long long *)&out->id) != 2)
        code = base_fail(BASE_E_CORRUPT, "the store does not say how far it was screened");
    base_buffer_release(&text);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

static enum base_code write_mark(struct store *store, const struct mark *mark)
{
    char text[48];
    snprintf(text, sizeof text, "%lld %lld", (long long)mark->changed_ms, (long long)mark->id);
    return store_setting_put(store, MARK, base_bytes_text(text));
}

struct pending {
    int64_t ids[PENDING_AT_ONCE];
    size_t count;
    struct mark mark;
};

static enum base_code keep_pending(void *context, const struct store_record *row)
{
    struct pending *pending = context;
    pending->ids[pending->count++] = row->id;
    pending->mark = (struct mark){row->changed_ms, row->id};
    return BASE_OK;
}

static enum base_code screen_record(struct node *node, int64_t id)
{
    struct held held = {.node = node, .record = PEOPLE_RECORD_EMPTY};
    uint8_t other[8];
    enum base_code code = read_thing(&held, id);
    if (code == BASE_OK)
        code = put_sounds(node, id, &held.record); /* a withdrawn one has no names any more: nothing stays */
    if (code == BASE_OK && held.record.name_count > 0) {
        number_bytes(id, other);
        struct thing thing = {STORE_SUBJECT_RECORD, base_bytes_of(other, sizeof other), held.tell, &held.record, held.what};
        code = meet_alerts(node, &thing, NULL);
    }
    people_record_release(&held.record);
    return code;
}

enum base_code node_screen_pending(struct node *node)
{
    struct store *store = node->party->store;
    struct pending *pending = calloc(1, sizeof *pending);
    if (pending == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to screen");
    enum base_code code = read_mark(store, &pending->mark);
    if (code == BASE_OK)
        code = store_records_changed_each(store, pending->mark.changed_ms, pending->mark.id, PENDING_AT_ONCE, keep_pending, pending);
    if (code == BASE_OK && pending->count > 0 && (code = store_begin(store)) == BASE_OK) {
        for (size_t i = 0; code == BASE_OK && i < pending->count; i++)
            code = screen_record(node, pending->ids[i]);
        if (code == BASE_OK)
            code = write_mark(store, &pending->mark);
        if (code == BASE_OK)
            code = store_commit(store);
        store_rollback(store);
        node->is_screen_stale |= code != BASE_OK;
    }
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
    struct mark mark;
    *out = false;
    BASE_TRY(read_mark(node->party->store, &mark));
    return store_records_changed_each(node->party->store, mark.changed_ms, mark.id, 1, note_waiting, out);
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

/* SPDX-License-Identifier: Apache-2.0
 *
 * How statements stand to each other: a ledger in which everything is in order, and each rule broken once in one that is
 * sound otherwise, with the exact message.
 */
#include "story.h"

#include "crypto/text.h"

#define X       "content: " STORY_HASH "\n"
#define HANDLED "label: TLP:AMBER\ngrading: B2\nhandling: H1\n"
#define OFFER   "nonce: " STORY_HASH "\nkeys: 3\ncommitment: " STORY_HASH "\nrules: " STORY_HASH "\n"
#define MATCH                                                                                      \
    "keys: 3\ncommitment: " STORY_HASH "\nkeys-other: 4\ncommitment-other: " STORY_HASH "\nrules: " STORY_HASH                      \
    "\ntranscript: " STORY_HASH "\n"
/* The terms give 8 hours for what is urgent, 168 for the rest and for corrections, 24 to tell, receipt and cosign, 72 for
 * a task, 720 for feedback. */
#define D0  "2026-11-24T06:00:00Z"
#define D1  "2026-11-25T06:00:00Z"
#define D2  "2026-11-26T06:00:00Z"
#define D3  "2026-11-27T06:00:00Z"
#define D7  "2026-12-01T06:00:00Z"
#define D8  "2026-12-02T06:00:00Z"
#define D14 "2026-12-08T06:00:00Z"
#define D15 "2026-12-09T06:00:00Z"
#define D16 "2026-12-10T06:00:00Z"
#define D30 "2026-12-24T06:00:00Z"
#define ALERT         X "persons: 1\nclass: 1\ntell: contact\n" HANDLED "review: " D14 "\n"
#define ASK(due)      "about: -\n" X "urgency: normal\ndue: " due "\nfeedback: no\n" HANDLED
#define ANSWER        "outcome: answered\n" X "feedback: yes\n" HANDLED "reason: \n"
#define NO_TRACE      "outcome: no-trace\ncontent: -\nfeedback: no\n" HANDLED "reason: \n"
#define DECLINE       "code: NO_LEGAL_BASIS\nreason: \n"
#define DEFER(due)    "due: " due "\nreason: \n"
#define HIT           X "grade: strong\ntell: contact\ndue: " D1 "\n"
#define OVERDUE(duty, owed, due) "duty: " duty "\nowed-by: " owed "\ndue: " due "\nhit: -\n"
#define WHY           "reason: \n"
#define SAID          "move: suspend\nreason: \n"

static struct story story;

static int begin(void **state)
{
    (void)state;
    story_begin(&story);
    return 0;
}

static int end(void **state)
{
    (void)state;
    story_end(&story);
    return 0;
}

/* Who says it: OWN and THEIRS one entry, HEARD two: the owner's receipt stands behind it. BOTH is a match that 0 started. */
enum by { NOBODY, OWN, THEIRS, HEARD, BOTH };

struct step {
    enum by by;
    const char *kind, *time, *lines;
};

static void say(const struct step *step)
{
    if (step->by == HEARD)
        story_hear(&story, step->kind, step->time, step->lines);
    else
        story_say_at(&story, step->kind, step->by == THEIRS, step->time, step->lines,
                     step->by == BOTH ? "ab" : step->by == OWN ? "a" : "b");
}

static void forget(void)
{
    while (story.count > 1)
        base_buffer_release(&story.entries[--story.count]);
}

static const char *folder_of_story(void)
{
    static unsigned number;
    char name[32];
    snprintf(name, sizeof name, "export-%u", number++);
    return story_export(&story, 0, name);
}

static void expect_sound(const struct step *steps, size_t count)
{
    char line[1024];
    forget();
    for (size_t i = 0; i < count && steps[i].by != NOBODY; i++)
        say(&steps[i]);
    snprintf(line, sizeof line, "OK: %zu entries of %s, cosigned by %s at 2026-11-24T06:00:00Z", story.count,
             story.parties[0].fingerprint, story.parties[1].fingerprint);
    EXPECT(0, line, folder_of_story());
}

enum { STEPS_MAX = 10 };

struct wrong {
    struct step steps[STEPS_MAX];
    const char *expected; /* "entry: reason (clause)" */
};

static void expect_wrong(const struct wrong *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char line[1024];
        forget();
        for (size_t step = 0; step < STEPS_MAX && cases[i].steps[step].by != NOBODY; step++)
            say(&cases[i].steps[step]);
        snprintf(line, sizeof line, "NOT OK: entry %s", cases[i].expected);
        EXPECT(1, line, folder_of_story());
    }
}
#define EXPECT_WRONG(cases) expect_wrong(cases, sizeof cases / sizeof cases[0])

static void a_whole_exchange_is_sound(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {OWN, "match-offer", D0, OFFER},                                                            /* 1 */
        {THEIRS, "match-accept", D0, "about: @1\n" OFFER},                                          /* 2 */
        {BOTH, "match", D0, "about: @2\n" MATCH},                                                   /* 3 */
        {OWN, "receipt", D0, "about: @3\n"},                                                        /* 4 */
        {OWN, "alert", D0, ALERT},                                                                  /* 5 */
        {THEIRS, "receipt", D0, "about: @5\n"},                                                     /* 6 */
        {HEARD, "alert", D0, ALERT},                                                                /* 7 8 */
        {OWN, "hit", D0, "about: @7\n" HIT},                                                        /* 9 */
        {OWN, "verdict", D0, "about: @9\n" X "verdict: confirmed\n"},                               /* 10 */
        {OWN, "release", D0, "about: @9\n" X},                                                      /* 11 */
        {OWN, "tell", D0, "about: @7\nhit: @9\n" X HANDLED},                                        /* 12 */
        {HEARD, "tell-decline", D1, "about: @5\nhit: " STORY_HASH "\n" DECLINE},                    /* 13 14 */
        {OWN, "ask", D0, "about: @3\n" X "urgency: urgent\ndue: " D1 "\nfeedback: yes\n" HANDLED},  /* 15 */
        {HEARD, "defer", D1, "about: @15\n" DEFER(D7)},                                             /* 16 17 */
        {OWN, "overdue", D7, "about: @15\n" OVERDUE("answer", "$1", D7)},                           /* 18 */
        {HEARD, "answer", D8, "about: @15\n" ANSWER},                                               /* 19 20 */
        {HEARD, "answer", D8, "about: @15\noutcome: partly-answered\n" X "feedback: no\n" HANDLED WHY}, /* 21 22 */
        {OWN, "feedback", D8, "about: @19\nuse: useful\n" WHY},                                     /* 23 */
        {HEARD, "ask", D0, ASK(D7)},                                                                /* 24 25 */
        {OWN, "answer", D1, "about: @24\n" NO_TRACE},                                               /* 26 */
        {HEARD, "withdraw", D2, "about: @24\n" WHY},                                                /* 27 28 */
        {OWN, "correction", D1, "about: @12\naction: erase\ncontent: -\n" WHY},                     /* 29 */
        {OWN, "overdue", D8, "about: @29\n" OVERDUE("correction", "$1", D8)},                       /* 30 */
        {HEARD, "corrected", D14, "about: @29\ndid: erased\n" WHY},                                 /* 31 32 */
        {OWN, "overdue", D15, "about: @7\n" OVERDUE("review", "$1", D14)},                          /* 33 */
        {OWN, "alert-served", D0, "about: @7\n" WHY},                                               /* 34 */
        {OWN, "overdue", D16, "about: @34\n" OVERDUE("justify", "$1", D15)},                        /* 35 */
        {OWN, "alert-close", D16, "about: @7\n" WHY},                                               /* 36 */
        {OWN, "alert-renew", D14, "about: @5\n" X "review: " D30 "\n"},                             /* 37 */
        {HEARD, "overdue", D30, "about: @37\n" OVERDUE("review", "$0", D30)},                       /* 38 39 */
        {OWN, "overdue", D8, "about: @12\n" OVERDUE("receipt", "$1", D2)},                          /* 40 */
        {OWN, "overdue", D8, "about: @9\n" OVERDUE("cosign", "$1", D1)},                            /* 41 */
        {HEARD, "overdue", D8, "about: " STORY_HASH "\n" OVERDUE("cosign", "$0", D1)},              /* 42 43 */
        {HEARD, "overdue", D8, "about: @5\nduty: tell\nowed-by: $1\ndue: " D2 "\nhit: " STORY_HASH "\n"}, /* 44 45 */
        {OWN, "overdue", D8, "about: @9\n" OVERDUE("task", "$0", D3)},                              /* 46 */
        {OWN, "hold", D0, X},
        {OWN, "retention", D0, X "erased: 3\n"},
        {OWN, "conflict", D0, "about: " STORY_HASH "\n" X},
        {OWN, "state", D0, SAID},
    };
    expect_sound(steps, sizeof steps / sizeof steps[0]);
}

/* What was under way when the other spoke is no fault of who says it. */
static void what_crossed_is_sound(void **state)
{
    (void)state;
    static const struct step answered[] = {
        {OWN, "ask", D0, ASK(D7)}, {OWN, "withdraw", D1, "about: @1\n" WHY}, {HEARD, "answer", D1, "about: @1\n" ANSWER}};
    static const struct step renewed[] = {{HEARD, "alert", D0, ALERT},
                                          {OWN, "alert-served", D0, "about: @1\n" WHY},
                                          {OWN, "overdue", D16, "about: @3\n" OVERDUE("justify", "$1", D15)},
                                          {OWN, "alert-close", D16, "about: @1\n" WHY},
                                          {HEARD, "alert-renew", D16, "about: @1\n" X "review: " D30 "\n"}};
    static const struct step overdue[] = {{HEARD, "ask", D0, ASK(D7)},
                                          {OWN, "defer", D7, "about: @1\n" DEFER(D8)},
                                          {HEARD, "overdue", D7, "about: @1\n" OVERDUE("answer", "$0", D7)}};
    /* Duties of an alert may be named by the alert itself, and dates by what renewed it. */
    static const struct step named[] = {{HEARD, "alert", D0, ALERT},
                                        {HEARD, "alert-renew", D7, "about: @1\n" X "review: " D16 "\n"},
                                        {OWN, "overdue", D30, "about: @1\n" OVERDUE("review", "$1", D16)},
                                        {OWN, "alert-served", D0, "about: @1\n" WHY},
                                        {OWN, "overdue", D16, "about: @1\n" OVERDUE("justify", "$1", D15)},
                                        {OWN, "alert-close", D16, "about: @1\n" WHY}};
    static const struct step closed[] = {{OWN, "alert", D0, ALERT}, {HEARD, "alert-served", D0, "about: @1\n" WHY},
                                         {HEARD, "alert-close", D15, "about: @1\n" WHY}};
    static const struct step gaps[] = {{HEARD, "overdue", D8, "about: " STORY_HASH "\n" OVERDUE("receipt", "$0", D1)},
                                       {OWN, "state", D0, SAID},
                                       {OWN, "overdue", D8, "about: @3\n" OVERDUE("receipt", "$1", D2)},
                                       {OWN, "overdue", D14, "about: @3\n" OVERDUE("receipt", "$1", D2)}};
    /* That an ask was met says nothing of its cosignature. */
    static const struct step cosigned[] = {{OWN, "ask", D0, ASK(D7)}, {OWN, "withdraw", D0, "about: @1\n" WHY},
                                           {OWN, "overdue", D2, "about: @1\n" OVERDUE("cosign", "$1", D1)}};
    expect_sound(cosigned, 3);
    expect_sound(answered, 3);
    expect_sound(named, 6);
    expect_sound(closed, 3);
    expect_sound(gaps, 4);
    expect_sound(renewed, 5);
    expect_sound(overdue, 3);
    forget();
    story_say_at(&story, "ask", 0, D0, ASK(D7), "a"); /* so that its hash is known */
    story_say_at(&story, "release", 0, D0, "about: @1\n" X, "a");
    struct base_buffer ask = story.entries[1];
    story.entries[1] = story.entries[2];
    story.entries[2] = ask;
    char line[1024];
    snprintf(line, sizeof line, "OK: 3 entries of %s, cosigned by %s at 2026-11-24T06:00:00Z", story.parties[0].fingerprint,
             story.parties[1].fingerprint);
    EXPECT(0, line, folder_of_story());
}

static void receipts_stand_right_behind(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {{{THEIRS, "state", D0, SAID}}, "1: the owner's receipt does not stand right behind it (conversations 3.2)"},
        {{{THEIRS, "state", D0, SAID}, {OWN, "state", D0, SAID}, {OWN, "receipt", D0, "about: @1\n"}},
         "1: the owner's receipt does not stand right behind it (conversations 3.2)"},
        {{{THEIRS, "state", D0, SAID}, {THEIRS, "receipt", D0, "about: @1\n"}},
         "1: the owner's receipt does not stand right behind it (conversations 3.2)"},
        {{{HEARD, "state", D0, SAID}, {OWN, "receipt", D1, "about: @1\n"}},
         "3: the owner's receipt for entry 1 does not stand right behind it (conversations 3.2)"},
        {{{OWN, "match-offer", D0, OFFER}, {THEIRS, "match-accept", D0, "about: @1\n" OFFER}, {BOTH, "match", D0, "about: @2\n" MATCH}},
         "3: the owner's receipt does not stand right behind it (conversations 3.2)"},
        {{{OWN, "state", D0, SAID}, {OWN, "receipt", D0, "about: @1\n"}}, "2: about entry 1, of the wrong party (statements 7.1)"},
        {{{OWN, "state", D0, SAID}, {THEIRS, "receipt", D0, "about: @1\n"}, {THEIRS, "receipt", D1, "about: @1\n"}},
         "3: said a second time, after entry 2, where once is allowed (conversations 3.2)"},
        {{{THEIRS, "match-offer", D0, OFFER}, {OWN, "receipt", D0, "about: @1\n"}},
         "2: a receipt for entry 1, which is not delivered (statements 7.1)"},
        {{{OWN, "receipt", D0, "about: " STORY_HASH "\n"}}, "1: about nothing that stands before it (statements 7.1)"},
    };
    EXPECT_WRONG(cases);
}

static void statements_are_about_something_that_stands_before_them(void **state)
{
    (void)state;
    static const char *const kinds[][2] = {
        {"match-accept", OFFER}, {"match-abort", "error: io\n" WHY}, {"alert-renew", X "review: " D7 "\n"}, {"alert-close", WHY},
        {"alert-served", WHY}, {"answer", ANSWER}, {"decline", DECLINE}, {"defer", DEFER(D7)}, {"withdraw", WHY},
        {"feedback", "use: useful\n" WHY}, {"tell", "hit: " STORY_HASH "\n" X HANDLED}, {"tell-decline", "hit: " STORY_HASH "\n" DECLINE},
        {"correction", "action: erase\ncontent: -\n" WHY}, {"corrected", "did: erased\n" WHY}, {"hit", HIT},
        {"verdict", X "verdict: unsure\n"}, {"release", X}, {"overdue", OVERDUE("answer", "$1", D0)},
        {"ask", X "urgency: normal\ndue: " D7 "\nfeedback: no\n" HANDLED}, {"overdue", OVERDUE("cosign", "$1", D0)},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char lines[700];
        forget();
        snprintf(lines, sizeof lines, "about: " STORY_HASH "\n%s", kinds[i][1]);
        story_say_at(&story, kinds[i][0], 0, D0, lines, "a");
        EXPECT(1, "NOT OK: entry 1: about nothing that stands before it (statements 7.1)", folder_of_story());
    }
}

/* Each kind about the terms, which none but an ask may be about. */
static void statements_are_about_the_right_kind(void **state)
{
    (void)state;
    static const char *const kinds[][2] = {
        {"match-accept", OFFER}, {"match-abort", "error: io\n" WHY}, {"refusal", "error: io\n" WHY}, {"alert-renew", X "review: " D7 "\n"},
        {"alert-close", WHY}, {"alert-served", WHY}, {"answer", ANSWER}, {"decline", DECLINE}, {"defer", DEFER(D7)}, {"withdraw", WHY},
        {"feedback", "use: useful\n" WHY}, {"tell", "hit: " STORY_HASH "\n" X HANDLED}, {"tell-decline", "hit: " STORY_HASH "\n" DECLINE},
        {"corrected", "did: erased\n" WHY}, {"hit", HIT}, {"verdict", X "verdict: unsure\n"},
        {"overdue", OVERDUE("answer", "$1", D0)}, {"overdue", OVERDUE("feedback", "$1", D0)}, {"overdue", OVERDUE("review", "$1", D0)},
        {"overdue", OVERDUE("justify", "$1", D0)}, {"overdue", OVERDUE("correction", "$1", D0)}, {"overdue", OVERDUE("task", "$0", D0)},
        {"overdue", "duty: tell\nowed-by: $0\ndue: " D0 "\nhit: " STORY_HASH "\n"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char lines[700];
        forget();
        snprintf(lines, sizeof lines, "about: @0\n%s", kinds[i][1]);
        story_say_at(&story, kinds[i][0], 0, D0, lines, "a");
        EXPECT(1, "NOT OK: entry 1: about entry 0, which is of another kind than it may be about (statements 7.1)", folder_of_story());
    }
}

static void the_right_party_says_it(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {{{OWN, "match-offer", D0, OFFER}, {OWN, "match-accept", D0, "about: @1\n" OFFER}}, "2: about entry 1, of the wrong party (statements 7.1)"},
        {{{OWN, "match-offer", D0, OFFER}, {OWN, "refusal", D0, "about: @1\nerror: io\n" WHY}}, "2: about entry 1, of the wrong party (statements 7.1)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "alert-renew", D0, "about: @1\n" X "review: " D7 "\n"}}, "3: about entry 1, of the wrong party (statements 7.1)"},
        {{{OWN, "alert", D0, ALERT}, {OWN, "alert-served", D0, "about: @1\n" WHY}}, "2: about entry 1, of the wrong party (statements 7.1)"},
        {{{OWN, "ask", D0, ASK(D7)}, {OWN, "answer", D0, "about: @1\n" ANSWER}}, "2: about entry 1, of the wrong party (statements 7.1)"},
        {{{OWN, "ask", D0, ASK(D7)}, {OWN, "decline", D0, "about: @1\n" DECLINE}}, "2: about entry 1, of the wrong party (statements 7.1)"},
        {{{OWN, "ask", D0, ASK(D7)}, {OWN, "defer", D0, "about: @1\n" DEFER(D7)}}, "2: about entry 1, of the wrong party (statements 7.1)"},
        {{{HEARD, "ask", D0, ASK(D7)}, {OWN, "withdraw", D0, "about: @1\n" WHY}}, "3: about entry 1, of the wrong party (statements 7.1)"},
        {{{HEARD, "ask", D0, ASK(D7)}, {OWN, "answer", D0, "about: @1\n" ANSWER}, {OWN, "feedback", D0, "about: @3\nuse: useful\n" WHY}},
         "4: about entry 3, of the wrong party (statements 7.1)"},
        {{{OWN, "alert", D0, ALERT}, {OWN, "tell-decline", D0, "about: @1\nhit: " STORY_HASH "\n" DECLINE}}, "2: about entry 1, of the wrong party (statements 7.1)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "correction", D0, "about: @1\naction: erase\ncontent: -\n" WHY}}, "3: about entry 1, of the wrong party (statements 7.1)"},
        {{{OWN, "alert", D0, ALERT}, {OWN, "correction", D0, "about: @1\naction: erase\ncontent: -\n" WHY}, {OWN, "corrected", D0, "about: @2\ndid: erased\n" WHY}},
         "3: about entry 2, of the wrong party (statements 7.1)"},
        {{{THEIRS, "hold", D0, X}}, "1: what stays in the ledger of who says it, said by the other party (statements 4.3)"},
        {{{THEIRS, "retention", D0, X "erased: 1\n"}}, "1: what stays in the ledger of who says it, said by the other party (statements 4.3)"},
        {{{OWN, "alert", D0, ALERT}, {THEIRS, "overdue", D7, "about: @1\n" OVERDUE("task", "$1", D3)}},
         "2: what stays in the ledger of who says it, said by the other party (statements 4.3)"},
    };
    EXPECT_WRONG(cases);
}

static void what_is_said_once_is_said_once(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {{{OWN, "ask", D0, ASK(D7)}, {HEARD, "answer", D0, "about: @1\n" ANSWER}, {OWN, "feedback", D0, "about: @2\nuse: useful\n" WHY},
          {OWN, "feedback", D1, "about: @2\nuse: not-used\n" WHY}},
         "5: said a second time, after entry 4, where once is allowed (statements 7.2)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "hit", D0, "about: @1\n" HIT}, {OWN, "tell", D0, "about: @1\nhit: @3\n" X HANDLED},
          {OWN, "tell-decline", D0, "about: @1\nhit: @3\n" DECLINE}},
         "5: said a second time, after entry 4, where once is allowed (statements 7.2)"},
        {{{OWN, "alert", D0, ALERT}, {OWN, "correction", D0, "about: @1\naction: erase\ncontent: -\n" WHY},
          {HEARD, "corrected", D0, "about: @2\ndid: erased\n" WHY}, {HEARD, "corrected", D1, "about: @2\ndid: erased\n" WHY}},
         "5: said a second time, after entry 3, where once is allowed (statements 7.2)"},
        {{{OWN, "ask", D0, ASK(D7)}, {OWN, "overdue", D7, "about: @1\n" OVERDUE("answer", "$1", D7)},
          {OWN, "overdue", D8, "about: @1\n" OVERDUE("answer", "$1", D7)}},
         "3: said a second time, after entry 2, where once is allowed (statements 6.2)"},
        {{{OWN, "match-offer", D0, OFFER}, {THEIRS, "match-accept", D0, "about: @1\n" OFFER}, {BOTH, "match", D0, "about: @2\n" MATCH},
          {OWN, "receipt", D0, "about: @3\n"}, {BOTH, "match", D1, "about: @2\n" MATCH}, {OWN, "receipt", D1, "about: @5\n"}},
         "5: said a second time, after entry 3, where once is allowed (conversations 3.3)"},
    };
    EXPECT_WRONG(cases);
}

static void dates_are_within_the_terms(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {{{OWN, "ask", D0, ASK("2026-12-01T05:59:59Z")}}, "1: an ask that is due before the hours of its urgency have passed (statements 6.6)"},
        {{{OWN, "ask", D0, "about: -\n" X "urgency: urgent\ndue: 2026-11-24T13:59:59Z\nfeedback: no\n" HANDLED}},
         "1: an ask that is due before the hours of its urgency have passed (statements 6.6)"},
        {{{HEARD, "ask", D0, ASK(D7)}, {OWN, "defer", D1, "about: @1\ndue: 2026-12-08T06:00:01Z\n" WHY}},
         "3: deferred by more than the terms allow (statements 6.5)"},
        {{{HEARD, "ask", D0, ASK(D7)}, {OWN, "defer", D1, "about: @1\n" DEFER(D7)}, {OWN, "defer", D1, "about: @1\n" DEFER(D8)},
          {OWN, "defer", D1, "about: @1\n" DEFER(D14)}, {OWN, "defer", D1, "about: @1\n" DEFER(D15)}},
         "6: an ask that is deferred a fourth time (statements 6.5)"},
        {{{OWN, "alert", D0, X "persons: 1\nclass: 1\ntell: -\n" HANDLED "review: 2027-11-26T06:00:01Z\n"}},
         "1: a review later than the class of the alert allows (statements 5.1)"},
        {{{OWN, "alert", D0, ALERT}, {OWN, "alert-renew", D1, "about: @1\n" X "review: 2027-11-27T06:00:01Z\n"}},
         "2: a review later than the class of the alert allows (statements 5.1)"},
    };
    EXPECT_WRONG(cases);
}

static void closed_and_withdrawn_is_over(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {{{HEARD, "ask", D0, ASK(D7)}, {HEARD, "withdraw", D0, "about: @1\n" WHY}, {OWN, "answer", D0, "about: @1\n" ANSWER}},
         "5: about an ask that was withdrawn (statements 7.2)"},
        {{{HEARD, "ask", D0, ASK(D7)}, {HEARD, "withdraw", D0, "about: @1\n" WHY}, {OWN, "defer", D0, "about: @1\n" DEFER(D8)}},
         "5: about an ask that was withdrawn (statements 7.2)"},
        {{{OWN, "alert", D0, ALERT}, {OWN, "alert-close", D0, "about: @1\n" WHY}, {OWN, "alert-renew", D0, "about: @1\n" X "review: " D7 "\n"}},
         "3: it renews an alert that was closed (statements 7.2)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "alert-served", D0, "about: @1\n" WHY}, {OWN, "alert-close", D16, "about: @1\n" WHY}},
         "4: the other party closes an alert that its owner was not overdue to justify (statements 6.4)"},
        {{{OWN, "alert", D0, ALERT}, {HEARD, "alert-served", D0, "about: @1\n" WHY}, {HEARD, "alert-close", D14, "about: @1\n" WHY}},
         "4: the other party closes an alert that its owner was not overdue to justify (statements 6.4)"},
        {{{OWN, "state", D0, SAID}, {OWN, "correction", D0, "about: @1\naction: erase\ncontent: -\n" WHY}},
         "2: it corrects entry 1, with which no content was sent (statements 7.2)"},
        {{{OWN, "hold", D0, X}, {OWN, "correction", D0, "about: @1\naction: erase\ncontent: -\n" WHY}},
         "2: it corrects entry 1, with which no content was sent (statements 7.2)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "tell", D0, "about: @1\nhit: " STORY_HASH "\n" X HANDLED}},
         "3: the hit it names is no hit on this alert that stands before it (statements 4.3)"},
        {{{HEARD, "alert", D0, ALERT}, {HEARD, "alert", D1, ALERT}, {OWN, "hit", D0, "about: @1\n" HIT},
          {OWN, "tell", D0, "about: @3\nhit: @5\n" X HANDLED}},
         "6: the hit it names is no hit on this alert that stands before it (statements 4.3)"},
    };
    EXPECT_WRONG(cases);
}

static void an_overdue_is_true(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {{{OWN, "ask", D0, ASK(D7)}, {OWN, "overdue", D3, "about: @1\n" OVERDUE("answer", "$1", D7)}},
         "2: dated before the date that it says has passed (statements 6.3)"},
        {{{OWN, "ask", D0, ASK(D7)}, {OWN, "overdue", D7, "about: @1\n" OVERDUE("answer", "$1", D3)}},
         "2: not the date on which the duty was due (statements 6.3)"},
        {{{OWN, "ask", D0, ASK(D7)}, {OWN, "overdue", D7, "about: @1\n" OVERDUE("answer", "$0", D7)}},
         "2: owed by the wrong party (statements 6.3)"},
        {{{HEARD, "ask", D0, ASK(D7)}, {OWN, "overdue", D7, "about: @1\n" OVERDUE("answer", "$1", D7)}},
         "3: about entry 1, of the wrong party (statements 7.1)"},
        {{{OWN, "ask", D0, ASK(D7)}, {OWN, "overdue", D7, "about: @1\nduty: answer\nowed-by: $1\ndue: " D7 "\nhit: " STORY_HASH "\n"}},
         "2: an overdue duty that is not to tell and names a hit (statements 6.2)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "overdue", D7, "about: @1\n" OVERDUE("tell", "$0", D1)}},
         "3: an overdue duty to tell that names no hit (statements 6.2)"},
        {{{OWN, "ask", D0, ASK(D7)}, {HEARD, "answer", D3, "about: @1\n" ANSWER}, {OWN, "overdue", D7, "about: @1\n" OVERDUE("answer", "$1", D7)}},
         "4: said to be overdue although it was met in time before (statements 6.1)"},
        {{{OWN, "ask", D0, ASK(D7)}, {OWN, "withdraw", D3, "about: @1\n" WHY}, {OWN, "overdue", D7, "about: @1\n" OVERDUE("answer", "$1", D7)}},
         "3: said to be overdue although it was met in time before (statements 6.1)"},
        {{{HEARD, "ask", D0, ASK(D7)}, {OWN, "answer", D0, "about: @1\n" NO_TRACE}, {OWN, "overdue", D30, "about: @3\n" OVERDUE("feedback", "$1", D30)}},
         "4: about entry 3, an answer that asks for no feedback (statements 6.3)"},
        {{{OWN, "alert", D0, ALERT}, {HEARD, "overdue", D7, "about: @1\n" OVERDUE("review", "$0", D7)}},
         "2: not the date on which the duty was due (statements 6.3)"},
        {{{OWN, "alert", D0, ALERT}, {OWN, "alert-renew", D1, "about: @1\n" X "review: " D30 "\n"},
          {HEARD, "overdue", D16, "about: @1\n" OVERDUE("review", "$0", D15)}},
         "3: not the date on which the duty was due (statements 6.3)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "alert-served", D0, "about: @1\n" WHY}, {OWN, "overdue", D16, "about: @1\n" OVERDUE("justify", "$1", D16)}},
         "4: not the date on which the duty was due (statements 6.3)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "overdue", D16, "about: @1\n" OVERDUE("justify", "$1", D15)}},
         "3: not the date on which the duty was due (statements 6.3)"},
        {{{OWN, "alert", D0, ALERT}, {OWN, "overdue", D16, "about: @1\n" OVERDUE("justify", "$1", D15)}},
         "2: about entry 1, of the wrong party (statements 7.1)"},
        {{{OWN, "alert", D0, ALERT}, {HEARD, "alert-served", D0, "about: @1\n" WHY}, {OWN, "overdue", D16, "about: @2\n" OVERDUE("justify", "$1", D15)}},
         "4: about entry 2, of the wrong party (statements 7.1)"},
        {{{OWN, "alert", D0, ALERT}, {OWN, "overdue", D15, "about: @1\n" OVERDUE("review", "$1", D14)}},
         "2: about entry 1, of the wrong party (statements 7.1)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "alert-served", D0, "about: @1\n" WHY}, {OWN, "overdue", D15, "about: @3\n" OVERDUE("justify", "$1", D14)}},
         "4: not the date on which the duty was due (statements 6.3)"},
        {{{OWN, "state", D0, SAID}, {OWN, "overdue", D2, "about: @1\n" OVERDUE("receipt", "$1", "2026-11-25T05:59:59Z")}},
         "2: not the date on which the duty was due (statements 6.3)"},
        {{{OWN, "hold", D0, X}, {OWN, "overdue", D2, "about: @1\n" OVERDUE("receipt", "$1", D1)}},
         "2: about entry 1, for which no receipt is owed (statements 6.3)"},
        {{{HEARD, "state", D0, SAID}, {OWN, "overdue", D2, "about: @1\n" OVERDUE("receipt", "$1", D1)}},
         "3: about entry 1, for which no receipt is owed (statements 6.3)"},
        {{{OWN, "hold", D0, X}, {OWN, "overdue", D2, "about: @1\n" OVERDUE("cosign", "$1", D0)}},
         "2: not the date on which the duty was due (statements 6.3)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "hit", D0, "about: @1\n" HIT},
          {OWN, "overdue", D7, "about: @1\nduty: tell\nowed-by: $0\ndue: " D2 "\nhit: @3\n"}},
         "4: not the date on which the duty was due (statements 6.3)"},
        {{{HEARD, "alert", D0, ALERT}, {OWN, "hit", D0, "about: @1\n" HIT}, {OWN, "overdue", D7, "about: @3\n" OVERDUE("task", "$0", D2)}},
         "4: not the date on which the duty was due (statements 6.3)"},
    };
    EXPECT_WRONG(cases);
}

static void a_reason_that_the_terms_do_not_accept_is_refused(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    base_buffer_release(&story.entries[0]);
    story.count = 0;
    story_terms_text(&story, "reasons: all", "reasons: NOT_HELD MINOR_OFFENCE", &text);
    struct base_bytes part = base_bytes_buffer(&text);
    crypto_hash_domain("entente/exchange/terms/v1", &part, 1, &hash);
    crypto_hex_encode(base_bytes_of(hash.bytes, 32), story.terms);
    story_add(&story, base_buffer_c_string(&text), "AB");
    base_buffer_release(&text);
    static const struct step accepted[] = {{HEARD, "ask", D0, ASK(D7)}, {OWN, "decline", D0, "about: @1\ncode: MINOR_OFFENCE\n" WHY}};
    static const struct wrong cases[] = {
        {{{HEARD, "ask", D0, ASK(D7)}, {OWN, "decline", D0, "about: @1\n" DECLINE}},
         "3: declined for a reason that the terms do not accept (statements 6.6)"},
        {{{OWN, "alert", D0, ALERT}, {HEARD, "tell-decline", D0, "about: @1\nhit: " STORY_HASH "\n" DECLINE}},
         "2: declined for a reason that the terms do not accept (statements 6.6)"},
    };
    expect_sound(accepted, 2);
    EXPECT_WRONG(cases);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(a_whole_exchange_is_sound),
        STORY(what_crossed_is_sound),
        STORY(receipts_stand_right_behind),
        STORY(statements_are_about_something_that_stands_before_them),
        STORY(statements_are_about_the_right_kind),
        STORY(the_right_party_says_it),
        STORY(what_is_said_once_is_said_once),
        STORY(dates_are_within_the_terms),
        STORY(closed_and_withdrawn_is_over),
        STORY(an_overdue_is_true),
        STORY(a_reason_that_the_terms_do_not_accept_is_refused),
    };
#undef STORY
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * One list of errors for the whole program.
 *
 * A function that can fail returns `enum base_code` and must be checked. The code says what kind of thing went
 * wrong and is what tests assert; the detail says where and why, in words for a person, and is attached once, at the
 * place that knows the cause, with base_fail(). Callers hand the code on unchanged. A detail never holds a name of a
 * person, a token or a secret.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/* X(code, word): the word is stable, and appears in logs, in --json and on the wire. */
#define BASE_CODES(X)                                                                              \
    X(OK, "ok")                                                                                    \
    X(E_NOMEM, "out-of-memory")            /* an allocation failed */                              \
    X(E_ARGUMENT, "bad-argument")          /* the caller or the command line asked nonsense */     \
    X(E_INTERNAL, "internal")              /* an invariant of this program does not hold */        \
    X(E_IO, "io")                          /* the system refused to read, write, open */           \
    X(E_DISK_FULL, "disk-full")            /* no space left: nothing was changed */                \
    X(E_DATABASE, "database")              /* the database refused */                              \
    X(E_CORRUPT, "corrupt")                /* what the store holds is not what was put there */    \
    X(E_NOT_FOUND, "not-found")            /* there is no such thing */                            \
    X(E_EXISTS, "exists")                  /* there is one already */                              \
    X(E_STATE, "wrong-state")              /* the move is not allowed in this state */             \
    X(E_BUSY, "busy")                      /* someone else is at it, or too much is under way */   \
    X(E_CANCELLED, "cancelled")            /* stopped by the user */                               \
    X(E_UNSUPPORTED, "unsupported")        /* known, and not done by this version */               \
    X(E_TRUNCATED, "truncated")            /* input ends before it should */                       \
    X(E_TRAILING, "trailing-bytes")        /* input goes on after it should end */                 \
    X(E_FORMAT, "bad-format")              /* input is not of the form it claims */                \
    X(E_ENCODING, "bad-encoding")          /* text is not in the character set it claims */        \
    X(E_VERSION, "bad-version")            /* a kind or version this program does not know */      \
    X(E_LIMIT, "over-limit")               /* longer, larger or more than the stated limit */      \
    X(E_SIZE, "wrong-size")                /* a size differs from the one agreed */                \
    X(E_RANGE, "out-of-range")             /* a number or date outside its range */                \
    X(E_SHRINK, "shrinks")                 /* an import would withdraw most of a source */         \
    X(E_SIGNATURE, "bad-signature")        /* a signature does not verify */                       \
    X(E_KEY, "unknown-key")                /* signed by, or naming, a key not known here */        \
    X(E_PASSPHRASE, "wrong-passphrase")    /* the sealed keys do not open */                       \
    X(E_POINT, "bad-point")                /* not the canonical encoding of a group element */     \
    X(E_IDENTITY, "identity-point")        /* the identity, where none may stand */                \
    X(E_SCALAR, "bad-scalar")              /* not a canonical scalar, or zero */                   \
    X(E_PROOF, "bad-proof")                /* a proof does not verify */                           \
    X(E_REPLAY, "replayed")                /* seen before, where once is allowed */                \
    X(E_ORDER, "out-of-order")             /* a message that may not come now */                   \
    X(E_TRANSCRIPT, "transcript-differs")  /* both sides did not see the same messages */          \
    X(E_TIMEOUT, "timed-out")              /* the other side took longer than allowed */           \
    X(E_CLOSED, "closed")                  /* the connection ended */                              \
    X(E_TLS, "tls")                        /* the TLS layer refused */                             \
    X(E_FLOOD, "flood")                    /* more than allowed, faster than allowed */            \
    X(E_NO_PEER, "unknown-peer")           /* a key that was never paired */                       \
    X(E_NO_NODE, "node-not-running")       /* this party's node does not answer */                 \
    X(E_OUTSIDE_TERMS, "outside-terms")    /* the terms do not allow it */                         \
    X(E_OVER_BUDGET, "over-budget")        /* the terms allow no more of it today */               \
    X(E_RULES, "rules-differ")             /* another rule file than the terms name */             \
    X(E_SUSPENDED, "suspended")            /* the compartment is suspended or closed */            \
    X(E_REFUSED, "refused")                /* the other side refused; the detail has its reason */ \
    X(E_INCONSISTENT, "inconsistent")      /* two checkpoints that cannot both be true */          \
    X(E_ROLE, "not-permitted")             /* the user does not have the role it takes */

#define BASE_CODE_MEMBER(code, word) BASE_##code,
enum base_code { BASE_CODES(BASE_CODE_MEMBER) BASE_CODE_COUNT };
#undef BASE_CODE_MEMBER

#define BASE_MUST_USE     __attribute__((warn_unused_result))
#define BASE_FORMAT(f, a) __attribute__((format(printf, f, a)))

/* Returns `code`, after storing the detail for this thread (cut at 255 bytes). */
enum base_code base_fail(enum base_code code, const char *format, ...) BASE_FORMAT(2, 3) BASE_MUST_USE;

/* The detail of this thread's last base_fail(), never NULL; valid until the next base_fail() of the thread. */
const char *base_detail(void);

/* The stable word for a code ("bad-point"), and the code for a word (BASE_E_INTERNAL if there is none). */
const char *base_code_word(enum base_code code);
enum base_code base_code_from_word(const char *word);

/* The code for an errno value: BASE_E_DISK_FULL for ENOSPC, EDQUOT and EFBIG, BASE_E_NOMEM,
 * BASE_E_NOT_FOUND, else BASE_E_IO. */
enum base_code base_code_from_errno(int errno_value);

/* Runs `expression`; on failure returns its code from the enclosing function. Where there is something to release,
 * write `if ((code = f()) != BASE_OK) goto done;` instead. */
#define BASE_TRY(expression)                                                                       \
    do {                                                                                           \
        enum base_code base_try_code = (expression);                                               \
        if (base_try_code != BASE_OK)                                                              \
            return base_try_code;                                                                  \
    } while (0)

#endif

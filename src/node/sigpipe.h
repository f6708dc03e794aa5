/* SPDX-License-Identifier: Apache-2.0
 *
 * libuv writes to sockets without MSG_NOSIGNAL: a peer that vanishes would kill the process. Whoever opens a socket of the
 * node makes sure that it does not, and leaves a handler that the program has set as it is.
 */
#ifndef NODE_SIGPIPE_H
#define NODE_SIGPIPE_H

#include <signal.h>
#include <stddef.h>

static inline void node_ignore_sigpipe(void)
{
    struct sigaction now;
    if (sigaction(SIGPIPE, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 && now.sa_handler == SIG_DFL)
        signal(SIGPIPE, SIG_IGN);
}

#endif

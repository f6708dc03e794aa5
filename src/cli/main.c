/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <signal.h>

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a pipe that closed, a file that may not grow: told as errors of the write */
    signal(SIGXFSZ, SIG_IGN);
    return cli_main(argc, argv);
}

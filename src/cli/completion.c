/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <string.h>

static void print_options(const struct cli_option *options)
{
    for (; options != NULL && options->name != NULL; options++)
        printf(" --%s", options->name);
}

/* The forms of a command are the lower-case words that its usage lines begin with. */
static void print_forms(const struct cli_command *command)
{
    for (const char *const *usage = command->usage; *usage != NULL; usage++) {
        const char *word = *usage + (**usage == '[' ? 1 : 0);
        size_t len = strspn(word, "abcdefghijklmnopqrstuvwxyz");
        if (len > 0 && (word[len] == 0 || word[len] == ' ' || word[len] == ']'))
            printf(" %.*s", (int)len, word);
    }
}

static enum base_code completion_run(struct cli *cli)
{
    BASE_TRY(cli_arguments_check(cli, 0, 1, ""));
    if (cli_argument(cli, 0) != NULL && strcmp(cli_argument(cli, 0), "bash") != 0)
        return base_fail(BASE_E_ARGUMENT, "there is completion for bash only");
    puts("# bash completion for entente\n"
         "_entente() {\n"
         "    local word=${COMP_WORDS[COMP_CWORD]} name= i\n"
         "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "        [[ ${COMP_WORDS[i]} == -* ]] || { name=${COMP_WORDS[i]}; break; }\n"
         "    done\n"
         "    local forms= options=\n"
         "    case $name in");
    printf("    '') forms='");
    for (const struct cli_command *const *command = cli_commands(); *command != NULL; command++)
        printf("%s%s", command == cli_commands() ? "" : " ", (*command)->name);
    puts("' ;;");
    for (const struct cli_command *const *command = cli_commands(); *command != NULL; command++) {
        printf("    %s) forms='", (*command)->name);
        print_forms(*command);
        printf("' options='");
        print_options((*command)->options);
        puts("' ;;");
    }
    printf("    esac\n    options+='");
    print_options(cli_common_options);
    puts("'\n"
         "    [[ $name == help || $name == man ]] && forms=$(entente help 2>/dev/null |\n"
         "        sed -n '/^Commands/,/^$/s/^  \\([a-z]*\\) .*/\\1/p')\n"
         "    if [[ $word == -* ]]; then\n"
         "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "    else\n"
         "        COMPREPLY=($(compgen -W \"$forms\" -- \"$word\") $(compgen -f -- \"$word\"))\n"
         "    fi\n"
         "}\n"
         "complete -o filenames -F _entente entente");
    return BASE_OK;
}

const struct cli_command cli_completion_command = {
    .name = "completion",
    .summary = "print completion for the shell",
    .usage = CLI_TEXTS("[bash]"),
    .text = "Prints a script that completes commands, options and file names in bash.",
    .examples = CLI_TEXTS("for this shell", "source <(entente completion)"),
    .run = completion_run,
};

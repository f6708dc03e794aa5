/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/home.h"

#include "people/keys.h"

static enum base_code version_run(struct cli *cli)
{
    char rules_hash[65];
    struct people_rules *rules = NULL;
    BASE_TRY(cli_arguments_check(cli, 0, 0, ""));
    BASE_TRY(people_rules_load(people_rules_default_text(), &rules));
    cli_hash_hex(people_rules_hash(rules), rules_hash);
    people_rules_free(rules);
    if (cli->is_json)
        return cli_print_json(json_pack("{s:s, s:s}", "version", ENTENTE_VERSION, "rules", rules_hash));
    printf("entente %s\nrules   %s\n", ENTENTE_VERSION, rules_hash);
    return BASE_OK;
}

const struct cli_command cli_version_command = {
    .name = "version",
    .summary = "print the version and the hash of the match rules",
    .usage = CLI_TEXTS(""),
    .text = "Two nodes can match when both have the rule file that the terms name: compare the hashes.",
    .examples = CLI_TEXTS("compare before proposing", "entente version"),
    .run = version_run,
};

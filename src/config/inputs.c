#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_p.h"

static const struct choice modes[] = {{"auto", MODE_AUTO}, {"full", MODE_FULL}, {0}};
static const struct choice setups[] = {
    {"none", SETUP_NONE}, {"required", SETUP_REQUIRED}, {"all", SETUP_ALL}, {0}};
static const struct choice issues[] = {
    {"open", CREATE_ISSUES_OPEN}, {"all", CREATE_ISSUES_ALL}, {"none", CREATE_ISSUES_NONE}, {0}};
static const struct choice pages[] = {
    {"none", CREATE_PAGES_NONE}, {"open", CREATE_PAGES_OPEN}, {"all", CREATE_PAGES_ALL}, {0}};
static const struct choice pulls[] = {
    {"none", PULLS_NONE}, {"linked", PULLS_LINKED}, {"all", PULLS_ALL}, {0}};
static const struct choice comments[] = {{"all", LINK_COMMENTS_ALL},
                                         {"created", LINK_COMMENTS_CREATED},
                                         {"none", LINK_COMMENTS_NONE},
                                         {0}};
static const struct choice conversations[] = {{"none", SYNC_COMMENTS_NONE},
                                              {"to_notion", SYNC_COMMENTS_TO_NOTION},
                                              {"both", SYNC_COMMENTS_BOTH},
                                              {0}};
static const struct choice bodies[] = {{"both", SYNC_BODY_BOTH},
                                       {"to_notion", SYNC_BODY_TO_NOTION},
                                       {"to_github", SYNC_BODY_TO_GITHUB},
                                       {"none", SYNC_BODY_NONE},
                                       {0}};
static const struct choice policies[] = {
    {"github", POLICY_GITHUB}, {"notion", POLICY_NOTION}, {"newest", POLICY_NEWEST}, {0}};
static const struct choice done[] = {{"merge", PULL_DONE_MERGE},
                                     {"auto_merge", PULL_DONE_AUTO_MERGE},
                                     {"close", PULL_DONE_CLOSE},
                                     {"none", PULL_DONE_NONE},
                                     {0}};
static const struct choice methods[] = {
    {"squash", MERGE_SQUASH}, {"merge", MERGE_COMMIT}, {"rebase", MERGE_REBASE}, {0}};
static const struct choice page_deleted[] = {
    {"unlink", PAGE_DELETED_UNLINK}, {"close", PAGE_DELETED_CLOSE}, {0}};
static const struct choice issue_deleted[] = {
    {"unlink", ISSUE_DELETED_UNLINK}, {"trash", ISSUE_DELETED_TRASH}, {0}};

#define AT(member) offsetof(struct config, member)

/* clang-format off */
const struct input input_table[] = {
    {.group = "Both sides",
     .name = "notion_token", .parse = parse_secret, .at = AT(notion_token),
     .variable = "NOTION_TOKEN", .required = true, .secret = true,
     .help = "token of the Notion connection; a variable only (outside Actions also NOTION_TOKEN)"},
    {.name = "notion_database", .parse = parse_database, .required = true,
     .help = "id or URL of a database or of a data source"},
    {.name = "github_token", .parse = parse_secret, .at = AT(github_token),
     .variable = "GITHUB_TOKEN", .shown = "${{ github.token }}", .required = true, .secret = true,
     .help = "GitHub token; a variable only (outside Actions also GITHUB_TOKEN)"},
    {.name = "repository", .parse = parse_repository,
     .variable = "GITHUB_REPOSITORY", .shown = "GITHUB_REPOSITORY", .required = true,
     .help = "owner/name, or the repository's URL"},
    {.group = "What a run does",
     .name = "mode", .fallback = "auto", .parse = parse_choice, .at = AT(mode), .choices = modes,
     .help = "auto: what changed since the last run; full: compare everything"},
    {.name = "full_every", .fallback = "24", .parse = parse_number, .at = AT(full_every),
     .min = 0, .max = 8760,
     .help = "hours after which auto compares everything once; 0: never"},
    {.name = "dry_run", .fallback = "false", .parse = parse_boolean, .at = AT(dry_run),
     .help = "plan and report, but write nothing"},
    {.name = "check", .fallback = "false", .parse = parse_boolean, .at = AT(check),
     .help = "look at both sides, name every problem with its cure, write nothing"},
    {.group = "What is created, and from what",
     .name = "setup", .fallback = "required", .parse = parse_choice, .at = AT(setup),
     .choices = setups, .compared = true,
     .help = "which missing Notion properties to create: none, required (GitHub ID and URL), all"},
    {.name = "create_issues", .fallback = "open", .parse = parse_create_issues,
     .at = AT(create_issues), .choices = issues, .compared = true,
     .help = "which pages without GitHub ID become issues: open (their status is), all, none"},
    {.name = "create_pages", .fallback = "open", .parse = parse_choice, .at = AT(create_pages),
     .choices = pages, .compared = true,
     .help = "an issue without a page becomes one: none, open (open when first seen), all"},
    {.name = "pull_requests", .fallback = "linked", .parse = parse_choice, .at = AT(pull_requests),
     .choices = pulls, .compared = true,
     .help = "none; linked: those with a page; all: also create pages for them"},
    {.name = "notion_filter", .fallback = "", .parse = parse_filter, .compared = true,
     .help = "a Notion query filter as JSON: only pages that match it become issues"},
    {.name = "issue_labels", .fallback = "", .parse = parse_labels, .compared = true,
     .list = true,
     .help = "list of labels: only issues with one of them become pages"},
    {.name = "label_ignore", .fallback = "", .parse = parse_label_ignore, .compared = true,
     .help = "list of globs: labels that are not carried over, as internal/*"},
    {.name = "new_issue_labels", .fallback = "", .parse = parse_new_issue_labels,
     .help = "list of labels: given to issues that are made for pages"},
    {.name = "new_issue_type", .fallback = "", .parse = parse_new_issue_type,
     .help = "issue type: given to issues that are made for pages which name none"},
    {.name = "publish", .fallback = "false", .parse = parse_boolean, .at = AT(publish),
     .compared = true,
     .help = "true: what Notion says may go to a public repository"},
    {.group = "Fields",
     .name = "property_map", .fallback = "", .parse = parse_property_map,
     .list = true,
     .help = "list of: field = Property name (nothing after the first = turns the field off)"},
    {.name = "create_milestones", .fallback = "false", .parse = parse_boolean,
     .at = AT(create_milestones), .compared = true,
     .help = "true: a milestone that GitHub lacks is made there"},
    {.name = "directions", .fallback = "", .parse = parse_directions, .compared = true,
     .list = true,
     .help = "list of: field = both | to_notion | to_github (texts have sync_body)"},
    {.name = "status_map", .fallback = "", .parse = parse_status_map,
     .list = true,
     .help = "list of: Notion status = open | closed | closed:not_planned (after the last =)"},
    {.name = "people_map", .fallback = "", .parse = parse_people_map, .compared = true,
     .list = true,
     .help = "list of: GitHub login = Notion user id or e-mail address"},
    {.group = "Texts and comments",
     .name = "link_comments", .fallback = "all", .parse = parse_choice, .at = AT(link_comments),
     .choices = comments, .compared = true,
     .help = "which issues get the link comment: all, created (by this action), none"},
    {.name = "sync_body", .fallback = "both", .parse = parse_choice, .at = AT(sync_body),
     .choices = bodies, .compared = true,
     .help = "keeps page content and issue text equal: both (ways), to_notion, to_github, none"},
    {.name = "sync_comments", .fallback = "none", .parse = parse_choice,
     .at = AT(sync_comments), .choices = conversations, .compared = true,
     .help = "what people say: none; to_notion (GitHub's comments on the page); both"},
    {.name = "comment_marker", .fallback = "", .parse = parse_comment_marker, .compared = true,
     .help = "a word, as /github: only page comments that begin with it go to GitHub"},
    {.group = "Decisions",
     .name = "on_conflict", .fallback = "github", .parse = parse_choice, .at = AT(on_conflict),
     .choices = policies,
     .help = "whose value wins if both sides changed: github, notion, newest"},
    {.name = "pull_request_done", .fallback = "merge", .parse = parse_choice,
     .at = AT(pull_request_done), .choices = done, .compared = true,
     .help = "a pull request's page set to a closed status: merge, auto_merge, close, none"},
    {.name = "merge_method", .fallback = "squash", .parse = parse_choice, .at = AT(merge_method),
     .choices = methods,
     .help = "squash, merge, rebase"},
    {.name = "on_page_deleted", .fallback = "unlink", .parse = parse_choice,
     .at = AT(on_page_deleted), .choices = page_deleted,
     .help = "unlink (leave the issue, say so in a comment), close (as not planned)"},
    {.name = "on_issue_deleted", .fallback = "unlink", .parse = parse_choice,
     .at = AT(on_issue_deleted), .choices = issue_deleted,
     .help = "unlink (clear GitHub ID), trash"},
    {.group = "Limits",
     .name = "max_deletions", .fallback = "20", .parse = parse_number, .at = AT(max_deletions),
     .min = 0, .max = 1000000,
     .help = "if more links than this would end in one run, the run fails and writes nothing"},
    {.name = "max_changes", .fallback = "0", .parse = parse_number, .at = AT(max_changes),
     .min = 0, .max = 1000000,
     .help = "the same for issues closed, reopened or merged and pages with another status; 0: no limit"},
    {.name = "max_runtime", .fallback = "30", .parse = parse_number, .at = AT(max_runtime),
     .min = 1, .max = 350,
     .help = "minutes after which a run starts nothing new; the next run goes on"},
    {.group = "State, addresses and log",
     .name = "state_ref", .fallback = "", .parse = parse_state_ref,
     .shown = "refs/notion-sync/<id>",
     .help = "git ref of the state, <id>: that of notion_database; or file:FOLDER"},
    {.name = "notion_api_url", .fallback = "https://api.notion.com", .parse = parse_url,
     .at = AT(notion_api_url),
     .help = "other base URL; plain http for loopback hosts only"},
    {.name = "log_level", .fallback = "info", .parse = parse_choice, .at = AT(log_level),
     .choices = log_levels,
     .help = "error, warning, info, debug (RUNNER_DEBUG=1 means debug)"},
    {.group = "On the command line only",
     .name = "json", .fallback = "false", .parse = parse_boolean, .at = AT(json),
     .command_line = true,
     .help = "print the report as JSON on standard output, and nothing else there"},
};
/* clang-format on */

const size_t input_count = sizeof(input_table) / sizeof(input_table[0]);

const char *
input_variable(struct arena *arena, const struct input *input)
{
    char *name = arena_printf(arena, "INPUT_%s", input->name);

    for (char *c = name; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    return name;
}

const char *
input_flag(struct arena *arena, const struct input *input)
{
    char *name = arena_strdup(arena, input->name);

    for (char *c = name; *c != '\0'; c++)
        if (*c == '_')
            *c = '-';
    return name;
}

static const char *
trimmed(struct arena *arena, const char *text)
{
    const char *trim = text != NULL ? text_trim(arena, text, strlen(text)) : "";

    return *trim != '\0' ? trim : NULL;
}

const char *
input_text(const struct input_reader *reader, const struct input *input)
{
    const char *text = trimmed(reader->arena, reader->flags[input - input_table]);

    if (text == NULL && !input->command_line)
        text = trimmed(reader->arena, getenv(input_variable(reader->arena, input)));
    if (text == NULL && input->variable != NULL && !(input->secret && reader->config->in_actions))
        text = trimmed(reader->arena, getenv(input->variable));
    return text != NULL ? text : input->fallback;
}

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_p.h"

#define AT(member) offsetof(struct config, member)

/* clang-format off */
const struct input input_table[] = {
    {.group = "Both sides",
     .name = "notion_token", .parse = parse_secret, .at = AT(notion_token),
     .variable = "NOTION_TOKEN", .required = true, .secret = true,
     .help = "Token of the Notion connection (integration) that you share the database with. "
             "Keep it in a secret. The action masks it in the log."},
    {.name = "notion_database", .parse = parse_database, .at = AT(database), .required = true,
     .help = "Link or id of the database. If the database has several data sources, link or "
             "id of one of them."},
    {.name = "github_token", .parse = parse_secret, .at = AT(github_token),
     .variable = "GITHUB_TOKEN", .shown = "${{ github.token }}", .required = true, .secret = true,
     .help = "Token that reads and writes the repository. The default is the token of the "
             "workflow."},
    {.name = "repository", .parse = parse_repository,
     .variable = "GITHUB_REPOSITORY", .shown = "GITHUB_REPOSITORY", .required = true,
     .help = "Repository to sync, as owner/name or its URL. The default is the repository of "
             "the workflow."},
    {.group = "What a run does",
     .name = "mode", .fallback = "auto", .parse = parse_choice, .at = AT(mode), .choices = "auto full",
     .help = "auto: compare what changed since the last run (everything in the first run). "
             "full: compare everything."},
    {.name = "full_every", .fallback = "24", .parse = parse_number, .at = AT(full_every),
     .min = 0, .max = 8760,
     .help = "Hours after which auto compares everything once; 0: never. Only a full run "
             "finds every page in the trash and every deleted issue."},
    {.name = "dry_run", .fallback = "false", .parse = parse_boolean, .at = AT(dry_run),
     .help = "true: show what a run would do, and write nothing."},
    {.name = "check", .fallback = "false", .parse = parse_boolean, .at = AT(check),
     .help = "true: check the setup instead of syncing, and name the cure of every problem. "
             "Nothing is written."},
    {.group = "What is created, and from what",
     .name = "setup", .fallback = "required", .parse = parse_choice, .at = AT(setup),
     .choices = "none required all", .compared = true,
     .help = "Which missing columns the action adds to the database. required: GitHub ID, "
             "and with it GitHub URL. all: one for each field. none: no column. Existing "
             "columns never change."},
    {.name = "create_issues", .fallback = "open", .parse = parse_create_issues,
     .at = AT(create_issues), .choices = "open all none", .compared = true,
     .help = "Which pages without GitHub ID become issues. open: pages whose status is open, "
             "or that have none. all: every page. none: no page. true and false mean all and "
             "none."},
    {.name = "create_pages", .fallback = "open", .parse = parse_choice, .at = AT(create_pages),
     .choices = "none open all", .compared = true,
     .help = "Which issues without a page become pages. open: issues that are open when the "
             "action first sees them. all: every issue. none: no issue."},
    {.name = "pull_requests", .fallback = "linked", .parse = parse_choice, .at = AT(pull_requests),
     .choices = "none linked all", .compared = true,
     .help = "Which pull requests are synced. linked: those whose number a page has in "
             "GitHub ID. all: these, and the action creates pages for the others as "
             "create_pages says. none: no pull request."},
    {.name = "notion_filter", .fallback = "", .parse = parse_filter, .compared = true,
     .help = "Filter of a Notion query as JSON. Only pages that match it become issues. "
             "Linked pages stay in sync in any case."},
    {.name = "issue_labels", .fallback = "", .parse = parse_labels, .compared = true,
     .list = true,
     .help = "List of labels, one a line. Only issues with one of them become pages. Linked "
             "issues stay in sync in any case."},
    {.name = "issue_filter", .fallback = "", .parse = parse_issue_filter, .compared = true,
     .help = "What an issue or pull request must be to become a page, in words of GitHub's "
             "search, such as -label:wontfix -is:bot. Linked ones stay in sync in any case."},
    {.name = "label_ignore", .fallback = "", .parse = parse_label_ignore, .compared = true,
     .list = true,
     .help = "List of patterns, one a line, such as internal/*. Labels that match stay on "
             "the side that they are on."},
    {.name = "new_issue_labels", .fallback = "", .parse = parse_new_issue_labels,
     .list = true,
     .help = "List of labels, one a line, for issues that the action creates for pages."},
    {.name = "new_issue_type", .fallback = "", .parse = parse_new_issue_type,
     .help = "Issue type for issues that the action creates for pages, if the page names "
             "none."},
    {.name = "publish", .fallback = "false", .parse = parse_boolean, .at = AT(publish),
     .compared = true,
     .help = "In a public repository the action publishes nothing from Notion (titles, text, "
             "names, new issues) until this is true. Private and internal repositories "
             "ignore it."},
    {.group = "Fields",
     .name = "fields", .fallback = "", .parse = parse_fields, .compared = true,
     .list = true,
     .help = "List of Column name = target, one a line, for columns of your own. Targets: "
             "label: group/* (labels: group/* for several), label: name, issue field: Name, "
             "blocked by."},
    {.name = "property_map", .fallback = "", .parse = parse_property_map,
     .list = true,
     .help = "List of field = Column name, one a line, for columns with other names. An "
             "entry without a name turns the field (or column of fields) off."},
    {.name = "create_milestones", .fallback = "false", .parse = parse_boolean,
     .at = AT(create_milestones), .compared = true,
     .help = "true: if a page names a milestone that GitHub lacks, the action creates it."},
    {.name = "directions", .fallback = "", .parse = parse_directions, .compared = true,
     .list = true,
     .help = "List of field (or column of fields) = both, to_notion or to_github, one a line: which way changes "
             "go. sync_body and sync_comments do the same for text and comments."},
    {.name = "status_map", .fallback = "", .parse = parse_status_map,
     .list = true,
     .help = "List of Notion status = open, closed or closed:not_planned, one a line, with + "
             "label: name for a lane of the board. Without it the groups of the status column decide."},
    {.name = "progress_map", .fallback = "", .parse = parse_progress_map, .compared = true,
     .list = true,
     .help = "List of stage = Notion status, one a line: which status a page gets when its pull "
             "requests reach draft, open, changes_requested, approved, merged or closed. Without "
             "it pull requests move no pages."},
    {.name = "task_ids", .fallback = "false", .parse = parse_boolean, .at = AT(task_ids),
     .compared = true,
     .help = "true: a pull request whose title or branch names the ID of a page (TASK-12) "
             "belongs to that page."},
    {.name = "people_map", .fallback = "", .parse = parse_people_map, .compared = true,
     .list = true,
     .help = "List of GitHub login = Notion user id or e-mail address, one a line: for "
             "assignees and mentions. The action leaves other people alone on both sides."},
    {.name = "people_database", .fallback = "", .parse = parse_people_database,
     .at = AT(people_database), .compared = true,
     .help = "Link or id of a Notion database with a column for people and a text column with "
             "their GitHub logins. It says who is who like people_map, which wins."},
    {.group = "Texts and comments",
     .name = "link_comments", .fallback = "all", .parse = parse_choice, .at = AT(link_comments),
     .choices = "all created none", .compared = true,
     .help = "Which issues get one comment with the link of their page. all: every linked "
             "issue. created: issues that the action creates or changes. none: no issue."},
    {.name = "sync_body", .fallback = "both", .parse = parse_choice, .at = AT(sync_body),
     .choices = "both to_notion to_github none", .compared = true,
     .help = "Which way text goes between the description of an issue and the content of its "
             "page: both (ways), to_notion, to_github or none."},
    {.name = "sync_comments", .fallback = "none", .parse = parse_choice,
     .at = AT(sync_comments), .choices = "none to_notion both", .compared = true,
     .help = "Which way people's comments go. none: neither way. to_notion: comments on GitHub "
             "appear on the page. both: every comment on the page also appears on GitHub, "
             "unless comment_marker says which."},
    {.name = "comment_marker", .fallback = "", .parse = parse_comment_marker, .compared = true,
     .help = "A word such as /github. With sync_comments both, only page comments that begin "
             "with it, and answers in a discussion that was carried over, go to GitHub, "
             "without the word."},
    {.group = "Decisions",
     .name = "on_conflict", .fallback = "github", .parse = parse_choice, .at = AT(on_conflict),
     .choices = "github notion newest",
     .help = "Which side wins if both changed the same field: github, notion or newest (the "
             "later edit). The other value stays visible in a comment and in the job "
             "summary."},
    {.name = "pull_request_done", .fallback = "merge", .parse = parse_choice,
     .at = AT(pull_request_done), .choices = "merge auto_merge close none", .compared = true,
     .help = "What happens to a pull request if its page gets a closed status. merge: the "
             "action merges it if GitHub allows that. auto_merge: GitHub merges it as soon "
             "as nothing blocks it. close: it is closed. none: nothing happens."},
    {.name = "merge_method", .fallback = "squash", .parse = parse_choice, .at = AT(merge_method),
     .choices = "squash merge rebase",
     .help = "How the action merges pull requests: squash, merge or rebase."},
    {.name = "on_page_deleted", .fallback = "unlink", .parse = parse_choice,
     .at = AT(on_page_deleted), .choices = "unlink close",
     .help = "What happens to the issue of a deleted page. unlink: it stays, and a comment "
             "says so. close: it is closed as not planned."},
    {.name = "on_issue_deleted", .fallback = "unlink", .parse = parse_choice,
     .at = AT(on_issue_deleted), .choices = "unlink trash",
     .help = "What happens to the page of a deleted issue. unlink: it stays, and its GitHub "
             "ID becomes empty. trash: it moves to the trash."},
    {.group = "Limits",
     .name = "max_deletions", .fallback = "20", .parse = parse_number, .at = AT(max_deletions),
     .min = 0, .max = 1000000,
     .help = "If one run would end more links than this, for whatever reason, it writes "
             "nothing and fails."},
    {.name = "max_changes", .fallback = "0", .parse = parse_number, .at = AT(max_changes),
     .min = 0, .max = 1000000,
     .help = "If one run would close, reopen or merge more issues and pull requests, or "
             "change the status of more pages than this, it writes nothing and fails. 0: no "
             "limit."},
    {.name = "max_runtime", .fallback = "30", .parse = parse_number, .at = AT(max_runtime),
     .min = 1, .max = 350,
     .help = "Minutes after which a run starts nothing new. The next run continues from "
             "there."},
    {.group = "State, addresses and log",
     .name = "state_ref", .fallback = "", .parse = parse_state_ref,
     .shown = "refs/notion-sync/<id>",
     .help = "Git ref that keeps what both sides last agreed on; <id> is the id in "
             "notion_database. Outside Actions also file:FOLDER."},
    {.name = "notion_api_url", .fallback = "https://api.notion.com", .parse = parse_url,
     .at = AT(notion_api_url),
     .help = "Base URL of the Notion API. Plain http is accepted for this machine only."},
    {.name = "log_level", .fallback = "info", .parse = parse_choice, .at = AT(log_level),
     .choices = LOG_LEVELS,
     .help = "How much the log says: error, warning, info or debug. Debug logging of the "
             "runner means debug."},
    {.group = "On the command line only",
     .name = "json", .fallback = "false", .parse = parse_boolean, .at = AT(json),
     .command_line = true,
     .help = "print the report as JSON on standard output, and nothing else there"},
    {.name = "cleanup", .fallback = "false", .parse = parse_boolean, .at = AT(cleanup),
     .command_line = true,
     .help = "the same as the command cleanup"},
    {.name = "yes", .fallback = "false", .parse = parse_boolean, .at = AT(yes),
     .command_line = true,
     .help = "cleanup: remove what the list shows without asking"},
    {.name = "columns", .fallback = "false", .parse = parse_boolean, .at = AT(remove_columns),
     .command_line = true,
     .help = "cleanup: remove the columns of the action, too"},
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

#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "check/check_p.h"

/* Prefixes of tokens: docs.github.com, "About authentication to GitHub", GitHub's token formats. */
static const struct kind {
    const char *prefix, *name;
    bool of_user; /* GitHub reports what its user may do */
} kinds[] = {
    {"ghs_", "the token of a workflow or an app's installation", false},
    {"github_pat_", "a fine-grained personal access token", true},
    {"ghp_", "a personal access token (classic)", true},
    {"gho_", "an OAuth token", true},
    {"ghu_", "a user's token of an app", true},
    {"", "a token of unknown kind", false},
};

static void
needs(struct doc *doc, const struct github_access *access, const struct kind *kind)
{
    if (access->archived) {
        doc_line(doc, MARK_NO, "writing", NULL, "the repository is archived");
        doc_problem(doc, "the repository is archived and cannot be written to: unarchive it under "
                         "Settings, General, Danger Zone");
        return;
    }
    if (kind->of_user && !access->push) {
        doc_line(doc, MARK_NO, "writing", NULL, "its user has no push access");
        doc_problem(doc, "the user of github_token has no push access to the repository: give the "
                         "role Write under Settings, Collaborators and teams");
        return;
    }
    doc_line(doc, kind->of_user ? MARK_YES : MARK_UNKNOWN, "state and merging", NULL,
             kind->of_user ? "its user may push"
                           : "`contents: write`; GitHub does not show this, only a run does");
}

static void
may_edit(struct doc *doc, enum may may, const char *what, const char *permission)
{
    const char *grant = arena_printf(doc->arena, "`%s: write`", permission);

    doc_line(doc,
             may == MAY_YES  ? MARK_YES
             : may == MAY_NO ? MARK_NO
                             : MARK_UNKNOWN,
             what, NULL,
             may == MAY_UNKNOWN ? arena_printf(doc->arena, "%s; there is none to ask about", grant)
                                : grant);
    if (may == MAY_NO)
        doc_problem(doc,
                    "the token may not edit %s: add %s under `permissions:` in the "
                    "workflow (a fork's or Dependabot's event, or a policy of the "
                    "organization, can make the token read-only anyway), or "
                    "give it to the token in github_token",
                    what, grant);
}

static void
check_workflow(struct doc *doc, struct gather *gather)
{
    /* "octo/hello/.github/workflows/sync.yml@refs/heads/main"; docs.github.com, "Variables
     * reference". */
    const char *ref = gather->config->workflow_ref != NULL ? gather->config->workflow_ref : "";
    const char *path = arena_strndup(doc->arena, ref, strcspn(ref, "@"));
    const char *slash = strrchr(path, '/');
    const char *file = slash != NULL ? slash + 1 : path;
    const char *state = NULL;

    if (*path == '\0')
        return;
    if (!github_workflow_state(gather->github, file, doc->arena, &state, NULL)) {
        doc_line(
            doc, MARK_UNKNOWN, "schedule", file,
            "asking for it needs `actions: read`; GitHub turns schedules off after 60 quiet days");
        return;
    }
    doc_line(doc, strcmp(state, "active") == 0 ? MARK_YES : MARK_NO, "schedule", file, state);
    if (strcmp(state, "active") != 0)
        doc_problem(doc,
                    "the workflow %s is turned off (%s): turn it on under Actions, its "
                    "name, Enable workflow; GitHub turns scheduled workflows of public "
                    "repositories off after 60 days without activity",
                    file, state);
}

/* Texts that the state held before and must not hold any longer stay on GitHub for a while. */
static void
check_history(struct doc *doc, const struct gather *gather)
{
    static const char readable[] = "old commits may still be readable by their ids until GitHub "
                                   "removes them, which its support does on request";
    char time[CLOCK_TEXT_SIZE];

    if (gather->restarts) {
        doc_line(doc, MARK_WARNING, "history", NULL,
                 arena_printf(doc->arena,
                              "the state holds text from Notion, and anybody can read it: the "
                              "next run begins a new history without them; %s",
                              readable));
    } else if (gather->known.restarted != 0) {
        clock_format(gather->known.restarted, time);
        doc_line(doc, MARK_NONE, "history", NULL,
                 arena_printf(doc->arena, "begun again on %.10s without text from Notion; %s", time,
                              readable));
    }
}

bool
check_github(struct doc *doc, struct gather *gather)
{
    const struct kind *kind = kinds;
    const struct github_overview *overview = &gather->overview;
    struct github_access access;
    bool held;
    struct err err;

    while (strncmp(gather->config->github_token, kind->prefix, strlen(kind->prefix)) != 0)
        kind++;
    doc_section(doc, "GitHub", NULL, NULL, NULL);
    doc_line(doc, MARK_NONE, "token", NULL, kind->name);
    if (!gather_open(gather, &held, &err))
        return doc_failed(doc, "reading the repository", &err);
    doc_line(doc, MARK_YES, "acts as", overview->viewer, NULL);
    doc_line(doc, MARK_YES, "repository", overview->repository, "can be read");
    if (!github_read_access(gather->github, &access, &err))
        return doc_failed(doc, "permissions", &err);
    needs(doc, &access, kind);
    if (!access.archived) {
        may_edit(doc, access.issues, "issues", "issues");
        may_edit(doc, access.pulls, "pull requests", "pull-requests");
    }
    doc_line(doc, MARK_NONE, "state", overview->state_ref,
             overview->state_commit != NULL ? "there is one" : "none yet: the first run makes it");
    check_history(doc, gather);
    check_workflow(doc, gather);
    return true;
}

static bool
has(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (utf8_casecmp(names[i], name) == 0)
            return true;
    return false;
}

void
check_newborn(struct doc *doc, struct gather *gather)
{
    const struct config *config = gather->config;
    const char *type = config->new_issue_type;
    struct choices choices;
    struct err err;

    if (config->n_new_issue_labels == 0 && type == NULL)
        return;
    doc_section(doc, "Issues for pages get", NULL, NULL, NULL);
    if (!github_read_choices(gather->github, true, doc->arena, &choices, &err)) {
        (void)doc_failed(doc, "labels and issue types", &err);
        return;
    }
    for (size_t i = 0; i < config->n_new_issue_labels; i++) {
        const char *label = config->new_issue_labels[i];
        bool there = has(choices.labels, choices.n_labels, label);

        doc_line(doc, there ? MARK_YES : MARK_UNKNOWN, "label", label,
                 there ? NULL : "GitHub does not have it: it makes it with the first issue");
    }
    if (type == NULL)
        return;
    doc_line(doc, has(choices.types, choices.n_types, type) ? MARK_YES : MARK_NO, "type", type,
             NULL);
    if (!has(choices.types, choices.n_types, type))
        doc_problem(doc,
                    "new_issue_type: the owner of the repository has no issue type "
                    "\"%s\": add it in the organization's settings (Planning, Issue "
                    "types), correct the input, or take it out",
                    type);
}

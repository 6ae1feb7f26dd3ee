#include "base/utf8.h"
#include "check/check_p.h"

/* new_issue_labels and new_issue_type. */

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

#include <string.h>

#include "base/utf8.h"
#include "gather/gather_p.h"
#include "model/status.h"

/* Wrong settings that stop nothing. A run that looked fine would hide them forever. */

/* A word of issue_filter names something that the repository lacks. */
static void
tell_word(struct gather *gather, const struct issue_term *term, const char *what, const char *word,
          const char *value, const char *near, const char *cure)
{
    gather_warn(gather,
                "issue_filter: %s has no %s \"%s\", so %s%s:%s %s%s%s%s: "
                "correct the word, or take it out%s",
                gather->overview.repository, what, value, term->negated ? "-" : "", word, value,
                term->negated ? "leaves nothing out" : "fits no issue",
                near != NULL ? " (did you mean \"" : "", near != NULL ? near : "",
                near != NULL ? "\"?)" : "", cure);
}

/* The term of issue_filter that names the label. NULL: issue_labels names it. */
static const struct issue_term *
term_of(const struct config *config, const char *label)
{
    const struct issue_filter *filter = config->issue_filter;

    for (size_t i = 0; filter != NULL && i < filter->n_terms; i++)
        for (size_t k = 0; filter->terms[i].trait == TRAIT_LABEL && k < filter->terms[i].n_values;
             k++)
            if (filter->terms[i].values[k] == label)
                return &filter->terms[i];
    return NULL;
}

static void
tell_labels(struct gather *gather)
{
    const struct github_overview *overview = &gather->overview;

    for (size_t i = 0; i < overview->n_no_labels; i++) {
        const char *label = overview->no_labels[i];
        const struct issue_term *term = term_of(gather->config, label);

        const char *near = overview->near_labels[i];

        if (term == NULL)
            gather_warn(gather,
                        "issue_labels: the repository has no label \"%s\", so no issue "
                        "gets a page for it. %s%s%sCorrect the entry, or make the label.",
                        label, near != NULL ? "Did you mean \"" : "", near != NULL ? near : "",
                        near != NULL ? "\"? " : "");
        else
            tell_word(gather, term, "label", "label", label, near, ", or make the label");
    }
}

static void
tell_type(struct gather *gather, const struct issue_term *term, const char *type)
{
    const struct github_overview *overview = &gather->overview;
    struct nearest nearest = nearest_to(type);

    for (size_t i = 0; i < overview->n_types; i++) {
        if (utf8_casecmp(overview->types[i], type) == 0)
            return;
        nearest_offer(&nearest, overview->types[i]);
    }
    tell_word(gather, term, "issue type", "type", type, nearest.name,
              overview->n_types > 0 ? ""
                                    : ", or add issue types in the settings of the organization");
}

void
gather_tell_inputs(struct gather *gather)
{
    const struct config *config = gather->config;
    const struct issue_filter *filter = config->issue_filter;

    tell_labels(gather);
    for (size_t i = 0; filter != NULL && i < filter->n_terms; i++)
        for (size_t k = 0; filter->terms[i].trait == TRAIT_TYPE && k < filter->terms[i].n_values;
             k++)
            tell_type(gather, &filter->terms[i], filter->terms[i].values[k]);
    if (config->comment_marker != NULL && config->sync_comments != SYNC_COMMENTS_BOTH)
        gather_warn(gather, "comment_marker says which comments of a page go to GitHub, but none "
                            "goes: set sync_comments to both, or take comment_marker out");
}

static void
tell_status(struct gather *gather)
{
    if (gather->columns.no_closed)
        gather_warn(gather,
                    "no option of the status means closed, so closed issues look open in Notion: "
                    "put an option into the group Complete, or name one in status_map "
                    "(\"OPTION = closed\")");
    if (gather->columns.no_open)
        gather_warn(gather,
                    "no option of the status means open, so open issues look closed in Notion: "
                    "name one in status_map (\"OPTION = open\")");
}

void
gather_note_status(struct gather *gather)
{
    const struct rules *rules = &gather->rules;
    bool matters = rules->on[FIELD_STATUS] && rules->direction[FIELD_STATUS] != TO_GITHUB;

    gather->columns.no_closed =
        matters && status_option_for(&rules->status, STATUS_CLOSED, NULL) == NULL;
    gather->columns.no_open =
        matters && status_option_for(&rules->status, STATUS_OPEN, NULL) == NULL;
    tell_status(gather);
}

void
gather_tell_mistakes(struct gather *gather)
{
    if (!gather->bound && !gather->config->properties[FIELD_STATUS].off)
        tell_status(gather);
}

void
gather_check_filter(struct gather *gather, const struct schema *schema, struct buf *problems)
{
    const char *filter = gather->config->notion_filter;
    const char *name = filter != NULL ? notion_filter_unknown(filter, schema, gather->arena) : NULL;

    if (name != NULL)
        gather_problem(problems,
                       "notion_filter does not fit the database: it has no "
                       "column %s%s",
                       gather_column_name(gather, name, "a column"),
                       gather_near_property(gather, schema, name));
}

/* The page of any link, or NULL. */
static const char *
any_page(struct gather *gather)
{
    struct issue_entry *const *numbers;
    struct link link;
    size_t n;

    numbers = world_issues(gather->world, &n);
    for (size_t i = 0; i < n; i++)
        if (reconcile_link(gather->world, &gather->rules, numbers[i], &link))
            return link.page_id;
    return NULL;
}

/* Whether this pass read comments of a page. */
static bool
has_read(const struct gather *gather)
{
    for (size_t i = 0; i < gather->n_talks; i++)
        if (gather->talks[i]->read[SIDE_NOTION])
            return true;
    return false;
}

bool
gather_note_comments(struct gather *gather, bool full, struct err *err)
{
    const char *page = full && !has_read(gather) ? any_page(gather) : NULL;
    const struct remark *remarks;
    size_t n;

    if (has_read(gather)) {
        gather->columns.no_comments = false;
    } else if (page != NULL) {
        bool read = notion_read_comments(gather->notion, page, gather->arena, &remarks, &n, err);

        if (!read && err->kind >= ERR_STOPPED && err->kind != ERR_ACCESS)
            return false;
        gather->columns.no_comments = !read && err->kind == ERR_ACCESS;
        err_clear(err);
    }
    if (gather->columns.no_comments)
        gather_warn(gather,
                    "sync_comments is on, but the connection may not read comments, so none is "
                    "copied: give it the capabilities \"Read comments\" and \"Insert comments\" "
                    "(notion.so/developers, the connection's Configuration)");
    return true;
}

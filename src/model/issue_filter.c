#include "model/issue_filter.h"

#include <string.h>

#include "base/utf8.h"
#include "model/lens.h"
#include "model/status.h"

#define BOT "[bot]"

enum answer { NO, YES, UNTOLD };

static enum answer
answer_of(bool yes)
{
    return yes ? YES : NO;
}

static bool
names(const struct issue_term *term, const char *text)
{
    for (size_t i = 0; i < term->n_values; i++)
        if (utf8_casecmp(term->values[i], text) == 0)
            return true;
    return false;
}

static enum answer
text_has(const struct issue_term *term, const struct value *value)
{
    if (value->kind != VALUE_TEXT)
        return UNTOLD;
    return answer_of(term->n_values == 0 ? *value->text != '\0' : names(term, value->text));
}

static enum answer
set_has(const struct issue_term *term, const struct value *set)
{
    if (set->kind != VALUE_SET)
        return UNTOLD;
    for (size_t i = 0; i < set->len; i++)
        if (term->n_values == 0 || names(term, set->items[i]))
            return YES;
    return NO;
}

/* The length of a login without "[bot]"; *bot: whether it ends in "[bot]". */
static size_t
stem_of(const char *login, bool *bot)
{
    size_t length = strlen(login);
    size_t suffix = sizeof(BOT) - 1;

    *bot = length > suffix && strcmp(login + length - suffix, BOT) == 0;
    return *bot ? length - suffix : length;
}

static bool
same_login(const char *wanted, const struct issue *issue)
{
    bool wants_bot, suffixed;
    size_t wanted_length = stem_of(wanted, &wants_bot);
    size_t length = stem_of(issue->author, &suffixed);

    if (wants_bot != (issue->bot || suffixed) || wanted_length != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (utf8_fold((unsigned char)wanted[i]) != utf8_fold((unsigned char)issue->author[i]))
            return false;
    return true;
}

static bool
is_by(const struct issue_term *term, const struct issue *issue)
{
    for (size_t i = 0; i < term->n_values; i++)
        if (same_login(term->values[i], issue))
            return true;
    return false;
}

static enum answer
is_closed(const struct issue *issue)
{
    const struct value *status = value_of(&issue->values, FIELD_STATUS);

    return status->kind == VALUE_TEXT ? answer_of(status_is_closed(status->text)) : UNTOLD;
}

static enum answer
has_trait(const struct issue_term *term, const struct issue *issue)
{
    enum answer closed;

    switch (term->trait) {
    case TRAIT_LABEL:
        return set_has(term, lens_labels(&issue->values));
    case TRAIT_ASSIGNEE:
        return set_has(term, value_of(&issue->values, FIELD_ASSIGNEES));
    case TRAIT_MILESTONE:
        return text_has(term, value_of(&issue->values, FIELD_MILESTONE));
    case TRAIT_TYPE:
        /* Pull requests have none. */
        return issue->is_pull ? NO : text_has(term, value_of(&issue->values, FIELD_ISSUE_TYPE));
    case TRAIT_AUTHOR:
        return answer_of(is_by(term, issue));
    case TRAIT_CREATED:
        return issue->created_at == 0
                   ? UNTOLD
                   : answer_of(issue->created_at >= term->from && issue->created_at < term->until);
    case TRAIT_ISSUE:
        return answer_of(!issue->is_pull);
    case TRAIT_PULL:
        return answer_of(issue->is_pull);
    case TRAIT_CLOSED:
        return is_closed(issue);
    case TRAIT_OPEN:
        closed = is_closed(issue);
        return closed == UNTOLD ? UNTOLD : answer_of(closed == NO);
    case TRAIT_MERGED:
        return answer_of(issue_pull(issue)->merged);
    case TRAIT_DRAFT:
        return answer_of(issue_pull(issue)->draft);
    case TRAIT_BOT:
        return answer_of(issue->bot);
    }
    return UNTOLD;
}

bool
issue_filter_matches(const struct issue_filter *filter, const struct issue *issue)
{
    for (size_t i = 0; i < filter->n_terms; i++)
        if (has_trait(&filter->terms[i], issue) != (filter->terms[i].negated ? NO : YES))
            return false;
    return true;
}

struct field_set
issue_filter_needs(const struct issue_filter *filter, bool *bots)
{
    struct field_set fields = {{0}};

    *bots = false;
    for (size_t i = 0; i < filter->n_terms; i++) {
        enum trait trait = filter->terms[i].trait;

        *bots = *bots || trait == TRAIT_BOT || trait == TRAIT_AUTHOR;
        if (trait == TRAIT_ASSIGNEE)
            field_set_add(&fields, FIELD_ASSIGNEES);
        if (trait == TRAIT_MILESTONE)
            field_set_add(&fields, FIELD_MILESTONE);
        if (trait == TRAIT_TYPE)
            field_set_add(&fields, FIELD_ISSUE_TYPE);
    }
    return fields;
}

#include "model/issue_field.h"

#include "base/utf8.h"

const char *
issue_field_type_name(enum issue_field_type type)
{
    static const char *const names[] = {
        [ISSUE_FIELD_TEXT] = "text",
        [ISSUE_FIELD_NUMBER] = "number",
        [ISSUE_FIELD_DATE] = "date",
        [ISSUE_FIELD_SELECT] = "single select",
        [ISSUE_FIELD_MULTI_SELECT] = "multi select",
        [ISSUE_FIELD_OTHER] = "unknown",
    };

    return names[type];
}

const struct issue_field *
issue_field_find(const struct issue_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->n; i++)
        if (utf8_casecmp(fields->items[i].name, name) == 0)
            return &fields->items[i];
    return NULL;
}

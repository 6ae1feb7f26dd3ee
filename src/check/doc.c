#include "check/doc.h"

#include "base/json.h"
#include "base/utf8.h"
#include "report/markdown.h"

/* The most characters in a cell. */
#define CELL_CUT ((size_t)600)

#define GREEN  "\033[32m"
#define RED    "\033[31m"
#define YELLOW "\033[33m"
#define BOLD   "\033[1m"
#define RESET  "\033[0m"

void
doc_free(struct doc *doc)
{
    for (size_t i = 0; i < doc->sections.len; i++)
        vec_free(&doc->sections.items[i].rows);
    vec_free(&doc->sections);
    vec_free(&doc->problems);
}

void
doc_section(struct doc *doc, const char *title, const char *a, const char *b, const char *c)
{
    const struct doc_section section = {.title = title, .heads = {a, b, c}};

    vec_push(&doc->sections, section);
}

void
doc_row(struct doc *doc, enum mark mark, struct doc_cell a, struct doc_cell b, struct doc_cell c)
{
    const struct doc_row row = {mark, {a, b, c}};

    vec_push(&doc->sections.items[doc->sections.len - 1].rows, row);
}

void
doc_line(struct doc *doc, enum mark mark, const char *what, const char *foreign, const char *remark)
{
    doc_row(doc, mark, OWN(what), FOREIGN(arena_strdup(doc->arena, foreign)), OWN(remark));
}

void
doc_problem(struct doc *doc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vec_push(&doc->problems, arena_vprintf(doc->arena, format, args));
    va_end(args);
}

bool
doc_failed(struct doc *doc, const char *what, const struct err *err)
{
    doc_line(doc, MARK_NO, what, NULL, "see the problems");
    doc_problem(doc, "%s", err->text);
    return false;
}

static void
put_cell(struct buf *out, const struct doc_cell *cell, enum quoting how)
{
    if (cell->text == NULL)
        return;
    if (cell->foreign)
        report_quote(out, cell->text, CELL_CUT, how);
    else
        buf_str(out, cell->text);
}

static size_t
column_width(const struct doc_section *section, size_t column)
{
    size_t width = section->heads[column] != NULL ? utf8_length(section->heads[column]) : 0;
    struct buf text;

    buf_init(&text, 4000);
    for (size_t i = 0; i < section->rows.len; i++) {
        size_t cell;

        buf_clear(&text);
        put_cell(&text, &section->rows.items[i].cells[column], QUOTE_PLAIN);
        cell = utf8_length(buf_text(&text));
        width = cell > width ? cell : width;
    }
    buf_release(&text);
    return width < 60 ? width : 60;
}

static void
plain_row(struct buf *out, const struct doc_row *row, const size_t width[DOC_COLUMNS], bool colour)
{
    static const char *const signs[] = {" ", "✓", "✗", "?", "!"};
    static const char *const colours[] = {"", GREEN, RED, YELLOW, YELLOW};

    buf_printf(out, "  %s%s%s ", colour ? colours[row->mark] : "", signs[row->mark],
               colour ? RESET : "");
    for (size_t i = 0; i < DOC_COLUMNS; i++) {
        size_t start = out->len;

        put_cell(out, &row->cells[i], QUOTE_PLAIN);
        if (i + 1 < DOC_COLUMNS)
            do
                buf_char(out, ' ');
            while (utf8_length(out->data + start) < width[i] + 2);
    }
    while (out->len > 0 && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    buf_char(out, '\n');
}

void
doc_plain(struct buf *out, const struct doc *doc, bool colour)
{
    for (size_t i = 0; i < doc->sections.len; i++) {
        const struct doc_section *section = &doc->sections.items[i];
        const struct doc_row heads = {.cells = {{section->heads[0], false},
                                                {section->heads[1], false},
                                                {section->heads[2], false}}};
        size_t width[DOC_COLUMNS];

        if (section->rows.len == 0 && section->intro == NULL)
            continue;
        for (size_t column = 0; column < DOC_COLUMNS; column++)
            width[column] = column_width(section, column);
        buf_printf(out, "%s%s%s%s\n", i > 0 ? "\n" : "", colour ? BOLD : "", section->title,
                   colour ? RESET : "");
        if (section->intro != NULL)
            buf_printf(out, "    %s\n", section->intro);
        if (section->heads[0] != NULL)
            plain_row(out, &heads, width, colour);
        for (size_t k = 0; k < section->rows.len; k++)
            plain_row(out, &section->rows.items[k], width, colour);
    }
    if (doc->next != NULL)
        buf_printf(out, "\n%sNext step:%s %s\n", colour ? BOLD : "", colour ? RESET : "",
                   doc->next);
}

static void
markdown_row(struct buf *out, const struct doc_row *row)
{
    static const char *const signs[] = {"", "✅", "❌", "❔", "⚠️"};

    buf_printf(out, "| %s |", signs[row->mark]);
    for (size_t i = 0; i < DOC_COLUMNS; i++) {
        buf_char(out, ' ');
        put_cell(out, &row->cells[i], QUOTE_CELL);
        buf_str(out, " |");
    }
    buf_char(out, '\n');
}

static void
markdown_section(struct buf *out, const struct doc_section *section)
{
    if (section->rows.len == 0 && section->intro == NULL)
        return;
    buf_printf(out, "### %s\n\n", section->title);
    if (section->intro != NULL)
        buf_printf(out, "%s.\n\n", section->intro);
    if (section->rows.len == 0)
        return;
    buf_str(out, "| |");
    for (size_t i = 0; i < DOC_COLUMNS; i++)
        buf_printf(out, " %s |", section->heads[i] != NULL ? section->heads[i] : "");
    buf_str(out, "\n|-|-|-|-|\n");
    for (size_t i = 0; i < section->rows.len; i++)
        markdown_row(out, &section->rows.items[i]);
    buf_char(out, '\n');
}

void
doc_verdict(struct buf *out, const struct doc *doc)
{
    size_t problems = doc->problems.len;
    size_t warnings = doc->warnings.n;

    if (problems == 0)
        buf_str(out, "the check found no problem");
    else
        buf_printf(out, "the check found %zu problem%s", problems, problems == 1 ? "" : "s");
    if (warnings > 0)
        buf_printf(out, ", %zu warning%s", warnings, warnings == 1 ? "" : "s");
}

void
doc_markdown(struct buf *out, const struct doc *doc)
{
    bool folded = false;

    buf_str(out, "## Notion sync: ");
    doc_verdict(out, doc);
    buf_str(out, "\n\n");
    report_sayings(out, "CAUTION", (struct sayings){doc->problems.items, doc->problems.len});
    report_sayings(out, "WARNING", doc->warnings);
    report_sayings(out, "NOTE", doc->notes);
    for (size_t i = 0; i < doc->sections.len; i++)
        if (doc->sections.items[i].open)
            markdown_section(out, &doc->sections.items[i]);
    for (size_t i = 0; i < doc->sections.len; i++)
        if (!doc->sections.items[i].open) {
            buf_str(out, folded ? "" : "<details><summary>What was looked at</summary>\n\n");
            markdown_section(out, &doc->sections.items[i]);
            folded = true;
        }
    buf_str(out, folded ? "</details>\n\n" : "");
    buf_str(out, "Nothing was written.\n");
    if (doc->next != NULL)
        buf_printf(out, "\n**Next step:** %s\n", doc->next);
}

static struct json_object *
row_json(const struct doc_row *row)
{
    static const char *const marks[] = {"none", "yes", "no", "unknown", "warning"};
    struct json_object *cells = json_new_array();

    for (size_t i = 0; i < DOC_COLUMNS; i++)
        json_push(cells, json_new_text(row->cells[i].text));
    return json_add(json_add_string(json_new_object(), "mark", marks[row->mark]), "cells", cells);
}

char *
doc_json(const struct doc *doc, int exit_status)
{
    struct json_object *json = json_new_object();
    struct json_object *sections = json_new_array();

    for (size_t i = 0; i < doc->sections.len; i++) {
        const struct doc_section *section = &doc->sections.items[i];
        struct json_object *rows = json_new_array();

        for (size_t k = 0; k < section->rows.len; k++)
            json_push(rows, row_json(&section->rows.items[k]));
        json_push(sections, json_add(json_add_string(json_add_string(json_new_object(), "title",
                                                                     section->title),
                                                     "intro", section->intro),
                                     "rows", rows));
    }
    json_add_string(json, "program", "notion-sync " NOTION_SYNC_VERSION);
    json_add_string(json, "command", "check");
    json_add_int(json, "exit_status", exit_status);
    json_add(json, "problems", json_new_texts(doc->problems.items, doc->problems.len));
    json_add(json, "warnings", json_new_texts(doc->warnings.items, doc->warnings.n));
    json_add(json, "notes", json_new_texts(doc->notes.items, doc->notes.n));
    json_add(json, "sections", sections);
    json_add_string(json, "next_step", doc->next);
    return json_finish(doc->arena, json);
}

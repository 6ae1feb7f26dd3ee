#include "markdown/printer.h"

static void
print_row(struct block_printer *printer, const struct node *row, size_t columns)
{
    const struct node *cell = row != NULL ? row->first : NULL;

    block_mark(printer, "|");
    for (size_t i = 0; i < columns; i++) {
        const char *text = cell != NULL ? print_cell(printer->arena, printer->dialect, cell) : "";

        buf_char(&printer->out, ' ');
        buf_str(&printer->out, text);
        buf_str(&printer->out, text[0] != '\0' ? " |" : "|");
        cell = cell != NULL ? cell->next : NULL;
    }
}

static void
print_alignment(struct block_printer *printer, const struct node *table, size_t columns)
{
    const char *alignment = table->text != NULL ? table->text : "";

    block_mark(printer, "|");
    for (size_t i = 0; i < columns; i++) {
        char how = *alignment;

        alignment += how != '\0';
        if (printer->dialect == MARKDOWN_NOTION)
            how = '-';
        buf_str(&printer->out, how == 'l'   ? " :-- |"
                               : how == 'c' ? " :-: |"
                               : how == 'r' ? " --: |"
                                            : " --- |");
    }
}

static void
print_tagged_table(struct block_printer *printer, const struct node *table)
{
    block_open_tag(printer, "table", table->attrs != NULL ? table->attrs : " header-row=\"false\"");
    for (const struct node *row = table->first; row != NULL; row = row->next) {
        block_put(printer, "\n");
        block_open_tag(printer, "tr", row->attrs);
        for (const struct node *cell = row->first; cell != NULL; cell = cell->next) {
            const char *name = cell->header ? "th" : "td";

            block_put(printer, "\n");
            block_open_tag(printer, name, cell->attrs);
            block_put(printer, print_tagged_cell(printer->arena, cell));
            block_close_tag(printer, name);
        }
        block_put(printer, "\n");
        block_close_tag(printer, "tr");
    }
    block_put(printer, "\n");
    block_close_tag(printer, "table");
}

void
block_table(struct block_printer *printer, const struct node *table)
{
    size_t columns = node_columns(table);
    const struct node *row = table->first;
    bool headed = row != NULL && row->header;

    if (printer->dialect == MARKDOWN_NOTION && (table->attrs != NULL || !headed)) {
        print_tagged_table(printer, table);
        return;
    }
    print_row(printer, headed ? row : NULL, columns);
    block_put(printer, "\n");
    print_alignment(printer, table, columns);
    for (row = headed ? row->next : row; row != NULL; row = row->next) {
        block_put(printer, "\n");
        print_row(printer, row, columns);
    }
}

#include "markdown/reader.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "markdown/mention.h"
#include "markdown/parser.h"

#include <cmark-gfm-core-extensions.h>

static bool
is_type(cmark_node *from, const char *name)
{
    return strcmp(cmark_node_get_type_string(from), name) == 0;
}

static const char *
text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static const char *
copy(const struct reader *reader, const char *text)
{
    return source_restore(&reader->source, text_or_empty(text));
}

/* Text in one line: an entity may encode a line end. */
static char *
one_line(char *text)
{
    for (char *at = text; (at = strpbrk(at, "\n\r")) != NULL;)
        *at = ' ';
    return text;
}

static struct node *
make_table(struct reader *reader, cmark_node *from)
{
    struct node *node = node_new(reader->arena, NODE_TABLE);
    size_t columns = cmark_gfm_extensions_get_table_columns(from);
    const uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(from);
    char *text = arena_alloc(reader->arena, columns + 1);

    for (size_t i = 0; i < columns; i++)
        text[i] = alignments != NULL && alignments[i] != 0 ? (char)alignments[i] : '-';
    node->text = text;
    return node;
}

static struct node *
make_link(struct reader *reader, cmark_node *from, enum node_kind kind)
{
    struct node *node = node_new(reader->arena, kind);
    char *url = source_restore_address(&reader->source, text_or_empty(cmark_node_get_url(from)));
    char *to = url;

    /* Browsers read an address without these; entities may encode them. */
    for (const char *at = url; *at != '\0'; at++)
        if (strchr("\t\n\r", *at) == NULL)
            *to++ = *at;
    while (to > url && to[-1] == ' ')
        to--;
    *to = '\0';
    node->url = url + strspn(url, " ");
    node->title = one_line(
        source_restore_address(&reader->source, text_or_empty(cmark_node_get_title(from))));
    return node;
}

static struct node *
make_extension(struct reader *reader, cmark_node *from)
{
    struct node *node;

    if (is_type(from, "table"))
        return make_table(reader, from);
    if (is_type(from, "strikethrough"))
        return node_new(reader->arena, NODE_STRIKE);
    if (is_type(from, "table_cell"))
        return node_new(reader->arena, NODE_CELL);
    if (!is_type(from, "table_row") && !is_type(from, "table_header"))
        return NULL;
    node = node_new(reader->arena, NODE_ROW);
    node->header = is_type(from, "table_header");
    return node;
}

/* The node of what holds others, or NULL. */
static struct node *
make_container(struct reader *reader, cmark_node *from)
{
    struct node *node;

    switch (cmark_node_get_type(from)) {
    case CMARK_NODE_BLOCK_QUOTE:
        return node_new(reader->arena, NODE_QUOTE);
    case CMARK_NODE_LIST:
        node = node_new(reader->arena, NODE_LIST);
        node->ordered = cmark_node_get_list_type(from) == CMARK_ORDERED_LIST;
        node->level = node->ordered ? cmark_node_get_list_start(from) : 0;
        return node;
    case CMARK_NODE_ITEM:
        node = node_new(reader->arena, NODE_ITEM);
        if (is_type(from, "tasklist"))
            node->task =
                cmark_gfm_extensions_get_tasklist_item_checked(from) ? TASK_DONE : TASK_OPEN;
        return node;
    case CMARK_NODE_PARAGRAPH:
        return node_new(reader->arena, NODE_PARAGRAPH);
    case CMARK_NODE_HEADING:
        node = node_new(reader->arena, NODE_HEADING);
        node->level = cmark_node_get_heading_level(from);
        return node;
    case CMARK_NODE_FOOTNOTE_DEFINITION:
        return node_new(reader->arena, NODE_FOOTNOTE);
    case CMARK_NODE_EMPH:
        return node_new(reader->arena, NODE_EM);
    case CMARK_NODE_STRONG:
        return node_new(reader->arena, NODE_STRONG);
    case CMARK_NODE_LINK:
        return make_link(reader, from, NODE_LINK);
    case CMARK_NODE_IMAGE:
        return make_link(reader, from, NODE_IMAGE);
    default:
        return make_extension(reader, from);
    }
}

static void
add_code_block(struct reader *reader, cmark_node *from)
{
    const char *text = copy(reader, cmark_node_get_literal(from));
    const char *info = copy(reader, cmark_node_get_fence_info(from));
    size_t length = strlen(text);
    struct node *node = node_new(reader->arena, NODE_CODE_BLOCK);

    /* The last line's break is the fence's. */
    node->text = arena_strndup(reader->arena, text,
                               length > 0 && text[length - 1] == '\n' ? length - 1 : length);
    node->url = arena_strndup(reader->arena, info, strcspn(info, " \t\n\r"));
    /* Dollars would end the formula in Notion, so it is shown as it is written. */
    if (reader->dialect == MARKDOWN_GITHUB && strcmp(node->url, "math") == 0 &&
        strstr(node->text, "$$") == NULL)
        node->kind = NODE_EQUATION;
    reader_add(reader, node);
}

static void
add_leaf(struct reader *reader, cmark_node *from)
{
    struct node *node;

    switch (cmark_node_get_type(from)) {
    case CMARK_NODE_CODE_BLOCK:
        add_code_block(reader, from);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        reader_add(reader, node_new(reader->arena, NODE_RULE));
        break;
    case CMARK_NODE_TEXT:
        reader_text(reader, one_line(arena_strdup(reader->arena, cmark_node_get_literal(from))));
        break;
    case CMARK_NODE_CODE:
        reader_add(reader,
                   node_text(reader->arena, NODE_CODE, copy(reader, cmark_node_get_literal(from))));
        break;
    case CMARK_NODE_SOFTBREAK:
        /* GitHub shows the line breaks of issues as they were written. */
        reader_add(reader, node_new(reader->arena,
                                    reader->dialect == MARKDOWN_GITHUB ? NODE_HARD : NODE_SOFT));
        break;
    case CMARK_NODE_LINEBREAK:
        reader_add(reader, node_new(reader->arena, NODE_HARD));
        break;
    case CMARK_NODE_FOOTNOTE_REFERENCE:
        node = node_new(reader->arena, NODE_REFERENCE);
        node->level = (int)strtol(cmark_node_get_literal(from), NULL, 10);
        reader_add(reader, node);
        break;
    default:
        break;
    }
}

/* The line of the original that a line of the prepared text comes from. */
static size_t
original_line(const struct reader *reader, int line)
{
    size_t count = reader->source.origin.len;

    if (line < 1 || count == 0)
        return 1;
    return reader->source.origin.items[(size_t)line <= count ? (size_t)line - 1 : count - 1];
}

/* The original text of a token may have several lines. */
static size_t
original_end(const struct reader *reader, int line)
{
    size_t first = original_line(reader, line);
    size_t next = line >= 0 && (size_t)line < reader->source.origin.len
                      ? reader->source.origin.items[line] - 1
                      : reader->source.lines;

    return next > first ? next : first;
}

/* The parser does not count the line in which a comment, a script or the like ends. */
static int
end_line(cmark_node *from)
{
    int line = cmark_node_get_start_line(from) - 1;

    if (cmark_node_get_type(from) != CMARK_NODE_HTML_BLOCK)
        return cmark_node_get_end_line(from);
    for (const char *at = cmark_node_get_literal(from); *at != '\0'; at++)
        line += *at == '\n' || at[1] == '\0';
    return line;
}

static void
enter(struct reader *reader, cmark_node *from)
{
    struct node *node = make_container(reader, from);

    if (node != NULL) {
        /* A paragraph directly above a table has no lines: the parser counts them as the
         * table's. */
        cmark_node *lines = cmark_node_get_start_line(from) == 0 && cmark_node_next(from) != NULL
                                ? cmark_node_next(from)
                                : from;

        node->line = original_line(reader, cmark_node_get_start_line(lines));
        node->end_line = original_end(reader, cmark_node_get_end_line(lines));
        /* The parser returns notes last, wherever they are. */
        if (node->kind == NODE_FOOTNOTE)
            reader_close_tags(reader);
        reader_open(reader, OWNER_PARSER, NULL, node);
        cmark_node_set_user_data(from, node);
        return;
    }
    if (cmark_node_get_type(from) == CMARK_NODE_HTML_BLOCK ||
        cmark_node_get_type(from) == CMARK_NODE_HTML_INLINE) {
        const char *html = cmark_node_get_literal(from);
        bool block = cmark_node_get_type(from) == CMARK_NODE_HTML_BLOCK;

        if (reader->dialect == MARKDOWN_GITHUB)
            github_html(reader, copy(reader, html), block);
        else
            notion_html(reader, html, block);
    } else {
        add_leaf(reader, from);
    }
}

static bool
is_open(const struct reader *reader, const struct node *node)
{
    for (size_t i = 1; i < reader->frames.len; i++)
        if (reader->frames.items[i].node == node)
            return true;
    return false;
}

static void
build(struct reader *reader, struct node *document, cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);
    cmark_event_type event;

    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *from = cmark_iter_get_node(iter);
        struct node *node, *before = document->last;
        bool top = cmark_node_parent(from) == root &&
                   cmark_node_get_type(from) != CMARK_NODE_FOOTNOTE_DEFINITION;

        if (from == root)
            continue;
        /* A tag that was opened earlier continues up to here. */
        if (top && before != NULL && is_open(reader, before))
            before->end_line = original_end(reader, end_line(from));
        if (event == CMARK_EVENT_ENTER)
            enter(reader, from);
        else if (cmark_node_get_user_data(from) != NULL)
            reader_close_parser(reader);
        /* Blocks without lines of their own (from HTML, from leaves) take the parser's. */
        node = !top ? NULL : before != NULL ? before->next : document->first;
        for (; node != NULL; node = node->next) {
            if (node->line != 0)
                continue;
            node->line = original_line(reader, cmark_node_get_start_line(from));
            node->end_line = original_end(reader, end_line(from));
        }
    }
    cmark_iter_free(iter);
}

static void
github_source(struct reader *reader, const char *text)
{
    struct source_lines lines = source_split(reader->arena, text);
    struct fence fence = {0};

    reader->source.lines = lines.len;
    for (size_t i = 0; i < lines.len;) {
        if (source_fenced(&fence, lines.items[i]))
            source_add_raw(&reader->source, lines.items[i].text, lines.items[i].length, i + 1);
        else if (source_equation(&reader->source, &lines, &i, false))
            continue;
        else
            source_add(&reader->source, lines.items[i], i + 1);
        i++;
    }
    vec_free(&lines);
}

struct node *
read_tree(struct arena *arena, enum markdown_dialect dialect, const char *text)
{
    struct reader reader = {.arena = arena, .dialect = dialect, .depth = 1};
    struct node *document = node_new(arena, NODE_DOCUMENT);
    bool github = dialect == MARKDOWN_GITHUB;
    struct parsed parsed;

    source_init(&reader.source, arena);
    if (github)
        github_source(&reader, text);
    else
        notion_source(&reader, text);
    parser_run(&parsed, buf_text(&reader.source.text), reader.source.text.len,
               github ? CMARK_OPT_FOOTNOTES : CMARK_OPT_DEFAULT, github);
    cmark_consolidate_text_nodes(parsed.root);
    vec_push(&reader.frames, (struct frame){.node = document, .owner = OWNER_PARSER});
    build(&reader, document, parsed.root);
    for (size_t i = reader.frames.len; github && i > 1; i--)
        if (strcmp(reader.frames.items[i - 1].name, "details") == 0)
            document->text = arena_printf(arena, "%s\n\n</details>",
                                          document->text != NULL ? document->text : "");
    reader_close_parser(&reader);
    mentions_join(arena, document);
    parser_done(&parsed);
    vec_free(&reader.frames);
    source_release(&reader.source);
    return document;
}

/* What would end an HTML block that the parser ends only with the text or the block around it;
 * NULL: its own end is there, or a blank line ends it. https://github.github.com/gfm/#html-blocks
 */
static const char *
missing_end(const char *html)
{
    static const char *const kinds[][2] = {
        {"<!--", "-->"}, {"<?", "?>"}, {"<![CDATA[", "]]>"}, {"<!", ">"}};
    static const char *const tags[] = {"</pre>", "</script>", "</style>"};
    const char *missing = NULL;

    html += strspn(html, " ");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strncmp(html, kinds[i][0], strlen(kinds[i][0])) == 0)
            return strstr(html, kinds[i][1]) == NULL ? kinds[i][1] : NULL;
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        size_t length = strlen(tags[i]) - 3;

        if (strcasestr(html, tags[i]) != NULL)
            return NULL;
        if (strncasecmp(html + 1, tags[i] + 2, length) == 0 &&
            strchr(" \t\n>", html[1 + length]) != NULL)
            missing = tags[i];
    }
    return missing;
}

char *
read_closed(struct arena *arena, const char *github, bool top)
{
    struct reader reader = {.arena = arena, .dialect = MARKDOWN_GITHUB};
    struct source_lines lines;
    struct parsed parsed;
    cmark_iter *iter;
    struct buf out;

    if (strchr(github, '<') == NULL)
        return arena_strdup(arena, github);
    lines = source_split(arena, github);
    source_init(&reader.source, arena);
    github_source(&reader, github);
    parser_run(&parsed, buf_text(&reader.source.text), reader.source.text.len, CMARK_OPT_FOOTNOTES,
               true);
    iter = cmark_iter_new(parsed.root);
    buf_init(&out, SIZE_MAX / 4);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        const char *missing, *end;
        size_t line;

        if (cmark_node_get_type(node) != CMARK_NODE_HTML_BLOCK ||
            (top && cmark_node_parent(node) != parsed.root))
            continue;
        missing = missing_end(cmark_node_get_literal(node));
        line = original_end(&reader, end_line(node));
        while (line > 1 && source_is_blank(lines.items[line - 1]))
            line--;
        end = lines.items[line - 1].raw_end;
        if (missing == NULL || end < github)
            continue;
        buf_add(&out, github, (size_t)(end - github));
        buf_printf(&out, "%s%s", missing[1] == '/' ? "" : " ", missing);
        github = end;
    }
    buf_str(&out, github);
    cmark_iter_free(iter);
    parser_done(&parsed);
    source_release(&reader.source);
    vec_free(&lines);
    if (top && strcasestr(buf_text(&out), "<details") != NULL) {
        const struct node *document = read_tree(arena, MARKDOWN_GITHUB, buf_text(&out));

        buf_str(&out, document->text != NULL ? document->text : "");
    }
    return buf_take(&out, arena);
}

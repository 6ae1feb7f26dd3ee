#include <ctype.h>
#include <string.h>

#include "base/url.h"
#include "markdown/printer.h"

/* The text that GitHub itself turns into this link: its address, an e-mail address, or one that
 * begins with "www."; NULL: the link needs Markdown. */
static const char *
own_address(const struct node *node)
{
    const struct node *text = node->first;
    const char *url = node->url;

    if (text == NULL || text->next != NULL || text->kind != NODE_TEXT ||
        (node->title != NULL && node->title[0] != '\0'))
        return NULL;
    /* "mailto:" and "http://" are of one length. */
    if ((strncmp(url, "mailto:", 7) == 0 && strchr(url, '@') != NULL) ||
        (strncmp(url, "http://www.", 11) == 0 && strncmp(text->text, "www.", 4) == 0))
        url += 7;
    else if (url_web(url) == 0)
        return NULL;
    return strcmp(text->text, url) == 0 ? url : NULL;
}

/* Whether the bare address, in its place, is read as exactly this link. */
static bool
is_bare(const struct inline_printer *printer, const struct node *node, const char *address)
{
    const char *host = strstr(address, "://");
    uint32_t before = inline_last_point(printer->out.data, printer->out.len);
    uint32_t after = inline_next_point(node);
    size_t length;

    if ((before != ' ' && before != '\n' && before != '(') ||
        (after != ' ' && after != '\n' && after != '.' && after != ','))
        return false;
    host = host != NULL                   ? host + 3
           : strchr(address, '@') != NULL ? strchr(address, '@') + 1
                                          : address;
    length = strcspn(host, "/?#");
    if (memchr(host, '.', length) == NULL || memchr(host, '_', length) != NULL ||
        !isalnum((unsigned char)host[0]) || !isalnum((unsigned char)address[0]))
        return false;
    for (const char *at = address; *at != '\0'; at++)
        if (!isalnum((unsigned char)*at) && strchr("/:.?=&%#+-@,_", *at) == NULL)
            return false;
    length = strlen(address);
    return isalpha((unsigned char)address[length - 1]) ||
           (strchr(address, '@') == NULL &&
            (isdigit((unsigned char)address[length - 1]) || address[length - 1] == '/'));
}

static void
print_title(struct inline_printer *printer, const char *title)
{
    if (printer->dialect != MARKDOWN_GITHUB || title == NULL || title[0] == '\0')
        return;
    buf_str(&printer->out, " \"");
    for (; *title != '\0'; title++) {
        if (*title == '"' || *title == '\\')
            buf_char(&printer->out, '\\');
        buf_char(&printer->out, *title);
        if (*title == '&' && escape_is_entity(title))
            buf_str(&printer->out, "amp;");
    }
    buf_char(&printer->out, '"');
}

void
inline_link(struct inline_printer *printer, const struct node *node, bool image)
{
    bool link = printer->link;
    const char *address =
        image || link || printer->dialect != MARKDOWN_GITHUB ? NULL : own_address(node);

    if (address != NULL && is_bare(printer, node, address)) {
        buf_str(&printer->out, address);
        return;
    }
    buf_str(&printer->out, image ? "![" : "[");
    printer->link = true;
    inline_children(printer, node);
    printer->link = link;
    buf_str(&printer->out, "](");
    escape_url(&printer->out, printer->dialect, node->url != NULL ? node->url : "");
    print_title(printer, node->title);
    buf_char(&printer->out, ')');
}

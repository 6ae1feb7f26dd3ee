#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/url.h"
#include "http/http_p.h"

/* This file uses libcurl's own parser throughout, so the URL that is checked is the one that is
 * connected to. */
static CURLU *
url_parse(const char *url)
{
    CURLU *parsed = curl_url();

    if (parsed == NULL)
        mem_exhausted(0);
    if (curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK)
        return parsed;
    curl_url_cleanup(parsed);
    return NULL;
}

/* Returns a part as a heap string in lower case, NULL if the URL does not have it. */
static char *
url_part(CURLU *parsed, CURLUPart part)
{
    char *value = NULL;
    char *copy;

    if (curl_url_get(parsed, part, &value, CURLU_DEFAULT_PORT) != CURLUE_OK)
        return NULL;
    copy = mem_strdup(value);
    curl_free(value);
    for (char *c = copy; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 32);
    return copy;
}

static bool
url_has(CURLU *parsed, CURLUPart part)
{
    char *value = url_part(parsed, part);
    bool has = value != NULL;

    free(value);
    return has;
}

char *
http_url_host(const char *url)
{
    CURLU *parsed = url_parse(url);
    char *host = NULL;

    if (parsed != NULL)
        host = url_part(parsed, CURLUPART_HOST);
    curl_url_cleanup(parsed);
    return host;
}

char *
http_url_origin(const char *url)
{
    CURLU *parsed = url_parse(url);
    char *scheme;
    char *host;
    char *port;
    struct buf origin;

    if (parsed == NULL)
        return NULL;
    buf_init(&origin, 4096);
    scheme = url_part(parsed, CURLUPART_SCHEME);
    host = url_part(parsed, CURLUPART_HOST);
    port = url_part(parsed, CURLUPART_PORT);
    if (scheme != NULL && host != NULL && port != NULL &&
        (strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0) &&
        !url_has(parsed, CURLUPART_USER) && !url_has(parsed, CURLUPART_PASSWORD) &&
        !buf_printf(&origin, "%s://%s:%s", scheme, host, port))
        buf_release(&origin);
    free(scheme);
    free(host);
    free(port);
    curl_url_cleanup(parsed);
    return origin.data;
}

char *
http_url_resolve(const char *base, const char *reference)
{
    CURLU *parsed = url_parse(base);
    char *value = NULL;
    char *copy = NULL;

    if (parsed == NULL)
        return NULL;
    if (curl_url_set(parsed, CURLUPART_URL, reference, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_URL, &value, 0) == CURLUE_OK) {
        copy = mem_strdup(value);
        curl_free(value);
    }
    curl_url_cleanup(parsed);
    return copy;
}

bool
http_url_allowed(const char *url, struct err *err)
{
    char *origin;

    if (!url_allowed(url, err))
        return false;
    origin = http_url_origin(url);
    if (origin == NULL)
        return err_set(err, ERR_INPUT, "a well-formed URL such as https://api.example.com");
    free(origin);
    return true;
}

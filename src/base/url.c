#include "base/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

/* The longest name of the domain name system is 253 characters (RFC 1035, 2.3.4). */
#define URL_HOST_SIZE 256

#define URL_DIGITS "0123456789"
#define URL_NAME   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" URL_DIGITS "-._"

bool
url_split(const char *text, struct url *url)
{
    size_t scheme = strcspn(text, ":/?#");
    const char *at = text + scheme + strlen("://");
    const char *end;

    *url = (struct url){.scheme = {text, scheme}};
    if (strncmp(text + scheme, "://", strlen("://")) != 0)
        return false;
    url->path = at + strcspn(at, "/?#");
    for (end = at; end < url->path; end++)
        if (*end == '@')
            url->user = (struct url_part){at, (size_t)(end - at)};
    if (url->user.at != NULL)
        at += url->user.length + 1;
    end = at + strcspn(at, *at == '[' ? "]/?#" : ":/?#");
    if (*end == ']')
        end++;
    if (*end == ':')
        url->port = (struct url_part){end + 1, (size_t)(url->path - end) - 1};
    else
        end = url->path;
    url->host = (struct url_part){at, (size_t)(end - at)};
    return true;
}

bool
url_part_is(const struct url_part *part, const char *word)
{
    return part->length == strlen(word) && strncasecmp(part->at, word, part->length) == 0;
}

size_t
url_web(const char *text)
{
    size_t secure = strncmp(text, "https://", strlen("https://")) == 0;

    return secure || strncmp(text, "http://", strlen("http://")) == 0 ? strlen("http://") + secure
                                                                      : 0;
}

static bool
url_is_ip6(const char *host, struct in6_addr *address)
{
    char plain[INET6_ADDRSTRLEN];
    size_t length = strlen(host);

    if (host[0] != '[' || length < 3 || length - 2 >= sizeof(plain) || host[length - 1] != ']')
        return false;
    memcpy(plain, host + 1, length - 2);
    plain[length - 2] = '\0';
    return inet_pton(AF_INET6, plain, address) == 1;
}

static bool
url_port_valid(const struct url_part *port)
{
    long number = 0;

    for (size_t i = 0; i < port->length; i++) {
        if (port->at[i] < '0' || port->at[i] > '9' || i == 5)
            return false;
        number = number * 10 + (port->at[i] - '0');
    }
    return port->at == NULL || (number >= 1 && number <= 65535);
}

/* An @ is legal there, but it is more likely the end of a password with an unencoded slash in
 * it. */
static bool
url_path_valid(const char *at)
{
    if (*at != '\0' && *at != '/')
        return false;
    for (; *at != '\0'; at++)
        if (*at <= ' ' || *at > '~' || strchr("@?#\\\"<>^`{|}", *at) != NULL)
            return false;
    return true;
}

bool
url_host_is_loopback(const char *host)
{
    struct in_addr ip4;
    struct in6_addr ip6;

    if (strcasecmp(host, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, host, &ip4) == 1)
        return ntohl(ip4.s_addr) >> 24 == 127;
    return url_is_ip6(host, &ip6) && IN6_IS_ADDR_LOOPBACK(&ip6);
}

bool
url_allowed(const char *url, struct err *err)
{
    char host[URL_HOST_SIZE] = "";
    struct url parts;

    if (url_split(url, &parts) && parts.host.length < sizeof(host))
        memcpy(host, parts.host.at, parts.host.length);
    if (*host != '\0' && parts.user.at == NULL &&
        (host[strspn(host, URL_NAME)] == '\0' || url_is_ip6(host, &(struct in6_addr){0})) &&
        url_port_valid(&parts.port) && url_path_valid(parts.path) &&
        (url_part_is(&parts.scheme, "https") ||
         (url_part_is(&parts.scheme, "http") && url_host_is_loopback(host))))
        return true;
    return err_set(err, ERR_INPUT,
                   "an https URL, or an http URL of a loopback host (localhost, 127.0.0.0/8, "
                   "[::1]), without credentials, query or fragment");
}

char *
url_encode(struct arena *arena, const char *text, const char *keep)
{
    static const char hex[] = "0123456789ABCDEF";
    char *encoded = arena_alloc(arena, 3 * strlen(text) + 1);
    char *out = encoded;

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (strchr(URL_NAME "~", c) != NULL || strchr(keep, c) != NULL) {
            *out++ = (char)c;
            continue;
        }
        *out++ = '%';
        *out++ = hex[c >> 4];
        *out++ = hex[c & 15];
    }
    *out = '\0';
    return encoded;
}

#include "base/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

/* The longest name of the domain name system is 253 characters (RFC 1035, 2.3.4). */
#define URL_HOST_SIZE 256

#define URL_DIGITS "0123456789"
#define URL_NAME   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" URL_DIGITS "-._"

struct url {
    bool secure;
    char host[URL_HOST_SIZE]; /* an IPv6 address in its brackets */
};

static bool
url_read_scheme(const char **at, struct url *url)
{
    static const char secure[] = "https://";
    static const char plain[] = "http://";

    url->secure = strncasecmp(*at, secure, sizeof(secure) - 1) == 0;
    if (!url->secure && strncasecmp(*at, plain, sizeof(plain) - 1) != 0)
        return false;
    *at += url->secure ? sizeof(secure) - 1 : sizeof(plain) - 1;
    return true;
}

static bool
url_is_ip6(const char *host, struct in6_addr *address)
{
    char plain[INET6_ADDRSTRLEN];
    size_t length = strlen(host);

    if (host[0] != '[' || length < 3 || length - 2 >= sizeof(plain))
        return false;
    memcpy(plain, host + 1, length - 2);
    plain[length - 2] = '\0';
    return inet_pton(AF_INET6, plain, address) == 1;
}

static bool
url_read_host(const char **at, struct url *url)
{
    bool ip6 = **at == '[';
    const char *end = ip6 ? strchr(*at, ']') : *at + strspn(*at, URL_NAME);
    size_t length;

    if (end == NULL)
        return false;
    length = (size_t)(end - *at) + ip6;
    if (length == 0 || length >= sizeof(url->host))
        return false;
    memcpy(url->host, *at, length);
    url->host[length] = '\0';
    *at += length;
    return !ip6 || url_is_ip6(url->host, &(struct in6_addr){0});
}

static bool
url_read_port(const char **at)
{
    size_t length;
    long port = 0;

    if (**at != ':')
        return true;
    (*at)++;
    length = strspn(*at, URL_DIGITS);
    if (length == 0 || length > 5)
        return false;
    for (; length > 0; length--)
        port = port * 10 + (*(*at)++ - '0');
    return port >= 1 && port <= 65535;
}

/* An @ is legal there, but is more likely the end of a password with an unencoded slash in it. */
static bool
url_read_path(const char *at)
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
    struct url parts = {0};
    const char *at = url;

    if (url_read_scheme(&at, &parts) && url_read_host(&at, &parts) && url_read_port(&at) &&
        url_read_path(at) && (parts.secure || url_host_is_loopback(parts.host)))
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

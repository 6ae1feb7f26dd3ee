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
    bool ip6; /* host was in brackets */
    char host[URL_HOST_SIZE];
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
url_read_host(const char **at, struct url *url)
{
    size_t length;

    url->ip6 = **at == '[';
    if (url->ip6)
        (*at)++;
    length = url->ip6 ? strcspn(*at, "]") : strspn(*at, URL_NAME);
    if (length == 0 || length >= sizeof(url->host))
        return false;
    memcpy(url->host, *at, length);
    url->host[length] = '\0';
    *at += length;
    if (!url->ip6)
        return true;
    return *(*at)++ == ']' && inet_pton(AF_INET6, url->host, &(struct in6_addr){0}) == 1;
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

static bool
url_is_loopback(const struct url *url)
{
    struct in_addr ip4;
    struct in6_addr ip6;

    if (url->ip6)
        return inet_pton(AF_INET6, url->host, &ip6) == 1 && IN6_IS_ADDR_LOOPBACK(&ip6);
    if (strcasecmp(url->host, "localhost") == 0)
        return true;
    return inet_pton(AF_INET, url->host, &ip4) == 1 && ntohl(ip4.s_addr) >> 24 == 127;
}

bool
url_allowed(const char *url, struct err *err)
{
    struct url parts = {0};
    const char *at = url;

    if (url_read_scheme(&at, &parts) && url_read_host(&at, &parts) && url_read_port(&at) &&
        url_read_path(at) && (parts.secure || url_is_loopback(&parts)))
        return true;
    return err_set(err, ERR_INPUT,
                   "an https URL, or an http URL of a loopback host (localhost, 127.0.0.0/8, "
                   "[::1]), without credentials, query or fragment");
}

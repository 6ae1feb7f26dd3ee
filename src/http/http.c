#include "http/http.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/url.h"
#include "http/http_p.h"

/* Connections kept open: more than the requests that a pass has under way. */
#define HTTP_CONNECTIONS 16L

/* Places where various systems keep the certificate authorities, for a libcurl that was built
 * elsewhere. */
static const char *const http_bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt", /* Debian, Alpine */
    "/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora */
    "/etc/ssl/ca-bundle.pem",             /* openSUSE */
    "/etc/ssl/cert.pem",                  /* OpenSSL's own */
};

static const char *
http_find_bundle(const char *ca_file)
{
    const char *built_in = curl_version_info(CURLVERSION_NOW)->cainfo;
    const char *environment = getenv("SSL_CERT_FILE");

    if (ca_file != NULL)
        return ca_file;
    if (environment != NULL && *environment != '\0')
        return environment;
    if (built_in != NULL && access(built_in, R_OK) == 0)
        return NULL;
    for (size_t i = 0; i < sizeof(http_bundles) / sizeof(http_bundles[0]); i++)
        if (access(http_bundles[i], R_OK) == 0)
            return http_bundles[i];
    return NULL;
}

static void
http_free(struct http *http)
{
    curl_multi_cleanup(http->multi);
    pthread_mutex_destroy(&http->lock);
    pthread_cond_destroy(&http->changed);
    free(http->user_agent);
    free(http->ca_file);
    free(http);
}

struct http *
http_start(const char *user_agent, const char *ca_file, int64_t deadline, struct err *err)
{
    const char *bundle;
    struct http *http;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        err_set(err, ERR_NETWORK, "libcurl or its TLS library does not start");
        return NULL;
    }
    http = mem_alloc(sizeof(*http));
    bundle = http_find_bundle(ca_file);
    http->user_agent = mem_strdup(user_agent);
    http->ca_file = mem_strdup(bundle);
    http->deadline = deadline;
    pthread_mutex_init(&http->lock, NULL);
    pthread_cond_init(&http->changed, NULL);
    http->multi = curl_multi_init();
    if (http->multi == NULL)
        mem_exhausted(0);
    curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, HTTP_CONNECTIONS);
    if (loop_start(http, err))
        return http;
    http_free(http);
    curl_global_cleanup();
    return NULL;
}

void
http_stop(struct http *http)
{
    if (http == NULL)
        return;
    loop_stop(http);
    while (http->services != NULL) {
        struct http_service *service = http->services;

        http->services = service->next;
        free(service->authorization);
        free(service->origin);
        free(service->host);
        arena_free(service->arena);
    }
    http_free(http);
    curl_global_cleanup();
}

void
http_set_deadline(struct http *http, int64_t deadline)
{
    pthread_mutex_lock(&http->lock);
    http->deadline = deadline;
    pthread_mutex_unlock(&http->lock);
}

void
http_hurry(struct http *http, int64_t ms)
{
    pthread_mutex_lock(&http->lock);
    http->deadline = clock_now() + ms;
    http->cut_off = clock_real() + ms + ms / 8;
    pthread_mutex_unlock(&http->lock);
}

static bool
http_header_valid(const char *text)
{
    for (; *text != '\0'; text++)
        if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7f)
            return false;
    return true;
}

static bool
http_token_valid(const char *service, const char *authorization, struct err *err)
{
    if (authorization == NULL || http_header_valid(authorization))
        return true;
    return err_set(err, ERR_INPUT,
                   "the token for %s holds a line break or another control character: enter it "
                   "without",
                   service);
}

static bool
http_config_valid(const struct http_service_config *config, struct err *err)
{
    if (!http_url_allowed(config->base_url, err))
        return err_context(err, "the base URL of %s must be", config->name);
    if (!http_token_valid(config->name, config->authorization, err))
        return false;
    for (size_t i = 0; config->headers != NULL && config->headers[i] != NULL; i++)
        if (!http_header_valid(config->headers[i]))
            return err_set(err, ERR_INPUT, "a header for %s holds a control character",
                           config->name);
    return true;
}

static char *
http_authorization_line(const char *value)
{
    static const char name[] = "Authorization: ";

    return value != NULL ? strcat(strcpy(mem_alloc(sizeof(name) + strlen(value)), name), value)
                         : NULL;
}

struct http_service *
http_service_new(struct http *http, const struct http_service_config *config, struct err *err)
{
    struct http_service *service;
    struct arena *arena;
    size_t length, n_headers = 0;

    if (!http_config_valid(config, err))
        return NULL;
    arena = arena_new();
    service = arena_alloc(arena, sizeof(*service));
    service->arena = arena;
    service->http = http;
    service->name = arena_strdup(arena, config->name);
    length = strlen(config->base_url);
    while (length > 0 && config->base_url[length - 1] == '/')
        length--;
    service->base_url = arena_strndup(arena, config->base_url, length);
    service->origin = http_url_origin(service->base_url);
    service->host = http_url_host(service->base_url);
    service->loopback = service->host != NULL && url_host_is_loopback(service->host);
    while (config->headers != NULL && config->headers[n_headers] != NULL)
        n_headers++;
    service->headers = arena_array(arena, n_headers + 1, sizeof(*service->headers));
    for (size_t i = 0; i < n_headers; i++)
        service->headers[i] = arena_strdup(arena, config->headers[i]);
    service->authorization = http_authorization_line(config->authorization);
    service->write_spacing = config->write_spacing;
    service->max_in_flight = config->max_in_flight > 0 ? config->max_in_flight : 1;
    service->classify = config->classify;
    service->lead = config->with != NULL ? config->with->lead : service;
    service->patience = config->patience;
    service->held_until = service->write_from = service->news_from = INT64_MIN;
    service->slowed_until = INT64_MIN;
    service->stats = (struct http_stats){.limit = -1, .remaining = -1, .reset = -1};
    pthread_mutex_lock(&http->lock);
    service->next = http->services;
    http->services = service;
    pthread_mutex_unlock(&http->lock);
    return service;
}

bool
http_service_authorize(struct http_service *service, const char *authorization, struct err *err)
{
    if (!http_token_valid(service->name, authorization, err))
        return false;
    free(service->authorization);
    service->authorization = http_authorization_line(authorization);
    return true;
}

void
http_answer_release(struct http_answer *answer)
{
    buf_release(&answer->body);
    free(answer->location);
    free(answer->link_next);
    free(answer->permissions);
    *answer = (struct http_answer){0};
}

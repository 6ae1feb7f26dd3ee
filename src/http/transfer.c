#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "http/http_p.h"

#if LIBCURL_VERSION_NUM < 0x075500
#error "libcurl 7.85 or newer is needed"
#endif

#define TRANSFER_CONNECT_MS ((long)15 * 1000)
#define TRANSFER_WHOLE_MS   ((long)60 * 1000)
#define TRANSFER_IDLE_S     30L
#define TRANSFER_ANSWER_MAX ((size_t)16 * 1024 * 1024)

static const char *const transfer_methods[] = {
    [HTTP_GET] = "GET",     [HTTP_POST] = "POST",     [HTTP_PUT] = "PUT",
    [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
};

const char *
transfer_method(enum http_method method)
{
    return transfer_methods[method];
}

static size_t
transfer_on_header(char *line, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;

    if (head_line(&transfer->head, line, size * count))
        return size * count;
    transfer->too_large = true;
    return 0;
}

static size_t
transfer_on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;

    if (buf_add(&transfer->body, bytes, size * count))
        return size * count;
    transfer->too_large = true;
    return 0;
}

/*
 * libcurl calls this each time before it sends the request. It sends a request again by itself,
 * with any method, if a reused connection ends before the first byte of an answer (HTTP/1.1 and
 * HTTP/2 alike). The server may have done the work before it hung up, so a request that must not be
 * done twice ends here instead, and so does one that must keep its distance from the previous one.
 * The alternative, a new connection for each request, would cost a TLS handshake each.
 */
static int
transfer_on_send(void *context, char *remote, char *local, int remote_port, int local_port)
{
    struct transfer *transfer = context;

    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    if (transfer->once && transfer->sends > 0)
        return CURL_PREREQFUNC_ABORT;
    transfer->sends++;
    return CURL_PREREQFUNC_OK;
}

static void
transfer_line(struct transfer *transfer, const char *line)
{
    struct curl_slist *lines = curl_slist_append(transfer->lines, line);

    if (lines == NULL)
        mem_exhausted(0);
    transfer->lines = lines;
}

static void
transfer_set_lines(struct transfer *transfer, const struct http_service *service,
                   const struct http_request *request)
{
    for (char **header = service->headers; *header != NULL; header++)
        if (request->accept == NULL || strncasecmp(*header, "Accept:", 7) != 0)
            transfer_line(transfer, *header);
    if (request->accept != NULL) {
        struct buf accept;

        buf_init(&accept, 4096);
        buf_printf(&accept, "Accept: %s", request->accept);
        transfer_line(transfer, buf_text(&accept));
        buf_release(&accept);
    }
    if (service->authorization != NULL)
        transfer_line(transfer, service->authorization);
    transfer_line(transfer,
                  request->body != NULL ? "Content-Type: application/json" : "Content-Type:");
    /* No waiting for "100 Continue" before a large body. */
    transfer_line(transfer, "Expect:");
}

#define SET(option, value) (curl_easy_setopt(easy, CURLOPT_##option, (value)) == CURLE_OK)

static bool
transfer_set_method(CURL *easy, const struct http_request *request)
{
    const char *body = request->body != NULL ? request->body : "";

    if (request->method == HTTP_GET)
        return SET(HTTPGET, 1L);
    if ((request->body != NULL || request->method != HTTP_DELETE) &&
        !(SET(POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body)) && SET(POSTFIELDS, body)))
        return false;
    return SET(CUSTOMREQUEST, transfer_methods[request->method]);
}

bool
transfer_init(struct transfer *transfer, const struct http_service *service,
              const struct http_request *request, const char *url)
{
    const char *ca_file = service->http->ca_file;
    CURL *easy = curl_easy_init();

    *transfer = (struct transfer){.easy = easy,
                                  .once = request->safety == RETRY_LOOK_FIRST ||
                                          (request->writes && service->write_spacing > 0)};
    pthread_cond_init(&transfer->ended, NULL);
    buf_init(&transfer->body, request->max_answer > 0 ? request->max_answer : TRANSFER_ANSWER_MAX);
    if (easy == NULL)
        mem_exhausted(0);
    transfer_set_lines(transfer, service, request);
    /* It does no harm if a libcurl without HTTP/2 or zlib refuses these options. */
    (void)SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    /* Without TLS there is no HTTP/2 to wait for, and libcurl would wait for a whole answer. */
    (void)SET(PIPEWAIT, strncmp(service->origin, "https:", 6) == 0 ? 1L : 0L);
    (void)SET(ACCEPT_ENCODING, "");
    (void)SET(NOSIGNAL, 1L);
    (void)SET(CONNECTTIMEOUT_MS, TRANSFER_CONNECT_MS);
    (void)SET(TIMEOUT_MS, TRANSFER_WHOLE_MS);
    (void)SET(MAXAGE_CONN, TRANSFER_IDLE_S);
    return SET(URL, url) && SET(USERAGENT, service->http->user_agent) &&
           SET(HTTPHEADER, transfer->lines) && transfer_set_method(easy, request) &&
           SET(PRIVATE, transfer) && SET(ERRORBUFFER, transfer->detail) &&
           SET(HEADERFUNCTION, transfer_on_header) && SET(HEADERDATA, transfer) &&
           SET(WRITEFUNCTION, transfer_on_body) && SET(WRITEDATA, transfer) &&
           SET(PREREQFUNCTION, transfer_on_send) && SET(PREREQDATA, transfer) &&
           SET(PROTOCOLS_STR, "http,https") && SET(FOLLOWLOCATION, 0L) && SET(SSL_VERIFYPEER, 1L) &&
           SET(SSL_VERIFYHOST, 2L) && SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           SET(SUPPRESS_CONNECT_HEADERS, 1L) && (ca_file == NULL || SET(CAINFO, ca_file)) &&
           (!service->loopback || SET(PROXY, ""));
}

void
transfer_release(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->lines);
    head_release(&transfer->head);
    buf_release(&transfer->body);
    pthread_cond_destroy(&transfer->ended);
}

bool
transfer_sent(const struct transfer *transfer)
{
    return transfer->sends > 0;
}

bool
transfer_whole(const struct transfer *transfer)
{
    return transfer->code == CURLE_OK && transfer->head.complete;
}

bool
transfer_hopeless(const struct transfer *transfer)
{
    switch (transfer->code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_FAILED_INIT:
    case CURLE_NOT_BUILT_IN:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return !transfer_sent(transfer);
    default:
        return false;
    }
}

/* Why there was no answer, apart from time. */
static const char *
transfer_broken(const struct transfer *transfer, char *text, size_t size)
{
    const char *detail =
        transfer->detail[0] != '\0' ? transfer->detail : curl_easy_strerror(transfer->code);

    switch (transfer->code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "could not resolve host (is the network up?)";
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "could not resolve the proxy (check https_proxy)";
    case CURLE_COULDNT_CONNECT:
        return "could not connect (is the service up, and does no firewall forbid it?)";
    case CURLE_PROXY:
        return "the proxy refused (check https_proxy and no_proxy)";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        snprintf(
            text, size,
            "its certificate cannot be trusted: %s (SSL_CERT_FILE may name a PEM file with the "
            "certificate authorities to trust)",
            detail);
        return text;
    case CURLE_SSL_CACERT_BADFILE:
        return "the certificate authorities cannot be read (SSL_CERT_FILE may name a PEM file)";
    case CURLE_SSL_CONNECT_ERROR:
        snprintf(text, size, "no TLS connection: %s (TLS 1.2 or newer is needed)", detail);
        return text;
    case CURLE_ABORTED_BY_CALLBACK:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        if (transfer_sent(transfer))
            return "the connection ended before the answer came";
        snprintf(text, size, "no connection: %s (is a proxy in between?)", detail);
        return text;
    default:
        snprintf(text, size, "%s", curl_easy_strerror(transfer->code));
        return text;
    }
}

const char *
transfer_fault(const struct transfer *transfer, char *text, size_t size)
{
    if (transfer->interrupted)
        return "the run was interrupted before the answer came";
    if (transfer->timed_out || transfer->code == CURLE_OPERATION_TIMEDOUT)
        return transfer_sent(transfer) ? "no whole answer within 60 s"
                                       : "could not connect in time (is a firewall in between?)";
    if (transfer->head.complete)
        return "the answer was cut";
    return transfer_broken(transfer, text, size);
}

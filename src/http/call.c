#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/url.h"
#include "http/http_p.h"

#define CALL_REDIRECTS 3
/* How long to leave a service alone that asks to wait but does not say how long (ms). */
#define CALL_HOLD ((int64_t)60 * 1000)

/* One http_call on its way. */
struct call {
    struct http_service *service;
    const struct http_request *request;
    char *url;
    int redirects;
    int sends;   /* in all tries */
    int limited; /* answers that asked to wait */
    int failed;  /* other answers that were not final */
    struct transfer transfer;
    struct retry_seen seen;
    struct retry_verdict verdict;
};

static const char *
call_what(const struct call *call)
{
    return call->request->what != NULL ? call->request->what : "a request";
}

static bool
call_same_origin(const struct call *call, const char *url)
{
    char *origin = http_url_origin(url);
    bool same = origin != NULL && strcmp(origin, call->service->origin) == 0;

    free(origin);
    return same;
}

static bool
call_set_url(struct call *call, struct err *err)
{
    const char *path = call->request->path;
    const char *base = call->service->base_url;
    struct url url;

    if (url_split(path, &url)) {
        call->url = mem_strdup(path);
    } else if (*path == '/' || *path == '\0') {
        call->url = mem_alloc(strlen(base) + strlen(path) + 1);
        strcat(strcpy(call->url, base), path);
    }
    if (call->url != NULL && call_same_origin(call, call->url))
        return true;
    return err_set(err, ERR_DATA, "%s: not an address at %s", call_what(call), call->service->host);
}

/* Returns the target of a redirect that may be followed, or NULL; the caller frees it. */
static char *
call_redirect(const struct call *call)
{
    const struct head *head = &call->transfer.head;
    char *url;

    if (call->request->method != HTTP_GET || call->request->no_redirect ||
        call->redirects >= CALL_REDIRECTS || head->value[HEAD_LOCATION] == NULL ||
        (head->status != 301 && head->status != 302 && head->status != 307 && head->status != 308))
        return NULL;
    url = http_url_resolve(call->url, head->value[HEAD_LOCATION]);
    if (url != NULL && call_same_origin(call, url))
        return url;
    free(url);
    return NULL;
}

static void
call_log(const struct call *call, int64_t started)
{
    struct url url;
    const char *path = url_split(call->url, &url) ? url.path : call->url;
    size_t length = strcspn(path, "?");

    log_debug("%s: %s %.*s%s %d in %lld ms (%s, try %d)", call->service->name,
              transfer_method(call->request->method), (int)length, path,
              path[length] != '\0' ? "?…" : "", call->transfer.head.status,
              (long long)(clock_now() - started), call_what(call),
              call->limited + call->failed + 1);
}

/* Sends once and receives, following redirects. The caller releases the transfer afterward. */
static bool
call_send(struct call *call, struct err *err)
{
    struct http_service *service = call->service;
    struct transfer *transfer = &call->transfer;

    for (;;) {
        int64_t started;
        char *redirect;

        if (!gate_enter(service, call->request, err)) {
            if (err != NULL)
                err->undone = call->sends == 0;
            return err_context(err, "%s", call_what(call));
        }
        started = clock_now();
        if (transfer_init(transfer, service, call->request, call->url))
            loop_run(service->http, transfer);
        else
            transfer->code = CURLE_NOT_BUILT_IN;
        gate_leave(service, call->request, transfer->sends);
        call->sends += transfer->sends;
        call_log(call, started);
        if (!transfer_whole(transfer))
            return true;
        gate_learn(service, &transfer->head);
        redirect = call_redirect(call);
        if (redirect == NULL)
            return true;
        free(call->url);
        call->url = redirect;
        call->redirects++;
        transfer_release(transfer);
    }
}

static int64_t
call_server_time(const struct call *call)
{
    int64_t now = http_server_time(call->service);

    return now != 0 ? now : clock_wall();
}

static void
call_look(struct call *call)
{
    struct transfer *transfer = &call->transfer;
    const struct head *head = &transfer->head;
    const char *after = head->value[HEAD_RETRY_AFTER];
    struct retry_seen *seen = &call->seen;
    struct json_object *tree = NULL;

    *seen = (struct retry_seen){
        .status = head->complete ? head->status : 0,
        .sent = transfer_sent(transfer),
        .writes = call->request->writes,
        .json = transfer->body.len == 0 ||
                json_read(transfer->body.data, transfer->body.len, &tree, NULL),
        .body = buf_text(&transfer->body),
        .body_length = transfer->body.len,
        .now = call_server_time(call),
        .limit_remaining = head_number(head, HEAD_REMAINING, -1),
        .limit_reset = head_number(head, HEAD_RESET, 0) * 1000,
    };
    json_object_put(tree);
    if (after != NULL)
        seen->retry_after = retry_parse_after(after, seen->now);
}

/* A good answer that is not JSON comes from something in between: the request may have been done
 * or not. */
static bool
call_is_foreign(const struct call *call)
{
    const char *accept = call->request->accept;

    return call->seen.status >= 200 && call->seen.status < 300 && !call->seen.json &&
           (accept == NULL || strstr(accept, "json") != NULL);
}

static const char *
call_fault(const struct call *call, char *text, size_t size)
{
    const struct transfer *transfer = &call->transfer;
    char fault[512];

    if (transfer->too_large)
        snprintf(text, size, "the answer of %s is larger than allowed", call->service->name);
    else if (!transfer_whole(transfer))
        snprintf(text, size, "%s: %s", call->service->host,
                 transfer_fault(transfer, fault, sizeof(fault)));
    else if (call_is_foreign(call))
        snprintf(text, size, "the answer from %s is not JSON (is a proxy in between?)",
                 call->service->host);
    else
        snprintf(text, size, "%s answered %d", call->service->name, call->seen.status);
    return text;
}

static enum err_kind
call_failure(const struct call *call)
{
    if (call->verdict.meaning == RETRY_UNCLEAR && call->request->safety == RETRY_LOOK_FIRST)
        return ERR_AMBIGUOUS;
    if (call->transfer.too_large || call_is_foreign(call))
        return ERR_DATA;
    if (call->seen.status == 0)
        return ERR_NETWORK;
    return transfer_whole(&call->transfer) ? ERR_SERVER : ERR_DATA;
}

/* How long the service asks to be left alone (ms). */
static int64_t
call_asked_wait(const struct call *call)
{
    return call->verdict.wait > 0 ? call->verdict.wait : CALL_HOLD;
}

static bool
call_give_up(const struct call *call, const struct retry_decision *decision, struct err *err)
{
    enum err_kind kind = call_failure(call);
    char until[CLOCK_TEXT_SIZE];
    char fault[1024];

    call_fault(call, fault, sizeof(fault));
    if (decision->out_of_time && call->verdict.meaning == RETRY_LIMITED) {
        clock_format(call_server_time(call) + call_asked_wait(call), until);
        err_set(err, ERR_WAIT,
                "%s: %s and asks to wait until %.19sZ; no time is left for another try (the next "
                "run continues)",
                call_what(call), fault, until);
        if (err != NULL)
            err->undone = call->sends == 1;
        return false;
    }
    if (decision->out_of_time)
        return err_set(err, ERR_STOPPED, "%s: %s; no time is left for another try", call_what(call),
                       fault);
    if (kind == ERR_AMBIGUOUS)
        return err_set(err, kind, "%s: %s; it may have been done anyway", call_what(call), fault);
    if (call->limited + call->failed > 1)
        return err_set(err, kind, "%s: %s (%d tries)", call_what(call), fault,
                       call->limited + call->failed);
    return err_set(err, kind, "%s: %s", call_what(call), fault);
}

/* A spent budget belongs to one service. Otherwise the whole client has to slow down. */
static bool
call_slows_client(const struct call *call)
{
    return call->seen.limit_remaining != 0;
}

/* Waits before the next try. */
static bool
call_wait(const struct call *call, const struct retry_decision *decision, struct err *err)
{
    char fault[1024];

    gate_repeats(call->service, decision->holds_service);
    if (decision->holds_service) {
        gate_hold(call->service, decision->delay, call_slows_client(call));
        return true;
    }
    log_info("%s: %s; next try in %lld s", call_what(call), call_fault(call, fault, sizeof(fault)),
             (long long)(decision->delay + 500) / 1000);
    if (clock_sleep_until(clock_now() + decision->delay))
        return true;
    return err_set(err, ERR_STOPPED, "%s: %s; the run was interrupted before another try",
                   call_what(call), fault);
}

/* Makes one try. A final answer, with any status, also says when to come back. */
static bool
call_decide_once(struct call *call, bool *final, struct err *err)
{
    static const struct retry_decision give_up = {.action = RETRY_GIVE_UP};

    call->failed++;
    if (call->verdict.wait == 0 && call->seen.retry_after > call->seen.now)
        call->verdict.wait = call->seen.retry_after - call->seen.now;
    *final = transfer_whole(&call->transfer) && !call_is_foreign(call);
    if (!*final)
        call_give_up(call, &give_up, err);
    return true;
}

/* Whether to stop trying: then *err says why, or the answer is final. */
static bool
call_decide(struct call *call, bool *final, struct err *err)
{
    struct retry_decision decision;
    uint32_t random;
    int count;

    call_look(call);
    if (transfer_whole(&call->transfer) && !call_is_foreign(call))
        call->verdict = call->service->classify(&call->seen);
    else
        call->verdict = (struct retry_verdict){.meaning = call->seen.status == 0 && !call->seen.sent
                                                              ? RETRY_TRANSIENT
                                                              : RETRY_UNCLEAR};
    if (call->request->once)
        return call_decide_once(call, final, err);
    if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
        random = (uint32_t)clock_now();
    count = call->verdict.meaning == RETRY_LIMITED ? ++call->limited : ++call->failed;
    decision = retry_next(&call->verdict, call->request->safety, count,
                          gate_left(call->service->http), (int)(random % 1000));
    *final = decision.action == RETRY_RETURN;
    if (*final)
        return true;
    if (call->transfer.too_large || transfer_hopeless(&call->transfer))
        decision = (struct retry_decision){.action = RETRY_GIVE_UP};
    /* A client that goes on after the service asked it repeatedly to slow down can get banned. */
    if (call->verdict.meaning == RETRY_LIMITED && call_slows_client(call) &&
        gate_tires(call->service, call_asked_wait(call)))
        decision = (struct retry_decision){.action = RETRY_GIVE_UP, .out_of_time = true};
    if (decision.action == RETRY_GIVE_UP) {
        /* If this call gives up waiting, the others still have to wait. */
        if (call->verdict.meaning == RETRY_LIMITED)
            gate_hold(call->service, call_asked_wait(call), call_slows_client(call));
        call_give_up(call, &decision, err);
        return true;
    }
    return !call_wait(call, &decision, err);
}

bool
http_call(struct http_service *service, const struct http_request *request,
          struct http_answer *answer, struct err *err)
{
    struct call call = {.service = service, .request = request};
    const struct head *head = &call.transfer.head;
    bool final = false;
    bool over = false;

    *answer = (struct http_answer){0};
    if (!call_set_url(&call, err)) {
        free(call.url);
        return false;
    }
    while (!over && call_send(&call, err)) {
        over = call_decide(&call, &final, err);
        if (final) {
            *answer = (struct http_answer){
                .status = head->status,
                .body = call.transfer.body,
                .date = head_date(head),
                .location = mem_strdup(head->value[HEAD_LOCATION]),
                .link_next = head_next(head, call.url),
                .permissions = mem_strdup(head->value[HEAD_PERMISSIONS]),
                .attempts = call.sends,
                .verdict = call.verdict,
            };
            buf_init(&call.transfer.body, 0);
            buf_str(&answer->body, ""); /* data is never NULL */
        }
        transfer_release(&call.transfer);
    }
    free(call.url);
    return final;
}

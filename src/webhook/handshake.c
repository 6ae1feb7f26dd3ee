#include "webhook/handshake.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "webhook/journal.h"

/* After the start (ms). */
#define OPEN_FOR ((int64_t)60 * 60 * 1000)
/* Between two tokens of a client in the log (ms). */
#define SPACING ((int64_t)10 * 1000)
/* How many clients' tokens are kept apart. */
#define CLIENTS 64

struct turn {
    struct address client; /* as it arrived */
    char token[EVENT_TOKEN_SIZE];
    bool waits;    /* the token has not been shown yet */
    int64_t shown; /* when one was last shown; 0: the place is free */
};

struct handshake {
    int64_t until;
    pthread_mutex_t lock; /* guards the members below */
    struct turn turns[CLIENTS];
    bool told_over;
};

struct handshake *
handshake_new(int64_t now)
{
    struct handshake *handshake = mem_alloc(sizeof(*handshake));

    handshake->until = now + OPEN_FOR;
    pthread_mutex_init(&handshake->lock, NULL);
    return handshake;
}

void
handshake_free(struct handshake *handshake)
{
    if (handshake != NULL)
        pthread_mutex_destroy(&handshake->lock);
    mem_free(handshake);
}

static void
show(struct turn *turn, int64_t now)
{
    char client[ADDRESS_TEXT_SIZE];

    if (!turn->waits || (turn->shown != 0 && now - turn->shown < SPACING))
        return;
    turn->waits = false;
    turn->shown = now > 0 ? now : 1;
    address_text(&turn->client, client);
    journal_notice(
        "verification token",
        (const struct journal_field[]){
            JOURNAL_TEXT("verification_token", turn->token),
            JOURNAL_TEXT("client", client),
            JOURNAL_TEXT("next", "if the client is Notion: paste it into Notion's form, set "
                                 "NOTION_WEBHOOK_SECRET to it and restart the receiver"),
            {0}});
}

/* The client's place, or a free one; NULL if all belong to others that used theirs just now. */
static struct turn *
find(struct handshake *handshake, const struct address *client, int64_t now)
{
    const struct address group = address_group(client);
    struct turn *unused = NULL;

    for (size_t i = 0; i < CLIENTS; i++) {
        struct turn *turn = &handshake->turns[i];
        const struct address other = address_group(&turn->client);

        if (turn->shown != 0 && memcmp(&other, &group, sizeof(group)) == 0)
            return turn;
        if (unused == NULL && !turn->waits && (turn->shown == 0 || now - turn->shown >= SPACING))
            unused = turn;
    }
    if (unused != NULL)
        *unused = (struct turn){0};
    return unused;
}

enum handshake_answer
handshake_offer(struct handshake *handshake, const char *token, const struct address *client,
                int64_t now)
{
    enum handshake_answer answer = HANDSHAKE_TAKEN;
    struct turn *turn = NULL;

    pthread_mutex_lock(&handshake->lock);
    if (now >= handshake->until) {
        answer = HANDSHAKE_OVER;
        if (!handshake->told_over)
            journal(LOG_WARNING, "verification token not shown",
                    JOURNAL_TEXT("problem", "it came more than an hour after the start"),
                    JOURNAL_TEXT("cure", "restart the receiver and have Notion send it again"));
        handshake->told_over = true;
    } else if ((turn = find(handshake, client, now)) == NULL) {
        answer = HANDSHAKE_BUSY;
    } else if (strcmp(turn->token, token) != 0) {
        turn->client = *client;
        memcpy(turn->token, token, strlen(token) + 1);
        turn->waits = true;
        show(turn, now);
    }
    pthread_mutex_unlock(&handshake->lock);
    return answer;
}

void
handshake_tick(struct handshake *handshake, int64_t now)
{
    pthread_mutex_lock(&handshake->lock);
    for (size_t i = 0; i < CLIENTS; i++)
        show(&handshake->turns[i], now);
    pthread_mutex_unlock(&handshake->lock);
}

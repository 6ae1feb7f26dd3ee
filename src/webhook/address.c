#include "webhook/address.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/clock.h"

/* The part of an IPv6 address that counts: 56 bits, the most that a subscriber gets (RIPE-690,
 * 4.2). */
#define SITE_BYTES 7

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static struct address
from_ipv4(const void *bytes)
{
    struct address address;

    memcpy(address.bytes, mapped, sizeof(mapped));
    memcpy(address.bytes + sizeof(mapped), bytes, 4);
    return address;
}

static bool
is_ipv4(const struct address *address)
{
    return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

struct address
address_of(const struct sockaddr *sockaddr)
{
    struct address address = {{0}};

    if (sockaddr->sa_family == AF_INET)
        address = from_ipv4(&((const struct sockaddr_in *)(const void *)sockaddr)->sin_addr);
    else if (sockaddr->sa_family == AF_INET6)
        memcpy(address.bytes, &((const struct sockaddr_in6 *)(const void *)sockaddr)->sin6_addr,
               sizeof(address.bytes));
    return address;
}

bool
address_read(const char *text, size_t length, struct address *address)
{
    const char *colon = memchr(text, ':', length);
    char copy[ADDRESS_TEXT_SIZE];
    uint8_t ipv4[4];

    /* Brackets and a port do not belong to the address. */
    if (length > 0 && *text == '[') {
        const char *end = memchr(text, ']', length);

        if (end == NULL)
            return false;
        text++;
        length = (size_t)(end - text);
    } else if (colon != NULL &&
               memchr(colon + 1, ':', length - (size_t)(colon + 1 - text)) == NULL) {
        length = (size_t)(colon - text);
    }
    if (length == 0 || length >= sizeof(copy) || memchr(text, '\0', length) != NULL)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (inet_pton(AF_INET, copy, ipv4) == 1) {
        *address = from_ipv4(ipv4);
        return true;
    }
    return inet_pton(AF_INET6, copy, address->bytes) == 1;
}

void
address_text(const struct address *address, char text[ADDRESS_TEXT_SIZE])
{
    bool ipv4 = is_ipv4(address);

    if (inet_ntop(ipv4 ? AF_INET : AF_INET6, address->bytes + (ipv4 ? sizeof(mapped) : 0), text,
                  ADDRESS_TEXT_SIZE) == NULL)
        text[0] = '\0';
}

bool
network_read(const char *text, size_t length, struct network *network)
{
    const char *slash = memchr(text, '/', length);
    size_t digits = slash != NULL ? length - (size_t)(slash + 1 - text) : 0;
    unsigned most, bits = 0;

    if (!address_read(text, slash != NULL ? (size_t)(slash - text) : length, &network->address))
        return false;
    most = is_ipv4(&network->address) ? 32 : 128;
    network->bits = 128;
    if (slash == NULL)
        return true;
    if (digits == 0 || digits > 3)
        return false;
    for (size_t i = 1; i <= digits; i++) {
        if (slash[i] < '0' || slash[i] > '9')
            return false;
        bits = bits * 10 + (unsigned)(slash[i] - '0');
    }
    network->bits = 128 - most + bits;
    return bits <= most;
}

bool
network_holds(const struct network *network, const struct address *address)
{
    unsigned whole = network->bits / 8;
    unsigned rest = network->bits % 8;
    uint8_t mask = (uint8_t)(0xff00 >> rest);

    if (memcmp(network->address.bytes, address->bytes, whole) != 0)
        return false;
    return rest == 0 || ((network->address.bytes[whole] ^ address->bytes[whole]) & mask) == 0;
}

bool
address_is_in(const struct address *address, const struct network *networks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (network_holds(&networks[i], address))
            return true;
    return false;
}

struct address
address_group(const struct address *address)
{
    static const uint8_t none[SITE_BYTES];
    struct address group = *address;

    if (memcmp(group.bytes, none, sizeof(none)) != 0)
        memset(group.bytes + SITE_BYTES, 0, sizeof(group.bytes) - SITE_BYTES);
    return group;
}

struct address
address_client(const struct address *peer, const char *forwarded, const struct network *proxies,
               size_t n_proxies)
{
    struct address client = *peer;
    const char *end = forwarded != NULL ? forwarded + strlen(forwarded) : NULL;

    while (end != NULL && end > forwarded && address_is_in(&client, proxies, n_proxies)) {
        const char *start;
        struct address hop;

        while (end > forwarded && (end[-1] == ' ' || end[-1] == '\t'))
            end--;
        for (start = end; start > forwarded && start[-1] != ',';)
            start--;
        while (start < end && (*start == ' ' || *start == '\t'))
            start++;
        if (!address_read(start, (size_t)(end - start), &hop))
            break;
        client = hop;
        while (start > forwarded && *start != ',')
            start--;
        end = start;
    }
    return client;
}

/* An address may be in any place of its row. */
#define ROWS   1024
#define PLACES 4

#define THOUSANDTHS ((int64_t)1000)

struct bucket {
    struct address address;
    int64_t level; /* thousandths of a token */
    int64_t at;    /* when the level was measured; 0: the place is free */
};

struct rate {
    int64_t per_second;
    int64_t full; /* thousandths */
    uint64_t seed;
    struct bucket buckets[ROWS][PLACES];
};

struct rate *
rate_new(int64_t per_second, int64_t burst)
{
    struct rate *rate = mem_alloc(sizeof(*rate));

    rate->per_second = per_second;
    rate->full = burst * THOUSANDTHS;
    /* A seed, so that nobody can choose addresses that share a row. */
    if (getrandom(&rate->seed, sizeof(rate->seed), GRND_NONBLOCK) != sizeof(rate->seed))
        rate->seed = (uint64_t)clock_now();
    return rate;
}

void
rate_free(struct rate *rate)
{
    mem_free(rate);
}

/* splitmix64's finisher over the two halves, seeded. */
static size_t
row_of(const struct rate *rate, const struct address *key)
{
    uint64_t hash = rate->seed;

    for (size_t i = 0; i < 2; i++) {
        uint64_t half;

        memcpy(&half, key->bytes + 8 * i, sizeof(half));
        hash ^= half;
        hash = (hash ^ hash >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        hash = (hash ^ hash >> 27) * UINT64_C(0x94d049bb133111eb);
        hash ^= hash >> 31;
    }
    return hash % ROWS;
}

/* The address's bucket, or the one that has been unused longest. */
static struct bucket *
find(struct rate *rate, const struct address *key)
{
    struct bucket *row = rate->buckets[row_of(rate, key)];
    struct bucket *oldest = row;

    for (size_t i = 0; i < PLACES; i++) {
        if (row[i].at != 0 && memcmp(&row[i].address, key, sizeof(*key)) == 0)
            return &row[i];
        if (row[i].at < oldest->at)
            oldest = &row[i];
    }
    *oldest = (struct bucket){.address = *key, .level = rate->full};
    return oldest;
}

/* The client's bucket, filled up to now. */
static struct bucket *
filled(struct rate *rate, const struct address *address, int64_t now)
{
    const struct address key = address_group(address);
    struct bucket *bucket = find(rate, &key);

    if (bucket->at != 0 && now > bucket->at) {
        int64_t room = rate->full - bucket->level;
        int64_t passed = now - bucket->at;

        /* A token a second is a thousandth of one a millisecond. */
        if (passed > room / rate->per_second)
            bucket->level = rate->full;
        else
            bucket->level += passed * rate->per_second;
    }
    bucket->at = now > 0 ? now : 1;
    return bucket;
}

bool
rate_allows(struct rate *rate, const struct address *address, int64_t now)
{
    return rate->per_second == 0 || filled(rate, address, now)->level >= THOUSANDTHS;
}

void
rate_charge(struct rate *rate, const struct address *address, int64_t now)
{
    struct bucket *bucket;

    if (rate->per_second == 0)
        return;
    bucket = filled(rate, address, now);
    bucket->level = bucket->level > THOUSANDTHS ? bucket->level - THOUSANDTHS : 0;
}

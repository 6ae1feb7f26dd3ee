#include "webhook/rate.h"

#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/clock.h"

/* An address may be in any place of its row. */
#define ROWS   1024
#define PLACES 4

#define THOUSANDTHS ((int64_t)1000)

struct bucket {
    struct address address;
    int64_t level; /* thousandths of a token */
    int64_t at;    /* when the level was true; 0: the place is free */
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
    /* So that nobody can choose addresses that share a row. */
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

/* The address's bucket, or the one that goes longest unused. */
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

/* The client's bucket as it is by now. */
static struct bucket *
filled(struct rate *rate, const struct address *address, int64_t now)
{
    const struct address key = address_group(address);
    struct bucket *bucket = find(rate, &key);

    if (bucket->at != 0 && now > bucket->at) {
        int64_t room = rate->full - bucket->level;
        int64_t passed = now - bucket->at;

        /* A token a second is a thousandth a millisecond. */
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

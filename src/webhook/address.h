#ifndef WEBHOOK_ADDRESS_H
#define WEBHOOK_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/attr.h"

/* Who sent a request. IPv4 addresses are stored as IPv6 ones (RFC 4291, 2.5.5.2), so that both
 * compare alike. */
struct address {
    uint8_t bytes[16];
};

#define ADDRESS_TEXT_SIZE INET6_ADDRSTRLEN

/* The address of a socket's peer; all zeros for another family. */
struct address address_of(const struct sockaddr *sockaddr);

/* Reads "192.0.2.1" or "2001:db8::1", also as proxies write them: in brackets, with a port. */
MUST_USE bool address_read(const char *text, size_t length, struct address *address);

void address_text(const struct address *address, char text[ADDRESS_TEXT_SIZE]);

/* A network in CIDR notation (RFC 4632, RFC 4291): the first `bits` of 128. */
struct network {
    struct address address;
    unsigned bits;
};

/* Reads an address, or an address, a slash and a number of bits. */
MUST_USE bool network_read(const char *text, size_t length, struct network *network);
MUST_USE bool network_holds(const struct network *network, const struct address *address);

MUST_USE bool
address_is_in(const struct address *address, const struct network *networks, size_t n);

/* How clients are counted: an IPv4 address by itself, an IPv6 address by its first 56 bits,
 * because one subscriber has all addresses that begin with them. */
struct address address_group(const struct address *address);

/*
 * The client behind proxies: the last address of X-Forwarded-For that is not itself a proxy of
 * `proxies`, used only if the peer is one. The client wrote whatever is further left, so it is not
 * trusted. forwarded may be NULL.
 */
struct address address_client(const struct address *peer, const char *forwarded,
                              const struct network *proxies, size_t n_proxies);

/*
 * How many requests a client may send: a bucket of tokens for each address_group, filled at a
 * steady rate. A request is let in while its client has a token left. It costs a token only when it
 * proves not to be genuine. The table has a fixed size: if there are too many clients, those seen
 * longest ago are forgotten. Not thread-safe.
 */
struct rate;

/* per_second: how fast a bucket fills; 0: no limit. burst: how much it holds. */
MUST_USE struct rate *rate_new(int64_t per_second, int64_t burst);
void rate_free(struct rate *rate); /* NULL is allowed */

/* Whether the client has a token left. now: clock_now(). */
MUST_USE bool rate_allows(struct rate *rate, const struct address *address, int64_t now);
/* Takes a token, if there is one. */
void rate_charge(struct rate *rate, const struct address *address, int64_t now);

#endif

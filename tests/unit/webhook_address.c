#include "webhook/address.h"

#include <arpa/inet.h>

#include "webhook_test.h"

static struct address
address(const char *text)
{
    struct address read;

    if (!address_read(text, strlen(text), &read))
        fail_msg("%s was not read", text);
    return read;
}

static struct network
network(const char *text)
{
    struct network read;

    if (!network_read(text, strlen(text), &read))
        fail_msg("%s was not read", text);
    return read;
}

static void
test_addresses(void **state)
{
    static const struct {
        const char *given, *shown;
    } rows[] = {
        {"192.0.2.1", "192.0.2.1"},
        {"192.0.2.1:8080", "192.0.2.1"},
        {"2001:db8::1", "2001:db8::1"},
        {"[2001:db8::1]", "2001:db8::1"},
        {"[2001:db8::1]:80", "2001:db8::1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"::1", "::1"},
    };
    static const char *const bad[] = {"",          "1.2.3",     "1.2.3.256", "[::1",
                                      "localhost", "1.2.3.4.5", "::1::",     "[]",
                                      ":",         "0x7f.1",    "1.2.3.4 "};
    struct address none;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct address read = address(rows[i].given);
        char text[ADDRESS_TEXT_SIZE];

        address_text(&read, text);
        assert_string_equal(text, rows[i].shown);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(address_read(bad[i], strlen(bad[i]), &none));
}

static void
test_networks(void **state)
{
    static const struct {
        const char *network, *address;
        bool holds;
    } rows[] = {
        {"10.0.0.0/8", "10.255.0.1", true},
        {"10.0.0.0/8", "11.0.0.1", false},
        {"192.0.2.0/25", "192.0.2.127", true},
        {"192.0.2.0/25", "192.0.2.128", false},
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.6", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "203.0.113.9", true},
        {"fd00::/8", "fdab::1", true},
        {"fd00::/8", "fe80::1", false},
        {"2001:db8::/127", "2001:db8::1", true},
        {"2001:db8::/127", "2001:db8::2", false},
    };
    static const char *const bad[] = {"10.0.0.0/33", "::/129",      "10.0.0.0/",    "10.0.0.0/8x",
                                      "/8",          "10.0.0.0/-1", "10.0.0.0/0008"};
    struct network none;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct network of = network(rows[i].network);
        struct address one = address(rows[i].address);

        if (network_holds(&of, &one) != rows[i].holds)
            fail_msg("%s in %s", rows[i].address, rows[i].network);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(network_read(bad[i], strlen(bad[i]), &none));
}

static void
test_clients(void **state)
{
    const struct network proxies[] = {network("10.0.0.0/8"), network("::1")};
    static const struct {
        const char *peer, *forwarded, *client;
    } rows[] = {
        {"192.0.2.1", NULL, "192.0.2.1"},
        {"192.0.2.1", "203.0.113.1", "192.0.2.1"},
        {"10.1.1.1", NULL, "10.1.1.1"},
        {"10.1.1.1", "", "10.1.1.1"},
        {"10.1.1.1", "203.0.113.1", "203.0.113.1"},
        {"10.1.1.1", "198.51.100.1, 203.0.113.1", "203.0.113.1"},
        {"10.1.1.1", "198.51.100.1,203.0.113.1 , 10.2.2.2,\t10.3.3.3 ", "203.0.113.1"},
        {"10.1.1.1", "10.2.2.2, 10.3.3.3", "10.2.2.2"},
        {"10.1.1.1", "203.0.113.1, unknown", "10.1.1.1"},
        {"10.1.1.1", "203.0.113.1, unknown, 10.2.2.2", "10.2.2.2"},
        {"10.1.1.1", ",,,", "10.1.1.1"},
        {"::1", "[2001:db8::1]:4711", "2001:db8::1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct address peer = address(rows[i].peer);
        struct address client = address_client(&peer, rows[i].forwarded, proxies, COUNT(proxies));
        char text[ADDRESS_TEXT_SIZE];

        address_text(&client, text);
        assert_string_equal(text, rows[i].client);
    }
}

static void
test_of_sockets(void **state)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
    struct address expected;
    struct address found;

    (void)state;
    inet_pton(AF_INET, "192.0.2.1", &ipv4.sin_addr);
    inet_pton(AF_INET6, "::ffff:192.0.2.1", &ipv6.sin6_addr);
    expected = address("192.0.2.1");
    found = address_of((const struct sockaddr *)&ipv4);
    assert_memory_equal(&found, &expected, sizeof(found));
    found = address_of((const struct sockaddr *)&ipv6);
    assert_memory_equal(&found, &expected, sizeof(found));
}

static int
taken(struct rate *rate, const char *text, int64_t now, int tries)
{
    const struct address from = address(text);
    int n = 0;

    for (int i = 0; i < tries; i++) {
        if (!rate_allows(rate, &from, now))
            break;
        rate_charge(rate, &from, now);
        n++;
    }
    return n;
}

static void
test_rate(void **state)
{
    struct rate *rate = rate_new(10, 40);
    const struct address from = address("192.0.2.1");

    (void)state;
    for (int i = 0; i < 100; i++)
        assert_true(rate_allows(rate, &from, 1000));
    assert_int_equal(taken(rate, "192.0.2.1", 1000, 100), 40);
    assert_int_equal(taken(rate, "192.0.2.2", 1000, 100), 40);
    assert_int_equal(taken(rate, "192.0.2.1", 1099, 1), 0);
    assert_int_equal(taken(rate, "192.0.2.1", 1100, 2), 1);
    assert_int_equal(taken(rate, "192.0.2.1", 2100, 100), 10);
    assert_int_equal(taken(rate, "192.0.2.1", INT64_MAX / 2, 100), 40);
    rate_free(rate);

    rate = rate_new(10, 40);
    assert_int_equal(taken(rate, "2001:db8::1", 1000, 30), 30);
    assert_int_equal(taken(rate, "2001:db8::2", 1000, 30), 10);
    assert_int_equal(taken(rate, "2001:db8:0:ff::2", 1000, 30), 0);
    assert_int_equal(taken(rate, "2001:db8:0:100::1", 1000, 30), 30);
    rate_free(rate);

    rate = rate_new(0, 0);
    assert_int_equal(taken(rate, "192.0.2.1", 1000, 1000), 1000);
    rate_free(rate);
    rate_free(NULL);
}

/* However many addresses come, one that keeps sending stays limited, and the table its size. */
static void
test_rate_of_many(void **state)
{
    struct rate *rate = rate_new(1, 2);
    int passed = 0;

    (void)state;
    for (uint32_t i = 0; i < 20000; i++) {
        struct address from = address("10.0.0.0");

        memcpy(from.bytes + 12, &i, sizeof(i));
        assert_true(rate_allows(rate, &from, 1000 + i));
        rate_charge(rate, &from, 1000 + i);
        passed += taken(rate, "192.0.2.1", 1000 + i, 1);
    }
    assert_true(passed >= 2 && passed <= 24);
    rate_free(rate);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_networks),
        cmocka_unit_test(test_clients),   cmocka_unit_test(test_of_sockets),
        cmocka_unit_test(test_rate),      cmocka_unit_test(test_rate_of_many),
    };

    return RUN(tests);
}

#include "webhook/settings.h"

#include <arpa/inet.h>

#include "webhook_test.h"

struct variable {
    const char *name, *value;
};

static const struct variable complete[] = {
    {"NOTION_WEBHOOK_SECRET", "secret_one"},
    {"GITHUB_TOKEN", " ghs_0123456789 "},
    {"GITHUB_REPOSITORY", "acme/app"},
    {"SPOOL", "/var/lib/spool.db"},
    {NULL, NULL},
};

struct variables {
    const struct variable *given; /* before those of `complete` */
};

static const char *
find(const struct variable *list, const char *name)
{
    for (; list->name != NULL; list++)
        if (strcmp(list->name, name) == 0)
            return list->value;
    return NULL;
}

static const char *
lookup(void *context, const char *name)
{
    const struct variables *variables = context;
    const char *value = find(variables->given, name);

    return value != NULL ? value : find(complete, name);
}

static bool
read(struct arena *arena, const struct variable *given, struct settings *settings,
     const char **refused)
{
    struct variables variables = {given};
    const struct config_problem *problems;
    size_t n;
    bool ok = settings_read(arena, lookup, &variables, settings, &problems, &n);

    *refused = n > 0 ? problems[0].input : "";
    assert_int_equal(ok, n == 0);
    return ok;
}

static void
test_defaults(void **state)
{
    static const struct variable none[] = {{NULL, NULL}};
    struct settings settings;
    const char *refused;
    const struct sockaddr_in *address = (const struct sockaddr_in *)&settings.address;

    assert_true(read(*state, none, &settings, &refused));
    assert_int_equal(settings.n_secrets, 1);
    assert_string_equal(settings.github_token, "ghs_0123456789");
    assert_string_equal(settings.github_api_url, "https://api.github.com");
    assert_string_equal(settings.routes.repositories[settings.routes.rest], "acme/app");
    assert_int_equal(settings.coalesce, 5);
    assert_int_equal(settings.rate, 50);
    assert_int_equal(settings.connections, 512);
    assert_int_equal(settings.log_level, LOG_INFO);
    assert_null(settings.bot);
    assert_int_equal(address->sin_family, AF_INET);
    assert_int_equal(ntohs(address->sin_port), 8080);
    assert_int_equal(address->sin_addr.s_addr, INADDR_ANY);
}

static void
test_single_values(void **state)
{
    static const struct {
        const char *name, *value;
        bool good;
    } rows[] = {
        {"NOTION_WEBHOOK_SECRET", "", true},
        {"NOTION_WEBHOOK_SECRET", "secret_one\n\n  secret_two\r\n", true},
        {"NOTION_WEBHOOK_SECRET", "short", false},
        {"NOTION_WEBHOOK_SECRET",
         "s1234567 s1234567 s1234567 s1234567 s1234567 s1234567 s1234567 "
         "s1234567 s1234567",
         false},
        {"NOTION_BOT_ID", "BBBBBBBBBBBB4BBB8BBBBBBBBBBBBBBB", true},
        {"NOTION_BOT_ID", "me", false},
        {"GITHUB_TOKEN", "ghs_\x01 23456789", false},
        {"GITHUB_TOKEN", "ghs_\xc3\xa4 23456789", false},
        {"GITHUB_REPOSITORY", "acme", false},
        {"GITHUB_API_URL", "https://ghe.example/api/v3/", true},
        {"GITHUB_API_URL", "http://ghe.example/api/v3", false},
        {"LISTEN", "127.0.0.1:0", true},
        {"LISTEN", "[::1]:9000", true},
        {"LISTEN", "[::]:9000", true},
        {"LISTEN", ":9000", true},
        {"LISTEN", "localhost:9000", false},
        {"LISTEN", "9000", false},
        {"LISTEN", "127.0.0.1:http", false},
        {"LISTEN", "127.0.0.1:70000", false},
        {"LISTEN", "[:9000", false},
        {"COALESCE", "0", true},
        {"COALESCE", "3600", true},
        {"COALESCE", "3601", false},
        {"COALESCE", "1.5", false},
        {"COALESCE", "99999999999999999999999999", false},
        {"RATE", "0", true},
        {"RATE", "-1", false},
        {"CONNECTIONS", "1", true},
        {"CONNECTIONS", "0", false},
        {"TRUSTED_PROXIES", "10.0.0.0/8, ::1\n192.0.2.1", true},
        {"TRUSTED_PROXIES", "proxy.example", false},
        {"LOG_LEVEL", "debug", true},
        {"LOG_LEVEL", "DEBUG", false},
        {"GITHUB_APP_ID", "123", false},
        {"ROUTES", "# nothing\n\n,,", true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct variable given[] = {{rows[i].name, rows[i].value}, {NULL, NULL}};
        struct settings settings;
        const char *refused;

        if (read(*state, given, &settings, &refused) != rows[i].good)
            fail_msg("%s=%s: %s", rows[i].name, rows[i].value, refused);
    }
}

static void
test_routes(void **state)
{
    static const struct variable given[] = {
        {"ROUTES", "44444444444444448444444444444444 = acme/web # the site\n"
                   "https://www.notion.so/x/Tasks-55555555555555558555555555555555?v=1=ACME/App,"
                   "66666666-6666-4666-8666-666666666666=acme/web"},
        {NULL, NULL}};
    static const char *const bad[] = {"x = acme/app", "44444444444444448444444444444444",
                                      "=acme/app", "44444444444444448444444444444444 = acme",
                                      "44444444444444448444444444444444 ="};
    struct settings settings;
    const char *refused;

    assert_true(read(*state, given, &settings, &refused));
    assert_int_equal(settings.routes.n_items, 3);
    assert_int_equal(settings.routes.n_repositories, 2);
    assert_string_equal(settings.routes.items[1].source, "55555555-5555-5555-8555-555555555555");
    assert_int_equal(settings.routes.items[2].target, 0);
    assert_int_equal(settings.routes.rest, 1);
    for (size_t i = 0; i < COUNT(bad); i++) {
        const struct variable one[] = {{"ROUTES", bad[i]}, {NULL, NULL}};

        assert_false(read(*state, one, &settings, &refused));
        assert_string_equal(refused, "ROUTES");
    }
}

static void
test_proxies(void **state)
{
    static const struct variable given[] = {{"TRUSTED_PROXIES", " 10.0.0.0/8,, fd00::/8\t::1 "},
                                            {NULL, NULL}};
    struct settings settings;
    const char *refused;

    assert_true(read(*state, given, &settings, &refused));
    assert_int_equal(settings.n_proxies, 3);
    assert_int_equal(settings.proxies[0].bits, 104);
    assert_int_equal(settings.proxies[2].bits, 128);
}

/* A key in a form that is not PEM looks like a path. */
static void
test_key_is_not_shown(void **state)
{
    static const char key[] = "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURB";
    static const struct variable given[] = {{"GITHUB_TOKEN", ""},
                                            {"GITHUB_APP_ID", "1"},
                                            {"GITHUB_APP_PRIVATE_KEY", key},
                                            {NULL, NULL}};
    struct variables variables = {given};
    const struct config_problem *problems;
    struct settings settings;
    size_t n;

    assert_false(settings_read(*state, lookup, &variables, &settings, &problems, &n));
    assert_int_equal(n, 1);
    assert_string_equal(problems[0].input, "GITHUB_APP_PRIVATE_KEY");
    assert_null(problems[0].given);
    assert_null(strstr(problems[0].message, "LS0tLS1"));
}

static void
test_help(void **state)
{
    const char *help = settings_help(*state);

    assert_non_null(strstr(help, "NOTION_WEBHOOK_SECRET, or NOTION_WEBHOOK_SECRET_FILE\n"));
    assert_non_null(strstr(help, "COALESCE (default: 5)\n"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(test_defaults), WITH_ARENA(test_single_values),    WITH_ARENA(test_routes),
        WITH_ARENA(test_proxies),  WITH_ARENA(test_key_is_not_shown), WITH_ARENA(test_help),
    };

    return RUN(tests);
}

#include "webhook/app_token.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#define EARLIER INT64_C(60)     /* s */
#define LATER   INT64_C(9 * 60) /* s; GitHub allows ten minutes */

/* For a key with a passphrase: OpenSSL must not ask the terminal for it. */
static int
no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static EVP_PKEY *
read_key(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;

    BIO_free(bio);
    if (key != NULL && EVP_PKEY_base_id(key) != EVP_PKEY_RSA) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

bool
app_key_valid(const char *pem)
{
    EVP_PKEY *key = read_key(pem);

    EVP_PKEY_free(key);
    return key != NULL;
}

/* RFC 4648, 5, without padding. */
static const char *
base64url(struct arena *arena, const void *bytes, size_t length)
{
    char *text = arena_alloc(arena, 4 * ((length + 2) / 3) + 1);

    EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
    for (char *c = text; *c != '\0'; c++)
        *c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c);
    text[strcspn(text, "=")] = '\0';
    return text;
}

/* RSASSA-PKCS1-v1_5 with SHA-256 (RS256 of RFC 7518, 3.3). */
static const char *
sign(struct arena *arena, EVP_PKEY *key, const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const char *signature = NULL;
    size_t size = 0;

    if (context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestSign(context, NULL, &size, bytes, strlen(text)) == 1) {
        unsigned char *signed_bytes = arena_alloc(arena, size);

        if (EVP_DigestSign(context, signed_bytes, &size, bytes, strlen(text)) == 1)
            signature = base64url(arena, signed_bytes, size);
    }
    EVP_MD_CTX_free(context);
    return signature;
}

const char *
app_token(struct arena *arena, const char *app_id, const char *pem, int64_t now)
{
    static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
    const char *claims =
        arena_printf(arena, "{\"iat\":%lld,\"exp\":%lld,\"iss\":\"%s\"}",
                     (long long)(now / 1000 - EARLIER), (long long)(now / 1000 + LATER), app_id);
    const char *text = arena_printf(arena, "%s.%s", base64url(arena, header, strlen(header)),
                                    base64url(arena, claims, strlen(claims)));
    EVP_PKEY *key = read_key(pem);
    const char *signature = key != NULL ? sign(arena, key, text) : NULL;

    EVP_PKEY_free(key);
    return signature != NULL ? arena_printf(arena, "%s.%s", text, signature) : NULL;
}

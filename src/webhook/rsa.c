#include "webhook/rsa.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

/* A key with a passphrase must not make OpenSSL ask the terminal for it. */
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
rsa_key_valid(const char *pem)
{
    EVP_PKEY *key = read_key(pem);

    EVP_PKEY_free(key);
    return key != NULL;
}

unsigned char *
rsa_sign(struct arena *arena, const char *pem, const char *text, size_t *size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    EVP_PKEY *key = read_key(pem);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char *signature = NULL;

    if (key != NULL && context != NULL &&
        EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestSign(context, NULL, size, bytes, strlen(text)) == 1) {
        signature = arena_alloc(arena, *size);
        if (EVP_DigestSign(context, signature, size, bytes, strlen(text)) != 1)
            signature = NULL;
    }
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return signature;
}

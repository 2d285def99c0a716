#pragma once
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Variadic behind a macro, which Swift cannot call.
static inline EVP_PKEY *portico_make_p256_key(void) { return EVP_EC_gen("P-256"); }
